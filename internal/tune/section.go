package tune

import (
	"slices"

	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/tune/boost"
)

// base writes what lies below the trees. Patents that are labelled more than once
// are written once.
func (w *writer) base(b *base) {
	k := b.kernel
	w.floats64([]float64{k.Vector, k.VectorScale, k.Terms, k.TermScale, k.Bias, k.Title, k.Features, k.Width, k.Demand, k.Noise, b.weights.Rare})
	w.fusion(b.fusion)
	terms, weights := b.weights.List()
	w.u32(uint32(len(terms)))
	w.values(terms)
	w.values(weights)
	w.floats32(b.demandMean)
	w.floats32(b.patentMean)
	w.floats32(b.center)
	w.floats32(b.scale)
	for _, l := range b.linear {
		w.floats64(l)
	}
	w.floats64(b.shares[:])
	w.u32(uint32(b.limit))
	w.u32(uint32(len(b.demands)))
	for _, d := range b.demands {
		w.bytes([]byte(d.id))
		w.b = append(w.b, d.key[:]...)
		w.vector(&d.need.vector)
		w.terms(d.need.terms)
		w.pass()
	}
	w.offers(b.pairs)
}

// fusion writes the zero-shot fusion that the model was trained over.
func (w *writer) fusion(f *rank.Fusion) {
	bias, weights := f.Parameters()
	w.bytes([]byte(rank.FusionName))
	w.bytes([]byte(f.Lexicon().Identity()))
	w.floats64(append(weights, bias))
}

// fusion reads it back. Its words are those of the built-in lexicon, which must be the
// one of the training.
func (r *reader) fusion() *rank.Fusion {
	name, identity, numbers := string(r.bytes()), string(r.bytes()), r.floats64()
	if r.err != nil {
		return nil
	}
	lexicon, err := static.Builtin()
	if err != nil {
		r.fail("%v", err)
		return nil
	}
	if name != rank.FusionName || identity != lexicon.Identity() {
		r.fail("it was trained over %s with the words of %s; this program has %s and %s: train it again", name, identity, rank.FusionName, lexicon.Identity())
		return nil
	}
	if len(numbers) == 0 {
		r.fail("the fusion has no weights")
		return nil
	}
	last := len(numbers) - 1
	f, err := rank.LoadFusion(lexicon, numbers[last], numbers[:last])
	if err != nil {
		r.fail("%v", err)
	}
	return f
}

func (w *writer) offers(pairs []labelled) {
	at := map[*offer]uint32{}
	var offers []*offer
	for i := range pairs {
		o := pairs[i].patent
		if _, ok := at[o]; !ok {
			at[o] = uint32(len(offers))
			offers = append(offers, o)
		}
	}
	w.u32(uint32(len(offers)))
	for _, o := range offers {
		w.values(o.title)
		w.vector(&o.vector)
		w.terms(o.terms)
		w.pass()
	}
	w.u32(uint32(len(pairs)))
	for i := range pairs {
		p := &pairs[i]
		w.u32(uint32(p.demand))
		w.u32(at[p.patent])
		w.values(p.patent64)
		w.b = append(w.b, byte(p.level))
		w.values(p.zeroShot)
		w.values(p.residual[:])
		w.values(p.x)
		w.pass()
	}
}

func (w *writer) vector(v *vector) {
	w.values(v.step)
	w.values(v.codes)
}

func (w *writer) terms(terms []term) {
	w.u32(uint32(len(terms)))
	for _, t := range terms {
		w.u32(t.hash)
		w.values(t.value)
	}
}

func (w *writer) forest(f *boost.Forest) {
	if f == nil {
		w.u32(0)
		return
	}
	w.u32(1)
	w.values(f.Base)
	w.u32(uint32(len(f.Trees)))
	for _, t := range f.Trees {
		w.u32(uint32(len(t.Nodes)))
		w.values(t.Nodes)
	}
}

