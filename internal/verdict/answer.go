package verdict

import (
	"cmp"
	"math"

	"github.com/duijie/duijie/internal/quantity"
)

// The features of a required figure and one of the patent.
const (
	figureTerms     = iota // share of the required one's context
	figureTermsBack        // and of the other's
	figureWords
	figureWordsBack
	figureKin       // the same family of properties: 1, another: −1
	figureCondition // the same condition: 1, another: −1
	figurePart      // nearness of the part
	figureCosine
	figureUnit      // how rare the unit is
	figureMagnitude // powers of ten between the two, at most 0.7
	figureBound     // the same comparison
	figureChange    // one is a difference and the other is none
	figureLeft
	figureRival
	figureOnly   // how rare the unit is, shared among all that could be meant
	figureOthers // how many others could be meant
	figureTexts  // cosine of the whole texts
	figureClaims
	figureFeatures
)

// answer is the figure of a patent that is most likely about a required one.
type answer struct {
	figure  *figure // nil where none can be compared
	chance  float64
	outcome outcome
}

// outcome is what a figure says to the required one.
type outcome uint8

const (
	silent outcome = iota
	met
	overlaps
	unmet
)

// answerTo finds the figure of a patent that answers w.
func (m *models) answerTo(w *wanted, v *view, d, p *Record) answer {
	var out answer
	for i := range p.figures {
		f := &p.figures[i]
		if !w.figure.Unit.Comparable(f.Unit) {
			continue
		}
		x := matchFigures(w, v, f, d, p)
		finishFigure(x, w, d, p)
		if chance := m.Figure.chance(x); out.figure == nil || chance > out.chance {
			out.figure, out.chance = f, chance
		}
	}
	if out.figure != nil {
		out.outcome = servedUnder(w.figure, out.figure, d, p)
	}
	return out
}

func matchFigures(w *wanted, v *view, f *figure, d, p *Record) []float64 {
	x, q := make([]float64, figureFeatures), w.figure
	x[figureTerms], x[figureTermsBack] = plainShare(q.terms, f.terms), plainShare(f.terms, q.terms)
	like := q.words.like(f.words)
	x[figureWords] = like.aligned(q.words.weights, nil)
	x[figureWordsBack] = like.turned(len(f.words.entries)).aligned(f.words.weights, nil)
	x[figureKin], x[figureCondition] = kinship(q.family, f.family), sameCondition(q, f, d, p)
	x[figurePart], x[figureCosine] = v.near[f.part], v.cosine[f.part]
	x[figureUnit] = unitRarity(q.Unit)
	x[figureMagnitude] = magnitudes(q.Unit.Base(q.Low), f.Unit.Base(f.Low))
	x[figureBound], x[figureChange] = is(q.Comparison == f.Comparison), is(q.Change != f.Change)
	x[figureLeft], x[figureRival] = is(f.left), is(f.rival)
	x[figureClaims] = is(p.fields[f.field].name == "claims")
	return x
}

// sameCondition is 1 where two figures hold under conditions that agree (3天≥60MPa), −1
// where they do not, and 0 where they cannot be compared.
func sameCondition(q, f *figure, d, p *Record) float64 {
	a, b := conditions(q, f, d, p)
	switch {
	case a == nil:
		return 0
	case harder(a, b) == 0 && serve(a, b) == unmet:
		return -1
	}
	return 1
}

// conditions are the figures under which two figures hold; nil where they cannot be compared.
func conditions(q, f *figure, d, p *Record) (a, b *figure) {
	if q.condition < 0 || f.condition < 0 {
		return nil, nil
	}
	a, b = &d.figures[q.condition], &p.figures[f.condition]
	if !a.Unit.Comparable(b.Unit) {
		return nil, nil
	}
	return a, b
}

// servedUnder tells what an offered figure says to a required one where it may hold under
// another condition: a pass under a milder one serves in part, and so does a failure under
// a harder one.
func servedUnder(q, f *figure, d, p *Record) outcome {
	out := serve(q, f)
	if a, b := conditions(q, f, d, p); a != nil {
		switch h := harder(a, b); {
		case out == met && h < 0, out == unmet && h > 0:
			return overlaps
		}
	}
	return out
}

// roomTemperature is in kelvin.
const roomTemperature = 298.15

// harder is 1 where a condition b is harder than a, −1 where it is milder, 0 where they
// are about the same or that cannot be told. Longer, more often and farther from room
// temperature is harder.
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
	case !a.isTime() && a.Unit.Kind != "次":
		return 0
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

