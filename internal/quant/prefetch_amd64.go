package quant

// Prefetch asks for b to be brought from memory, and does not wait for it.
func Prefetch(b []byte) {
	if len(b) > 0 {
		prefetch(&b[0], len(b))
	}
}

//go:noescape
func prefetch(first *byte, n int)
