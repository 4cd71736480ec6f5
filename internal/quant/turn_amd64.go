package quant

// Each function here is its twin with Scalar at its end, by the fastest instructions of
// this machine and to the bit.

func hadamard(v []float32) {
	if !hasAVX2 || len(v) < 8 {
		hadamardScalar(v)
		return
	}
	hadamardAVX2(&v[0], len(v), hadamardScale(len(v)))
}

func flip(v []float32, signs []uint32) {
	n := len(v) &^ 7
	if hasAVX2 && n > 0 {
		_ = signs[n-1]
		flipAVX2(&v[0], &signs[0], n)
		v, signs = v[n:], signs[n:]
	}
	flipScalar(v, signs)
}

// Widen copies codes to wide, which is as long.
func Widen(wide []int16, codes []int8) {
	n := len(codes) &^ 15
	if hasAVX2 && n > 0 {
		_ = wide[n-1]
		widenAVX2(&wide[0], &codes[0], n)
		wide, codes = wide[n:], codes[n:]
	}
	widenScalar(wide, codes)
}

// AddScaled adds scale times each of codes to sums, which are as many.
func AddScaled(sums []float32, codes []int8, scale float32) {
	n := len(codes) &^ 7
	if hasAVX2 && n > 0 {
		_ = sums[n-1]
		addScaledAVX2(&sums[0], &codes[0], n, scale)
		sums, codes = sums[n:], codes[n:]
	}
	addScaledScalar(sums, codes, scale)
}

func residual(out []float32, codes []int8, fine []byte, centroid []int8, step, scale float32) {
	n := len(out) &^ 7
	if hasAVX2 && n > 0 {
		_, _, _ = codes[n-1], fine[n-1], centroid[n-1]
		residualAVX2(&out[0], &codes[0], &fine[0], &centroid[0], n, step, scale)
		out, codes, fine, centroid = out[n:], codes[n:], fine[n:], centroid[n:]
	}
	residualScalar(out, codes, fine, centroid, step, scale)
}

func join(out []float32, codes []int8, fine []byte, s float32) {
	n := len(out) &^ 7
	if hasAVX2 && n > 0 {
		_, _ = codes[n-1], fine[n-1]
		joinAVX2(&out[0], &codes[0], &fine[0], n, s)
		out, codes, fine = out[n:], codes[n:], fine[n:]
	}
	joinScalar(out, codes, fine, s)
}

func signs(r []float32, bits []byte, squares, sums *[lanes]float64) {
	n := len(r) &^ 7
	if hasAVX2 && n > 0 {
		_ = bits[n/8-1]
		signsAVX2(&r[0], n, &bits[0], squares, sums)
		r, bits = r[n:], bits[n/8:]
	}
	signsScalar(r, bits, squares, sums)
}

//go:noescape
func hadamardAVX2(v *float32, n int, scale float32)

//go:noescape
func flipAVX2(v *float32, signs *uint32, n int)

//go:noescape
func widenAVX2(wide *int16, codes *int8, n int)

//go:noescape
func addScaledAVX2(sums *float32, codes *int8, n int, scale float32)

//go:noescape
func residualAVX2(out *float32, codes *int8, fine *byte, centroid *int8, n int, step, scale float32)

//go:noescape
func joinAVX2(out *float32, codes *int8, fine *byte, n int, s float32)

//go:noescape
func signsAVX2(r *float32, n int, signs *byte, squares, sums *[lanes]float64)
