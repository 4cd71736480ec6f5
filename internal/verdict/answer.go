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
	figureOwn                               // how many there are
	figureFeatures = figureOwn + pairInputs // with those of the pair behind them
)

// answer is what the figures of a patent say to a required one.
type answer struct {
	// offer is the one that is most likely about it; its figure is nil where none can be
	// compared.
	offer
	chance  float64
	outcome outcome
	// weigh tells for each outcome how likely it is what the patent says, with silence as
	// one of them; they add up to 1.
	weigh [outcomes]float64
	// next is the chance of the second figure, others the number of figures besides.
	next   float64
	others int
}

// outcome is what a figure says to the required one.
type outcome uint8

const (
	silent outcome = iota
	met
	overlaps
	unmet
	outcomes = iota
)

// answerTo weighs the figures of a patent as answers to w, each by its odds and silence by
// even ones.
func (m *models) answerTo(w *wanted, v *view, c *meeting, pair []float64) answer {
	var out answer
	odds, total := [outcomes]float64{}, 1.0
	offers := c.p.offers(w, c.d)
	out.others = len(offers) - 1
	for _, o := range offers {
		chance := m.Figure.chance(append(o.features(v, c.d, c.p), pair...))
		says := o.served()
		if out.figure == nil || chance > out.chance {
			out.next, out.offer, out.chance, out.outcome = out.chance, o, chance, says
		} else {
			out.next = max(out.next, chance)
		}
		one := chance / (1 - chance + 1e-6)
		odds[says] += one
		total += one
	}
	odds[silent] = 1
	for k := range odds {
		out.weigh[k] = odds[k] / total
	}
	return out
}

// features tell whether the figure is about what is required.
func (o *offer) features(v *view, d, p *Record) []float64 {
	x, q, f := make([]float64, figureOwn, figureFeatures), o.asked.figure, o.figure
	x[figureTerms], x[figureTermsBack] = plainShare(q.terms, f.terms), plainShare(f.terms, q.terms)
	like := q.words.like(f.words)
	x[figureWords] = like.aligned(q.words.weights, nil)
	x[figureWordsBack] = like.turned(len(f.words.entries)).aligned(f.words.weights, nil)
	x[figureKin], x[figureCondition] = kinship(q.family, f.family), o.under.agree()
	x[figurePart], x[figureCosine] = v.near[f.part], v.cosine[f.part]
	x[figureUnit] = unitRarity(q.Unit)
	x[figureMagnitude] = magnitudes(q.Unit.Base(q.Low), f.Unit.Base(f.Low))
	x[figureBound], x[figureChange] = is(q.Comparison == f.Comparison), is(q.Change != f.Change)
	x[figureLeft], x[figureRival] = is(f.left), is(f.rival)
	x[figureClaims] = is(p.fields[f.field].name == "claims")
	x[figureOthers] = float64(min(o.choices-1, 10)) / 10
	x[figureOnly] = x[figureUnit] / float64(o.choices)
	x[figureTexts] = cosine(d.mean, p.mean)
	return x
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

// slack is the share by which figures may differ after conversion, about that of one that is
// about right, single of one that bounds nothing, and strict of one to be reached at the least; of a
// share in a hundred nothing is given away.
const (
	slack  = 1e-9
	about  = 0.1
	strict = 0.02
	single = 0.05
)

// serve tells what an offered figure says to a required one of comparable unit. A stated
// bound counts for what it promises, the worst of a spread for the whole, and a setting
// that can be kept within what is allowed overlaps it.
func serve(want, have *figure) outcome {
	if want.Change != have.Change && want.Unit.Kind != "元" {
		return overlaps
	}
	low, high := have.Unit.Base(have.Low), have.Unit.Base(have.High)
	if have.Comparison == quantity.Within && want.Comparison != quantity.Within { // an error of ±5 m
		low = have.Tolerance * size(have.Unit)
		high = low
	}
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
	off, near := strict*magnitude, single*magnitude
	switch {
	case want.Comparison == quantity.About:
		off, near = about*magnitude, about*magnitude
	case want.Unit.Symbol == "%", want.Unit.Symbol == "‰", want.Unit.Symbol == "成":
		off = 0
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
	if !point && !spread && !want.within && have.Comparison == quantity.Equal && low >= least && high <= most {
		return overlaps // one temperature of all that have to be coped with
	}
	return reach(least, most, low, high, near, have.Comparison)
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
