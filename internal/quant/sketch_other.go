//go:build !amd64

package quant

// lookUp is lookUpScalar where there is no assembly.
func lookUp(table, codes []byte, sums *[SketchRows]uint16, least uint16) uint32 {
	return lookUpScalar(table, codes, sums, least)
}
