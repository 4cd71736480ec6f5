package retrieve

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// search is the work on one request.
type search struct {
	engine     *Engine
	query      *match.Record
	target     match.Kind
	side       Side
	conditions []match.Condition

	vectors  pairVectors // of the query; zero where the embedder is down
	degraded []string
}

// pairVectors are the two vectors of a record.
type pairVectors struct{ title, text []float32 }

// nominations maps keys to their rank in each leg's list.
type nominations map[string]map[match.LegName]int

// ranking nominates, scores and orders the candidates.
func (s *search) ranking(ctx context.Context) ([]match.Hit, error) {
	if err := s.embedQuery(ctx); err != nil {
		return nil, err
	}
	nominated, err := s.nominate(ctx)
	if err != nil {
		return nil, err
	}
	keys := make([]string, 0, len(nominated))
	for k := range nominated {
		keys = append(keys, k)
	}
	features, err := s.features(ctx, keys)
	if err != nil {
		return nil, err
	}
	hits := make([]match.Hit, len(keys))
	for i, k := range keys {
		score := s.engine.Ranker.Score(features[i])
		for l := range score.Legs {
			score.Legs[l].Rank = nominated[k][score.Legs[l].Name]
		}
		hits[i] = match.Hit{Record: match.Record{Ref: match.RefOfKey(s.target, k)}, Score: score}
	}
	rank.Order(hits)
	return hits, nil
}

// embedQuery makes the query's vectors. When the embedder does not answer, the
// words alone nominate, and the answer says so.
func (s *search) embedQuery(ctx context.Context) error {
	vectors, err := embedPair(ctx, s.engine.Embedder, s.query)
	switch {
	case err == nil:
		s.vectors = vectors
	case match.KindOf(err) == match.Unavailable, isPartial(err):
		s.degraded = append(s.degraded, "embedder: "+err.Error())
	default:
		return fmt.Errorf("embedding the query: %w", err)
	}
	return nil
}

func isPartial(err error) bool {
	var partial *embed.PartialError
	return errors.As(err, &partial)
}

func embedPair(ctx context.Context, e embed.Embedder, r *match.Record) (pairVectors, error) {
	got, err := e.Embed(ctx, Role(r.Kind), EmbeddedTexts(r.Texts()))
	if err != nil {
		return pairVectors{}, err
	}
	return pairVectors{title: got[0], text: got[1]}, nil
}

// Role is the role in which records of a kind are embedded. It hangs on the kind,
// not on which side asks, so that a pair has one score in both directions.
func Role(k match.Kind) embed.Role {
	if k == match.DemandKind {
		return embed.Query
	}
	return embed.Document
}

// EmbeddedTexts gives the texts whose vectors are TitleVector and TextVector, in
// that order. A record without a title is compared by its body instead.
func EmbeddedTexts(t match.Texts) []string {
	title := t.Title
	if title == "" {
		title = t.Body
	}
	return []string{title, t.Full()}
}

// nominate runs the leaf searches at the same time.
func (s *search) nominate(ctx context.Context) (nominations, error) {
	legs := []match.LegName{match.LexicalLeg}
	if s.vectors.text != nil {
		legs = append(legs, match.TitleLeg, match.TextLeg)
	}
	lists, errs := make([][]string, len(legs)), make([]error, len(legs))
	var wg sync.WaitGroup
	for i, leg := range legs {
		wg.Go(func() { lists[i], errs[i] = s.leaf(ctx, leg) })
	}
	wg.Wait()
	out, failed := nominations{}, 0
	for i, leg := range legs {
		if errs[i] != nil {
			if match.KindOf(errs[i]) != match.Unavailable {
				return nil, fmt.Errorf("searching by %s: %w", leg, errs[i])
			}
			failed++
			s.degraded = append(s.degraded, fmt.Sprintf("%s: %v", leg, errs[i]))
		}
		for place, key := range lists[i] {
			if out[key] == nil {
				out[key] = map[match.LegName]int{}
			}
			out[key][leg] = place + 1
		}
	}
	if failed == len(legs) {
		return nil, errs[0]
	}
	return out, nil
}

// leaf returns the keys that one leg nominates, best first.
func (s *search) leaf(ctx context.Context, leg match.LegName) ([]string, error) {
	if leg == match.LexicalLeg {
		hits, err := s.side.Words.Search(ctx, lexical.Query{Text: s.query.Texts().Full(), Conditions: s.conditions, Limit: Depth})
		return keysOf(hits, func(h lexical.Hit) string { return h.Key }), err
	}
	q := index.Query{Name: TextVector, Vector: s.vectors.text, Conditions: s.conditions, Limit: Depth}
	if leg == match.TitleLeg {
		q.Name, q.Vector = TitleVector, s.vectors.title
	}
	hits, err := s.side.Vectors.Search(ctx, q)
	return keysOf(hits, func(h index.Hit) string { return h.Key }), err
}

func keysOf[H any](hits []H, key func(H) string) []string {
	out := make([]string, len(hits))
	for i, h := range hits {
		out[i] = key(h)
	}
	return out
}

// features measures the query against each of the keys.
func (s *search) features(ctx context.Context, keys []string) ([]rank.Features, error) {
	out := make([]rank.Features, len(keys))
	words, err := s.side.Words.Score(ctx, s.query.Texts().Full(), keys)
	if err != nil {
		return nil, fmt.Errorf("comparing words: %w", err)
	}
	for i, w := range words {
		out[i].Lexical = w.Score
		out[i].Coverage = coverage(s.query.Kind, w)
	}
	if s.vectors.text == nil {
		return out, nil
	}
	points, err := s.side.Vectors.Vectors(ctx, keys)
	if match.KindOf(err) == match.Unavailable {
		s.degraded = append(s.degraded, "vectors: "+err.Error())
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("comparing vectors: %w", err)
	}
	for i, p := range points {
		out[i].Title = rank.Cosine(s.vectors.title, p.Vectors[TitleVector])
		out[i].Text = rank.Cosine(s.vectors.text, p.Vectors[TextVector])
	}
	return out, nil
}

// coverage is the share of the demand's terms that the patent has, whichever of the
// two is the query.
func coverage(query match.Kind, h lexical.Hit) float64 {
	of := h.QueryTerms
	if query == match.PatentKind {
		of = h.DocTerms
	}
	if of == 0 {
		return 0
	}
	return float64(h.Shared) / float64(of)
}
