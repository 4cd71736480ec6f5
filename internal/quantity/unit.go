package quantity

import (
	"strconv"
	"strings"
)

// Unit is a unit of measure. Units of one Dimension and Kind can be compared.
type Unit struct {
	// Symbol is the unit as it is written in answers: mm, g/cm³, 元/t, 个.
	Symbol string
	// Kind tells apart what has no dimension in common: a counting word, a scale of
	// hardness, a currency. Empty for the units of the SI and for pure numbers.
	Kind string
	// Dimension has the exponents of metre, kilogram, second, ampere, kelvin, mole,
	// candela and bit.
	Dimension [8]int8

	factor, offset float64
}

// Base converts a value in u to the base unit of u's dimension: m, kg, s, K, 1 and
// what is made of them.
func (u Unit) Base(value float64) float64 { return value*u.factor + u.offset }

// Comparable tells whether values in u and v can be compared.
func (u Unit) Comparable(v Unit) bool { return u.Dimension == v.Dimension && u.Kind == v.Kind }

// convert gives a value of u in v, which must be comparable.
func (u Unit) convert(value float64, v Unit) float64 {
	if u.factor == v.factor && u.offset == v.offset {
		return value
	}
	return (u.Base(value) - v.offset) / v.factor
}

// isSet tells whether there is a unit; that of pure numbers is one.
func (u Unit) isSet() bool { return u.factor != 0 }

var one = Unit{Symbol: "1", factor: 1}

// power is a unit with an exponent, as a part of a compound.
type power struct {
	atom *atom
	exp  int
}

// compose makes a unit of its parts, in their order.
func compose(parts []power) Unit {
	if len(parts) == 1 && parts[0].exp == 1 {
		return parts[0].atom.unit
	}
	out := Unit{factor: 1}
	var over, under, kinds []string
	for _, p := range parts {
		u := p.atom.unit
		for i := range out.Dimension {
			out.Dimension[i] += u.Dimension[i] * int8(p.exp)
		}
		if u.Kind != "" {
			kinds = append(kinds, raised(u.Kind, p.exp))
		}
		for range max(p.exp, -p.exp) {
			if p.exp > 0 {
				out.factor *= u.factor
			} else {
				out.factor /= u.factor
			}
		}
		if p.exp > 0 {
			over = append(over, raised(u.Symbol, p.exp))
		} else {
			under = append(under, raised(u.Symbol, -p.exp))
		}
	}
	out.Kind = strings.Join(kinds, "·")
	out.Symbol = fraction(over, under)
	if out.Symbol == "kg/cm²" { // a pressure in the language of workshops
		return units["kgf/cm²"].unit
	}
	return out
}

func fraction(over, under []string) string {
	top, bottom := strings.Join(over, "·"), strings.Join(under, "·")
	if top == "" {
		top = "1"
	}
	switch len(under) {
	case 0:
		return top
	case 1:
		return top + "/" + bottom
	}
	return top + "/(" + bottom + ")"
}

func raised(symbol string, exp int) string {
	switch exp {
	case 1:
		return symbol
	case 2:
		return symbol + "²"
	case 3:
		return symbol + "³"
	}
	return symbol + "^" + strconv.Itoa(exp)
}

// ParseUnit reads a unit that fills s, such as "kg/m³", "元/吨" or "1".
func ParseUnit(s string) (Unit, bool) {
	if s == "1" {
		return one, true
	}
	runes := flattened(s)
	m := unitAt(runes, 0)
	return m.unit, m.unit.isSet() && m.end == len(runes)
}

// measured is a unit found in a text.
type measured struct {
	unit  Unit
	end   int
	first *atom // the first part
	parts int
}

// unitAt reads the longest unit that begins at runes[i]; none leaves unit unset.
func unitAt(runes []rune, i int) measured {
	first, at := atomAt(runes, i, false)
	if first == nil {
		return measured{}
	}
	exp, at := exponentAt(runes, at, first)
	parts := []power{{first, exp}}
	end := at
	for len(parts) < 5 {
		next, after, ok := factorAt(runes, end, first)
		if !ok {
			break
		}
		parts = append(parts, next...)
		end = after
	}
	if !endsUnit(runes, end) {
		return measured{}
	}
	return measured{unit: compose(parts), end: end, first: first, parts: len(parts)}
}

