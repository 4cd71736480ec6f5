package quantity

import "strings"

// parser walks over a text once. What it looks at around a number is bounded.
type parser struct {
	runes []rune
	out   []Quantity
	// section is the role that the heading above gives, empty before any.
	section Role
	// electric tells that 度 stood for kilowatt-hours before, in this sentence.
	electric bool
	// survey tells whether the line, up to surveyed, is about a market or a country.
	survey   bool
	surveyed int
}

func (p *parser) all() []Quantity {
	for i := 0; i < len(p.runes); {
		i = p.step(i)
	}
	return p.out
}

// step reads what begins at i and returns where to go on, always further on.
func (p *parser) step(i int) int {
	r := p.runes[i]
	switch {
	case isLetter(r):
		return p.word(i)
	case isDigit(r), r == '.', r == '+', r == '-', r == '±', r == '(':
		return p.try(i)
	case isHan(r) || r == '〇':
		p.heading(i)
		if hanDigits[r] != 0 || r == '半' || r == '负' || r == '正' || r == '每' {
			return p.try(i)
		}
	case ends(r):
		p.electric = false
	}
	return i + 1
}

// word passes over Latin letters. A number that is part of a name is passed over with
// it: A36, GB/T 1234, CWL650-M.
func (p *parser) word(i int) int {
	end := i
	for isLetter(peek(p.runes, end)) {
		end++
	}
	if next := p.spelt(i, end); next > 0 {
		return next
	}
	next := peek(p.runes, end)
	name := string(p.runes[i:end])
	switch {
	case isDigit(next) && !p.prefixes(name) && !p.dimensioned(i, end):
		return p.designation(end)
	case (next == ' ' || next == '/' || next == '-') && standards[name]:
		return p.designation(end)
	}
	return end
}

// spelt reads a quantity that begins with the word from i to end: two weeks, half an
// hour, minus 30, a second or less. It returns 0 where the word is no number.
func (p *parser) spelt(i, end int) int {
	name := lower(p.runes[i:end])
	value, ok := englishNumbers[name]
	switch {
	case name == "minus":
		return p.try(i)
	case name == "a" || name == "an":
		if value, ok = 1, p.boundsTime(i, end); !ok {
			return 0
		}
	case name == "half":
		value, ok = .5, true
		for _, article := range []string{" a ", " an "} {
			if hasAt(p.runes, end, article) {
				end += len(article) - 1
			}
		}
	}
	if !ok {
		return 0
	}
	n := numeral{value: value, mantissa: value, magnitude: 1, end: end, han: true}
	return max(p.tryNumber(i, worded(p.runes, n)), end)
}

// boundsTime tells whether the article from i to end counts a unit of time that is
// compared: within a day, a second or less.
func (p *parser) boundsTime(i, end int) bool {
	m, _ := p.unitAfter(end)
	return m.unit.Comparable(units["s"].unit) && m.unit.isSet() && (p.compared(i) || p.comparedBehind(m.end))
}

// prefixes tells whether name goes before a number as its unit or symbol: HRC60.
func (p *parser) prefixes(name string) bool {
	_, ok := prefixUnits[name]
	return ok
}

// dimensioned tells whether a letter is the symbol of a length: L500mm.
func (p *parser) dimensioned(i, end int) bool {
	if end-i != 1 || i > 0 && (isLetter(p.runes[i-1]) || p.runes[i-1] == '-') {
		return false
	}
	n := numberAt(p.runes, end)
	m := unitAt(p.runes, n.end)
	return n.found() && m.unit.Comparable(units["m"].unit)
}

// designation passes over the rest of a name such as 650-M or /T 1234.1-2010.
func (p *parser) designation(i int) int {
	for i < len(p.runes) {
		r := p.runes[i]
		joint := r == '-' || r == '.' || r == '/' || r == ' ' || r == '—' || r == '–' || r == ':'
		next := peek(p.runes, i+1)
		if !isDigit(r) && !isLetter(r) && !(joint && (isDigit(next) || isLetter(next) && r != ' ')) {
			return i
		}
		i++
	}
	return i
}

// try reads a quantity at i, which may be a sign or a bracket before the number.
func (p *parser) try(i int) int {
	if next, ok := p.read(i); ok {
		return next
	}
	n := numberAt(p.runes, i)
	if !n.found() {
		return p.pastDigits(i)
	}
	end := n.end
	if isDigit(p.runes[i]) { // the rest of a date, a telephone number, a section number
		for joins(peek(p.runes, end)) && isDigit(peek(p.runes, end+1)) {
			for end++; isDigit(peek(p.runes, end)); end++ {
			}
		}
	}
	return max(end, i+1)
}

// pastDigits passes over what begins at i, and all digits of a number too long.
func (p *parser) pastDigits(i int) int {
	end := i + 1
	if !isDigit(p.runes[i]) {
		return end
	}
	for isDigit(peek(p.runes, end)) || (peek(p.runes, end) == ',' || peek(p.runes, end) == '.') && isDigit(peek(p.runes, end+1)) {
		end++
	}
	return end
}

