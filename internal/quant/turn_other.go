//go:build !amd64

package quant

// Where there is no assembly, each function is its twin with Scalar at its end.

func hadamard(v []float32) { hadamardScalar(v) }

func flip(v []float32, signs []uint32) { flipScalar(v, signs) }

// Widen copies codes to wide, which is as long.
func Widen(wide []int16, codes []int8) { widenScalar(wide, codes) }

// AddScaled adds scale times each of codes to sums, which are as many.
func AddScaled(sums []float32, codes []int8, scale float32) { addScaledScalar(sums, codes, scale) }

func residual(out []float32, codes []int8, fine []byte, centroid []int8, step, scale float32) {
	residualScalar(out, codes, fine, centroid, step, scale)
}

func join(out []float32, codes []int8, fine []byte, s float32) { joinScalar(out, codes, fine, s) }

func signs(r []float32, bits []byte, squares, sums *[lanes]float64) {
	signsScalar(r, bits, squares, sums)
}
