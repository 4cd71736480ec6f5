package flat

import (
	"cmp"
	"context"
	"slices"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/quant"
)

// rescore scores candidates in float32 and returns the limit best, equal scores
// in the order of their keys. It goes down the upper bounds and stops where no
// later candidate can get in.
func rescore(ctx context.Context, q quant.Query, rows *matrix, keys []string, found []candidate, limit int) ([]index.Hit, error) {
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.upper, a.upper), cmp.Compare(a.slot, b.slot))
	})
	hits := quant.Best[index.Hit]{Limit: limit, Worse: func(a, b index.Hit) bool { return compareHits(a, b) > 0 }}
	for i, c := range found {
		if i%blockRows == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if hits.Full() && c.upper < float64(hits.Worst().Score) {
			break
		}
		hits.Add(index.Hit{Key: keys[c.slot], Score: index.Dot(q.Exact, rows.row(c.slot))})
	}
	slices.SortFunc(hits.Items, compareHits)
	return hits.Items, nil
}

// compareHits orders by score, best first, then by key.
func compareHits(a, b index.Hit) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Key, b.Key))
}