func (r *reader) base() *base {
	b := &base{}
	var head [11]float64
	r.fill(head[:])
	k := &b.kernel
	for i, to := range []*float64{&k.Vector, &k.VectorScale, &k.Terms, &k.TermScale, &k.Bias, &k.Title, &k.Features, &k.Width, &k.Demand, &k.Noise} {
		*to = head[i]
	}
	b.fusion = r.fusion()
	n := r.count(8)
	terms, weights := make([]uint32, n), make([]float32, n)
	r.values(terms, 4*n)
	r.values(weights, 4*n)
	if !slices.IsSorted(terms) {
		r.fail("terms are out of order")
	}
	b.weights = rank.LoadWeights(head[10], terms, weights)
	b.demandMean, b.patentMean, b.center, b.scale = r.floats32(), r.floats32(), r.floats32(), r.floats32()
	for t := range b.linear {
		b.linear[t] = r.floats64()
		if len(b.linear[t]) != rank.PairFeatures+1 {
			r.fail("the linear model has %d weights", len(b.linear[t]))
		}
	}
	if len(b.center) != rank.PairFeatures || len(b.scale) != rank.PairFeatures {
		r.fail("there are %d and %d features", len(b.center), len(b.scale))
	}
	r.fill(b.shares[:])
	b.limit = int(r.u32())
	for range r.count(44) {
		d := &known{id: string(r.bytes())}
		copy(d.key[:], r.take(len(d.key)))
		d.need = need{r.vector(len(b.demandMean)), r.terms()}
		b.remember(d)
	}
	r.pairs(b)
	return b
}

func (r *reader) pairs(b *base) {
	offers := make([]*offer, r.count(16))
	for i := range offers {
		o := &offer{}
		r.values(&o.title, 8)
		o.vector = r.vector(len(b.patentMean))
		o.terms = r.terms()
		offers[i] = o
	}
	b.pairs = make([]labelled, r.count(29+4*len(kernelFeatures)))
	for i := range b.pairs {
		p := &b.pairs[i]
		demand, at := r.u32(), r.u32()
		r.values(&p.patent64, 8)
		if level := r.take(1); level != nil {
			p.level = int8(level[0])
		}
		r.values(&p.zeroShot, 4)
		r.values(p.residual[:], 8)
		p.x = make([]float32, len(kernelFeatures))
		r.values(p.x, 4*len(p.x))
		if r.err != nil {
			return
		}
		if int(demand) >= len(b.demands) || int(at) >= len(offers) || p.level < 1 || p.level > levels {
			r.fail("label %d is of demand %d, patent %d, level %d", i, demand, at, p.level)
			return
		}
		p.demand, p.patent = int32(demand), offers[at]
		b.demands[demand].own = append(b.demands[demand].own, int32(i))
	}
}

func (r *reader) vector(dimensions int) (v vector) {
	r.values(&v.step, 4)
	if b := r.take(dimensions); b != nil {
		v.codes = make([]int8, len(b))
		for i, c := range b {
			v.codes[i] = int8(c)
		}
	}
	return v
}

func (r *reader) terms() []term {
	out := make([]term, r.count(8))
	for i := range out {
		out[i].hash = r.u32()
		r.values(&out[i].value, 4)
	}
	return out
}

func (r *reader) forest() *boost.Forest {
	if r.u32() == 0 {
		return nil
	}
	f := &boost.Forest{Columns: columns}
	r.values(&f.Base, 8)
	f.Trees = make([]boost.Tree, r.count(4))
	for i := range f.Trees {
		nodes := make([]boost.Node, r.count(nodeSize))
		r.values(nodes, nodeSize*len(nodes))
		f.Trees[i].Nodes = nodes
		if r.err == nil {
			if err := f.Trees[i].Check(columns); err != nil {
				r.fail("tree %d: %v", i, err)
			}
		}
	}
	return f
}

// nodeSize is the size of a boost.Node in the file.
const nodeSize = 4 + 4 + 4 + 1 + 4 + 8 + 8
