package tune

import (
	"math"
	"slices"

	"github.com/duijie/duijie/internal/quant"
)

// local is the Gaussian process over the labels that matter for one demand:
// strangers' first, then those of near twins, then its own, so that the leading
// rows of one factor serve without twins, without own labels, and with all.
type local struct {
	b     *base
	need  *need
	pairs []int32   // by place in base.pairs
	near  []float64 // kernel of each pair's demand with this one
	// strangers and others are how many pairs come before the twins' and before the
	// demand's own
	strangers, others int
	// codes are those of the pairs' patents, one row after the other; postings tell for
	// each term which patents have it
	codes    []int8
	postings map[uint32][]posting
	matrix   []float64 // kernel, lower triangle, with noise
	factor   []float64 // of the rows up to others
}

// newLocal gathers the pairs: up to limit, the own ones first. twin tells near twins of the demand among those of the base; nil where
// the difference does not matter.
func (b *base) newLocal(n *need, self int32, twin func(demand int32) bool) *local {
	l := &local{b: b, need: n}
	var own []int32
	if self >= 0 {
		own = thin(b.demands[self].own, b.limit)
	}
	room := b.limit - len(own)
	var twins, strangers []neighbour
	for _, nb := range b.neighbours(n, room, func(d int32) bool { return d == self }) {
		if twin != nil && twin(nb.demand) {
			twins = append(twins, nb)
		} else {
			strangers = append(strangers, nb)
		}
	}
	add := func(pairs []int32, near float64) {
		for _, p := range pairs[:min(len(pairs), b.limit-len(l.pairs)-len(own))] {
			l.pairs, l.near = append(l.pairs, p), append(l.near, near)
		}
	}
	for _, nb := range strangers {
		add(b.demands[nb.demand].own, nb.near)
	}
	l.strangers = len(l.pairs)
	for _, nb := range twins {
		add(b.demands[nb.demand].own, nb.near)
	}
	l.others = len(l.pairs)
	for _, p := range own {
		l.pairs, l.near = append(l.pairs, p), append(l.near, 1)
	}
	l.list()
	l.fill()
	return l
}

// posting is a patent that has a term, by place in local.pairs, or a demand, by place in
// base.demands, and the term's value.
type posting struct {
	at    int32
	value float32
}

// list prepares the pairs' patents to be compared with others.
func (l *local) list() {
	l.postings = map[uint32][]posting{}
	for i, p := range l.pairs {
		o := l.b.pairs[p].patent
		l.codes = append(l.codes, o.codes...)
		for _, t := range o.terms {
			l.postings[t.hash] = append(l.postings[t.hash], posting{int32(i), t.value})
		}
	}
}

// thin keeps at most n of the pairs, evenly spread.
func thin(pairs []int32, n int) []int32 {
	if len(pairs) <= n {
		return pairs
	}
	out := make([]int32, n)
	for i := range out {
		out[i] = pairs[i*len(pairs)/n]
	}
	return out
}

// fill computes the kernel between all pairs, and factors the others' part.
func (l *local) fill() {
	n := len(l.pairs)
	l.matrix = make([]float64, n*n)
	demands := map[[2]int32]float64{}
	var room []near
	for i, p := range l.pairs {
		a := &l.b.pairs[p]
		room = l.among(a, room, i+1)
		demand, near := int32(-1), 0.0
		for j, q := range l.pairs[:i+1] {
			if other := l.b.pairs[q].demand; other != demand {
				demand, near = other, l.b.nearness(a.demand, other, demands)
			}
			l.matrix[i*n+j] = near * room[j].kernel
		}
		l.matrix[i*n+i] += l.b.kernel.Noise
	}
	l.factor = slices.Clone(l.matrix[:l.others*n])
	extend(l.factor, n, 0, l.others)
}

