package flat

import (
	"context"
	"runtime"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
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
	prepared, ok := newQuery(q.Vector)
	if !ok {
		return nil, nil
	}
	ix.mu.RLock()
	if ix.table == nil {
		ix.mu.RUnlock()
		return nil, errClosed
	}
	v := ix.table.view(q.Name, q.Conditions)
	ix.mu.RUnlock()

	s := scan{query: prepared, column: v.column, matching: v.matching, limit: q.Limit}
	found, err := s.run(ctx, ix.searchers())
	if err != nil {
		return nil, err
	}
	return rescore(ctx, prepared, &v.column.exact, v.keys, found, q.Limit)
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
