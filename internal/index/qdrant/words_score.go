package qdrant

import (
	"cmp"
	"context"
	"slices"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

// scoreChunk is how many documents are scored by a message.
const scoreChunk = 1024

// Score implements lexical.Index.
func (w *Words) Score(ctx context.Context, text string, keys []string) ([]lexical.Hit, error) {
	if err := ctx.Err(); err != nil {
		return nil, w.fail(match.Canceled, "score", err)
	}
	q, err := w.newQuery(text)
	if err != nil {
		return nil, err
	}
	out := make([]lexical.Hit, 0, len(keys))
	for chunk := range slices.Chunk(keys, scoreChunk) {
		found, err := w.scored(ctx, q, chunk)
		if err != nil {
			return nil, err
		}
		for _, key := range chunk {
			r, ok := found[idOf(key)]
			if !ok {
				r.Hit = lexical.Hit{Key: key, QueryTerms: len(q.keys)}
			}
			out = append(out, r.Hit)
		}
	}
	return out, nil
}

// scored scores the documents of keys in full, by id. Unknown ones are left out.
func (w *Words) scored(ctx context.Context, q *wordQuery, keys []string) (map[string]rescored, error) {
	found, err := w.get(ctx, idsOf(keys), qdrant.NewWithVectorsEnable(false), keyField, termsField, goneField)
	if err != nil {
		return nil, err
	}
	out := make(map[string]rescored, len(found))
	for _, p := range found {
		if p.GetPayload()[goneField].GetStringValue() != "" {
			continue
		}
		key, terms, err := keyAndTerms(p.GetPayload())
		if err != nil {
			return nil, w.fail(match.Corrupt, "get points", err)
		}
		out[p.GetId().GetUuid()] = q.score(key, &terms)
	}
	return out, nil
}

// Terms implements lexical.Index.
func (w *Words) Terms(ctx context.Context, text, key string) ([]lexical.Term, error) {
	if err := ctx.Err(); err != nil {
		return nil, w.fail(match.Canceled, "terms", err)
	}
	q, err := w.newQuery(text)
	if err != nil {
		return nil, err
	}
	found, err := w.scored(ctx, q, []string{key})
	if err != nil {
		return nil, err
	}
	var out []lexical.Term
	for _, r := range found {
		for i, times := range r.times {
			if times > 0 {
				out = append(out, lexical.Term{Text: q.texts[i], Contribution: r.contribution(q, i, times)})
			}
		}
	}
	slices.SortFunc(out, func(a, b lexical.Term) int {
		return cmp.Or(cmp.Compare(b.Contribution, a.Contribution), cmp.Compare(a.Text, b.Text))
	})
	return out, nil
}
