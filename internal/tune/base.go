package tune

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"

	"github.com/duijie/duijie/internal/rank"
)

// base is what lies below the trees: the labels that are remembered, the linear
// model of a pair's features, and the kernel that carries labels from pair to pair.
type base struct {
	kernel  kernel
	fusion  *rank.Fusion // that the features are taken of
	weights rank.Weights
	// means of the vectors of the labelled demands and patents
	demandMean, patentMean []float32
	// linear is the ridge regression of level and gain on standardised features
	center, scale []float32
	linear        [targets][]float64
	shares        [levels]float64 // of the levels
	demands       []*known
	pairs         []labelled
	memo          *memo // in training alone
	limit         int   // pairs that are looked at for one demand
}

// targets of the linear model and the kernel: the level, and the gain 2^(level−1) − 1
// that nDCG counts.
const targets = 2

// known is a labelled demand.
type known struct {
	id   string
	key  [32]byte // of its texts
	need need
	own  []int32 // its pairs, by place in base.pairs
	// twins is equal for near twins; used in training alone
	twins int32
	inSet int32 // place in the set; in training alone
}

// labelled is a pair that is remembered.
type labelled struct {
	point
	demand   int32
	level    int8
	row      int32  // of the set; in training alone
	patent64 uint64 // hash of the patent's id
	zeroShot float32
	residual [targets]float32 // what the linear model leaves
}

func gainOf(level float64) float64 { return math.Exp2(level-1) - 1 }

// kernelFeatures are the features of a pair that the kernel compares.
var kernelFeatures = []int{
	rank.TitleCosine, rank.TextCosine, rank.PatentTitleText, rank.CoverageWeight, rank.OfferedWeight,
	rank.TitleCoverageWeight, rank.TitleOfferedWeight, rank.Words, rank.Substring, rank.SubstringShare,
	rank.TitleWords, rank.AskedWords, rank.PassagesMet, rank.ZeroShotLogit,
}

// standardised writes the features in units of standard deviations.
func (b *base) standardised(x []float32, out []float64) {
	for i, v := range x {
		out[i] = float64((v - b.center[i]) / b.scale[i])
	}
}

// expected is the linear model's level and gain.
func (b *base) expected(x []float32, room []float64) (out [targets]float64) {
	b.standardised(x, room)
	for t, w := range b.linear {
		out[t] = w[len(x)]
		for i, v := range room[:len(x)] {
			out[t] += w[i] * v
		}
	}
	return out
}

// kernelPoint is the pair as the kernel sees it.
func (b *base) kernelPoint(o *offer, x []float32) point {
	p := point{patent: o, x: make([]float32, len(kernelFeatures))}
	for i, f := range kernelFeatures {
		p.x[i] = (x[f] - b.center[f]) / b.scale[f]
	}
	return p
}

// offerOf prepares a patent.
func offerOf(s *rank.Side, mean []float32) *offer {
	o := &offer{terms: sparse(s.Terms, weighed), title: titleHash(s)}
	o.codes, o.step = quantised(centred(s.Text, mean))
	return o
}

// needOf prepares a demand.
func needOf(s *rank.Side, mean []float32) need {
	return need{vector: centred(s.Text, mean), terms: sparse(s.Terms, func(t rank.Term) float64 { return float64(t.Count) })}
}

// weighed is the TF-IDF weight of a term.
func weighed(t rank.Term) float64 {
	return (1 + math.Log(float64(t.Count))) * float64(t.Weight)
}

func titleHash(s *rank.Side) uint64 {
	if title := s.SameTitle(); title != "" {
		return hashOf(title)
	}
	return 0
}

// hashOf is FNV-1a in 64 bits.
func hashOf(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}

// neighbour is another demand's labels, and how near it is.
type neighbour struct {
	demand int32
	near   float64
}

// neighbours are the labelled demands that are not skipped, nearest first.
func (b *base) neighbours(n *need, skip func(demand int32) bool) []neighbour {
	var out []neighbour
	for d, k := range b.demands {
		if len(k.own) == 0 || skip(int32(d)) {
			continue
		}
		if near := b.kernel.demands(n, &k.need); near >= nearEnough {
			out = append(out, neighbour{int32(d), near})
		}
	}
	nearest := func(x, y neighbour) int {
		return cmp.Or(cmp.Compare(y.near, x.near), cmp.Compare(x.demand, y.demand))
	}
	if len(out) > 4*b.limit { // each has a label at least, so that more than limit are never looked at
		cut := make([]float64, len(out))
		for i, n := range out {
			cut[i] = -n.near
		}
		slices.Sort(cut)
		out = slices.DeleteFunc(out, func(n neighbour) bool { return n.near < -cut[b.limit] })
	}
	slices.SortFunc(out, nearest)
	return out
}

// nearEnough is the least kernel value of a demand whose labels are looked at.
const nearEnough = 0.02
