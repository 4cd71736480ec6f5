package quant

import (
	"math"
	"math/bits"
	"sync"
)

// Rotate turns v, in place, as every sketch is turned: signs that look random, and a
// Hadamard transform, of the first and of the last numbers if they are not a power of
// two; twice. Lengths and products stay.
func Rotate(v []float32) {
	part := 1 << (bits.Len(uint(len(v))) - 1)
	for _, signs := range turnsOf(len(v)) {
		flip(v, signs)
		hadamard(v[:part])
		if part < len(v) {
			hadamard(v[len(v)-part:])
		}
	}
}

// turns are the signs of both rounds of Rotate, as bits to be flipped.
type turns [2][]uint32

var knownTurns sync.Map // turns by length

func turnsOf(n int) turns {
	if known, ok := knownTurns.Load(n); ok {
		return known.(turns)
	}
	var out turns
	seed := uint64(0x9e3779b97f4a7c15)
	for round := range out {
		out[round] = make([]uint32, n)
		for i := range n {
			seed ^= seed << 13
			seed ^= seed >> 7
			seed ^= seed << 17
			out[round][i] = uint32(seed>>63) << 31
		}
	}
	knownTurns.Store(n, out)
	return out
}

func flipScalar(v []float32, signs []uint32) {
	for i, x := range v {
		v[i] = math.Float32frombits(math.Float32bits(x) ^ signs[i])
	}
}

// hadamardScalar transforms v, whose length is a power of two.
func hadamardScalar(v []float32) {
	for half := 1; half < len(v); half *= 2 {
		for from := 0; from < len(v); from += 2 * half {
			a, b := v[from:from+half], v[from+half:from+2*half]
			b = b[:len(a)]
			for i, x := range a {
				y := b[i]
				a[i], b[i] = x+y, x-y
			}
		}
	}
	scale := hadamardScale(len(v))
	for i := range v {
		v[i] *= scale
	}
}

func hadamardScale(n int) float32 { return float32(1 / math.Sqrt(float64(n))) }

func widenScalar(wide []int16, codes []int8) {
	for i, c := range codes {
		wide[i] = int16(c)
	}
}

func addScaledScalar(sums []float32, codes []int8, scale float32) {
	sums = sums[:len(codes)]
	for i, c := range codes {
		sums[i] += float32(scale * float32(c))
	}
}

// Residual fills out with the vector that Join gives back, less that of a centroid's
// codes and scale.
func Residual(out []float32, scale float32, codes []int8, fine []byte, centroid []int8, centroidScale float32) {
	residual(out, codes, fine, centroid, scale/(1<<fineBits), centroidScale)
}

func residualScalar(out []float32, codes []int8, fine []byte, centroid []int8, step, scale float32) {
	codes, fine, centroid = codes[:len(out)], fine[:len(out)], centroid[:len(out)]
	for i := range out {
		m := int32(codes[i])<<fineBits + int32(int8(fine[i]))
		out[i] = float32(step*float32(m)) - float32(scale*float32(centroid[i]))
	}
}

// signsScalar sets the bits of numbers that are not below 0, of bits that are 0, and adds
// the squares and the absolute numbers of r to the lanes. r begins at a multiple of lanes.
func signsScalar(r []float32, bits []byte, squares, sums *[lanes]float64) {
	for j, x := range r {
		squares[j%lanes] += float64(float32(x * x))
		sums[j%lanes] += math.Abs(float64(x))
		if x >= 0 {
			bits[j/8] |= 1 << (j % 8)
		}
	}
}
