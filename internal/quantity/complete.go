package quantity

import (
	"math"
	"strings"
)

// complete reads what follows the first number: a range, a tolerance, the unit. It
// tells whether the draft is a quantity.
func (p *parser) complete(d *draft) bool {
	p.takeUnit(d, d.End)
	if !d.within {
		if !d.ranged && !p.takeRange(d) {
			p.takeChain(d)
		}
		p.takeTolerance(d)
		p.takeRest(d)
	}
	if d.bracket && !p.closeBracket(d) {
		return false
	}
	if d.within {
		d.tolerance, d.low, d.high = d.low, 0, 0
	}
	if !d.unit.isSet() && !p.impliedUnit(d) {
		return false
	}
	p.disambiguate(d)
	p.divideByPer(d)
	return finite(d.low) && finite(d.high) && finite(d.tolerance)
}

func finite(v float64) bool { return !math.IsInf(v, 0) && !math.IsNaN(v) }

// takeUnit reads the unit behind a number that ends at i.
func (p *parser) takeUnit(d *draft, i int) {
	if d.first.unit.isSet() { // 百分之三十
		d.unit = d.first.unit
		return
	}
	if m, at := p.unitAfter(i); m.unit.isSet() && p.plausible(d, &m, at) {
		d.unit, d.atom, d.parts, d.spaced, d.End = m.unit, m.first, m.parts, at > i, m.end
	}
}

// unitAfter reads a unit at i or behind up to two blanks, and gives where it begins.
func (p *parser) unitAfter(i int) (measured, int) {
	at := i
	for at < i+2 && peek(p.runes, at) == ' ' {
		at++
	}
	if m := unitAt(p.runes, at+1); peek(p.runes, at) == '个' && m.end > at+2 && !m.first.counting { // 8个毫米, not 3个周期
		return m, at + 1
	}
	if hasAt(p.runes, at, "个点") && !strings.ContainsRune("位焊云状胶阵", peek(p.runes, at+2)) {
		return measured{unit: units["%"].unit, end: at + 2, first: units["%"], parts: 1}, at
	}
	if m := unitAt(p.runes, at); m.unit.isSet() {
		return m, at
	}
	switch {
	case hasAt(p.runes, at, "分半"):
		return measured{unit: units["min"].unit, end: at + 1, first: units["min"], parts: 1}, at
	case at > i && isLetter(peek(p.runes, at)):
		return p.nounAfter(at)
	}
	return measured{}, at
}

// joining are English words behind a number that no noun of its follows.
var joining = map[string]bool{"to": true, "of": true, "and": true, "or": true, "in": true, "at": true, "for": true, "per": true, "a": true, "the": true, "by": true}

// nounAfter reads a noun that is counted behind a word that tells its kind: the 次 of
// "dishwasher cycles".
func (p *parser) nounAfter(i int) (measured, int) {
	end := i
	for isLetter(peek(p.runes, end)) || peek(p.runes, end) == '-' {
		end++
	}
	m := unitAt(p.runes, end+1)
	if peek(p.runes, end) != ' ' || joining[string(p.runes[i:end])] || !m.unit.isSet() || !m.first.counting || !isLetter(p.runes[end+1]) {
		return measured{}, i
	}
	return m, end + 1
}

// takeRest adds what follows a time in a smaller unit, or as 半: 一分半, 1 min 20 s.
func (p *parser) takeRest(d *draft) {
	if d.ranged || d.tolerance != 0 || d.parts != 1 || !d.unit.Comparable(units["s"].unit) {
		return
	}
	if peek(p.runes, d.End) == '半' && !strings.ContainsRune("径导成自封干球圆挂年天小个", peek(p.runes, d.End+1)) {
		d.low, d.End = d.low+.5, d.End+1
		d.high = d.low
		return
	}
	n := numberAt(p.runes, p.blanks(d.End))
	if !n.found() || n.han != d.first.han {
		return
	}
	m, at := p.unitAfter(n.end)
	if m.parts == 1 && m.unit.Comparable(d.unit) && m.unit.factor < d.unit.factor && m.unit.Base(n.value) < d.unit.factor && !p.isWord(&m, at) {
		d.low, d.End = d.low+m.unit.convert(n.value, d.unit), m.end
		d.high = d.low
	}
}

