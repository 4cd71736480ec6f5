package segment

import (
	"cmp"
	"context"
	"slices"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/quant"
)

// rescore adds the candidates, scored in float32, to the hits of other layers. It goes
// down the upper bounds and stops where no later candidate can get in.
func rescore(ctx context.Context, q quant.Query, found []candidate, hits *quant.Best[index.Hit]) error {
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.upper, a.upper), cmp.Compare(a.row, b.row))
	})
	v := make([]float32, len(q.Exact))
	for i, c := range found {
		if i%blockRows == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if hits.Full() && c.upper < float64(hits.Worst().Score) {
			return nil
		}
		if err := c.part.column.vector(c.row, v); err != nil {
			return err
		}
		score := index.Dot(q.Exact, v)
		if hits.Full() && score < hits.Worst().Score {
			continue
		}
		key := c.part.member.keys.key(c.part.column.slots.at(c.row))
		hits.Add(index.Hit{Key: key, Score: score})
	}
	return nil
}

// compareHits orders by score, best first, then by key.
func compareHits(a, b index.Hit) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Key, b.Key))
}
