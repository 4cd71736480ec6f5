package quantity

// keep makes quantities of a draft and returns where to go on.
func (p *parser) keep(d *draft) int {
	for i, span := range d.chain {
		p.add(d, span, d.chained[i], d.chained[i], false)
	}
	span := d.Span
	if len(d.chain) > 0 {
		span.Start = d.chain[len(d.chain)-1].End
		for span.Start < d.End && !isDigit(p.runes[span.Start]) && p.runes[span.Start] != '.' {
			span.Start++
		}
	}
	p.add(d, span, d.low, d.high, true)
	return d.End
}

// add makes one quantity, with what the words around it say.
func (p *parser) add(d *draft, span Span, low, high float64, last bool) {
	q := Quantity{Span: span, Low: low, High: high, Tolerance: d.tolerance, Unit: d.unit}
	cmp, start, level, improved := p.before(d.Start)
	if d.per != nil || p.prefixed(d.Start) {
		start = p.prefixStart(d.Start, start)
		if cmp == "" {
			cmp, start, level, improved = p.before(start)
		}
	}
	behind := p.after(d.End, d.ranged)
	if behind == "" {
		behind = p.mirrored(d.End)
	}
	q.Comparison = comparisonOf(d, cmp, behind)
	q.Property, q.PropertySpan, q.Change = p.about(start, level, &q)
	if improved {
		q.Comparison = betterThan(q.Property)
	}
	if q.Comparison == Above && p.deniesChange(start) { // 不衰减超过10%
		q.Comparison = AtMost
	}
	q.Role = p.roleOf(&q, start)
	if !last && len(d.chain) > 0 {
		q.Tolerance = 0
	}
	p.out = append(p.out, q)
}

func comparisonOf(d *draft, before, behind Comparison) Comparison {
	switch {
	case d.within:
		return Within
	case d.ranged:
		return Range
	case before != "" && before != About:
		return before
	case behind != "" && behind != About:
		return behind
	case d.first.vague:
		return Above
	case before == About || behind == About:
		return About
	}
	return Equal
}

func betterThan(property string) Comparison {
	for _, end := range smallerIsBetter {
		if _, ok := hasBefore([]rune(property), len([]rune(property)), end); ok {
			return Below
		}
	}
	return Above
}

// prefixUnits are units, and symbols that imply one, that go before the number.
var prefixUnits = map[string]Unit{
	"HRC": units["HRC"].unit, "HRB": units["HRB"].unit, "HRA": units["HRA"].unit, "HB": units["HBW"].unit, "HBW": units["HBW"].unit,
	"HV": units["HV"].unit, "HS": units["HS"].unit, "DN": units["mm"].unit, "pH": units["pH"].unit, "PH": units["pH"].unit, "ph": units["pH"].unit,
	"Ra": units["μm"].unit, "Rz": units["μm"].unit, "RMB": units["元"].unit, "CNY": units["元"].unit, "USD": units["美元"].unit, "EUR": units["欧元"].unit,
	"US$": units["美元"].unit,
}

// prefixUnit finds a unit before the number at i, with words of comparison between.
func (p *parser) prefixUnit(i int) (unit Unit, start int, ok bool) {
	at := i
	for j := i - 1; j >= 0 && j >= i-2; j-- {
		switch p.runes[j] {
		case '￥', '¥':
			return units["元"].unit, j, true
		case '$':
			return units["美元"].unit, j, true
		}
	}
	_, at, _, _ = p.before(at)
	for at > 0 && (p.runes[at-1] == '值' || p.runes[at-1] == ' ') {
		at--
	}
	start = at
	for start > 0 && at-start < 4 && isLetter(p.runes[start-1]) {
		start--
	}
	unit, ok = prefixUnits[string(p.runes[start:at])]
	return unit, start, ok
}

func (p *parser) prefixed(i int) bool {
	_, _, ok := p.prefixUnit(i)
	return ok
}

func (p *parser) prefixStart(i, otherwise int) int {
	if _, start, ok := p.prefixUnit(i); ok {
		return start
	}
	return otherwise
}

// standards are names that a number belongs to.
var standards = map[string]bool{
	"GB": true, "ISO": true, "IEC": true, "EN": true, "DIN": true, "ASTM": true, "JIS": true, "ANSI": true, "IATF": true, "QB": true,
	"HG": true, "JB": true, "YB": true, "DB": true, "SH": true, "SY": true, "CJ": true, "JGJ": true, "JTG": true, "AS": true, "IEEE": true,
	"RFC": true, "No": true, "NO": true, "Fig": true, "Table": true, "version": true, "Version": true, "CN": true, "ZL": true,
}

// englishNumbers are the number words that go before units.
var englishNumbers = map[string]float64{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
	"twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

// lower gives Latin letters in lower case; longer words than any number are empty.
func lower(word []rune) string {
	if len(word) > 8 {
		return ""
	}
	out := make([]byte, len(word))
	for i, r := range word {
		if r < 'a' {
			r += 'a' - 'A'
		}
		out[i] = byte(r)
	}
	return string(out)
}
