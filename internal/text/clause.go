package text

import "unicode"

// minClause is the number of letters and digits below which a piece stays with the
// one behind it: 首先，其中。
const minClause = 4

// Clauses returns the clauses of s in order, without the white space around them: its
// sentences, cut after commas and colons as well. A comma between digits, or behind a
// piece too short to say anything, cuts nothing.
func Clauses(s string) []Range {
	runes := []rune(s)
	var out []Range
	for _, at := range Sentences(s) {
		start := at.Start
		for i := at.Start; i < at.End; i++ {
			if cutsClause(runes, i) && telling(runes[start:i]) {
				out = appendTrimmed(out, runes, start, i+1)
				start = i + 1
			}
		}
		out = appendTrimmed(out, runes, start, at.End)
	}
	return out
}

func cutsClause(runes []rune, i int) bool {
	switch runes[i] {
	case '，', '：':
		return true
	case ',', ':':
		return i+1 == len(runes) || !unicode.IsDigit(runes[i+1]) || i == 0 || !unicode.IsDigit(runes[i-1])
	}
	return false
}

func telling(runes []rune) bool {
	n := 0
	for _, r := range runes {
		if classOf(r) != other {
			if n++; n >= minClause {
				return true
			}
		}
	}
	return false
}