// factorAt reads what follows in a compound: ·m, /s, 每秒, /(m·K).
func factorAt(runes []rune, i int, first *atom) ([]power, int, bool) {
	sign, at := 1, i
	switch r := peek(runes, i); {
	case r == '/' || r == '每':
		sign, at = -1, i+1
	case r == '.' && peek(runes, i+1) == ' ': // ends a sentence
		return nil, i, false
	case r == '·' || r == '⋅' || r == '•' || r == '.' || r == '*' || r == '-':
		at = i + 1
	case r == ' ' && peek(runes, i+1) == '/':
		sign, at = -1, i+2
	default:
		at = perAt(runes, i, first)
		if at == i {
			return nil, i, false
		}
		sign = -1
	}
	if sign < 0 && peek(runes, at) == '(' {
		return groupAt(runes, at+1)
	}
	for peek(runes, at) == ' ' {
		at++
	}
	if sign < 0 && first.name != "" && sameTwice(first, runes, at) {
		return nil, i, false
	}
	a, end := atomAt(runes, at, true)
	if a == nil || sign > 0 && !a.inProducts {
		return nil, i, false
	}
	exp, end := exponentAt(runes, end, a)
	if exp < 0 { // /s-1 is a slip for /s
		exp = -exp
		if sign > 0 {
			sign = -1
		}
	}
	if sign > 0 || !endsUnit(runes, end) {
		return []power{{a, sign * exp}}, end, endsUnit(runes, end) || isJoint(peek(runes, end))
	}
	// W/m·K means W/(m·K).
	out := []power{{a, -exp}}
	if isJoint(peek(runes, end)) && peek(runes, end) != '/' {
		if b, after := atomAt(runes, end+1, true); b != nil && b.inProducts {
			e, after := exponentAt(runes, after, b)
			if endsUnit(runes, after) {
				return append(out, power{b, -max(e, -e)}), after, true
			}
		}
	}
	return out, end, true
}

// perAt passes over "per", "a" and the like behind a unit and before one that measures; i
// where there is none. What is a ratio or a time already is not divided so: 5 % a year, 10 h
// a day.
func perAt(runes []rune, i int, first *atom) int {
	if first.unit.Kind == "" && first.unit.Dimension == one.Dimension || first.unit.Comparable(units["s"].unit) {
		return i
	}
	for _, word := range []string{" per ", " a ", " an ", " each "} {
		if a, _ := atomAt(runes, i+len(word), true); hasAt(runes, i, word) && a != nil && !a.counting {
			return i + len(word)
		}
	}
	return i
}

// sameTwice tells whether a unit is divided by itself, which no unit is: mm/mm.
func sameTwice(first *atom, runes []rune, at int) bool {
	a, _ := atomAt(runes, at, true)
	return a == first && first.unit.Kind != ""
}

// groupAt reads the denominators behind an opening bracket.
func groupAt(runes []rune, at int) ([]power, int, bool) {
	start := at
	var out []power
	for len(out) < 3 {
		a, end := atomAt(runes, at, true)
		if a == nil {
			return nil, start, false
		}
		exp, end := exponentAt(runes, end, a)
		out = append(out, power{a, -max(exp, -exp)})
		switch r := peek(runes, end); {
		case r == ')':
			return out, end + 1, true
		case isJoint(r):
			at = end + 1
		default:
			return nil, start, false
		}
	}
	return nil, start, false
}

func isJoint(r rune) bool {
	return r == '·' || r == '⋅' || r == '•' || r == '*' || r == '.' || r == '/'
}

// exponentAt reads ², 2, ^2, -3 behind a unit that can have one.
func exponentAt(runes []rune, i int, a *atom) (exp, end int) {
	if !a.raisable {
		return 1, i
	}
	at, sign := i, 1
	if peek(runes, at) == '^' {
		at++
	}
	switch r := peek(runes, at); {
	case r == '²' || r == '³':
		return int(map[rune]int{'²': 2, '³': 3}[r]), at + 1
	case r == '⁻' && superscript(peek(runes, at+1)) > 0:
		return -superscript(peek(runes, at+1)), at + 2
	case r == '-':
		sign, at = -1, at+1
	}
	d := peek(runes, at)
	if d < '1' || d > '4' || isDigit(peek(runes, at+1)) || sign > 0 && at == i && d > '3' {
		return 1, i
	}
	if next := peek(runes, at+1); sign < 0 && (isLetter(next) || next == '.' || unitAtom(runes, at+1)) {
		return 1, i // 5mm-2m is a range, not a power
	}
	return sign * int(d-'0'), at + 1
}

// unitAtom tells whether a unit begins at i, so that the number before it is one.
func unitAtom(runes []rune, i int) bool {
	for peek(runes, i) == ' ' {
		i++
	}
	a, _ := atomAt(runes, i, true)
	return a != nil
}

// endsUnit tells whether a unit may end before runes[i]: no letter or digit follows one
// of letters.
func endsUnit(runes []rune, i int) bool {
	if i == 0 || i >= len(runes) {
		return true
	}
	last, next := runes[i-1], runes[i]
	if isLetter(last) || isDigit(last) {
		return !isLetter(next) && !isDigit(next)
	}
	return true
}
