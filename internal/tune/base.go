package tune

import (
	"hash/fnv"
	"math"

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
	// codes are those of the demands' vectors, one row after the other; having tells for
	// each term which demands have it
	codes  []int8
	having map[uint32][]posting
	pairs  []labelled
	memo   *memo // in training alone
	limit  int   // pairs that are looked at for one demand
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
	return &offer{vector: centred(s.Text, mean), terms: sparse(s.Terms, offerTerms, weighed), title: titleHash(s)}
}

// needOf prepares a demand.
func needOf(s *rank.Side, mean []float32) need {
	return need{vector: centred(s.Text, mean), terms: sparse(s.Terms, len(s.Terms), func(t rank.Term) float64 { return float64(t.Count) })}
}

// offerTerms is how many terms of a patent are compared: all of a title, and the most
// telling third of an abstract, which take 500 bytes of the 800 that are kept of a patent.
const offerTerms = 64

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
