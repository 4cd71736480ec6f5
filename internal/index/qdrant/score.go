package qdrant

// lanes is the number of partial sums of dot.
const lanes = 8

// dot is the float32 dot product that scores are made of: bit by bit that of
// package flat (a test compares them), whatever the processor.
func dot(a, b []float32) float32 {
	var s [lanes]float32
	b = b[:len(a)]
	for len(a) >= lanes && len(b) >= lanes {
		for i := range lanes {
			s[i] += float32(a[i] * b[i]) // the conversion keeps the compiler from fusing
		}
		a, b = a[lanes:], b[lanes:]
	}
	sum := ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
	for i := range a {
		sum += float32(a[i] * b[i])
	}
	return sum
}

// rounding bounds how far apart two float32 dot products of the same two unit
// vectors can be: each is off by at most dim·2⁻²⁴·Σ|aᵢbᵢ|, in any order of
// additions (Higham, Accuracy and Stability, §3.1), and lengths are 1 ± 0.001.
func rounding(dim int) float32 { return 1.01 * float32(dim) / (1 << 23) }
