package quant

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
