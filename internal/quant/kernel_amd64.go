package quant

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2

// DotRows is dotRowsScalar, by the fastest instructions of this machine. The true
// sums must fit 32 bits.
func DotRows(query []int16, rows []int8, out []int32) {
	if !hasAVX2 || len(out) == 0 || len(query) == 0 {
		dotRowsScalar(query, rows, out)
		return
	}
	_ = rows[len(out)*len(query)-1] // the assembly checks nothing
	dotRowsAVX2(&query[0], &rows[0], len(query), len(out), &out[0])
}

//go:noescape
func dotRowsAVX2(query *int16, rows *int8, dim, n int, out *int32)
