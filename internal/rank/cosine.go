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

// Cosines are Cosine of a and b and of c and d, in little more time than one of them.
func Cosines(a, b, c, d []float32) (ab, cd float64) {
	if len(b) != len(a) || len(c) != len(a) || len(d) != len(a) {
		return Cosine(a, b), Cosine(c, d)
	}
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		cd += float64(c[i]) * float64(d[i])
	}
	return ab, cd
}
