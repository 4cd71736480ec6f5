package rank

// MeasureTogether measures a patent against demands as a crowd, and one by one.
func (f *Fusion) MeasureTogether(demands []Prepared) (together, oneByOne func(patent Prepared) [][fusionLegs]float64) {
	var all []*pieces
	for _, d := range demands {
		all = append(all, d.(*pieces))
	}
	c := newCrowd(f.lexicon, all)
	return func(p Prepared) [][fusionLegs]float64 { return c.measure(p.(*pieces)) }, func(p Prepared) (out [][fusionLegs]float64) {
		for _, d := range all {
			out = append(out, measure(d, p.(*pieces)))
		}
		return out
	}
}
