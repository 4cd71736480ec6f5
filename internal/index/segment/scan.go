package segment

import (
	"context"
	"math"
	"sync"
	"sync/atomic"

	"github.com/duijie/duijie/internal/quant"
)

// rowsPerWorker is the work that is worth another goroutine.
const rowsPerWorker = 2048

// sure is by how many of its spreads a row's sketch may miss the limit-th best score
// before the row is left out. One true hit in 160 is further off if spreads are normal, but
// most hits are well above the limit: of the ten best of 1.35 million one in 430 is lost
// so; with 2 spreads it is one in 110, with 3 one in 1,000 (decision 0012).
const sure = 2.5

// scan finds every row of its tasks that may be among the limit best of them, but for
// those that sketches leave out. What it finds does not depend on the order in which rows
// are read, nor on the number of workers: a row that counts for the last floor reaches it
// by its sketch too, hence every floor before, so that it is read in any order.
type scan struct {
	query  quant.Query
	sketch quant.SketchQuery
	tasks  []task
	limit  int

	next    atomic.Int64  // task to take
	reached atomic.Uint64 // bits of a score that limit rows are known to reach
}

// run returns the candidates, in no order: at least all rows whose upper bound reaches
// the limit-th best lower bound. floor is a score that limit hits from elsewhere reach.
// It looks at ctx between tasks.
func (s *scan) run(ctx context.Context, workers int, floor float64) ([]candidate, error) {
	s.reached.Store(math.Float64bits(floor))
	finders := make([]*finder, max(1, min(workers, 1+s.size()/rowsPerWorker)))
	errs := make([]error, len(finders))
	var wg sync.WaitGroup
	for i := range finders {
		f := &finder{scan: s, gathering: newGathering(s.limit, 1024, floor)}
		finders[i] = f
		if i > 0 {
			wg.Go(func() { errs[i] = f.run(ctx) })
		}
	}
	errs[0] = finders[0].run(ctx)
	wg.Wait()
	if i := firstOf(errs); i >= 0 {
		return nil, errs[i]
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

func (s *scan) size() (n int) {
	for _, t := range s.tasks {
		n += int(t.to-t.from) + len(t.picked)
	}
	return n
}

// finder is one worker of a scan.
type finder struct {
	*scan
	gathering
	dots [blockRows]int32
	rows []quant.Promise // room for those of a block of sketches
}

func (f *finder) run(ctx context.Context) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		i := f.next.Add(1) - 1
		if i >= int64(len(f.tasks)) {
			return nil
		}
		f.floor = max(f.floor, math.Float64frombits(f.scan.reached.Load()))
		if err := f.task(&f.tasks[i]); err != nil {
			return err
		}
		f.publish()
		f.tidyIfLarge()
	}
}

func (f *finder) task(t *task) error {
	if t.sketched {
		return f.sketched(t)
	}
	for from := t.from; from < t.to; from += blockRows {
		if err := f.whole(t.part, from, min(from+blockRows, t.to)); err != nil {
			return err
		}
	}
	return f.picked(t.part, t.picked)
}

// sketched reads the rows of a list whose sketches are promising.
func (f *finder) sketched(t *task) error {
	blocks, err := t.part.column.sketchesOf(t.list)
	if err != nil {
		return err
	}
	size := quant.SketchBytes(t.part.column.dim)
	for from := t.from; from < t.to; from += quant.SketchRows {
		n := min(int(t.to-from), quant.SketchRows)
		f.rows = t.part.filtered(f.sketch.Promising(f.rows[:0], from, blocks[:size], n, t.near, f.floor, sure))
		blocks = blocks[size:]
		for i, r := range f.rows {
			if i+ahead < len(f.rows) {
				t.part.column.prefetch(f.rows[i+ahead].Row)
			}
			if err := f.one(t.part, r.Row, r.Most); err != nil {
				return err
			}
		}
	}
	return nil
}

// filtered keeps the rows that match, in the same memory.
func (p *part) filtered(rows []quant.Promise) []quant.Promise {
	if p.all {
		return rows
	}
	kept := rows[:0]
	for _, r := range rows {
		if p.matching.Has(p.column.slots.at(r.Row)) {
			kept = append(kept, r)
		}
	}
	return kept
}

// whole reads the rows from…to−1 and asks for the filter last.
func (f *finder) whole(p *part, from, to uint32) error {
	codes, err := p.column.codesOf(from, to)
	if err != nil {
		return err
	}
	dots := f.dots[:to-from]
	quant.DotRows(f.query.Wide, codes, dots)
	for i, dot := range dots {
		row := from + uint32(i)
		lower, upper := f.query.Limits(dot, p.column.bound(row))
		if upper >= f.floor && (p.all || p.matching.Has(p.column.slots.at(row))) {
			f.take(candidate{upper, p, row}, lower)
		}
	}
	return nil
}

// ahead is how many rows before its turn a row is fetched, so that some rows are on
// their way from memory at a time.
const ahead = 12

// picked reads single rows, all of which match.
func (f *finder) picked(p *part, rows []uint32) error {
	for i, row := range rows {
		if i+ahead < len(rows) {
			p.column.prefetch(rows[i+ahead])
		}
		if err := f.one(p, row, math.Inf(1)); err != nil {
			return err
		}
	}
	return nil
}

// one reads a row of which a sketch expects most at most. What the sketch does not expect
// counts neither for the floor nor for the row: else it would depend on how far other
// workers were when the row's turn came.
func (f *finder) one(p *part, row uint32, most float64) error {
	codes, err := p.column.codesOf(row, row+1)
	if err != nil {
		return err
	}
	quant.DotRows(f.query.Wide, codes, f.dots[:1])
	lower, upper := f.query.Limits(f.dots[0], p.column.bound(row))
	if upper = min(upper, most); upper >= f.floor {
		f.take(candidate{upper, p, row}, min(lower, most))
	}
	return nil
}

// publish tells the other workers about this one's floor.
func (f *finder) publish() {
	for {
		old := f.scan.reached.Load()
		if math.Float64frombits(old) >= f.floor || f.scan.reached.CompareAndSwap(old, math.Float64bits(f.floor)) {
			return
		}
	}
}
