//go:build !amd64

package flat

// dotRows is dotRowsScalar where there is no assembly. The true sums must fit 32 bits.
func dotRows(query []int16, rows []int8, out []int32) { dotRowsScalar(query, rows, out) }

// dot32 is dot32Scalar where there is no assembly.
func dot32(a, b []float32) float32 { return dot32Scalar(a, b) }