// nearness is the kernel between two demands of the base; known ones are kept.
func (b *base) nearness(i, j int32, known map[[2]int32]float64) float64 {
	if i == j {
		return 1
	}
	key := [2]int32{min(i, j), max(i, j)}
	near, ok := known[key]
	if !ok {
		near = b.kernel.needs(&b.demands[key[0]].need, &b.demands[key[1]].need)
		known[key] = near
	}
	return near
}

// among compares a labelled pair with the first n pairs of the local process, but
// for their demands.
func (l *local) among(a *labelled, out []near, n int) []near {
	out = out[:0]
	if l.b.memo == nil {
		return l.measure(&a.point, out, n)
	}
	m, own, demand := l.b.memo, l.b.demands[a.demand].inSet, int32(-1)
	var to between
	for _, q := range l.pairs[:n] {
		other := &l.b.pairs[q]
		if other.demand != demand {
			demand = other.demand
			to = m.between(a.row, own, l.b.demands[demand].inSet)
		}
		out = append(out, to.at(m.place[other.row]))
	}
	return out
}

// extend factors the rows from start to end of a matrix whose earlier rows are
// factored; stride is the length of a row.
func extend(a []float64, stride, start, end int) {
	for i := start; i < end; i++ {
		row := a[i*stride : i*stride+i+1]
		for j := range row {
			other := a[j*stride : j*stride+j+1]
			sum := row[j] - dot(row[:j], other[:j])
			if j < i {
				row[j] = sum / other[j]
			} else {
				row[j] = math.Sqrt(max(sum, 1e-9))
			}
		}
	}
}

// belief is a process that has seen some of the pairs: which, and their weights.
type belief struct {
	l     *local
	at    []int32 // by place in local.pairs
	own   int     // from which place of at the demand's own are
	alpha [targets][]float64
	// factor is that of the pairs, with rows as long as the local process has pairs
	factor []float64
}

// without believes in the strangers' labels alone.
func (l *local) without() *belief { return l.believe(l.strangers, nil) }

// with believes in all labels of others, and in the own ones that keep names by
// their place in the list of own.
func (l *local) with(keep func(own int) bool) *belief {
	var own []int32
	for i := l.others; i < len(l.pairs); i++ {
		if keep == nil || keep(i-l.others) {
			own = append(own, int32(i))
		}
	}
	return l.believe(l.others, own)
}

func (l *local) believe(others int, own []int32) *belief {
	n, stride := others+len(own), len(l.pairs)
	b := &belief{l: l, own: others}
	for i := range others {
		b.at = append(b.at, int32(i))
	}
	b.at = append(b.at, own...)
	factor := l.factor[:others*stride]
	if len(own) > 0 {
		factor = make([]float64, n*stride)
		copy(factor, l.factor[:others*stride])
		for i, p := range own {
			from, to := l.matrix[int(p)*stride:int(p+1)*stride], factor[(others+i)*stride:]
			copy(to[:others], from)
			for j, q := range own[:i+1] {
				to[others+j] = from[q]
			}
		}
		extend(factor, stride, others, n)
	}
	b.factor = factor
	for t := range targets {
		a := make([]float64, n)
		for i, p := range b.at {
			a[i] = float64(l.b.pairs[l.pairs[p]].residual[t])
		}
		solve(factor, stride, n, a)
		b.alpha[t] = a
	}
	return b
}

// solve solves L·Lᵀ·x = a in place.
func solve(l []float64, stride, n int, a []float64) {
	for i := range n {
		a[i] = (a[i] - dot(l[i*stride:i*stride+i], a[:i])) / l[i*stride+i]
	}
	for i := n - 1; i >= 0; i-- {
		a[i] /= l[i*stride+i]
		x := a[i]
		for j, v := range l[i*stride : i*stride+i] {
			a[j] -= v * x
		}
	}
}

// guess is what a belief says of a pair.
type guess struct {
	residual [targets]float64
	support  float64 // kernel with the nearest label
}

// near is one label's kernel with a candidate, with the cosines it is made of.
type near struct{ kernel, vector, terms float64 }

