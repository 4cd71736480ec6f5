package verdict

import "github.com/duijie/duijie/internal/quantity"

// conditions are the figures under which a required one holds (循环4000次保持率85%,
// 85 % after 4000 cycles), each with that under which an offered one does.
type conditions struct {
	pairs  [][2]*figure
	unsaid int // those of the demand of which the patent says nothing
}

// conditionsOf takes of the figures in the offered one's sentence that can be compared the
// nearest.
func conditionsOf(q, f *figure, d, p *Record) (out conditions) {
	for _, a := range d.besides(q) {
		var nearest *figure
		for _, b := range p.besides(f) {
			if a.Unit.Comparable(b.Unit) && (nearest == nil || apart(b, f) < apart(nearest, f)) {
				nearest = b
			}
		}
		if nearest == nil {
			out.unsaid++
			continue
		}
		out.pairs = append(out.pairs, [2]*figure{a, nearest})
	}
	return out
}

// besides are the figures of the same sentence as f that cannot be compared with it.
func (r *Record) besides(f *figure) (out []*figure) {
	for i := range r.figures {
		o := &r.figures[i]
		if o.field == f.field && r.parts[o.part].sentence == r.parts[f.part].sentence && !o.superseded && !o.Unit.Comparable(f.Unit) && (f.among == nil || o.Start < f.among.End && f.among.Start < o.End) {
			out = append(out, o)
		}
	}
	return out
}

// apart is the number of code points between two figures of a field.
func apart(a, b *figure) int { return max(a.Start-b.End, b.Start-a.End, 0) }

// agree is 1 where two figures hold under conditions that agree (3天≥60MPa), −1 where one
// of them does not, and 0 where none can be compared.
func (under conditions) agree() float64 {
	out := 0.0
	for _, c := range under.pairs {
		if harder(c[0], c[1]) == 0 && serve(c[0], c[1]) == unmet {
			return -1
		}
		out = 1
	}
	return out
}

// served tells what an offered figure says to a required one where it may hold under
// other conditions: a pass under a milder one serves in part, and so does a failure under
// a harder one.
func (o *offer) served() outcome {
	out := serve(o.asked.figure, o.figure)
	for _, c := range o.under.pairs {
		switch h := harder(c[0], c[1]); {
		case out == met && h < 0, out == unmet && h > 0:
			return overlaps
		}
	}
	return out
}

// roomTemperature is in kelvin.
const roomTemperature = 298.15

// harder is 1 where a condition b is harder than a, −1 where it is milder, 0 where they
// are about the same or that cannot be told. More of anything is harder, of a temperature what is
// farther from that of a room.
func harder(a, b *figure) int {
	least, most := a.Unit.Base(a.Low), b.Unit.Base(b.High)
	switch {
	case a.Low != a.High && b.Unit.Base(b.Low) >= a.Unit.Base(a.Low) && b.Unit.Base(b.High) <= a.Unit.Base(a.High):
		return 0
	case a.Unit.Comparable(celsius):
		least, most = least-roomTemperature, most-roomTemperature
		if least < 0 {
			least, most = -least, -b.Unit.Base(b.Low)+roomTemperature
		}
		if most < 0 {
			return 0
		}
	}
	switch {
	case most > least*1.05:
		return 1
	case most < least*0.95:
		return -1
	}
	return 0
}

var celsius, _ = quantity.ParseUnit("℃")
