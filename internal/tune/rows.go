package tune

import (
	"context"
	"math/rand/v2"

	"github.com/duijie/duijie/internal/tune/boost"
)

// regime says what labels a row's features may know.
type regime int

const (
	// seen rows know the demand's other labels.
	seen regime = iota
	// unseen rows know no label of the demand, nor of its near twins.
	unseen
)

// masks is how many folds a demand's own labels are dealt into for training: a
// row's features know those of the other folds.
const masks = 5

// trainingRows measures the rows that b learned from, in their order, by regime: each as
// a seen one, with its own fold of the demand's labels masked, and as an unseen one.
func (w *work) trainingRows(ctx context.Context, b *base, at []int32, rows []int32) ([2]boost.Matrix, error) {
	n := len(rows)
	out := [2]boost.Matrix{boost.NewMatrix(n, columns), boost.NewMatrix(n, columns)}
	place := make(map[int32]int, n)
	for i, r := range rows {
		place[r] = i
	}
	by := w.byDemand(rows)
	demands := demandsOf(by)
	scratches := make([]scratch, max(1, w.o.Workers))
	parallel(w.o.Workers, len(demands), func(worker, i int) {
		if ctx.Err() != nil {
			return
		}
		d := demands[i]
		own, s := by[d], &scratches[worker]
		l := b.newLocal(&w.needs[d], at[d], w.twin(d, b))
		dealt := deal(own, func(r int32) int32 { return w.groups[r] }, masks, rand.New(rand.NewPCG(w.o.Seed, uint64(d))))
		foldOf := func(k int) int { return dealt[rows[l.pairs[l.others+k]]] }
		left := map[int32][targets]float64{}
		for k, residual := range l.leaveOut(foldOf, masks) {
			left[l.pairs[l.others+k]] = residual
		}
		later := beliefs{l: l, foldOf: foldOf}
		strange := l.without()
		var rest []int32
		for _, r := range own {
			pair := &b.pairs[place[r]]
			row := out[unseen].Row(place[r])
			copy(row, w.x.Row(int(r)))
			s.near = l.compareOwn(pair, s.near)
			l.fillRow(row, &pair.point, strange.guess(s.near), nil, s)

			rest = rest[:0]
			g := guess{}
			for i := range l.pairs {
				switch {
				case i >= l.others && foldOf(i-l.others) == dealt[r]:
					continue
				case i >= l.others:
					rest = append(rest, int32(i))
				}
				g.support = max(g.support, s.near[i].kernel)
			}
			var known bool
			if g.residual, known = left[int32(place[r])]; !known {
				g = later.of(dealt[r]).guess(s.near) // too many own labels: not every one is in
			}
			row = out[seen].Row(place[r])
			copy(row, w.x.Row(int(r)))
			l.fillRow(row, &pair.point, g, rest, s)
		}
	})
	return out, ctx.Err()
}

// testRows measures rows that b did not learn from, as they would be met in use.
func (w *work) testRows(b *base, at []int32, rows []int32, kind regime) boost.Matrix {
	out := boost.NewMatrix(len(rows), columns)
	place := make(map[int32]int, len(rows))
	for i, r := range rows {
		place[r] = i
	}
	by := w.byDemand(rows)
	demands := demandsOf(by)
	scratches := make([]scratch, max(1, w.o.Workers))
	parallel(w.o.Workers, len(demands), func(worker, i int) {
		d := demands[i]
		self := at[d]
		if kind == unseen {
			self = -1
		}
		believes := b.newLocal(&w.needs[d], self, w.twin(d, b)).with(nil)
		if kind == unseen {
			believes = believes.l.without()
		}
		for _, r := range by[d] {
			row := out.Row(place[r])
			copy(row, w.x.Row(int(r)))
			p := b.kernelPoint(w.offers[w.set.Labels[r].Patent], row)
			believes.historyRow(row, &p, &scratches[worker])
		}
	})
	return out
}

// twin tells which demands of b are near twins of a demand of the set.
func (w *work) twin(d int32, b *base) func(int32) bool {
	return func(other int32) bool { return b.demands[other].twins == w.twins[d] }
}

// beliefs are those without one fold of the own labels each, made when asked for.
type beliefs struct {
	l      *local
	foldOf func(own int) int
	made   [masks]*belief
}

func (b *beliefs) of(fold int) *belief {
	if b.made[fold] == nil {
		b.made[fold] = b.l.with(func(k int) bool { return b.foldOf(k) != fold })
	}
	return b.made[fold]
}