// compare computes the kernel of a candidate with every pair of the local process.
func (l *local) compare(p *point, out []near) []near {
	out = l.measure(p, out, len(l.pairs))
	for i, near := range l.near {
		out[i].kernel *= near
	}
	return out
}

// measure computes the kernel of a candidate with the first n pairs, but for their
// demands.
func (l *local) measure(p *point, out []near, n int) []near {
	var wideRoom [1024]int16
	var productRoom [512]int32
	wide, products := p.patent.widen(wideRoom[:0]), productRoom[:]
	if n > len(products) {
		products = make([]int32, n)
	}
	products = products[:n]
	quant.DotRows(wide, l.codes[:n*len(wide)], products)
	out = slices.Grow(out[:0], n)[:n]
	clear(out)
	for _, t := range p.patent.terms {
		for _, at := range l.postings[t.hash] {
			if int(at.at) >= n {
				break
			}
			// summed in single precision, as sparseDot does
			out[at.at].terms = float64(float32(out[at.at].terms) + float32(t.value*at.value))
		}
	}
	strange := l.b.kernel.strange()
	for i, at := range l.pairs[:n] {
		other, near := &l.b.pairs[at], &out[i]
		near.vector = p.patent.cosine(&other.patent.vector, products[i])
		near.kernel = l.b.kernel.value(strange, near.vector, near.terms, p, &other.point)
	}
	return out
}

// compareOwn is compare for one of the demand's own labelled pairs.
func (l *local) compareOwn(a *labelled, out []near) []near {
	out = l.among(a, out, len(l.pairs))
	for i, near := range l.near {
		out[i].kernel *= near
	}
	return out
}

// leaveOut gives, for every own pair, what the labels of others and of the own
// pairs in other groups say of it: with the inverse A⁻¹ of the kernel matrix and
// α = A⁻¹y, the prediction for a group G is y − (A⁻¹)_GG⁻¹·α_G (Rasmussen and
// Williams, "Gaussian Processes for Machine Learning", 2006, section 5.4.2). Own
// pairs come last, so their part of A⁻¹ is that of the last rows of the factor.
func (l *local) leaveOut(group func(own int) int, groups int) [][targets]float64 {
	n, own := len(l.pairs), len(l.pairs)-l.others
	all := l.with(nil)
	inverse := make([]float64, own*own)
	for i := range own {
		column := inverse[i*own : (i+1)*own]
		column[i] = 1
		solveLast(all.factor, n, l.others, column)
	}
	out := make([][targets]float64, own)
	for g := range groups {
		var in []int
		for i := range own {
			if group(i) == g {
				in = append(in, i)
			}
		}
		k := len(in)
		part := make([]float64, k*k)
		for i, p := range in {
			for j, q := range in {
				part[i*k+j] = inverse[p*own+q]
			}
		}
		extend(part, k, 0, k)
		for t := range targets {
			a := make([]float64, k)
			for i, p := range in {
				a[i] = all.alpha[t][l.others+p]
			}
			solve(part, k, k, a)
			for i, p := range in {
				out[p][t] = float64(l.b.pairs[l.pairs[l.others+p]].residual[t]) - a[i]
			}
		}
	}
	return out
}

// solveLast solves L·Lᵀ·x = a in place for the rows from start on alone.
func solveLast(l []float64, stride, start int, a []float64) {
	for i := range a {
		row := l[(start+i)*stride+start:]
		a[i] = (a[i] - dot(row[:i], a[:i])) / row[i]
	}
	for i := len(a) - 1; i >= 0; i-- {
		row := l[(start+i)*stride+start:]
		a[i] /= row[i]
		for j, v := range row[:i] {
			a[j] -= v * a[i]
		}
	}
}

func (b *belief) guess(to []near) (g guess) {
	for i, p := range b.at {
		k := to[p].kernel
		for t := range targets {
			g.residual[t] += k * b.alpha[t][i]
		}
		g.support = max(g.support, k)
	}
	return g
}
