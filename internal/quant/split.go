package quant

import "math"

// A vector is kept as s·m, m whole numbers from −steps to steps of which one is there, and
// s = 1/|m|. m = 256·c + d with c the codes and d the fine part, of one byte each.
const (
	fineBits = 8
	steps    = 127 << fineBits
)

// Round gives v, of length 1 or 0, as every index keeps it, which is v itself where that
// is so already, and a copy elsewhere. A number moves by half a step, 2⁻¹⁶ of the largest,
// before the length is made 1. Rounding again changes no bit: what comes out has the same
// m, and so the same s.
func Round(v []float32) []float32 {
	n := len(v)
	codes, fine, out := make([]int8, n), make([]byte, n), make([]float32, n)
	Join(Split(v, codes, fine).Scale, codes, fine, out)
	for i, x := range v {
		if math.Float32bits(x) != math.Float32bits(out[i]) {
			return out
		}
	}
	return v
}

// unit is s, given |m|².
func unit(square float64) float32 { return float32(1 / math.Sqrt(square)) }

// Split fills codes and fine, as many as v has numbers, with the parts of Round(v). The
// Bound is that of this vector.
func Split(v []float32, codes []int8, fine []byte) Bound {
	top := top(v)
	if top == 0 {
		return Zero
	}
	k := splitter{inverse: steps / top}
	k.pack(v, codes[:len(v)], fine[:len(v)])
	s := unit(k.whole)
	const rounding = 0x1p-24 * maxLength // of s·m in float32
	return Bound{Scale: s * (1 << fineBits), Rest: lengthAbove(k.lost*float64(s)*float64(s)) + rounding}
}

// Join fills out with the vector whose parts are given, scale being that of its Bound.
// Of the zero vector, whose parts are 0, it gives that.
func Join(scale float32, codes []int8, fine []byte, out []float32) {
	join(out, codes, fine, scale/(1<<fineBits))
}

func joinScalar(out []float32, codes []int8, fine []byte, s float32) {
	codes, fine = codes[:len(out)], fine[:len(out)]
	for i := range out {
		out[i] = s * float32(int32(codes[i])<<fineBits+int32(int8(fine[i])))
	}
}
