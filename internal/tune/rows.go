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

// trainingRows measures the rows that b learned from, in their order, for the regimes that
// are asked for: as seen ones, with their own fold of the demand's labels masked, and as
// unseen ones. tell is told of each demand; it may be nil.
func (w *work) trainingRows(ctx context.Context, b *base, at []int32, rows []int32, kinds []regime, tell func()) ([2]boost.Matrix, error) {
	n := len(rows)
	var out [2]boost.Matrix
	for _, kind := range kinds {
		out[kind] = boost.NewMatrix(n, columns)
	}
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
		var dealt map[int32]int
		var m *masked
		var strange *belief
		for _, kind := range kinds {
			if kind == unseen {
				strange = l.without()
				continue
			}
			dealt = deal(own, func(r int32) int32 { return w.groups[r] }, masks, rand.New(rand.NewPCG(w.o.Seed, uint64(d))))
			m = l.masked(func(own int) int { return dealt[rows[l.pairs[l.others+own]]] })
		}
		for _, r := range own {
			pair := &b.pairs[place[r]]
			s.near = l.compareOwn(pair, s.near)
			for _, kind := range kinds {
				row := out[kind].Row(place[r])
				copy(row, w.x.Row(int(r)))
				if kind == unseen {
					l.fillRow(row, &pair.point, strange.guess(s.near), nil, s)
					continue
				}
				g, rest := m.guess(int32(place[r]), dealt[r], s.near)
				l.fillRow(row, &pair.point, g, rest, s)
			}
		}
		if tell != nil {
			tell()
		}
	})
	return out, ctx.Err()
}

// masked is a process whose demand's own labels are dealt into folds: of each own pair it
// knows what the labels in the other folds say.
type masked struct {
	l      *local
	foldOf func(own int) int
	left   map[int32][targets]float64 // by place in base.pairs
	made   [masks]*belief             // without a fold, when asked for
	rest   []int32
}

func (l *local) masked(foldOf func(own int) int) *masked {
	m := &masked{l: l, foldOf: foldOf, left: map[int32][targets]float64{}}
	for k, residual := range l.leaveOut(foldOf, masks) {
		m.left[l.pairs[l.others+k]] = residual
	}
	return m
}

// guess is what the labels outside its fold say of an own pair, and which of them are the
// demand's own, by place in local.pairs; these are good until the next call.
func (m *masked) guess(pair int32, fold int, to []near) (g guess, rest []int32) {
	l := m.l
	m.rest = m.rest[:0]
	for i := range l.pairs {
		switch {
		case i >= l.others && m.foldOf(i-l.others) == fold:
			continue
		case i >= l.others:
			m.rest = append(m.rest, int32(i))
		}
		g.support = max(g.support, to[i].kernel)
	}
	var known bool
	if g.residual, known = m.left[pair]; known {
		return g, m.rest
	}
	if m.made[fold] == nil { // too many own labels: not every one is in
		m.made[fold] = l.with(func(k int) bool { return m.foldOf(k) != fold })
	}
	return m.made[fold].guess(to), m.rest
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
