package quantity

// hanDigits are the Chinese numerals, with 1 added, so that 0 is no numeral; scales
// are in it as 100.
var hanDigits = map[rune]int{
	'零': 1, '〇': 1, '一': 2, '二': 3, '两': 3, '三': 4, '四': 5, '五': 6, '六': 7, '七': 8, '八': 9, '九': 10,
	'壹': 2, '贰': 3, '叁': 4, '肆': 5, '伍': 6, '陆': 7, '柒': 8, '捌': 9, '玖': 10,
	'十': 100, '百': 100, '千': 100, '万': 100, '亿': 100, '拾': 100, '佰': 100, '仟': 100, '萬': 100, '億': 100,
}

var hanScale = map[rune]float64{
	'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000, '万': 1e4, '萬': 1e4, '亿': 1e8, '億': 1e8,
}

// hanAt reads a number in Chinese numerals: 三百二十, 三点五, 百分之三十, 半.
func hanAt(runes []rune, i int) numeral {
	if peek(runes, i) == '半' {
		return numeral{value: .5, mantissa: .5, magnitude: 1, end: i + 1, han: true, fraction: true}
	}
	for word, unit := range hanParts {
		if hasAt(runes, i, word) {
			n := numberAt(runes, i+len([]rune(word)))
			if !n.found() || n.fraction {
				return numeral{}
			}
			n.unit, n.han = units[unit].unit, false
			return n
		}
	}
	n := hanInteger(runes, i)
	if !n.found() {
		return n
	}
	if hasAt(runes, n.end, "分之") {
		over := numberAt(runes, n.end+2)
		if !over.found() || n.value == 0 || over.value >= n.value {
			return numeral{}
		}
		return numeral{value: over.value / n.value, mantissa: over.value / n.value, magnitude: 1, end: over.end, han: true, fraction: true, unit: one}
	}
	if peek(runes, n.end) == '点' {
		if value, end, ok := hanDecimals(runes, n.end+1); ok && n.value < 1e4 {
			n.value, n.mantissa, n.end = n.value+value, n.value+value, end
			if scale := hanScale[peek(runes, end)]; scale >= 1e4 {
				n.value, n.magnitude, n.end = n.value*scale, scale, end+1
			}
		}
	}
	return vagued(runes, n)
}

var hanParts = map[string]string{"百分之": "%", "千分之": "‰"}

// hanInteger reads 一万二千三百. Digits in a row without scales (二〇一九, 五六) are
// no number, and neither is a scale of ten thousand without a digit (万能). A digit
// right behind a scale counts tenths of it: 一万五 is 15000, 一万零五 10005.
func hanInteger(runes []rune, i int) numeral {
	var total, section, digit float64
	pending, scaled := false, false
	last := 1e9 // scale read last in the section
	at := i
loop:
	for ; at < len(runes) && at < i+24; at++ {
		d := hanDigits[runes[at]]
		switch {
		case d == 0:
			break loop
		case d < 100:
			if pending && digit != 0 {
				return numeral{} // two digits in a row
			}
			digit, pending = float64(d-1), true
		default:
			scale := hanScale[runes[at]]
			if scale >= 1e4 {
				if section+digit == 0 || scale == 1e4 && total >= 1e4 && total < 1e8 {
					break loop
				}
				total = (total + section + digit) * scale
				section, digit, pending, last = 0, 0, false, 1e9
			} else {
				if scale >= last {
					break loop
				}
				if !pending {
					digit = 1
				}
				section += digit * scale
				digit, pending, last = 0, false, scale
			}
			scaled = true
		}
	}
	if scale := hanScale[peek(runes, at-2)]; pending && scale >= 100 && at-2 > i {
		digit *= scale / 10
	}
	value := total + section + digit
	if at == i || value == 0 && peek(runes, at) != '点' {
		return numeral{}
	}
	if hanDigits[peek(runes, at)] != 0 && !scaled {
		return numeral{}
	}
	if more := peek(runes, at); (more == '余' || more == '多') && hanScale[peek(runes, at+1)] >= 1e4 { // 三十多万
		scale := hanScale[peek(runes, at+1)]
		return numeral{value: value * scale, mantissa: value, magnitude: scale, end: at + 2, han: true, vague: true}
	}
	return numeral{value: value, mantissa: value, magnitude: 1, end: at, han: true}
}

// hanDecimals reads the digits behind 点.
func hanDecimals(runes []rune, at int) (value float64, end int, ok bool) {
	place := .1
	start := at
	for ; at < start+maxDigits; at++ {
		d := hanDigits[peek(runes, at)]
		if d == 0 || d == 100 {
			break
		}
		value += place * float64(d-1)
		place /= 10
	}
	return value, at, at > start
}
