package quant

// lookUp is lookUpScalar, by the fastest instructions of this machine. Two entries of
// a table must fit a byte together, and all sums 16 bits.
func lookUp(table, codes []byte, sums *[SketchRows]uint16, least uint16) uint32 {
	n := len(codes) / SketchRows
	if !hasAVX2 || n == 0 {
		return lookUpScalar(table, codes, sums, least)
	}
	_ = table[32*n-1] // the assembly checks nothing
	return lookUpAVX2(&table[0], &codes[0], n, sums, least)
}

//go:noescape
func lookUpAVX2(table, codes *byte, pairs int, sums *[SketchRows]uint16, least uint16) uint32
