package quantity

import (
	"math"
	"strconv"
	"strings"
)

// numeral is a number found in a text.
type numeral struct {
	value float64
	end   int
	// mantissa is the value before magnitudes such as 万 were applied.
	mantissa  float64
	magnitude float64
	han       bool // in Chinese numerals
	vague     bool // with 多 or 余: more than value
	whole     bool // Arabic digits without point or exponent
	unit      Unit // set for 百分之三十, 三成 has it behind
	fraction  bool
	power     bool // with a power of ten: 180×10⁻⁶
}

func (n *numeral) found() bool { return n.end > 0 }

// maxDigits is the number of digits after which a number is none that one measures.
const maxDigits = 15

// numberAt reads a number without sign at runes[i].
func numberAt(runes []rune, i int) numeral {
	r := peek(runes, i)
	if isDigit(r) || r == '.' && isDigit(peek(runes, i+1)) && !isDigit(peek(runes, i-1)) {
		return arabicAt(runes, i)
	}
	if hanDigits[r] != 0 || r == '半' {
		return hanAt(runes, i)
	}
	return numeral{}
}

func arabicAt(runes []rune, i int) numeral {
	text, at := digitsAt(runes, i)
	if len(text) > maxDigits {
		return numeral{}
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return numeral{}
	}
	n := numeral{mantissa: value, end: at, magnitude: 1, whole: !strings.ContainsRune(text, '.')}
	if exp, end, ok := powerOfTen(runes, at, value == 10); ok {
		if value == 10 && end > at && !timesTen(runes, at) {
			n.mantissa = 1
		}
		n.mantissa *= math.Pow10(exp)
		n.end, n.whole, n.power = end, false, n.mantissa != 0 && exp < 0
	}
	n.value = n.mantissa
	if numerator, end, ok := fractionAt(runes, &n); ok {
		n.value, n.end, n.whole, n.fraction = numerator, end, false, true
		return n
	}
	return magnified(runes, n)
}

// digitsAt reads digits with thousands' commas and a point.
func digitsAt(runes []rune, i int) (string, int) {
	var b strings.Builder
	at := i
	for ; isDigit(peek(runes, at)) && b.Len() <= maxDigits; at++ {
		b.WriteRune(runes[at])
	}
	for at-i <= 3 && at > i && thousands(runes, at) || at-i > 3 && b.Len() > 3 && at-4 > i && runes[at-4] == ',' && thousands(runes, at) {
		b.WriteString(string(runes[at+1 : at+4]))
		at += 4
	}
	for isDigit(peek(runes, at)) { // too long: all of it is skipped
		b.WriteRune('0')
		at++
	}
	if peek(runes, at) == '.' && isDigit(peek(runes, at+1)) {
		b.WriteByte('.')
		for at++; isDigit(peek(runes, at)); at++ {
			if b.Len() < 2*maxDigits {
				b.WriteRune(runes[at])
			}
		}
	}
	text := b.String()
	if whole, _, _ := strings.Cut(text, "."); len(whole) <= maxDigits && len(text) > maxDigits {
		text = text[:maxDigits]
	}
	return text, at
}

// thousands tells whether a comma and three digits, no more, follow.
func thousands(runes []rune, at int) bool {
	return peek(runes, at) == ',' && isDigit(peek(runes, at+1)) && isDigit(peek(runes, at+2)) &&
		isDigit(peek(runes, at+3)) && !isDigit(peek(runes, at+4))
}

func timesTen(runes []rune, at int) bool {
	for peek(runes, at) == ' ' {
		at++
	}
	r := peek(runes, at)
	return r == '×' || r == 'x' || r == 'X' || r == '*' || r == '·' || r == '✕' || r == '╳' || r == 'e' || r == 'E'
}

// powerOfTen reads e-6, ×10^-6, x10-3, ×10⁻⁶ behind a mantissa, and ^12 or ¹² behind
// the mantissa 10.
func powerOfTen(runes []rune, at int, ten bool) (exp, end int, ok bool) {
	if r := peek(runes, at); r == 'e' || r == 'E' {
		return signedAt(runes, at+1, true)
	}
	if ten && !timesTen(runes, at) {
		return raisedAt(runes, at)
	}
	if !timesTen(runes, at) {
		return 0, at, false
	}
	for peek(runes, at) == ' ' {
		at++
	}
	at++
	for peek(runes, at) == ' ' {
		at++
	}
	if peek(runes, at) != '1' || peek(runes, at+1) != '0' || isDigit(peek(runes, at+2)) {
		return 0, at, false
	}
	if peek(runes, at+2) == '-' {
		return signedAt(runes, at+2, true)
	}
	return raisedAt(runes, at+2)
}

