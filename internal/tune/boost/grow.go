package boost

import (
	"math"
	"slices"
)

// cell is the sums over the rows of one bin.
type cell struct {
	g, h float64
	n    int32
}

// grower grows one tree after the other, best leaf first.
type grower struct {
	b                 *binned
	p                 Params
	gradient, hessian []float32
	spare             [][]cell // histograms to use again
	g, h              []float32
	right             []int32
}

func newGrower(b *binned, p Params) *grower {
	return &grower{
		b: b, p: p, gradient: make([]float32, b.rows), hessian: make([]float32, b.rows),
		g: make([]float32, b.rows), h: make([]float32, b.rows),
	}
}

// leaf is a leaf that may be split.
type leaf struct {
	node     int32
	depth    int
	rows     []int32
	sum      cell
	low, top float64 // bounds of its value, by the constraints
	cells    []cell  // by sampled feature and bin
	best     split
}

// split is the best way to divide a leaf. Gain is 0 where there is none.
type split struct {
	feature     int // number of the feature
	bin         int // the last one that goes left
	missingLeft bool
	gain        float64
	left, right cell
}

func (g *grower) grow(rows []int32, features []int) Tree {
	total := float64(len(rows))
	slices.Sort(features)
	t := Tree{Nodes: []Node{{Cover: 1}}}
	root := &leaf{rows: rows, low: math.Inf(-1), top: math.Inf(1)}
	root.cells = g.histogram(rows, features)
	root.sum = g.total(rows)
	t.Nodes[0].Value = g.value(root.sum, root.low, root.top)
	g.findBest(root, features)
	leaves := []*leaf{root}
	for len(leaves) < g.p.Leaves {
		at := -1
		for i, l := range leaves {
			if l.best.gain > 0 && (at < 0 || l.best.gain > leaves[at].best.gain) {
				at = i
			}
		}
		if at < 0 {
			break
		}
		left, right := g.divide(&t, leaves[at], features, total)
		leaves[at] = left
		leaves = append(leaves, right)
	}
	for _, l := range leaves {
		g.release(l.cells)
	}
	for i := range t.Nodes {
		t.Nodes[i].Value *= g.p.Rate
	}
	return t
}

// divide splits a leaf, and finds the best splits of both halves.
func (g *grower) divide(t *Tree, l *leaf, features []int, total float64) (left, right *leaf) {
	s := l.best
	n := int32(len(t.Nodes))
	node := &t.Nodes[l.node]
	node.Feature, node.Left, node.Right, node.MissingLeft, node.Value = int32(s.feature), n, n+1, s.missingLeft, 0
	node.Threshold = g.threshold(s)
	left = &leaf{node: n, depth: l.depth + 1, sum: s.left, low: l.low, top: l.top}
	right = &leaf{node: n + 1, depth: l.depth + 1, sum: s.right, low: l.low, top: l.top}
	left.rows, right.rows = g.partition(l.rows, s)
	lv, rv := g.value(s.left, l.low, l.top), g.value(s.right, l.low, l.top)
	if g.p.Monotone != nil && g.p.Monotone[s.feature] != 0 {
		middle := (lv + rv) / 2
		if g.p.Monotone[s.feature] > 0 {
			left.top, right.low = min(left.top, middle), max(right.low, middle)
		} else {
			left.low, right.top = max(left.low, middle), min(right.top, middle)
		}
	}
	t.Nodes = append(t.Nodes,
		Node{Value: lv, Cover: float64(len(left.rows)) / total},
		Node{Value: rv, Cover: float64(len(right.rows)) / total})
	small, large := left, right
	if len(left.rows) > len(right.rows) {
		small, large = right, left
	}
	if g.splittable(left) || g.splittable(right) {
		small.cells = g.histogram(small.rows, features)
		large.cells = l.cells
		for i := range large.cells {
			c, d := &large.cells[i], &small.cells[i]
			c.g, c.h, c.n = c.g-d.g, c.h-d.h, c.n-d.n
		}
		l.cells = nil
		g.findBest(left, features)
		g.findBest(right, features)
	} else {
		g.release(l.cells)
	}
	return left, right
}

func (g *grower) splittable(l *leaf) bool {
	return l.depth < g.p.Depth && len(l.rows) >= 2*g.p.MinRows
}

// threshold is the value of a split's cut; beyond all values where only missing
// ones go the other way.
func (g *grower) threshold(s split) float32 {
	cuts := g.b.cuts[s.feature]
	if s.bin-1 >= len(cuts) {
		return math.MaxFloat32
	}
	return below(cuts[s.bin-1])
}

// partition keeps the order of the rows on both sides.
func (g *grower) partition(rows []int32, s split) (left, right []int32) {
	bins := g.b.bins[s.feature]
	g.right = g.right[:0]
	n := 0
	for _, r := range rows {
		if b := int(bins[r]); b == 0 && s.missingLeft || b > 0 && b <= s.bin {
			rows[n] = r
			n++
		} else {
			g.right = append(g.right, r)
		}
	}
	copy(rows[n:], g.right)
	return rows[:n], rows[n:]
}