func joins(r rune) bool { return r == '-' || r == '/' || r == ':' }

// tryNumber reads a quantity whose number is known. It returns 0 where there is none.
func (p *parser) tryNumber(i int, n numeral) int {
	d := draft{Span: Span{i, n.end}, first: n, low: n.value, high: n.value}
	if !p.complete(&d) {
		return 0
	}
	return p.keep(&d)
}

// draft is a quantity in the making.
type draft struct {
	Span
	first     numeral
	low, high float64
	ranged    bool
	tolerance float64
	within    bool // ± without a number before it
	bracket   bool
	negative  bool // 零下
	spaced    bool // a blank between number and unit
	chain     []Span
	chained   []float64 // numbers before a ×, which share the unit
	unit      Unit
	atom      *atom // first part of the unit
	parts     int   // parts of the unit
	per       *atom // of 每秒 before the number
}

// read reads a quantity at i: an optional 每秒, bracket, sign, and then the number.
func (p *parser) read(i int) (next int, ok bool) {
	d := draft{Span: Span{i, i}}
	at := i
	if p.runes[at] == '每' {
		a, end := atomAt(p.runes, at+1, true)
		if a == nil || a.unit.Dimension != units["s"].unit.Dimension {
			return 0, false
		}
		d.per, at = a, end
	}
	if peek(p.runes, at) == '(' {
		d.bracket = true
		at++
	}
	if sign, end := signAt(p.runes, at); sign == '±' {
		d.within, at = true, end
	} else if sign != 0 {
		if !p.signed(at) {
			return 0, false
		}
		d.negative, at = sign == '-', end
	}
	for d.within && peek(p.runes, at) == ' ' {
		at++
	}
	if !p.takeNumber(&d, at) || p.barred(i, at) {
		return 0, false
	}
	if !p.complete(&d) {
		return 0, false
	}
	return p.keep(&d), true
}

// takeNumber reads the number at a place, which may stand for two: 三四.
func (p *parser) takeNumber(d *draft, at int) bool {
	low, high := approximateAt(p.runes, at)
	if d.ranged = low.found(); !d.ranged {
		low = numberAt(p.runes, at)
		high = low
	}
	d.first, d.low, d.high, d.End = low, low.value, high.value, low.end
	if d.negative {
		d.low, d.high = -d.high, -d.low
	}
	return low.found()
}

// signAt reads a sign: '-', '+' or '±'.
func signAt(runes []rune, at int) (sign rune, end int) {
	switch {
	case hasAt(runes, at, "+/-"), hasAt(runes, at, "-/+"):
		return '±', at + 3
	case hasAt(runes, at, "正负"):
		return '±', at + 2
	case hasAt(runes, at, "零下"):
		return '-', at + 2
	case hasAt(runes, at, "minus "), hasAt(runes, at, "Minus "):
		return '-', at + 6
	case peek(runes, at) == '±':
		return '±', at + 1
	case peek(runes, at) == '-' || peek(runes, at) == '负':
		return '-', at + 1
	case peek(runes, at) == '+':
		return '+', at + 1
	}
	return 0, at
}

// signed tells whether a sign at i can be that of a number: what is before it is no
// part of a name or of a number.
func (p *parser) signed(i int) bool {
	before := peek(p.runes, i-1)
	return !isLetter(before) && !isDigit(before) && before != '-' && (before != ')' || p.numbersItem(i-1)) && before != '%'
}

// numbersItem tells whether the bracket at i ends the number of an item of a list, as in
// "1)" and "(12)", and not a part of a name or a formula.
func (p *parser) numbersItem(i int) bool {
	from := i
	for from > 0 && i-from < 2 && (isDigit(p.runes[from-1]) || hanDigits[p.runes[from-1]] != 0) {
		from--
	}
	if from == i {
		return false
	}
	before := peek(p.runes, from-1)
	if before == '(' {
		before = peek(p.runes, from-2)
	}
	return !isLetter(before) && !isDigit(before) && !isHan(before) && !strings.ContainsRune("-.)", before)
}

// barred tells whether what is before the number makes it an ordinal or part of a
// name or of a longer number. start is where the quantity begins, at its number.
func (p *parser) barred(start, at int) bool {
	before := peek(p.runes, start-1)
	if before == ' ' && peek(p.runes, start-2) == '第' {
		return true
	}
	switch before {
	case '第', '几', '图', '#', '№', '_', '@', '&':
		return true
	case '数', '表': // 数十家, 表二; but 系数0.5 and 仪表3台
		return hanDigits[p.runes[at]] != 0
	case '-', '/', '.':
		b := peek(p.runes, start-2)
		return isLetter(b) || before == '.' && isDigit(b)
	}
	return hanDigits[before] != 0 && before != '零' && (hanDigits[p.runes[at]] != 0 || isDigit(p.runes[at]))
}
