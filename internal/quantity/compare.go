package quantity

import "math"

// Verdict is what an offered quantity says of a required one.
type Verdict string

// The verdicts.
const (
	// Unknown: not comparable, or nothing says whether the one serves the other.
	Unknown Verdict = "unknown"
	// Met: all values offered are values required.
	Met Verdict = "met"
	// Partly: some values offered are required, others not.
	Partly Verdict = "partly"
	// Unmet: no value offered is one required.
	Unmet Verdict = "unmet"
)

// aboutShare is how far from its figure 约 reaches, as a share of it.
const aboutShare = 0.1

// Compare judges offered against requirement, both of the same property: see
// SameProperty. Each is taken for the interval that its comparison allows; it is Met
// where the interval offered lies in the one required, Unmet where they do not meet.
//
// A requirement that is a bare figure (处理量 330t/h) does not say whether more is
// better: another figure than it is Unknown, not Unmet. So is a difference (提高30%)
// against a level, and any pair of units that cannot be compared.
func Compare(requirement, offered Quantity) Verdict {
	if !requirement.Unit.Comparable(offered.Unit) || requirement.Change != offered.Change {
		return Unknown
	}
	if requirement.Comparison == Within || offered.Comparison == Within {
		return compareTolerances(requirement, offered)
	}
	want, have := requirement.interval(), offered.interval()
	switch {
	case want.holds(have):
		return Met
	case requirement.Comparison == Equal && requirement.Tolerance == 0:
		return Unknown
	case want.meets(have):
		return Partly
	}
	return Unmet
}

// compareTolerances compares how far values may deviate: the narrower one serves.
func compareTolerances(requirement, offered Quantity) Verdict {
	want, have := requirement.deviation(), offered.deviation()
	switch {
	case want == 0 || have == 0:
		return Unknown
	case have <= want*(1+slack):
		return Met
	}
	return Unmet
}

func (q *Quantity) deviation() float64 {
	if q.Comparison == Within || q.Tolerance != 0 {
		return q.Tolerance * q.Unit.factor
	}
	return 0
}

// slack is the share by which figures may differ after conversion and rounding.
const slack = 1e-9

// interval is a set of values in a base unit; open ends do not belong to it.
type interval struct {
	low, high         float64
	openLow, openHigh bool
}

func (q *Quantity) interval() interval {
	low, high := q.Unit.Base(q.Low), q.Unit.Base(q.High)
	switch q.Comparison {
	case AtLeast, Above:
		return interval{low: low, high: math.Inf(1), openLow: q.Comparison == Above}
	case AtMost, Below:
		return interval{low: math.Inf(-1), high: high, openHigh: q.Comparison == Below}
	case About:
		room := aboutShare * math.Abs(q.Low) * q.Unit.factor
		return interval{low: low - room, high: high + room}
	}
	room := q.Tolerance * q.Unit.factor
	return interval{low: low - room, high: high + room}
}

// holds tells whether all of b lies in a.
func (a interval) holds(b interval) bool {
	below := b.low > a.low || equal(a.low, b.low) && (!a.openLow || b.openLow)
	above := b.high < a.high || equal(a.high, b.high) && (!a.openHigh || b.openHigh)
	return below && above
}

// meets tells whether a and b share a value.
func (a interval) meets(b interval) bool {
	low, high, open := a.low, a.high, a.openLow
	if b.low > low || equal(b.low, low) && b.openLow {
		low, open = b.low, b.openLow
	}
	openHigh := a.openHigh
	if b.high < high || equal(b.high, high) && b.openHigh {
		high, openHigh = b.high, b.openHigh
	}
	return low < high && !equal(low, high) || equal(low, high) && !open && !openHigh
}

func equal(a, b float64) bool {
	return a == b || !math.IsInf(a, 0) && !math.IsInf(b, 0) && math.Abs(a-b) <= slack*max(math.Abs(a), math.Abs(b))
}

// SameProperty tells whether two quantities are about the same thing, as far as names
// tell: at least half of the pairs of neighbouring characters of the shorter name are
// in the longer one, or, for names of Latin letters, they are equal but for their case.
// It is false where either is not named.
func SameProperty(a, b *Quantity) bool {
	x, y := flattenedName(a.Property), flattenedName(b.Property)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 2 {
		return false
	}
	shared := 0
	for i := range len(x) - 1 {
		for j := range len(y) - 1 {
			if x[i] == y[j] && x[i+1] == y[j+1] {
				shared++
				break
			}
		}
	}
	return 2*shared >= len(x)-1 && (isHan(x[0]) || shared == len(x)-1)
}

func flattenedName(s string) []rune {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		out = append(out, r)
	}
	return out
}

// Limits on what Agreement compares, so that its time stays bounded.
const (
	maxRequirements = 128
	maxOffered      = 512
)

// Agreement counts how an offer's text serves the quantified requirements of a
// demand's text: those that some quantity of the same property meets, those that one
// contradicts and none meets, and all others. Of very long texts it compares the first
// 128 requirements and 512 quantities.
func Agreement(demandText, patentText string) (met, contradicted, missing int) {
	offered := Parse(patentText)
	offered = offered[:min(len(offered), maxOffered)]
	wanted := 0
	for _, q := range Parse(demandText) {
		if q.Role != Requirement {
			continue
		}
		if wanted++; wanted > maxRequirements {
			break
		}
		switch best(&q, offered) {
		case Met:
			met++
		case Unmet:
			contradicted++
		default:
			missing++
		}
	}
	return met, contradicted, missing
}

// best gives the most favourable verdict of those offered on q's property.
func best(q *Quantity, offered []Quantity) Verdict {
	out := Unknown
	for i := range offered {
		if !q.Unit.Comparable(offered[i].Unit) || !SameProperty(q, &offered[i]) {
			continue
		}
		switch v := Compare(*q, offered[i]); {
		case v == Met:
			return Met
		case v == Partly || v == Unmet && out == Unknown:
			out = v
		}
	}
	return out
}
