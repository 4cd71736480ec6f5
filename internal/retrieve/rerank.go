package retrieve

import (
	"context"
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// RerankDepth is how many of the first hits are re-ranked.
const RerankDepth = 20

// Reranker puts the first hits of an answer in another order. It is safe for concurrent
// use.
type Reranker interface {
	// Rerank returns the place of each record, from 1: a permutation, whatever it was told.
	// Records hold nothing confidential. An error leaves the order as it is.
	Rerank(ctx context.Context, query *match.Record, of []*match.Record) (places []int, err error)
	// Weight is what the first place counts for, in logits; at least 0.
	Weight() float64
}

func (e *Engine) checkRerank(req match.Request) error {
	switch {
	case !req.Rerank:
		return nil
	case e.Reranker == nil:
		return match.Invalidf("rerank", "there is no chat model to re-rank with")
	case !req.Shape.Plain():
		return match.Invalidf("rerank", "cannot be combined with options that shape the list")
	case req.Order != "" && req.Order != match.ForwardOrder:
		return match.Invalidf("rerank", "is for the forward order alone")
	}
	return nil
}

// rerank has the first RerankDepth candidates re-ranked, where that was asked for and
// they are on the page. The first of n counts for the whole weight and the last for
// nothing:
//
//	ordering = logit + weight·(n − place)/(n − 1)
//
// Since that takes nothing off, the first ones stay before all others.
func (s *search) rerank(ctx context.Context, ranking []*candidate) ([]*candidate, error) {
	n := min(len(ranking), RerankDepth)
	if !s.asked.Rerank || s.asked.Offset >= n {
		return ranking, nil
	}
	if s.chosen.Rival != nil {
		s.degraded = append(s.degraded, "rerank: hits of two models in turn are not re-ranked")
		return ranking, nil
	}
	first := make([]*match.Record, n)
	for i, c := range ranking[:n] {
		first[i] = c.record.Redacted()
	}
	places, err := s.engine.Reranker.Rerank(ctx, s.query.Redacted(), first)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		s.degraded = append(s.degraded, "rerank: "+err.Error())
		return ranking, nil
	}
	if !isPermutation(places, n) {
		s.degraded = append(s.degraded, "rerank: the order is not one of the hits")
		return ranking, nil
	}
	weight := s.engine.Reranker.Weight()
	for i, c := range ranking[:n] {
		leg := match.Leg{Name: match.RerankLeg, Weight: weight, Rank: places[i], Score: RerankScore(places[i], n)}
		leg.Contribution = float64(weight * leg.Score)
		c.ordering = &match.Ordering{Value: c.logit + leg.Contribution, Rerank: leg}
	}
	slices.SortFunc(ranking[:n], s.compare)
	return ranking, nil
}

// RerankScore is the score of the leg for a place from 1 among n.
func RerankScore(place, n int) float64 {
	if n < 2 {
		return 0
	}
	return float64(n-place) / float64(n-1)
}

func isPermutation(places []int, n int) bool {
	if len(places) != n {
		return false
	}
	sorted := slices.Sorted(slices.Values(places))
	for i, p := range sorted {
		if p != i+1 {
			return false
		}
	}
	return true
}
