package flat

import (
	"context"
	"math"
	"math/bits"
	"sync"
	"sync/atomic"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/quant"
)

// fewRows is how many matching rows of a block are read one by one rather than
// with all their neighbours: reading on is cheaper than jumping.
const fewRows = blockRows / 8

// bytesPerWorker of codes is the work that is worth another goroutine.
const bytesPerWorker = 1 << 19

// candidate is a slot that may be among the hits.
type candidate struct {
	upper float64
	slot  uint32
}

// scan finds every slot of matching that may be among the limit best.
type scan struct {
	query    quant.Query
	column   column
	matching facet.Bitmap
	limit    int

	next  atomic.Int64  // block to take
	floor atomic.Uint64 // bits of a score that limit slots are known to reach
}

// run returns the candidates: at least all slots whose upper bound reaches the
// limit-th best lower bound, in no order. It looks at ctx between blocks.
func (s *scan) run(ctx context.Context, workers int) ([]candidate, error) {
	s.floor.Store(math.Float64bits(-math.MaxFloat64))
	count := s.matching.Count()
	workers = min(workers, 1+count*s.column.exact.dim/bytesPerWorker)
	finders := make([]*finder, workers)
	var wg sync.WaitGroup
	for i := range finders {
		f := &finder{scan: s, floor: -math.MaxFloat64, tidyAt: 1024 + 2*min(s.limit, count)}
		f.lower = quant.Best[float64]{Limit: s.limit, Worse: func(a, b float64) bool { return a < b }}
		finders[i] = f
		if i > 0 {
			wg.Go(func() { f.run(ctx) })
		}
	}
	finders[0].run(ctx)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	first := finders[0]
	for _, f := range finders[1:] {
		for _, low := range f.lower.Items {
			first.lower.Add(low)
		}
		first.found = append(first.found, f.found...)
	}
	first.raise()
	first.tidy()
	return first.found, nil
}

// finder is one worker of a scan.
type finder struct {
	*scan
	lower  quant.Best[float64]
	floor  float64 // slots below it are no candidates
	found  []candidate
	tidyAt int
	dots   [blockRows]int32
}

func (f *finder) run(ctx context.Context) {
	for ctx.Err() == nil {
		b := int(f.next.Add(1) - 1)
		if b >= len(f.column.codes) {
			return
		}
		f.floor = max(f.floor, math.Float64frombits(f.scan.floor.Load()))
		f.block(b)
		f.publish()
		if len(f.found) > f.tidyAt {
			f.tidy()
			f.tidyAt = max(f.tidyAt, 2*len(f.found))
		}
	}
}

func (f *finder) block(b int) {
	const words = blockRows / 64
	mask := f.matching[min(b*words, len(f.matching)):min((b+1)*words, len(f.matching))]
	switch n := mask.Count(); {
	case n == 0:
	case n < fewRows:
		f.some(b, mask)
	default:
		f.whole(b, mask)
	}
}

// whole reads all rows of a block and asks for the filter last.
func (f *finder) whole(b int, mask facet.Bitmap) {
	block, start := f.column.codes[b], b*blockRows
	// A writer may be busy with the rows after the view's last one.
	n := min(blockRows, f.column.exact.n-start)
	dots := f.dots[:n]
	quant.DotRows(f.query.Wide, block.codes, dots)
	for i, dot := range dots {
		lower, upper := f.query.Limits(dot, block.bounds[i])
		if upper >= f.floor && mask.Has(uint32(i)) {
			f.take(uint32(start+i), lower, upper)
		}
	}
}

// some reads the matching rows of a block alone.
func (f *finder) some(b int, mask facet.Bitmap) {
	block, dim := f.column.codes[b], f.column.exact.dim
	for w, word := range mask {
		for ; word != 0; word &= word - 1 {
			i := w*64 + bits.TrailingZeros64(word)
			quant.DotRows(f.query.Wide, block.codes[i*dim:(i+1)*dim], f.dots[:1])
			lower, upper := f.query.Limits(f.dots[0], block.bounds[i])
			if upper >= f.floor {
				f.take(uint32(b*blockRows+i), lower, upper)
			}
		}
	}
}

func (f *finder) take(slot uint32, lower, upper float64) {
	f.found = append(f.found, candidate{upper, slot})
	f.lower.Add(lower)
	f.raise()
}

// raise lifts the floor to what limit slots seen by this worker reach.
func (f *finder) raise() {
	if f.lower.Full() {
		f.floor = max(f.floor, f.lower.Worst())
	}
}

// publish tells the other workers about this one's floor.
func (f *finder) publish() {
	for {
		old := f.scan.floor.Load()
		if math.Float64frombits(old) >= f.floor || f.scan.floor.CompareAndSwap(old, math.Float64bits(f.floor)) {
			return
		}
	}
}

// tidy drops the candidates below the floor.
func (f *finder) tidy() {
	kept := f.found[:0]
	for _, c := range f.found {
		if c.upper >= f.floor {
			kept = append(kept, c)
		}
	}
	f.found = kept
}
