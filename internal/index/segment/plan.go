package segment

import (
	"math/bits"
	"slices"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/quant"
)

// blockRows is how many rows are read at a time; at 256 dimensions their codes have
// 64 KB and fit the second-level cache.
const blockRows = 256

// task is a part of a scan: rows from…to−1 of a column, which may be a list that is read
// by its sketches, or rows that were picked.
type task struct {
	part     *part
	from, to uint32
	picked   []uint32
	sketched bool
	list     uint32
	near     float64 // product of the query with the list's centroid
}

// part is what a search reads of a segment.
type part struct {
	member   member
	column   *column
	matching facet.Bitmap
	all      bool // matching is every slot
}

// pickCost is how many rows are read by their sketches in the time of one that is read
// by its codes, away from its neighbours.
const pickCost = 12

// plan returns the tasks of a part, the most promising first. Where one row of n matches,
// the limit best of them are about the n·limit best of all, so lists are read until there
// were as many matching rows as are in the lists that a search for so many reads: if what
// matches is elsewhere, those are more lists. Where so few match that it costs no more, it
// reads them all, and exactly.
func (p *part) plan(q quant.Query, limit int, exact bool) []task {
	count, rows := p.matching.Count(), p.column.rows
	if count == 0 || rows == 0 {
		return nil
	}
	budget := p.column.rowsToRead(float64(limit) * float64(rows) / float64(min(count, rows)))
	if budget >= 0 {
		budget = max(budget*count/rows, min(margin*limit, count))
	}
	if exact || budget < 0 || pickCost*count <= min(rows, budget*rows/count) {
		return p.everything(count)
	}
	return p.nearest(q, budget, count)
}

// everything reads all rows that match.
func (p *part) everything(count int) (out []task) {
	if fewRows := p.column.rows / 24; count < fewRows {
		return p.picks(p.matchingRows(count))
	}
	for from := uint32(0); from < uint32(p.column.rows); from += blockRows {
		out = append(out, task{part: p, from: from, to: min(from+blockRows, uint32(p.column.rows))})
	}
	return out
}

// matchingRows returns the rows of all matching slots, in their order.
func (p *part) matchingRows(count int) []uint32 {
	found, rows := facet.NewBitmap(p.column.rows), make([]uint32, 0, count)
	each(p.matching, func(slot uint32) {
		if row := p.column.places.at(slot); row < zeroRow {
			found.Set(row)
		}
	})
	each(found, func(row uint32) { rows = append(rows, row) })
	return rows
}

// each calls visit with what is in a bitmap, in order.
func each(b facet.Bitmap, visit func(uint32)) {
	for w, word := range b {
		for ; word != 0; word &= word - 1 {
			visit(uint32(w*64 + bits.TrailingZeros64(word)))
		}
	}
}

func (p *part) picks(rows []uint32) (out []task) {
	for chunk := range slices.Chunk(rows, blockRows) {
		out = append(out, task{part: p, picked: chunk})
	}
	return out
}

// nearest reads lists, those of the nearest centroids first, until budget rows match.
func (p *part) nearest(q quant.Query, budget, count int) (out []task) {
	rows, lists := p.column.rows, p.column.lists()
	all := budget*rows/count >= rows // so nothing has to be counted
	for near := range p.column.order(q, min(lists, lists*budget/count)) {
		if budget <= 0 {
			break
		}
		from, to := p.column.list(near.list)
		if from == to {
			continue
		}
		out = append(out, task{part: p, from: from, to: to, sketched: true, list: near.list, near: float64(near.dot) * q.Step})
		switch {
		case all:
		case 2*count >= rows: // the lists have about as many as they are long
			budget -= int(to-from) * count / rows
		default:
			budget -= p.count(from, to)
		}
	}
	return out
}

// count counts the matching rows of from…to−1.
func (p *part) count(from, to uint32) int {
	if p.all {
		return int(to - from)
	}
	if p.column.inOrder {
		return p.matching.CountRange(from, to)
	}
	n := 0
	for row := from; row < to; row++ {
		if p.matching.Has(p.column.slots.at(row)) {
			n++
		}
	}
	return n
}

// near is a list and how near its centroid is.
type near struct {
	dot  float32
	list uint32
}

// before tells whether a is nearer than b; of two as near, the first list is.
func (a near) before(b near) bool { return a.dot > b.dot || a.dot == b.dot && a.list < b.list }

func compareNear(a, b near) int {
	switch {
	case a.before(b):
		return -1
	case b.before(a):
		return 1
	}
	return 0
}

// sortedLists is how many of the nearest lists are read in their order; those raise the
// floor that the others have to reach.
const sortedLists = 64

// order yields the lists, those of the nearest centroids first. hint is how many are
// likely to be asked for: the first of them are in order, of the others only the last.
func (c *column) order(q quant.Query, hint int) func(yield func(near) bool) {
	rest := c.distances(q)
	return func(yield func(near) bool) {
		for turn := 0; len(rest) > 0; turn++ {
			n := sortedLists
			if turn == 1 { // all of these are read, unless lists are much larger than most
				n = max(n, hint*7/10-sortedLists)
			}
			n = min(n, len(rest))
			selectNearest(rest, n)
			if turn != 1 {
				slices.SortFunc(rest[:n], compareNear)
			}
			for _, next := range rest[:n] {
				if !yield(next) {
					return
				}
			}
			rest = rest[n:]
		}
	}
}

func (c *column) distances(q quant.Query) []near {
	dots, out := make([]int32, c.lists()), make([]near, c.lists())
	quant.DotRows(q.Wide, c.centroids, dots)
	for i, dot := range dots {
		out[i] = near{float32(dot) * float32At(c.scales, 4*i), uint32(i)}
	}
	return out
}

// selectNearest moves the n nearest to the front, in no order.
func selectNearest(all []near, n int) {
	for lo, hi := 0, len(all)-1; lo < hi; {
		pivot := all[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for all[i].before(pivot) {
				i++
			}
			for pivot.before(all[j]) {
				j--
			}
			if i <= j {
				all[i], all[j] = all[j], all[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case n <= j+1:
			hi = j
		case n > i:
			lo = i
		default:
			return
		}
	}
}
