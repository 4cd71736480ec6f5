package segment

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/duijie/duijie/internal/quant"
)

const (
	// recallTarget is the share of the true hits that probes are chosen to find. What
	// is promised is 0.98: queries differ from those that were measured.
	recallTarget = 0.995
	// queries is how many the probes are measured with: half of them rows, the other
	// half turned away from a row by an angle of 27° towards another one.
	queries = 96
	turn    = float32(0.5)
	// margin is how many times limit rows are read at least.
	margin = 8
)

// limits are those that probes are measured for; a search for fewer reads as much as for
// the first, of which there are enough hits to measure.
var limits = []int{50, 200, 800}

// measure finds out how many rows a search has to read.
func (p *partition) measure(ctx context.Context, random *rand.Rand) error {
	sizes := make([]int, len(p.fine.scales))
	for _, list := range p.lists {
		sizes[list]++
	}
	asked, err := p.queries(random)
	if err != nil {
		return err
	}
	costs := make([][][]int, p.workers) // by worker and limit: rows to read for each hit
	if err := p.each(ctx, p.workers, func(w int, _ []int16) (err error) {
		costs[w], err = p.costs(ctx, asked[w*queries/p.workers:(w+1)*queries/p.workers], sizes)
		return err
	}); err != nil {
		return err
	}
	for i, limit := range limits {
		var pool []int
		for _, c := range costs {
			pool = append(pool, c[i]...)
		}
		slices.Sort(pool)
		rows := pool[min(len(pool)-1, int(math.Ceil(recallTarget*float64(len(pool)))))]
		rows = max(rows, margin*limit)
		if i > 0 {
			rows = max(rows, p.probes[i-1].Rows)
		}
		p.probes = append(p.probes, probe{limit, rows})
	}
	return nil
}

// queries draws what the probes are measured with.
func (p *partition) queries(random *rand.Rand) (out []quant.Query, err error) {
	for len(out) < queries {
		x, err1 := p.load(p.present[random.IntN(len(p.present))], nil)
		y, err2 := p.load(p.present[random.IntN(len(p.present))], nil)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		v, square, away := make([]float32, p.dim), 0.0, turn*float32(len(out)%2)
		for i := range v {
			v[i] = float32(x.scale*float32(x.codes[i])) + float32(away*y.scale*float32(y.codes[i]))
			square += float64(v[i] * v[i])
		}
		for i := range v {
			v[i] = float32(float64(v[i]) / math.Sqrt(square))
		}
		if q, ok := quant.NewQuery(v); ok {
			out = append(out, q)
		}
	}
	return out, nil
}

// ranked is a row among the nearest of a query.
type ranked struct {
	dot  float32
	list int32
}

// costs returns for each of limits how many rows searches read until they have each of
// their hits.
func (p *partition) costs(ctx context.Context, asked []quant.Query, sizes []int) ([][]int, error) {
	best := make([]quant.Best[ranked], len(asked))
	for i := range best {
		best[i] = quant.Best[ranked]{Limit: limits[len(limits)-1], Worse: func(a, b ranked) bool { return a.dot < b.dot }}
	}
	var dots [1]int32
	for i, slot := range p.present {
		if i%blockRows == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		codes, _, bound, err := p.row(p.place, slot)
		if err != nil {
			return nil, err
		}
		for n := range asked {
			quant.DotRows(asked[n].Wide, codes, dots[:])
			if dot := float32(dots[0]) * bound.Scale; !best[n].Full() || dot > best[n].Worst().dot {
				best[n].Add(ranked{dot, p.lists[i]})
			}
		}
	}
	out := make([][]int, len(limits))
	for n := range asked {
		slices.SortFunc(best[n].Items, func(a, b ranked) int { return cmp.Compare(b.dot, a.dot) })
		read := p.readUntil(asked[n], sizes)
		for i, limit := range limits {
			for _, hit := range best[n].Items[:min(limit, len(best[n].Items))] {
				out[i] = append(out[i], read[hit.list])
			}
		}
	}
	return out, nil
}

// readUntil returns, by list, how many rows are read until the list was.
func (p *partition) readUntil(q quant.Query, sizes []int) []int {
	dots, all := make([]int32, len(sizes)), make([]near, len(sizes))
	quant.DotRows(q.Wide, p.fine.codes, dots)
	for i, dot := range dots {
		all[i] = near{float32(dot) * p.fine.scales[i], uint32(i)}
	}
	slices.SortFunc(all, compareNear)
	read, out := 0, make([]int, len(sizes))
	for _, n := range all {
		read += sizes[n.list]
		out[n.list] = read
	}
	return out
}
