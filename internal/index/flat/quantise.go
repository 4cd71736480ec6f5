package flat

import "math"

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
// additions on the longest way through dot32. Both together are query.margin.

// maxLength is more than the length of any vector that the contract lets in.
const maxLength = 1.002

// bound says how far a row's codes may be from its vector.
type bound struct {
	scale float32
	rest  float32 // |r|, rounded up
}

// Rows that no search finds have an upper bound of −∞.
var (
	absent = bound{scale: 0, rest: float32(math.Inf(-1))}
	zero   = bound{scale: 1, rest: float32(math.Inf(-1))}
)

// quantise fills codes with those of v.
func quantise(v []float32, codes []int8) bound {
	var top float32
	for _, x := range v {
		top = max(top, x, -x)
	}
	if top == 0 {
		return zero
	}
	scale := top / 127
	inverse := 1 / scale
	var square float64
	codes = codes[:len(v)]
	for i, x := range v {
		c := nearest(x * inverse)
		codes[i] = int8(c)
		r := float64(x) - float64(scale)*float64(c)
		square += r * r
	}
	// The sum's own rounding is far below one part in a million.
	rest := float32(math.Sqrt(square) * (1 + 1e-6))
	return bound{scale: scale, rest: math.Nextafter32(rest, 2)}
}

// nearest rounds to a whole number without a branch, half to even: beyond rounder
// a float32 has no places for a fraction.
func nearest(x float32) float32 {
	const rounder = 3 << 22
	return float32(x+rounder) - rounder
}

// query is a query's vector, prepared for the scan.
type query struct {
	exact []float32
	wide  []int16
	step  float64
	// margin of a row is perRest·|r| + fixed.
	perRest, fixed float64
}

// newQuery prepares v; it tells false for the zero vector.
func newQuery(v []float32) (query, bool) {
	var top, sum, square float64
	for _, x := range v {
		a := math.Abs(float64(x))
		top = max(top, a)
		sum += a
		square += a * a
	}
	if top == 0 {
		return query{}, false
	}
	q := query{exact: v, wide: make([]int16, len(v))}
	// No sum of 127·|w| may leave 32 bits: Σ|w| ≤ sum/step + dim/2.
	q.step = max(top/math.MaxInt16, sum/(math.MaxInt32/127-float64(len(v))))
	var lost float64
	for i, x := range v {
		w := math.RoundToEven(float64(x) / q.step)
		q.wide[i] = int16(w)
		e := float64(x) - q.step*w
		lost += e * e
	}
	length, rest := math.Sqrt(square)*(1+1e-9), math.Sqrt(lost)*(1+1e-9)
	additions := float64(len(v)/lanes + 2*lanes)
	q.perRest = length + rest
	q.fixed = rest*maxLength + additions*0x1p-24*length*maxLength + 1e-9
	return q, true
}

// limits bounds a row's float32 score, given the dot product of its codes.
func (q *query) limits(dot int32, b bound) (lower, upper float64) {
	middle := float64(dot) * q.step * float64(b.scale)
	margin := float64(b.rest)*q.perRest + q.fixed
	return middle - margin, middle + margin
}
