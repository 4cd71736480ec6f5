package flat

import (
	"context"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// Facets implements index.Faceter.
func (ix *Index) Facets(ctx context.Context, field string, conditions []match.Condition, limit int) ([]index.Facet, error) {
	if err := index.CheckFacets(limit); err != nil {
		return nil, err
	}
	counts, err := ix.FacetCounts(ctx, field, conditions)
	return index.MostFacets(counts, limit), err
}

// FacetCounts is Facets for whoever adds up the counts of several indexes.
func (ix *Index) FacetCounts(ctx context.Context, field string, conditions []match.Condition) (map[string]int, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.table == nil {
		return nil, errClosed
	}
	return ix.table.facets.Counts(field, ix.table.facets.Select(conditions)), nil
}
