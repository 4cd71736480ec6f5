package retrieve

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// sort puts the candidates in the order that was asked for; equal ones by the logit,
// then by id.
func (s *search) sort(of []*candidate) {
	if s.order != match.ForwardOrder && s.placed == nil {
		s.degraded = append(s.degraded, "order: without the reference sample there is no reverse fit; ordered forward")
		s.order = match.ForwardOrder
	}
	if s.order != match.ForwardOrder {
		for _, c := range of {
			c.twoSided = s.fit(c, chance(c.logit))
		}
	}
	if !s.asked.Shape.Plain() {
		s.sortShaped(of, s.orderedBy)
		return
	}
	slices.SortFunc(of, s.compare)
}

// byLogit is the order by the logit, equal ones by id.
func byLogit(a, b *candidate) int {
	return cmp.Or(cmp.Compare(b.logit, a.logit), cmp.Compare(a.record.ID, b.record.ID), cmp.Compare(a.record.Tenant, b.record.Tenant))
}

// compare puts the better one of two candidates first.
func (s *search) compare(a, b *candidate) int {
	return cmp.Or(cmp.Compare(s.orderedBy(b), s.orderedBy(a)), byLogit(a, b))
}

// orderedBy is what candidates are ordered by. Those of other orders than the forward one
// have their fit.
func (s *search) orderedBy(c *candidate) float64 {
	switch {
	case s.order == match.ReverseOrder:
		return c.twoSided.Reverse
	case s.order == match.MutualOrder:
		return c.twoSided.Mutual
	case c.ordering != nil:
		return c.ordering.Value
	}
	return c.logit
}

func chance(logit float64) float64 { return 1 / (1 + math.Exp(-logit)) }

// fit is how well the query and a candidate suit each other; nil without a reference
// sample.
func (s *search) fit(c *candidate, forward float64) *match.TwoSidedFit {
	if s.placed == nil {
		return nil
	}
	other := c.prepared
	if !s.own {
		other = s.engine.prepare(s.fusion, c.record, c.vectors, c.kept)
	}
	demand, patent := s.query, c.record
	if s.query.Kind == match.PatentKind {
		demand, patent = patent, demand
	}
	return rank.Mutual(forward, s.fusion.Reverse(s.pair(s.placed, other)), patent.Patent.Rating, demand.Demand.Rating)
}

// score is what a hit shows: the ranker's score, the places in the legs' lists, and
// what follows from the score.
func (s *search) score(c *candidate) match.Score {
	if c.search != nil {
		s = c.search
	}
	out := s.ranker.Score(s.pair(s.prepared, c.prepared))
	out.Legs = append(out.Legs, match.Leg{Name: match.LexicalLeg, Score: c.words})
	for i := range out.Legs {
		out.Legs[i].Rank = c.ranks[out.Legs[i].Name]
	}
	if s.catalog != nil {
		out.InCatalog = rank.InCatalog(s.catalog, out)
	}
	if out.TwoSided = c.twoSided; out.TwoSided == nil {
		out.TwoSided = s.fit(c, out.Value)
	}
	return out
}

// calibrated is a ranker whose levels were measured in a population that it can name.
type calibrated interface {
	// Calibration is for a catalog of so many patents.
	Calibration(patents int) *match.Calibration
}

// calibration says what the ranker's levels mean; nil where it does not know.
func (e *Engine) calibration(ctx context.Context, r rank.Ranker) (*match.Calibration, error) {
	c, ok := r.(calibrated)
	if !ok {
		return nil, nil
	}
	n, err := e.Sides[match.PatentKind].Words.Count(ctx)
	if err != nil {
		return nil, fmt.Errorf("counting the patents: %w", err)
	}
	return c.Calibration(n), nil
}

// calibrate says in the answer what its levels mean, and whether there is supply.
func (s *search) calibrate(ctx context.Context, answer *match.Answer, ranking []*candidate) (err error) {
	if s.catalog, err = s.engine.calibration(ctx, s.ranker); err != nil || s.catalog == nil {
		return err
	}
	answer.Calibration = s.catalog
	if s.query.Kind == match.DemandKind {
		chances := make([]float64, len(ranking))
		for i, c := range ranking {
			chances[i] = chance(c.logit)
		}
		answer.Supply = rank.Supply(chances)
	}
	return nil
}
