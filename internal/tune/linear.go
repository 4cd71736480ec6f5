package tune

import "math"

// cholesky factors a symmetric positive definite n × n matrix in place: the lower
// triangle becomes L with L·Lᵀ = a. It tells whether the matrix was definite.
func cholesky(a []float64, n int) bool {
	for i := range n {
		row := a[i*n : i*n+i+1]
		for j := 0; j <= i; j++ {
			other := a[j*n : j*n+j+1]
			sum := row[j] - dot(row[:j], other[:j])
			if j < i {
				row[j] = sum / other[j]
				continue
			}
			if !(sum > 0) {
				return false
			}
			row[j] = math.Sqrt(sum)
		}
	}
	return true
}

// forward solves L·x = b in place.
func forward(l []float64, n int, b []float64) {
	for i := range n {
		b[i] = (b[i] - dot(l[i*n:i*n+i], b[:i])) / l[i*n+i]
	}
}

// backward solves Lᵀ·x = b in place.
func backward(l []float64, n int, b []float64) {
	for i := n - 1; i >= 0; i-- {
		b[i] /= l[i*n+i]
		x := b[i]
		for j, v := range l[i*n : i*n+i] {
			b[j] -= v * x
		}
	}
}

// dot has four sums, which a processor adds side by side.
func dot(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return (s0 + s1) + (s2 + s3)
}

// ridge finds the weights w, the last one of a constant, that lower
// Σ (w·x − y)² + Σ penalty[j]·w[j]², for several targets at once. Rows are
// standardised features.
func ridge(rows [][]float64, targets [][]float64, penalty []float64) [][]float64 {
	k := len(penalty) + 1
	a := make([]float64, k*k)
	out := make([][]float64, len(targets))
	for t := range out {
		out[t] = make([]float64, k)
	}
	x := make([]float64, k)
	x[k-1] = 1
	for r, row := range rows {
		copy(x, row)
		for i, v := range x {
			for j := 0; j <= i; j++ {
				a[i*k+j] += v * x[j]
			}
			for t := range targets {
				out[t][i] += v * targets[t][r]
			}
		}
	}
	for i, p := range penalty {
		a[i*k+i] += p
	}
	a[k*k-1] += 1e-6
	cholesky(a, k)
	for t := range out {
		forward(a, k, out[t])
		backward(a, k, out[t])
	}
	return out
}
