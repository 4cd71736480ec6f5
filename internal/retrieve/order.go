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
	if s.catalog != nil && s.catalog.CatalogSize > 0 {
		out.InCatalog = rank.InCatalog(s.catalog, out)
	}
	if out.TwoSided = c.twoSided; out.TwoSided == nil {
		out.TwoSided = s.fit(c, out.Value)
	}
	return out
}

// calibrated is a ranker whose levels were measured in a population that it can name.
type calibrated interface {
	// Calibration is for a demand, or nil for any, in a catalog of so many patents; nil
	// where it does not know.
	Calibration(demand rank.Prepared, patents int) *match.Calibration
}

// calibrationOf says what a ranker's levels mean; nil where it does not know.
func calibrationOf(r rank.Ranker, demand rank.Prepared, patents int) *match.Calibration {
	if c, ok := r.(calibrated); ok {
		return c.Calibration(demand, patents)
	}
	return nil
}

// countPatents counts the patents of the catalog.
func (e *Engine) countPatents(ctx context.Context) (int, error) {
	n, err := e.Sides[match.PatentKind].Words.Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("counting the patents: %w", err)
	}
	return n, nil
}

// setCatalog finds what the levels of the search mean.
func (s *search) setCatalog(ctx context.Context) (err error) {
	if s.patents, err = s.engine.countPatents(ctx); err == nil {
		s.catalog = calibrationOf(s.ranker, s.demand(), s.patents)
	}
	return err
}

// demand is the query as the ranker sees it; nil where it is a patent.
func (s *search) demand() rank.Prepared {
	if s.query.Kind == match.DemandKind {
		return s.prepared
	}
	return nil
}

// calibrate says in the answer what its levels mean, and whether there is supply, which the
// fusion alone can tell.
func (s *search) calibrate(ctx context.Context, answer *match.Answer, ranking []*candidate) error {
	if err := s.setCatalog(ctx); err != nil {
		return err
	}
	answer.Calibration = s.catalog
	switch {
	case s.query.Kind != match.DemandKind || !s.own:
	case len(ranking) == 0:
		answer.Supply = rank.NoSupply(s.asked.Filter.Asks(s.target))
	default:
		logits := make([]float64, len(ranking))
		for i, c := range ranking {
			logits[i] = c.logit
		}
		answer.Supply = rank.Supply(s.catalog, logits)
	}
	return nil
}
