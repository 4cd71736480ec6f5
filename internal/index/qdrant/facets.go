package qdrant

import (
	"context"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

var _ index.Faceter = (*Index)(nil)

// Facets implements index.Faceter. The server breaks ties in its own way, so it is asked
// for more until no other token can belong among the facets.
func (ix *Index) Facets(ctx context.Context, field string, conditions []match.Condition, limit int) ([]index.Facet, error) {
	if err := index.CheckFacets(limit); err != nil {
		return nil, err
	}
	filter, err := translate(conditions)
	if err != nil {
		return nil, err
	}
	key, err := path(tokensField, field)
	if err != nil {
		return nil, err
	}
	for fetch := uint64(limit + spare); ; fetch *= 2 {
		request := &qdrant.FacetCounts{CollectionName: ix.collection, Key: key, Filter: filter, Limit: &fetch, Exact: qdrant.PtrOf(true)}
		found, err := call(ctx, &ix.remote, "facets", func(ctx context.Context, c *qdrant.Client) ([]*qdrant.FacetHit, error) {
			return c.Facet(ctx, request)
		})
		if err != nil {
			return nil, err
		}
		counts, least := map[string]int{}, 0
		for _, h := range found {
			least = int(h.GetCount())
			counts[h.GetValue().GetStringValue()] = least
		}
		out := index.MostFacets(counts, limit)
		if uint64(len(found)) < fetch || out[limit-1].Count > least {
			return out, nil
		}
	}
}
