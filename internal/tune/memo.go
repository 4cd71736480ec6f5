package tune

import (
	"sync"

	"github.com/duijie/duijie/internal/quant"
)

// memo keeps the kernel between patents, by pairs of demands, while a set is
// learned from again and again. It is safe for concurrent use.
type memo struct {
	points []point   // of each label of the set
	rows   [][]int32 // of each demand of the set
	place  []int32   // of each label among those of its demand
	codes  [][]int8  // of the patents labelled for each demand, one row after the other
	kernel *kernel

	mu     sync.RWMutex
	blocks map[[2]int32][]near32
}

// near32 is near in single precision, without the demands' part.
type near32 struct{ kernel, vector, terms float32 }

func newMemo(w *work) *memo {
	m := &memo{kernel: &w.o.kernel, rows: make([][]int32, len(w.set.Demands)), codes: make([][]int8, len(w.set.Demands)), blocks: map[[2]int32][]near32{}}
	b := &base{center: w.center, scale: w.scale}
	for i, l := range w.set.Labels {
		m.points = append(m.points, b.kernelPoint(w.offers[l.Patent], w.x.Row(i)))
		m.place = append(m.place, int32(len(m.rows[l.Demand])))
		m.rows[l.Demand] = append(m.rows[l.Demand], int32(i))
		m.codes[l.Demand] = append(m.codes[l.Demand], w.offers[l.Patent].codes...)
	}
	return m
}

// block is the kernel of all labels of demand a with all of demand b, row by row,
// for a <= b.
func (m *memo) block(a, b int32) []near32 {
	key := [2]int32{a, b}
	m.mu.RLock()
	out, ok := m.blocks[key]
	m.mu.RUnlock()
	if ok {
		return out
	}
	out = make([]near32, 0, len(m.rows[a])*len(m.rows[b]))
	products, strange := make([]int32, len(m.rows[b])), m.kernel.strange()
	var wide []int16
	for _, i := range m.rows[a] {
		p := &m.points[i]
		wide = p.patent.widen(wide[:0])
		quant.DotRows(wide, m.codes[b], products)
		for k, j := range m.rows[b] {
			q := &m.points[j]
			vector, terms := p.patent.cosine(&q.patent.vector, products[k]), sparseDot(p.patent.terms, q.patent.terms)
			out = append(out, near32{float32(m.kernel.value(strange, vector, terms, p, q)), float32(vector), float32(terms)})
		}
	}
	m.mu.Lock()
	m.blocks[key] = out
	m.mu.Unlock()
	return out
}

// between tells the kernel of one label of demand a with labels of demand b.
type between struct {
	block        []near32
	start, steps int
}

func (m *memo) between(row, a, b int32) between {
	if a <= b {
		return between{m.block(a, b), int(m.place[row]) * len(m.rows[b]), 1}
	}
	return between{m.block(b, a), int(m.place[row]), len(m.rows[a])}
}

func (t *between) at(place int32) near {
	n := &t.block[t.start+int(place)*t.steps]
	return near{float64(n.kernel), float64(n.vector), float64(n.terms)}
}
