package flat

import (
	"context"
	"runtime"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
)

// Search implements index.Index. The answer is exact whatever Query.Exact is. It
// holds up writers only while the filter is evaluated.
func (ix *Index) Search(ctx context.Context, q index.Query) ([]index.Hit, error) {
	if err := ix.spec.CheckQuery(q); err != nil {
		return nil, match.About("query", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	prepared, ok := quant.NewQuery(q.Vector)
	if !ok {
		return nil, nil
	}
	v, err := ix.View(q)
	if err != nil {
		return nil, err
	}
	return v.Search(ctx, prepared)
}

// Search returns the hits of the view's query, whose vector is prepared.
func (v View) Search(ctx context.Context, prepared quant.Query) ([]index.Hit, error) {
	s := scan{query: prepared, column: v.view.column, matching: v.view.matching, limit: v.limit}
	found, err := s.run(ctx, v.index.searchers())
	if err != nil {
		return nil, err
	}
	return rescore(ctx, prepared, &v.view.column.exact, v.view.keys, found, v.limit)
}

func (ix *Index) searchers() int {
	if ix.workers > 0 {
		return ix.workers
	}
	return runtime.GOMAXPROCS(0)
}

// Vectors implements index.Index.
func (ix *Index) Vectors(ctx context.Context, keys []string) ([]index.Point, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.table == nil {
		return nil, errClosed
	}
	out := make([]index.Point, len(keys))
	for i, key := range keys {
		out[i] = ix.table.point(key)
	}
	return out, nil
}

// Count implements index.Index.
func (ix *Index) Count(ctx context.Context, conditions []match.Condition) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.table == nil {
		return 0, errClosed
	}
	return ix.table.facets.Select(conditions).Count(), nil
}
