package index

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2

// Dot is the float32 dot product that every index makes its scores of, so that they
// do not depend on the index: the same bits on every machine. b is as long as a.
func Dot(a, b []float32) float32 {
	n := len(a) &^ (DotLanes - 1)
	if !hasAVX2 || n == 0 {
		return dotScalar(a, b)
	}
	b = b[:len(a)] // the assembly checks nothing
	return dotTail(dotAVX2(&a[0], &b[0], n), a[n:], b[n:])
}

//go:noescape
func dotAVX2(a, b *float32, n int) float32
