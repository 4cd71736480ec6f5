package quant

// reach is reachScalar, by the fastest instructions of this machine.
func reach(p *Panel, queries []uint8, floors []float32, masks []uint16) {
	if !hasAVX2 || len(floors) == 0 {
		reachScalar(p, queries, floors, masks)
		return
	}
	_, _ = queries[len(floors)*p.width-1], masks[len(floors)-1] // the assembly checks nothing
	reachAVX2(&p.codes[0], p.width/panelBlock, &queries[0], len(floors)/crowdGroup, &p.shift[0], &p.scale[0], &floors[0], &masks[0])
}

//go:noescape
func reachAVX2(codes *int8, blocks int, queries *uint8, triples int, shift *int32, scale *float32, floors *float32, masks *uint16)
