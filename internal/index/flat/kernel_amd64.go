package flat

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2

// dotRows is dotRowsScalar, by the fastest instructions of this machine. The true
// sums must fit 32 bits.
func dotRows(query []int16, rows []int8, out []int32) {
	if !hasAVX2 || len(out) == 0 || len(query) == 0 {
		dotRowsScalar(query, rows, out)
		return
	}
	_ = rows[len(out)*len(query)-1] // the assembly checks nothing
	dotRowsAVX2(&query[0], &rows[0], len(query), len(out), &out[0])
}

//go:noescape
func dotRowsAVX2(query *int16, rows *int8, dim, n int, out *int32)

// dot32 is dot32Scalar to the last bit.
func dot32(a, b []float32) float32 {
	n := len(a) &^ (lanes - 1)
	if !hasAVX2 || n == 0 {
		return dot32Scalar(a, b)
	}
	b = b[:len(a)] // the assembly checks nothing
	return tail32(dot32AVX2(&a[0], &b[0], n), a[n:], b[n:])
}

//go:noescape
func dot32AVX2(a, b *float32, n int) float32
