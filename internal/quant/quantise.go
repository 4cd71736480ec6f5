package quant

import (
	"math"

	"github.com/duijie/duijie/internal/index"
)

// A row x is kept as x = scale·c + r with c whole numbers from −127 to 127, and a
// query as q = step·w + e with w of 16 bits. Then
//
//	q·x = step·scale·(w·c) + q·r + e·(scale·c)
//
// and by Cauchy-Schwarz the two last terms are at most
//
//	|q||r| + |e||scale·c|  ≤  (|q|+|e|)·|r| + |e||x|.
//
// The float32 score differs from q·x by at most n·2⁻²⁴·|q||x|, n being the
// additions on the longest way through index.Dot. Both together are the row's margin.

// maxLength is more than the length of any vector that the contract lets in.
const maxLength = 1.002

// Bound says how far a row's codes may be from its vector.
type Bound struct {
	Scale float32
	Rest  float32 // |r|, rounded up
}

// Absent is the Bound of a row that has no vector, Zero that of the zero vector. Their
// upper limit is −∞, so that no search finds them.
var (
	Absent = Bound{Scale: 0, Rest: float32(math.Inf(-1))}
	Zero   = Bound{Scale: 1, Rest: float32(math.Inf(-1))}
)

// Quantise fills codes, which are as many as v has numbers, with those of v.
func Quantise(v []float32, codes []int8) Bound {
	top := top(v)
	if top == 0 {
		return Zero
	}
	scale := top / 127
	k := quantiser{inverse: 1 / scale, rounder: rounder, scale: float64(scale)}
	return Bound{Scale: scale, Rest: lengthAbove(k.pack(v, codes[:len(v)]))}
}

// lengthAbove is the root of a sum of squares, rounded up: the sum's own rounding is
// far below one part in a million.
func lengthAbove(square float64) float32 {
	return math.Nextafter32(float32(math.Sqrt(square)*(1+1e-6)), 2)
}

// Query is a query's vector, prepared for the scan.
type Query struct {
	Exact []float32 // as it was given
	Wide  []int16   // for DotRows
	Step  float64   // of Wide
	// margin of a row is perRest·|r| + fixed.
	perRest, fixed float64
}

// NewQuery prepares v and keeps it; it tells false for the zero vector.
func NewQuery(v []float32) (Query, bool) {
	var top, sum, square float64
	for _, x := range v {
		a := math.Abs(float64(x))
		top = max(top, a)
		sum += a
		square += a * a
	}
	if top == 0 {
		return Query{}, false
	}
	q := Query{Exact: v, Wide: make([]int16, len(v))}
	// No sum of 127·|w| may leave 32 bits: Σ|w| ≤ sum/step + dim/2.
	q.Step = max(top/math.MaxInt16, sum/(math.MaxInt32/127-float64(len(v))))
	var lost float64
	for i, x := range v {
		w := math.RoundToEven(float64(x) / q.Step)
		q.Wide[i] = int16(w)
		e := float64(x) - q.Step*w
		lost += e * e
	}
	length, rest := math.Sqrt(square)*(1+1e-9), math.Sqrt(lost)*(1+1e-9)
	additions := float64(len(v)/index.DotLanes + 2*index.DotLanes)
	q.perRest = length + rest
	q.fixed = rest*maxLength + additions*0x1p-24*length*maxLength + 1e-9
	return q, true
}

// Limits bounds a row's float32 score, given the dot product of its codes.
func (q *Query) Limits(dot int32, b Bound) (lower, upper float64) {
	middle := float64(dot) * q.Step * float64(b.Scale)
	margin := float64(b.Rest)*q.perRest + q.fixed
	return middle - margin, middle + margin
}
