//go:build !amd64

package quant

// DotRows is dotRowsScalar where there is no assembly. The true sums must fit 32 bits.
func DotRows(query []int16, rows []int8, out []int32) { dotRowsScalar(query, rows, out) }
