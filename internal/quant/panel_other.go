//go:build !amd64

package quant

// reach is reachScalar where there is no assembly.
func reach(p *Panel, queries []uint8, floors []float32, masks []uint16) {
	reachScalar(p, queries, floors, masks)
}
