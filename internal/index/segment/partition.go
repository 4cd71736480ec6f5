package segment

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"

	"github.com/duijie/duijie/internal/quant"
)

const (
	// listsPerRoot times the root of the number of rows is the number of lists.
	listsPerRoot = 4
	// samplesPerList is how many rows each centroid is trained with.
	samplesPerList = 48
	rounds         = 8
	// parents is how many of the coarse centroids a row looks at for its list.
	parents = 4
)

// partition sorts the rows of a column into lists, by k-means on the sphere in two
// levels: some coarse centroids, and below each a share of the lists. A row is compared
// with the lists of its nearest coarse centroids alone, which for 1.35 million rows and
// 4,648 lists is a tenth of the work of comparing with all. The seed is fixed.
type partition struct {
	*builder
	place   int
	dim     int
	present []uint32 // slots with a row
	workers int

	coarse, fine *centroids
	children     []uint32 // first list of a coarse centroid; one more than those
	lists        []int32  // by place in present
	probes       []probe
}

func (p *partition) run(ctx context.Context) error {
	n := len(p.present)
	k := max(1, int(listsPerRoot*math.Sqrt(float64(n))))
	random := rand.New(rand.NewPCG(uint64(n), uint64(p.place)))
	sample := p.sample(random, min(n, samplesPerList*k))
	if err := p.train(ctx, sample, k); err != nil {
		return err
	}
	p.lists = make([]int32, n)
	if err := p.each(ctx, n, func(i int, wide []int16) error {
		x, err := p.load(p.present[i], wide)
		p.lists[i] = p.listOf(x)
		return err
	}); err != nil {
		return err
	}
	if err := p.recentre(ctx); err != nil {
		return err
	}
	return p.measure(ctx, random)
}

// vector is a row as the training sees it.
type vector struct {
	wide  []int16
	codes []int8
	scale float32
}

// load reads the row of a slot; wide is used again if it is not nil.
func (p *partition) load(slot uint32, wide []int16) (vector, error) {
	codes, _, bound, err := p.row(p.place, slot)
	if err != nil {
		return vector{}, err
	}
	if wide == nil {
		wide = make([]int16, p.dim)
	}
	quant.Widen(wide, codes)
	return vector{wide, codes, bound.Scale}, nil
}

// sample draws n of the rows, in their order.
func (p *partition) sample(random *rand.Rand, n int) []uint32 {
	out := make([]uint32, 0, n)
	for i, slot := range p.present { // each is taken with the chance that n are
		if random.IntN(len(p.present)-i) < n-len(out) {
			out = append(out, slot)
		}
	}
	return out
}

// train makes the centroids of both levels.
func (p *partition) train(ctx context.Context, sample []uint32, k int) (err error) {
	tops := max(1, int(math.Sqrt(float64(k))))
	few := sample
	if step := len(sample) / (256 * tops); step > 1 {
		few = nil
		for i := 0; i < len(sample); i += step {
			few = append(few, sample[i])
		}
	}
	if p.coarse, err = p.means(ctx, few, tops); err != nil {
		return err
	}
	groups := make([][]uint32, tops)
	owner := make([]int32, len(sample))
	if err := p.assign(ctx, sample, p.coarse, owner); err != nil {
		return err
	}
	for i, slot := range sample {
		groups[owner[i]] = append(groups[owner[i]], slot)
	}
	p.fine, p.children = &centroids{dim: p.dim}, []uint32{0}
	for _, group := range groups {
		share := min(len(group), (len(group)*k+len(sample)-1)/len(sample))
		if share > 0 {
			below, err := p.means(ctx, group, share)
			if err != nil {
				return err
			}
			p.fine.codes, p.fine.scales = append(p.fine.codes, below.codes...), append(p.fine.scales, below.scales...)
		}
		p.children = append(p.children, uint32(len(p.fine.scales)))
	}
	return nil
}

// means finds k centroids of rows.
func (p *partition) means(ctx context.Context, rows []uint32, k int) (*centroids, error) {
	c := newCentroids(k, p.dim)
	for i := range k { // rows are in the order of slots, which may be that of lists: spread
		x, err := p.load(rows[i*len(rows)/k], nil)
		if err != nil {
			return nil, err
		}
		c.add(i, x)
	}
	c.settle()
	owner := make([]int32, len(rows))
	for range rounds {
		if err := p.assign(ctx, rows, c, owner); err != nil {
			return nil, err
		}
		c.forget()
		for i, slot := range rows {
			x, err := p.load(slot, c.wide)
			if err != nil {
				return nil, err
			}
			c.add(int(owner[i]), x)
		}
		c.settle()
	}
	return c, nil
}

// assign finds the nearest centroid of each row.
func (p *partition) assign(ctx context.Context, rows []uint32, c *centroids, owner []int32) error {
	return p.each(ctx, len(rows), func(i int, wide []int16) error {
		x, err := p.load(rows[i], wide)
		owner[i] = c.nearest(x, 0, uint32(len(c.scales)))
		return err
	})
}

// each calls do for 0 to n−1, from several goroutines, each of which has a row's room.
func (p *partition) each(ctx context.Context, n int, do func(i int, wide []int16) error) error {
	wide := make([][]int16, p.workers)
	for w := range wide {
		wide[w] = make([]int16, p.dim)
	}
	return inParallel(ctx, p.workers, n, func(w, i int) error { return do(i, wide[w]) })
}

// inParallel calls do for 0 to n−1, each worker in a stretch of its own.
func inParallel(ctx context.Context, workers, n int, do func(worker, i int) error) error {
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w * n / workers; i < (w+1)*n/workers && errs[w] == nil; i++ {
				if errs[w] = do(w, i); i%64 == 0 && ctx.Err() != nil {
					errs[w] = ctx.Err()
				}
			}
		})
	}
	wg.Wait()
	if i := firstOf(errs); i >= 0 {
		return errs[i]
	}
	return nil
}

// listOf finds the list of a row.
func (p *partition) listOf(x vector) int32 {
	best, value := int32(0), float32(math.Inf(-1))
	for _, top := range p.coarse.order(x, parents) {
		from, to := p.children[top], p.children[top+1]
		if from == to {
			continue
		}
		if list, dot := p.fine.best(x, from, to); dot > value {
			best, value = list, dot
		}
	}
	return best
}

// recentre makes each centroid the mean of its list.
func (p *partition) recentre(ctx context.Context) error {
	p.fine = &centroids{dim: p.dim, codes: p.fine.codes, scales: p.fine.scales}
	p.fine.forget()
	for i, slot := range p.present {
		if i%blockRows == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		x, err := p.load(slot, p.fine.wide)
		if err != nil {
			return err
		}
		p.fine.add(int(p.lists[i]), x)
	}
	p.fine.settle()
	return nil
}
