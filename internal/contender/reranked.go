package contender

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
)

// rerankedPrefix stands before the embedder of a re-ranked fusion that is not over the
// built-in one.
const rerankedPrefix = "reranked+"

// rerankedOver takes the embedder from reranked and reranked+EMBEDDER.
func rerankedOver(ref string) (embedder string, ok bool) {
	if ref == strings.TrimSuffix(rerankedPrefix, "+") {
		return "static", true
	}
	return strings.CutPrefix(ref, rerankedPrefix)
}

// openReranked makes the run of the zero-shot fusion whose first hits a chat model has put
// in order, as the service does. Its levels are those of the fusion. Demands that the
// model gave no order for stay as they were, which a warning counts.
func openReranked(ctx context.Context, d *evaluation.Dataset, name, embedder string, depth int, o Options) (evaluation.Model, format.Warnings, error) {
	if o.Rerank == nil {
		return evaluation.Model{}, nil, match.Invalidf("--model", "reranked needs --llm-url and --llm-model")
	}
	by, err := o.Rerank()
	if err != nil {
		return evaluation.Model{}, nil, match.About("model "+name, err)
	}
	m, err := openHybrid(ctx, d, name, embedder, depth, o)
	if err != nil {
		return m, nil, err
	}
	left := 0
	for q := range m.Run.Hits {
		if err := rerankHits(ctx, d, by, int32(q), m.Run.Hits[q]); err != nil {
			if ctx.Err() != nil {
				return m, nil, ctx.Err()
			}
			left++
		}
	}
	if left == 0 {
		return m, nil, nil
	}
	return m, format.Warnings{{Kind: format.NotReranked, File: "reranked", Model: name, Count: left}}, nil
}

// rerankHits puts the first hits of a demand in the order of by, with what that counts for
// in their scores.
func rerankHits(ctx context.Context, d *evaluation.Dataset, by retrieve.Reranker, q int32, hits []evaluation.Hit) error {
	first := hits[:min(len(hits), retrieve.RerankDepth)]
	if len(first) < 2 {
		return nil
	}
	demand := match.NewDemand(match.DefaultTenant, match.Demand{ID: d.Query(q).ID, Title: queryTexts(d, q).Title, Text: queryTexts(d, q).Body})
	records := make([]*match.Record, len(first))
	for i, h := range first {
		t := documentTexts(d, h.Document)
		r := match.NewPatent(match.DefaultTenant, match.Patent{Number: d.Document(h.Document).ID, Title: t.Title, Abstract: t.Body})
		records[i] = &r
	}
	places, err := by.Rerank(ctx, &demand, records)
	if err != nil {
		return err
	}
	for i, place := range places {
		first[i].Score += float64(by.Weight() * retrieve.RerankScore(place, len(first)))
	}
	slices.SortStableFunc(first, func(a, b evaluation.Hit) int { return cmp.Compare(b.Score, a.Score) })
	for i := range first {
		first[i].Rank = int32(i + 1)
	}
	return nil
}
