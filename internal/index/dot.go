package index

// DotLanes is the number of partial sums of Dot: no number goes into more than
// dim/DotLanes + 2·DotLanes additions.
const DotLanes = 8

// dotScalar defines the float32 dot product that scores are made of; see Dot. Its order
// of additions is fixed, and the conversions keep a compiler from fusing a
// product with a sum, so every platform gives the same bits.
func dotScalar(a, b []float32) float32 {
	var s [DotLanes]float32
	b = b[:len(a)]
	for len(a) >= DotLanes && len(b) >= DotLanes {
		s[0] += float32(a[0] * b[0])
		s[1] += float32(a[1] * b[1])
		s[2] += float32(a[2] * b[2])
		s[3] += float32(a[3] * b[3])
		s[4] += float32(a[4] * b[4])
		s[5] += float32(a[5] * b[5])
		s[6] += float32(a[6] * b[6])
		s[7] += float32(a[7] * b[7])
		a, b = a[DotLanes:], b[DotLanes:]
	}
	sum := ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
	return dotTail(sum, a, b)
}

// dotTail adds what is left after the last full set of lanes.
func dotTail(sum float32, a, b []float32) float32 {
	for i := range a {
		sum += float32(a[i] * b[i])
	}
	return sum
}
