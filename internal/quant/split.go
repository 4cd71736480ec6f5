package quant

import "encoding/binary"

// A row x is split as x ≈ step·m, m whole numbers of 24 bits, and m = 65536·c + d with
// c the codes of one byte and d of two. scale, that of Quantise, is 65536·step. A number
// is off by at most step/2 = top·2⁻²⁴·1.008, top being the row's largest.
const (
	fineBits = 16
	// FineBytes is what the second part of a number takes.
	FineBytes = fineBits / 8
)

// Split fills codes and fine (FineBytes for each number, little-endian) with the parts
// of v. The Bound is that of the vector which Join gives back.
func Split(v []float32, codes []int8, fine []byte) Bound {
	top := top(v)
	if top == 0 {
		return Zero
	}
	step := top / (127 << fineBits)
	scale := step * (1 << fineBits)
	k := splitter{inverse: 1 / float64(step), scale: float64(scale), step: step}
	return Bound{Scale: scale, Rest: lengthAbove(k.pack(v, codes[:len(v)], fine[:FineBytes*len(v)]))}
}

// Join fills out with the vector whose parts are given, scale being that of its Bound.
// Of the zero vector, whose parts are 0, it gives that.
func Join(scale float32, codes []int8, fine []byte, out []float32) {
	step := scale / (1 << fineBits)
	codes, fine = codes[:len(out)], fine[:FineBytes*len(out)]
	for i := range out {
		m := int32(codes[i])<<fineBits + int32(int16(binary.LittleEndian.Uint16(fine[FineBytes*i:])))
		out[i] = step * float32(m)
	}
}
