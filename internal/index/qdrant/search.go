package qdrant

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

const (
	// spare is how many candidates are fetched beyond the limit at first.
	spare = 16
	// largeLimit is where the number of points is worth asking for, so that a
	// limit beyond it asks the server for no more than it has.
	largeLimit = 10_000
)

// Search implements index.Index.
func (ix *Index) Search(ctx context.Context, q index.Query) ([]index.Hit, error) {
	if err := ix.spec.CheckQuery(q); err != nil {
		return nil, match.About("query", err)
	}
	filter, err := translate(q.Conditions)
	if err != nil {
		return nil, match.About("query", err)
	}
	if err := ctx.Err(); err != nil || isZero(q.Vector) {
		return nil, err
	}
	s := search{Index: ix, query: q, filter: filter, exact: q.Exact}
	return s.run(ctx)
}

// search is one search, which may take several calls.
type search struct {
	*Index
	query  index.Query
	filter *qdrant.Filter
	exact  bool
	fetch  int // candidates to ask for
}

func (s *search) run(ctx context.Context) ([]index.Hit, error) {
	limit, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.candidates(ctx)
	if err != nil {
		return nil, err
	}
	return s.finish(ctx, limit, found)
}

// begin says how many hits there can be, and sets how many candidates to ask for.
func (s *search) begin(ctx context.Context) (limit int, err error) {
	limit = s.query.Limit
	if limit > largeLimit {
		n, err := s.count(ctx, s.filter)
		if err != nil {
			return 0, err
		}
		if n < limit { // all are wanted; the one more shows that there are no more
			limit, s.exact = n+1, true
		}
	}
	s.fetch = limit + spare
	return limit, nil
}

// finish makes hits of the first candidates, and asks for more where they do not do.
func (s *search) finish(ctx context.Context, limit int, found []*qdrant.ScoredPoint) (_ []index.Hit, err error) {
	for {
		if len(found) < limit && !s.exact {
			// The graph may have lost points of a selective filter; counting on
			// few is cheap.
			s.exact = true
		} else {
			hits, err := s.rescore(found)
			if err != nil {
				return nil, err
			}
			if s.settled(found, hits, limit) {
				return hits[:min(limit, len(hits))], nil
			}
			s.fetch *= 2
		}
		if found, err = s.candidates(ctx); err != nil {
			return nil, err
		}
	}
}

// candidates returns the nearest points in the server's opinion, best first.
func (s *search) candidates(ctx context.Context) ([]*qdrant.ScoredPoint, error) {
	return call(ctx, &s.remote, "search", func(ctx context.Context, c *qdrant.Client) ([]*qdrant.ScoredPoint, error) {
		return c.Query(ctx, s.request())
	})
}

func (s *search) request() *qdrant.QueryPoints {
	return &qdrant.QueryPoints{
		CollectionName: s.collection,
		Query:          qdrant.NewQueryDense(s.query.Vector),
		Using:          &s.query.Name,
		Filter:         s.filter,
		Params:         s.params(),
		Limit:          qdrant.PtrOf(uint64(s.fetch)),
		WithVectors:    qdrant.NewWithVectorsInclude(s.query.Name),
		WithPayload:    qdrant.NewWithPayloadInclude(keyField),
	}
}

// oversampling is how many candidates by one byte a dimension are rescored by the
// server for each that it returns.
const oversampling = 2

func (s *search) params() *qdrant.SearchParams {
	return &qdrant.SearchParams{
		Exact:        &s.exact,
		HnswEf:       qdrant.PtrOf(uint64(s.ef)),
		Quantization: &qdrant.QuantizationSearchParams{Rescore: qdrant.PtrOf(true), Oversampling: qdrant.PtrOf(float64(oversampling))},
	}
}

// rescore gives the candidates their scores and order. Those whose vector was taken away
// while the server found them are none.
func (s *search) rescore(found []*qdrant.ScoredPoint) ([]index.Hit, error) {
	hits := make([]index.Hit, 0, len(found))
	for _, p := range found {
		key, err := keyOf(p.GetPayload())
		v := p.GetVectors().GetVectors().GetVectors()[s.query.Name].GetDenseVector().GetData()
		if err == nil && len(v) == 0 {
			continue
		}
		if err == nil && len(v) != s.spec.Dim {
			err = fmt.Errorf("point %q has %d dimensions, not %d", key, len(v), s.spec.Dim)
		}
		if err != nil {
			return nil, s.fail(match.Corrupt, "search", err)
		}
		hits = append(hits, index.Hit{Key: key, Score: index.Dot(s.query.Vector, v)})
	}
	slices.SortFunc(hits, func(a, b index.Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Key, b.Key))
	})
	return hits, nil
}

// settled tells whether no point that was not fetched can be among the hits: the
// server scores it no better than the last one fetched, and errs by rounding only.
func (s *search) settled(found []*qdrant.ScoredPoint, hits []index.Hit, limit int) bool {
	if len(found) < s.fetch {
		return true
	}
	if len(hits) < limit {
		return false
	}
	return hits[limit-1].Score > found[len(found)-1].GetScore()+rounding(s.spec.Dim)
}
