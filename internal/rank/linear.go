package rank

import (
	"cmp"
	"math"
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// Features is what is measured of a demand and a patent. No feature depends on
// other records, but for Lexical, which has no weight.
type Features struct {
	// Title is the cosine of the titles' vectors, Text of the whole texts'; −1 to 1.
	Title, Text float64
	// Coverage is the share of the demand's distinct terms that the patent has; 0 to 1.
	Coverage float64
	// Lexical is the BM25 score, 0 and up.
	Lexical float64
}

// Linear is a ranker that adds weighted features to a logit:
//
//	logit = Bias + Title·title + Text·text + Coverage·coverage
//	value = 1 / (1 + exp(−logit))
type Linear struct {
	Name                  string
	Bias                  float64
	Title, Text, Coverage float64
}

// Identity names the ranker; equal identities give equal scores.
func (l Linear) Identity() string { return l.Name }

// Score adds up the features. The legs carry no ranks: those belong to a search.
func (l Linear) Score(f Features) match.Score {
	s := match.Score{Bias: l.Bias, Logit: l.Bias, Legs: []match.Leg{
		{Name: match.TitleLeg, Score: f.Title, Weight: l.Title},
		{Name: match.TextLeg, Score: f.Text, Weight: l.Text},
		{Name: match.CoverageLeg, Score: f.Coverage, Weight: l.Coverage},
		{Name: match.LexicalLeg, Score: f.Lexical},
	}}
	for i := range s.Legs {
		leg := &s.Legs[i]
		leg.Contribution = leg.Weight * leg.Score
		s.Logit += leg.Contribution
	}
	s.Value = 1 / (1 + math.Exp(-s.Logit))
	return s
}

// Order sorts hits by descending logit, equal ones by ascending id, and numbers them
// from 1.
func Order(hits []match.Hit) {
	slices.SortFunc(hits, func(a, b match.Hit) int {
		return cmp.Or(cmp.Compare(b.Score.Logit, a.Score.Logit), cmp.Compare(a.Record.ID, b.Record.ID))
	})
	for i := range hits {
		hits[i].Rank = i + 1
	}
}
