package qdrant

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// batched is how many searches go to the server in one call, which answers them side by
// side.
const batched = 16

// SearchMany implements index.ManySearcher. The hits are those of Search.
func (ix *Index) SearchMany(ctx context.Context, m index.Many) ([][]index.Hit, error) {
	if err := ix.spec.CheckMany(m); err != nil {
		return nil, err
	}
	filter, err := translate(m.Conditions)
	if err != nil {
		return nil, match.About("query", err)
	}
	out := make([][]index.Hit, len(m.Vectors))
	if len(out) == 0 {
		return out, ctx.Err()
	}
	first := search{Index: ix, query: m.Of(0), filter: filter, exact: m.Exact}
	limit, err := first.begin(ctx)
	if err != nil {
		return nil, err
	}
	for from := 0; from < len(out); from += batched {
		block := out[from:min(from+batched, len(out))]
		if err := first.batch(ctx, m, from, limit, block); err != nil {
			return nil, err
		}
	}
	return out, ctx.Err()
}

// batch answers the queries from one on into out. What s holds is the same for all.
func (s *search) batch(ctx context.Context, m index.Many, from, limit int, out [][]index.Hit) error {
	var asked []int
	request := &qdrant.QueryBatchPoints{CollectionName: s.collection}
	of := func(i int) *search {
		one := *s
		one.query = m.Of(from + i)
		return &one
	}
	for i := range out {
		if !isZero(m.Vectors[from+i]) {
			asked = append(asked, i)
			request.QueryPoints = append(request.QueryPoints, of(i).request())
		}
	}
	if len(asked) == 0 {
		return ctx.Err()
	}
	found, err := call(ctx, &s.remote, "search", func(ctx context.Context, c *qdrant.Client) ([]*qdrant.BatchResult, error) {
		return c.QueryBatch(ctx, request)
	})
	if err != nil {
		return err
	}
	if len(found) != len(asked) {
		return s.fail(match.Corrupt, "search", fmt.Errorf("%d answers to %d queries", len(found), len(asked)))
	}
	for n, i := range asked {
		if out[i], err = of(i).finish(ctx, limit, found[n].GetResult()); err != nil {
			return index.About(from+i, err)
		}
	}
	return nil
}

// Settle waits until the server has built what it builds beside the writes. A
// collection that has failed is an error.
func (ix *Index) Settle(ctx context.Context) error {
	for {
		info, err := ix.info(ctx)
		if err != nil {
			return err
		}
		switch info.GetStatus() {
		case qdrant.CollectionStatus_Green:
			return nil
		case qdrant.CollectionStatus_Red:
			return ix.fail(match.Unavailable, "get collection", fmt.Errorf("its optimisers failed: %s", info.GetOptimizerStatus().GetError()))
		}
		if !pause(ctx, 200*time.Millisecond) {
			return cmp.Or(context.Cause(ctx), context.DeadlineExceeded)
		}
	}
}
