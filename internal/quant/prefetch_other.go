//go:build !amd64

package quant

// Prefetch asks for b to be brought from memory where the machine has a way to.
func Prefetch([]byte) {}