// finishFigure adds what is the same for all figures of the patent.
func finishFigure(x []float64, w *wanted, d, p *Record) {
	others := -1
	for i := range p.figures {
		if w.figure.Unit.Comparable(p.figures[i].Unit) {
			others++
		}
	}
	x[figureOthers] = float64(min(others, 10)) / 10
	x[figureOnly] = unitRarity(w.figure.Unit) / float64(1+others)
	x[figureTexts] = cosine(d.mean, p.mean)
}

// plainShare is the share of the terms of need that have holds.
func plainShare(need, have []uint64) float64 {
	n := 0
	for i, j := 0, 0; i < len(need); i++ {
		for j < len(have) && have[j] < need[i] {
			j++
		}
		if j < len(have) && have[j] == need[i] {
			n++
		}
	}
	return float64(n) / float64(max(1, len(need)))
}

// unitRarity is low for units of so many properties that they say little of one.
func unitRarity(u quantity.Unit) float64 {
	switch u.Symbol {
	case "%":
		return 0
	case "℃", "mm", "h", "min", "s", "μm", "MPa", "nm", "d", "1", "m", "cm":
		return 0.4
	}
	return 1
}

func magnitudes(a, b float64) float64 {
	if a == 0 || b == 0 || (a < 0) != (b < 0) {
		return 0.7
	}
	return min(0.7, math.Abs(math.Log10(a/b)))
}

// slack is the share by which figures may differ after conversion, about that of a
// figure that bounds nothing, and strict that of one to be reached at the least.
const (
	slack  = 1e-9
	about  = 0.1
	strict = 0.02
)

// serve tells what an offered figure says to a required one of comparable unit. A stated
// bound counts for what it promises, the worst of a spread for the whole, and a setting
// that can be kept within what is allowed overlaps it.
func serve(want, have *figure) outcome {
	if want.Change != have.Change && want.Unit.Kind != "元" {
		return overlaps
	}
	low, high := have.Unit.Base(have.Low), have.Unit.Base(have.High)
	least, most := want.Unit.Base(want.Low), want.Unit.Base(want.High)
	switch want.Comparison {
	case quantity.AtLeast, quantity.Above:
		if limiting(have) {
			return either(high < least, unmet, overlaps)
		}
		return bounded(low >= least-slack*math.Abs(least), have.setting && high >= least)
	case quantity.AtMost, quantity.Below:
		if promising(have) {
			return either(low > most, unmet, overlaps)
		}
		return bounded(high <= most+slack*math.Abs(most), have.setting && low <= most)
	case quantity.Within:
		deviation := have.Tolerance * size(have.Unit)
		if have.Tolerance == 0 {
			deviation = high
		}
		return bounded(deviation <= want.Tolerance*size(want.Unit)*(1+slack), false)
	}
	return want.towards(least, most, low, high, have)
}

// towards compares what bounds nothing with what is offered: more than it where more is
// better, less where less is, a result within its window, and else what reach says.
func (want *figure) towards(least, most, low, high float64, have *figure) outcome {
	magnitude := math.Abs(want.Low) * size(want.Unit)
	off := strict * magnitude
	if want.Comparison == quantity.About {
		off = about * magnitude
	}
	point, spread := least == most, low < high
	switch way := cmp.Or(want.direction, have.direction); {
	case point && spread && low <= least && high >= most:
		return met
	case way > 0 && !limiting(have) && (point || !want.Unit.Comparable(celsius)):
		if low >= least-off && high >= most-off {
			return met
		}
		if point {
			return unmet
		}
	case way < 0 && point && !promising(have):
		return either(high <= most+off, met, unmet)
	case !point && spread && want.within && low >= least && high <= most:
		return met
	}
	return reach(least, most, low, high, about*magnitude, have.Comparison)
}

func either(is bool, a, b outcome) outcome {
	if is {
		return a
	}
	return b
}

func bounded(good, partly bool) outcome {
	switch {
	case good:
		return met
	case partly:
		return overlaps
	}
	return unmet
}

// reach compares ranges: what is offered must reach over all that is required, and a
// single figure may be off by a little.
func reach(least, most, low, high, off float64, stated quantity.Comparison) outcome {
	point := least == most
	if point {
		least, most = least-off, most+off
	}
	switch stated {
	case quantity.AtMost, quantity.Below:
		low = math.Inf(-1)
	case quantity.AtLeast, quantity.Above:
		high = math.Inf(1)
	}
	switch {
	case high < least-slack*math.Abs(least) || low > most+slack*math.Abs(most):
		return unmet
	case point || low == high:
		return met
	case low <= least+slack*math.Abs(least) && high >= most-slack*math.Abs(most):
		return met
	}
	return overlaps
}

// size is one unit in base units, without the offset of a scale of temperature.
func size(u quantity.Unit) float64 { return u.Base(1) - u.Base(0) }
