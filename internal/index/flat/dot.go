package flat

// lanes is the number of partial sums of dot32.
const lanes = 8

// dot32Scalar defines the float32 dot product that scores are made of. Its order
// of additions is fixed, and the conversions keep a compiler from fusing a
// product with a sum, so every platform gives the same bits.
func dot32Scalar(a, b []float32) float32 {
	var s [lanes]float32
	b = b[:len(a)]
	for len(a) >= lanes && len(b) >= lanes {
		s[0] += float32(a[0] * b[0])
		s[1] += float32(a[1] * b[1])
		s[2] += float32(a[2] * b[2])
		s[3] += float32(a[3] * b[3])
		s[4] += float32(a[4] * b[4])
		s[5] += float32(a[5] * b[5])
		s[6] += float32(a[6] * b[6])
		s[7] += float32(a[7] * b[7])
		a, b = a[lanes:], b[lanes:]
	}
	sum := ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
	return tail32(sum, a, b)
}

// tail32 adds what is left after the last full set of lanes.
func tail32(sum float32, a, b []float32) float32 {
	for i := range a {
		sum += float32(a[i] * b[i])
	}
	return sum
}

// dotRowsScalar is the twin of the assembly: out[i] is the dot product of query
// with row i of rows, a matrix of len(out) × len(query).
func dotRowsScalar(query []int16, rows []int8, out []int32) {
	for i := range out {
		row := rows[:len(query)]
		rows = rows[len(query):]
		var a, b int32
		j := 0
		for ; j+1 < len(query) && j+1 < len(row); j += 2 {
			a += int32(query[j]) * int32(row[j])
			b += int32(query[j+1]) * int32(row[j+1])
		}
		if j < len(query) {
			a += int32(query[j]) * int32(row[j])
		}
		out[i] = a + b
	}
}
