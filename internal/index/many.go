package index

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/duijie/duijie/internal/match"
)

// Many asks the same of many vectors.
type Many struct {
	Name       string
	Vectors    [][]float32
	Conditions []match.Condition
	Limit      int
	Exact      bool
}

// Of is the query for one of the vectors.
func (m Many) Of(i int) Query {
	return Query{Name: m.Name, Vector: m.Vectors[i], Conditions: m.Conditions, Limit: m.Limit, Exact: m.Exact}
}

// ManySearcher is an Index that answers many queries for less than one by one.
type ManySearcher interface {
	// SearchMany returns for each vector what Search returns; where that approximates it
	// may miss other hits.
	SearchMany(ctx context.Context, m Many) ([][]Hit, error)
}

// SearchMany answers m by the index's own means, or else by so many searches at a time.
func SearchMany(ctx context.Context, ix Index, m Many, workers int) ([][]Hit, error) {
	if own, ok := ix.(ManySearcher); ok {
		return own.SearchMany(ctx, m)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	out := make([][]Hit, len(m.Vectors))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(max(1, workers), len(out)) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(out) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				var err error
				if out[i], err = ix.Search(ctx, m.Of(i)); err != nil {
					stop(About(i, err))
				}
			}
		})
	}
	wg.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return out, nil
}

// About says of which of many vectors an error is.
func About(i int, err error) error { return match.About(fmt.Sprintf("query %d", i), err) }

// CheckMany says in an error of kind match.Invalid why m cannot be answered.
func (s Spec) CheckMany(m Many) error {
	if m.Limit < 1 || len(m.Vectors) == 0 {
		return s.CheckQuery(Query{Name: m.Name, Vector: make([]float32, s.Dim), Limit: m.Limit})
	}
	for i := range m.Vectors {
		if err := s.CheckQuery(m.Of(i)); err != nil {
			return About(i, err)
		}
	}
	return nil
}
