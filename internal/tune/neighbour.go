package tune

import (
	"cmp"
	"slices"

	"github.com/duijie/duijie/internal/quant"
)

// neighbour is another demand's labels, and how near it is.
type neighbour struct {
	demand int32
	near   float64
}

const (
	// nearEnough is the least kernel value of a demand whose labels are looked at.
	nearEnough = 0.02
	// cosineSteps is in how many steps demands are ordered by the cosine of their vectors.
	cosineSteps = 256
	// sameTerms is the highest cosine of terms, with what rounding adds.
	sameTerms = 1 + 1e-5
)

// neighbours are the labelled demands that are not skipped, nearest first, until they have
// as many labels as are wanted. Cosines of vectors cost little and come first: when even
// the same terms could not bring a demand among the nearest, nor can they those that follow.
func (b *base) neighbours(n *need, wanted int, skip func(demand int32) bool) []neighbour {
	if wanted <= 0 {
		return nil
	}
	vectors := cosines(&n.vector, b.demands, b.codes)
	var steps [cosineSteps + 1][]int32
	for d, c := range vectors {
		at := int((1 - min(max(c, -1), 1)) / 2 * cosineSteps)
		steps[at] = append(steps[at], int32(d))
	}
	var out []neighbour
	least := nearEnough
	for at, demands := range steps {
		if b.kernel.demands(1-2*float64(at)/cosineSteps, sameTerms) < least {
			break
		}
		before := len(out)
		for _, d := range demands {
			k := b.demands[d]
			if len(k.own) == 0 || skip(d) || b.kernel.demands(vectors[d], sameTerms) < least {
				continue
			}
			if near := b.kernel.demands(vectors[d], sparseDot(n.terms, k.need.terms)); near >= least {
				out = append(out, neighbour{d, near})
			}
		}
		if len(out) > before {
			var enough bool
			if out, enough = b.nearest(out, wanted); enough {
				least = out[len(out)-1].near
			}
		}
	}
	return out
}

// nearest orders neighbours, keeps the first that have as many labels as are wanted, and
// tells whether they have.
func (b *base) nearest(of []neighbour, wanted int) (first []neighbour, enough bool) {
	slices.SortFunc(of, func(x, y neighbour) int {
		return cmp.Or(cmp.Compare(y.near, x.near), cmp.Compare(x.demand, y.demand))
	})
	for i, n := range of {
		if wanted -= len(b.demands[n.demand].own); wanted <= 0 {
			return of[:i+1], true
		}
	}
	return of, false
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
