package rank

// Cosine of two vectors of length 1, summed in double precision in the order of the
// dimensions; 0 where one is missing or zero.
func Cosine(a, b []float32) float64 {
	if len(a) != len(b) {
		return 0
	}
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
