//go:build !amd64

package index

// Dot is the float32 dot product that every index makes its scores of, so that they
// do not depend on the index: the same bits on every machine. b is as long as a.
func Dot(a, b []float32) float32 { return dotScalar(a, b) }
