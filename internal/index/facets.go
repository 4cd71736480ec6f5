package index

import (
	"cmp"
	"context"
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// Facet is a token with the number of points that have it.
type Facet struct {
	Token string
	Count int
}

// Faceter is an Index that tells what the points behind a filter are like.
type Faceter interface {
	// Facets counts, for each token of a field, the points that have it and meet all
	// conditions, as Count would with the token as one more: most first, equal ones in
	// the order of tokens. Tokens that no such point has are left out. A field that no
	// point has gives none; a limit below 1 is an error of kind match.Invalid.
	Facets(ctx context.Context, field string, conditions []match.Condition, limit int) ([]Facet, error)
}

// CheckFacets refuses what Faceter says.
func CheckFacets(limit int) error {
	if limit < 1 {
		return match.Invalidf("limit", "%d is less than 1", limit)
	}
	return nil
}

// MostFacets are the limit facets of counts with the most points, in their order.
func MostFacets(counts map[string]int, limit int) []Facet {
	out := make([]Facet, 0, len(counts))
	for token, n := range counts {
		if n > 0 {
			out = append(out, Facet{token, n})
		}
	}
	slices.SortFunc(out, func(a, b Facet) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Token, b.Token))
	})
	return out[:min(limit, len(out))]
}