// raisedAt reads ^12, ^-6, ⁻⁶.
func raisedAt(runes []rune, at int) (exp, end int, ok bool) {
	if peek(runes, at) == '^' {
		bracket := peek(runes, at+1) == '('
		if bracket {
			at++
		}
		exp, end, ok = signedAt(runes, at+1, true)
		if ok && bracket && peek(runes, end) == ')' {
			end++
		}
		return exp, end, ok
	}
	sign, start := 1, at
	if peek(runes, at) == '⁻' {
		sign, at = -1, at+1
	}
	for ; superscript(peek(runes, at)) >= 0 && exp < 100; at++ {
		exp = 10*exp + superscript(peek(runes, at))
	}
	return sign * exp, at, at > start && exp > 0 && exp <= 30
}

func signedAt(runes []rune, at int, signs bool) (exp, end int, ok bool) {
	sign := 1
	if r := peek(runes, at); signs && (r == '-' || r == '+') {
		if r == '-' {
			sign = -1
		}
		at++
	}
	start := at
	for ; isDigit(peek(runes, at)) && exp < 100; at++ {
		exp = 10*exp + int(runes[at]-'0')
	}
	return sign * exp, at, at > start && exp <= 30 && !isDigit(peek(runes, at))
}

// fractionAt reads a fraction such as 1/2 where words make clear that it is one.
func fractionAt(runes []rune, n *numeral) (value float64, end int, ok bool) {
	if !n.whole || n.mantissa < 1 || n.mantissa > 99 || peek(runes, n.end) != '/' || !isDigit(peek(runes, n.end+1)) {
		return 0, 0, false
	}
	under, at := digitsAt(runes, n.end+1)
	below, err := strconv.ParseFloat(under, 64)
	if err != nil || below <= n.mantissa || below > 100 {
		return 0, 0, false
	}
	for _, word := range []string{"处", "的", "以上", "以下", "左右"} {
		if hasAt(runes, at, word) {
			return n.mantissa / below, at, true
		}
	}
	return 0, 0, false
}

// magnified applies 多 and magnitudes behind Arabic digits: 20多万, 3千万. A unit
// that begins with such a word goes first: 5千克.
func magnified(runes []rune, n numeral) numeral {
	n = vagued(runes, n)
	at := n.end
	for peek(runes, at) == ' ' && hanScale[peek(runes, at+1)] >= 1e4 {
		at++
	}
	start := at
	for at-start < 3 {
		scale := hanScale[peek(runes, at)]
		if scale == 0 || scale == 10 && at == start {
			break
		}
		if a, end := atomAt(runes, at, false); a != nil && end > at+1 {
			break
		}
		if end, ok := partOfWord(runes, at); ok {
			at = end
			break
		}
		n.magnitude *= scale
		at++
	}
	if at > start && n.magnitude > 1 {
		n.end, n.value, n.whole = at, n.mantissa*n.magnitude, false
		return vagued(runes, n)
	}
	return worded(runes, n)
}

// englishScales are words that multiply the number before them.
var englishScales = []struct {
	word  string
	scale float64
}{{" hundred", 100}, {" thousand", 1e3}, {" million", 1e6}, {" billion", 1e9}}

// worded multiplies a number by the words behind it: 1.5 million.
func worded(runes []rune, n numeral) numeral {
	for _, s := range englishScales {
		if end := n.end + len(s.word); hasAt(runes, n.end, s.word) && !isLetter(peek(runes, end)) {
			n.magnitude *= s.scale
			n.end, n.value, n.whole = end, n.mantissa*n.magnitude, false
		}
	}
	return n
}

// partOfWord tells whether a scale is the beginning of another word: 千斤顶.
func partOfWord(runes []rune, at int) (int, bool) {
	for _, word := range []string{"千斤顶", "百叶", "万向", "万能", "万用", "千分尺", "百分表", "千分表"} {
		if hasAt(runes, at, word) {
			return at, true
		}
	}
	return at, false
}

func vagued(runes []rune, n numeral) numeral {
	switch peek(runes, n.end) {
	case '余', '多':
		if next := peek(runes, n.end+1); isHan(next) && next != '于' && next != '种' || next != 0 && peek(runes, n.end) == '余' || next == '种' && n.value >= 10 {
			n.vague = true
			n.end++
		}
	}
	return n
}
