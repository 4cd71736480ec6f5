package tune

import (
	"cmp"
	"math"
	"slices"

	"github.com/duijie/duijie/internal/quant"
)

// neighbour is another demand's labels, and how near it is.
type neighbour struct {
	demand int32
	near   float64
}

// nearEnough is the least kernel value of a demand whose labels are looked at.
const nearEnough = 0.02

// neighbours are the labelled demands that are not skipped, nearest first, until they have
// as many labels as are wanted. It looks at all demands, by the codes of their vectors and by
// the lists of those that have a term: comparing them one by one takes ten times as long.
func (b *base) neighbours(n *need, wanted int, skip func(demand int32) bool) []neighbour {
	if wanted <= 0 {
		return nil
	}
	vectors, terms := cosines(&n.vector, b.demands, b.codes), make([]float32, len(b.demands))
	for _, t := range n.terms {
		for _, p := range b.having[t.hash] {
			terms[p.at] += float32(t.value * p.value) // in single precision, as sparseDot does
		}
	}
	var out []neighbour
	least := math.Inf(-1)
	for d, k := range b.demands {
		near := min(vectors[d]+float64(terms[d]), 2) // what the kernel grows with
		if near < least || len(k.own) == 0 || skip(int32(d)) {
			continue
		}
		out = append(out, neighbour{int32(d), near})
		if len(out) >= 2*wanted+100 { // more than enough: each has a label at least
			out = b.nearest(out, wanted)
			least = out[len(out)-1].near
		}
	}
	out = b.nearest(out, wanted)
	for i := range out {
		if out[i].near = b.kernel.demands(out[i].near); out[i].near < nearEnough {
			return out[:i]
		}
	}
	return out
}

// nearest orders neighbours, and keeps the first that have as many labels as are wanted.
func (b *base) nearest(of []neighbour, wanted int) []neighbour {
	slices.SortFunc(of, func(x, y neighbour) int {
		return cmp.Or(cmp.Compare(y.near, x.near), cmp.Compare(x.demand, y.demand))
	})
	for i, n := range of {
		if wanted -= len(b.demands[n.demand].own); wanted <= 0 {
			return of[:i+1]
		}
	}
	return of
}

// remember adds a demand.
func (b *base) remember(k *known) {
	at := int32(len(b.demands))
	b.demands, b.codes = append(b.demands, k), append(b.codes, k.need.codes...)
	if b.having == nil {
		b.having = map[uint32][]posting{}
	}
	for _, t := range k.need.terms {
		b.having[t.hash] = append(b.having[t.hash], posting{at, t.value})
	}
}

// cosines of a vector with those of demands, whose codes stand one row after the other.
func cosines(v *vector, with []*known, codes []int8) []float64 {
	products, out := make([]int32, len(with)), make([]float64, len(with))
	quant.DotRows(v.widen(nil), codes, products)
	for i, k := range with {
		out[i] = v.cosine(&k.need.vector, products[i])
	}
	return out
}