func (g *grower) total(rows []int32) cell {
	var c cell
	for _, r := range rows {
		c.g += float64(g.gradient[r])
		c.h += float64(g.hessian[r])
	}
	c.n = int32(len(rows))
	return c
}

// histogram sums the derivatives of the rows by sampled feature and bin.
func (g *grower) histogram(rows []int32, features []int) []cell {
	cells := g.take(len(features) * maxBins)
	for i, r := range rows {
		g.g[i], g.h[i] = g.gradient[r], g.hessian[r]
	}
	workers := g.p.Workers
	if len(rows)*len(features) < 1<<14 {
		workers = 1
	}
	each(workers, len(features), func(i int) {
		column, own := g.b.bins[features[i]], cells[i*maxBins:(i+1)*maxBins]
		for k, r := range rows {
			c := &own[column[r]]
			c.g += float64(g.g[k])
			c.h += float64(g.h[k])
			c.n++
		}
	})
	return cells
}

func (g *grower) take(n int) []cell {
	if k := len(g.spare); k > 0 {
		cells := g.spare[k-1]
		g.spare = g.spare[:k-1]
		clear(cells)
		return cells
	}
	return make([]cell, n)
}

func (g *grower) release(cells []cell) {
	if cells != nil {
		g.spare = append(g.spare, cells)
	}
}

// value is the best value of a leaf within its bounds.
func (g *grower) value(c cell, low, top float64) float64 {
	return min(max(-c.g/(c.h+g.p.L2), low), top)
}

// gain is by how much the loss falls when the rows get the value v.
func (g *grower) gain(c cell, v float64) float64 {
	return -(c.g*v + (c.h+g.p.L2)*v*v/2)
}

// findBest looks at every cut of every sampled feature, with the missing values on
// either side. Ties go to the first.
func (g *grower) findBest(l *leaf, features []int) {
	if !g.splittable(l) {
		return
	}
	found := make([]split, len(features))
	workers := g.p.Workers
	if len(features)*maxBins < 1<<13 {
		workers = 1
	}
	each(workers, len(features), func(i int) {
		found[i] = g.bestOf(l, features[i], l.cells[i*maxBins:(i+1)*maxBins])
	})
	for _, s := range found {
		if s.gain > l.best.gain {
			l.best = s
		}
	}
}

// minGain is the least by which a split must lower the loss.
const minGain = 1e-9

func (g *grower) bestOf(l *leaf, feature int, cells []cell) (best split) {
	own := g.gain(l.sum, g.value(l.sum, l.low, l.top)) + minGain
	var sign int8
	if g.p.Monotone != nil {
		sign = g.p.Monotone[feature]
	}
	try := func(left cell, bin int, missingLeft bool) {
		right := cell{l.sum.g - left.g, l.sum.h - left.h, l.sum.n - left.n}
		if int(left.n) < g.p.MinRows || int(right.n) < g.p.MinRows {
			return
		}
		lv, rv := g.value(left, l.low, l.top), g.value(right, l.low, l.top)
		if sign > 0 && lv > rv || sign < 0 && lv < rv {
			return
		}
		if gain := g.gain(left, lv) + g.gain(right, rv) - own; gain > best.gain {
			best = split{feature, bin, missingLeft, gain, left, right}
		}
	}
	last := len(g.b.cuts[feature]) + 1
	var sum cell
	missing := cells[0]
	for b := 1; b <= last; b++ {
		c := &cells[b]
		sum.g, sum.h, sum.n = sum.g+c.g, sum.h+c.h, sum.n+c.n
		if c.n == 0 && b < last {
			continue
		}
		if b < last || missing.n > 0 {
			try(sum, b, false)
		}
		if b < last && missing.n > 0 {
			try(cell{sum.g + missing.g, sum.h + missing.h, sum.n + missing.n}, b, true)
		}
	}
	return best
}

// apply adds the tree's values to the predictions of all rows, also of those that
// it was not grown on.
func (g *grower) apply(t *Tree, predicted []float64) {
	at := make([]uint8, len(t.Nodes)) // bin of each node's threshold
	for i := range t.Nodes {
		if n := &t.Nodes[i]; !n.leaf() {
			at[i] = lastBin(g.b.cuts[n.Feature], n.Threshold)
		}
	}
	const chunk = 1 << 13
	each(g.p.Workers, (len(predicted)+chunk-1)/chunk, func(c int) {
		for r := c * chunk; r < min(len(predicted), (c+1)*chunk); r++ {
			k := int32(0)
			for !t.Nodes[k].leaf() {
				n := &t.Nodes[k]
				if b := g.b.bins[n.Feature][r]; b == 0 && n.MissingLeft || b > 0 && b <= at[k] {
					k = n.Left
				} else {
					k = n.Right
				}
			}
			predicted[r] += t.Nodes[k].Value
		}
	})
}

// lastBin is the last bin whose values are at most the threshold.
func lastBin(cuts []float64, threshold float32) uint8 {
	for i, c := range cuts {
		if below(c) == threshold {
			return uint8(i + 1)
		}
	}
	return maxBins - 1
}