// takeRange reads a second number with the words or signs that make a range.
func (p *parser) takeRange(d *draft) bool {
	at, ok := p.connector(d)
	if !ok {
		return false
	}
	sign, after := signAt(p.runes, at)
	if sign == '-' || sign == '+' {
		at = after
	}
	second := numberAt(p.runes, at)
	if !second.found() || second.vague || second.han != d.first.han && !second.fraction && !d.first.unit.isSet() {
		return false
	}
	low, high := d.low, second.value
	if sign == '-' {
		high = -high
	}
	unit, first, parts, end := second.unit, (*atom)(nil), 0, second.end
	two := draft{first: second, low: high, high: high, Span: Span{d.Start, end}, bracket: d.bracket}
	p.takeUnit(&two, end)
	if two.unit.isSet() {
		unit, first, parts, end = two.unit, two.atom, two.parts, two.End
	}
	switch {
	case !d.unit.isSet():
		if second.magnitude > d.first.magnitude && d.first.magnitude == 1 && d.first.mantissa < second.mantissa {
			low *= second.magnitude // 30-50万
		}
	case !unit.isSet() || !unit.Comparable(d.unit):
		return false
	default:
		high = unit.convert(high, d.unit)
		unit, first, parts = d.unit, d.atom, d.parts
	}
	if !(low < high) {
		return false
	}
	if !unit.isSet() {
		d.first.magnitude = max(d.first.magnitude, second.magnitude)
	}
	d.low, d.high, d.ranged, d.End = low, high, true, end
	d.unit, d.atom, d.parts = unit, first, parts
	return true
}

// connector passes over what joins the ends of a range.
func (p *parser) connector(d *draft) (int, bool) {
	at := p.blanks(d.End)
	start := at
	for at-start < 3 && isDash(peek(p.runes, at)) {
		at++
	}
	if at == start {
		switch r := peek(p.runes, at); {
		case r == '至' || r == '到':
			at++
		case hasAt(p.runes, at, "to "):
			at += 2
		case hasAt(p.runes, at, "and "):
			if !p.saysBetween(d.Start) {
				return 0, false
			}
			at += 3
		default:
			return 0, false
		}
	}
	at = p.blanks(at)
	if isDiameter(peek(p.runes, at)) {
		at++
	}
	return at, true
}

func (p *parser) saysBetween(i int) bool {
	for _, word := range []string{"between ", "Between "} {
		if _, ok := hasBefore(p.runes, i, word); ok {
			return true
		}
	}
	return false
}

func (p *parser) blanks(i int) int {
	for end := i + 2; i < end && peek(p.runes, i) == ' '; {
		i++
	}
	return i
}

func isDash(r rune) bool {
	switch r {
	case '-', '~', '—', '–', '―', '〜', '∼', '‐', '‑', '﹣':
		return true
	}
	return false
}

func isDiameter(r rune) bool {
	switch r {
	case 'φ', 'Φ', 'ϕ', 'Ø', 'ø', '∅', '⌀', 'Ф', 'ф':
		return true
	}
	return false
}

// takeChain reads 1200×800×600mm: numbers that share the unit at the end.
func (p *parser) takeChain(d *draft) {
	if d.unit.isSet() || d.bracket {
		return
	}
	var spans []Span
	var values []float64
	span, value, at := d.Span, d.low, d.End
	for len(spans) < 3 {
		at = p.blanks(at)
		if r := peek(p.runes, at); r != '×' && r != 'x' && r != 'X' && r != '*' {
			return
		}
		at = p.blanks(at + 1)
		n := numberAt(p.runes, at)
		if !n.found() || n.han {
			return
		}
		spans, values = append(spans, span), append(values, value)
		span, value = Span{at, n.end}, n.value
		next := draft{Span: span, first: n, low: value}
		p.takeUnit(&next, n.end)
		if next.unit.isSet() {
			next.high, next.chain, next.chained = value, spans, values
			*d = next
			return
		}
		at = n.end
	}
}

// takeTolerance reads ±0.5mm or ±10% behind a number.
func (p *parser) takeTolerance(d *draft) {
	if d.ranged {
		return
	}
	sign, at := signAt(p.runes, p.blanks(d.End))
	if sign != '±' {
		return
	}
	n := numberAt(p.runes, p.blanks(at))
	if !n.found() || n.han {
		return
	}
	deviation := draft{first: n, Span: Span{d.Start, n.end}, bracket: d.bracket}
	p.takeUnit(&deviation, n.end)
	tolerance, unit := n.value, deviation.unit
	switch {
	case !d.unit.isSet():
		d.unit, d.atom, d.parts = unit, deviation.atom, deviation.parts
	case !unit.isSet():
	case unit.Comparable(d.unit):
		tolerance *= unit.factor / d.unit.factor
	case unit.Comparable(one):
		tolerance *= unit.factor * math.Abs(d.low)
	default:
		return
	}
	d.tolerance, d.End = tolerance, deviation.End
}

// closeBracket reads the bracket and the unit behind it: (12~36)V.
func (p *parser) closeBracket(d *draft) bool {
	if d.unit.isSet() || peek(p.runes, d.End) != ')' {
		return false
	}
	if !d.ranged && d.tolerance == 0 {
		return false
	}
	p.takeUnit(d, d.End+1)
	return d.unit.isSet()
}

// divideByPer divides by the time of 每秒 before the number.
func (p *parser) divideByPer(d *draft) {
	if d.per == nil || d.atom == nil {
		return
	}
	d.unit = compose([]power{{d.atom, 1}, {d.per, -1}})
}
