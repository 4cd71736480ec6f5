package quantity

import "slices"

// approximateAt reads two neighbouring digits that stand for what lies between them:
// 三四 is 3 to 4, 三十五六 35 to 36, 七八百 700 to 800. Both ends are found by reading
// the numeral with one of the two left out.
func approximateAt(runes []rune, i int) (low, high numeral) {
	at := i
	for at < i+4 && hanScale[peek(runes, at)] > 0 || at < i+4 && isUnitDigit(peek(runes, at)) && !isUnitDigit(peek(runes, at+1)) {
		at++
	}
	a, b := peek(runes, at), peek(runes, at+1)
	if !isUnitDigit(a) || !isUnitDigit(b) || hanDigits[b]-hanDigits[a] != 1 || hanDigits[peek(runes, at+2)] != 0 && hanScale[peek(runes, at+2)] == 0 {
		return numeral{}, numeral{}
	}
	window := runes[i:min(len(runes), i+16)]
	low = hanInteger(slices.Delete(slices.Clone(window), at-i+1, at-i+2), 0)
	high = hanInteger(slices.Delete(slices.Clone(window), at-i, at-i+1), 0)
	if !low.found() || low.end != high.end || low.value >= high.value {
		return numeral{}, numeral{}
	}
	low.end, high.end = i+low.end+1, i+high.end+1
	return low, high
}

// isUnitDigit tells whether r is a Chinese numeral of one to nine.
func isUnitDigit(r rune) bool { return hanDigits[r] > 1 && hanDigits[r] < 100 }
