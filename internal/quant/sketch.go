package quant

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// A sketch keeps one bit a dimension of a row's residual r = x − c, c being the centroid
// of the row's list: the signs of r after a rotation that spreads every direction over
// all dimensions (RaBitQ, Gao and Long, SIGMOD 2024). With S the sum of the rotated
// query's numbers under these signs,
//
//	q·x  ≈  q·c + factor·S,    factor = |r|² / Σ|r_i|
//
// which is unbiased over rotations, and off by about
//
//	|q|·spread,    spread = |r|·√(1/a² − 1)/√(dim − 1),    a = Σ|r_i| / (√dim·|r|).
//
// Rows are kept in blocks of SketchRows. For each pair of groups of four dimensions a
// block has a byte for each row, the first group in its lower half; then come, as
// float32, the factors, the spreads, and the largest of each.

// SketchRows is the number of rows in a block of sketches.
const SketchRows = 32

// SketchBytes is the size of a block.
func SketchBytes(dim int) int { return SketchRows*pairs(dim) + 8*SketchRows + 8 }

// pairs is the number of pairs of groups of four dimensions.
func pairs(dim int) int { return (dim + 7) / 8 }

// Sketch puts a residual, which was rotated, in place i of a block. Places have to be
// filled in their order, of a block that was empty.
func Sketch(r []float32, block []byte, i int) {
	var room [1 << 9]byte // enough for 4096 dimensions
	var squares, sums [lanes]float64
	set := room[:]
	if len(r) > 8*len(room) {
		set = make([]byte, pairs(len(r)))
	}
	signs(r, set, &squares, &sums)
	for j, b := range set[:pairs(len(r))] {
		block[j*SketchRows+i] |= b
	}
	square, sum := added(&squares), added(&sums)
	var factor, spread float32
	if sum > 0 {
		a := sum / math.Sqrt(float64(len(r))*square)
		factor = float32(square / sum)
		spread = float32(math.Sqrt(square*max(0, 1/(a*a)-1)) / math.Sqrt(float64(max(1, len(r)-1))))
	}
	numbers := block[SketchRows*pairs(len(r)):]
	for k, x := range []float32{factor, spread} {
		binary.LittleEndian.PutUint32(numbers[4*(k*SketchRows+i):], math.Float32bits(x))
		top := numbers[4*(2*SketchRows+k):]
		if math.Float32frombits(binary.LittleEndian.Uint32(top)) < x {
			binary.LittleEndian.PutUint32(top, math.Float32bits(x))
		}
	}
}

// SketchQuery estimates products with the rows of sketches.
type SketchQuery struct {
	table  []byte // by group and signs
	pairs  int
	step   float64 // S = step·(sum of the table's entries) + least
	least  float64
	length float64
}

// maxEntry lets two entries of a table be added in a byte.
const maxEntry = 127

// NewSketchQuery prepares the query v for estimates.
func NewSketchQuery(v []float32) SketchQuery {
	q := SketchQuery{pairs: pairs(len(v))}
	turned := make([]float32, 8*q.pairs)
	copy(turned, v)
	Rotate(turned[:len(v)])
	most, square := 0.0, 0.0
	for from := 0; from < len(turned); from += 4 {
		size := 0.0
		for _, x := range turned[from : from+4] {
			size += math.Abs(float64(x))
			square += float64(x) * float64(x)
		}
		q.least -= size
		most = max(most, 2*size)
	}
	q.length = math.Sqrt(square)
	q.step = max(most/maxEntry, -2*q.least/(math.MaxUint16-float64(2*q.pairs)), math.SmallestNonzeroFloat32)
	q.table = make([]byte, 0, 32*q.pairs)
	for from := 0; from < len(turned); from += 4 {
		q.table = appendEntries(q.table, turned[from:from+4], q.step)
	}
	return q
}

func appendEntries(table []byte, four []float32, step float64) []byte {
	least := 0.0
	for _, x := range four {
		least -= math.Abs(float64(x))
	}
	for signs := range 16 {
		sum := 0.0
		for j, x := range four {
			if signs>>j&1 == 0 {
				x = -x
			}
			sum += float64(x)
		}
		table = append(table, byte(math.RoundToEven((sum-least)/step)))
	}
	return table
}

// Promise is a row of which a sketch tells what its product with the query is at most, if
// it misses by no more than the spreads that were asked for.
type Promise struct {
	Most float64
	Row  uint32
}

// Promising appends to rows, from start on, those among the first n of a block whose
// estimate reaches floor, with as many spreads added as sure says. near is the product of
// the query with the centroid.
func (q *SketchQuery) Promising(rows []Promise, start uint32, block []byte, n int, near, floor, sure float64) []Promise {
	numbers := block[SketchRows*q.pairs:]
	number := func(i int) float64 {
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(numbers[4*i:])))
	}
	sure *= q.length
	// What no row of the block can do without: least takes the place of any lower sum. One
	// step is left to rounding.
	least := uint16(0)
	if lack := floor - near - sure*number(2*SketchRows+1); lack > 0 {
		need := (lack/number(2*SketchRows)-q.least)/q.step - 1
		if need > math.MaxUint16 {
			return rows
		}
		least = uint16(max(need, 0))
	}
	var sums [SketchRows]uint16
	some := lookUp(q.table, block[:SketchRows*q.pairs], &sums, least)
	if n < SketchRows {
		some &= 1<<n - 1
	}
	for ; some != 0; some &= some - 1 {
		i := bits.TrailingZeros32(some)
		most := near + number(i)*(q.step*float64(sums[i])+q.least) + sure*number(SketchRows+i)
		if most >= floor {
			rows = append(rows, Promise{most, start + uint32(i)})
		}
	}
	return rows
}

// lookUpScalar is the twin of the assembly: sums[i] is the sum of the table's entries
// that the bytes i, 32+i, 64+i… of codes choose with their halves, and bit i of the result
// tells whether it is at least least.
func lookUpScalar(table, codes []byte, sums *[SketchRows]uint16, least uint16) (some uint32) {
	*sums = [SketchRows]uint16{}
	for len(codes) >= SketchRows && len(table) >= 32 {
		for i, c := range codes[:SketchRows] {
			sums[i] += uint16(table[c&15]) + uint16(table[16+c>>4])
		}
		codes, table = codes[SketchRows:], table[32:]
	}
	for i, sum := range sums {
		if sum >= least {
			some |= 1 << i
		}
	}
	return some
}
