package text

import (
	"unicode"
	"unicode/utf8"
)

// minClause is the number of letters and digits below which a piece stays with the
// one behind it: 首先，其中。
const minClause = 4

// Clauses returns the clauses of s in order, without the white space around them: its
// sentences, cut after commas and colons as well. A comma between digits, or behind a
// piece too short to say anything, cuts nothing.
func Clauses(s string) []Range {
	var out []Range
	EachClause(s, func(_ string, at Range) bool {
		out = append(out, at)
		return true
	})
	return out
}

// EachClause calls visit with the clauses of s and their places, as Clauses returns
// them, until visit returns false.
func EachClause(s string, visit func(clause string, at Range) bool) {
	EachSentence(s, func(sentence string, at Range) bool {
		start, from := 0, at.Start // of the clause, in bytes of the sentence and in code points
		before := rune(-1)
		for i, n := 0, at.Start; i < len(sentence); n++ {
			r, size := utf8.DecodeRuneInString(sentence[i:])
			if cutsClause(before, r, sentence[i+size:]) && telling(sentence[start:i]) {
				if !visitTrimmed(sentence[start:i+size], Range{from, n + 1}, visit) {
					return false
				}
				start, from = i+size, n+1
			}
			i += size
			before = r
		}
		return visitTrimmed(sentence[start:], Range{from, at.End}, visit)
	})
}

// cutsClause tells whether r, between before and behind, cuts a sentence.
func cutsClause(before, r rune, behind string) bool {
	switch r {
	case '，', '：':
		return true
	case ',', ':':
		next, _ := utf8.DecodeRuneInString(behind)
		return !unicode.IsDigit(next) || !unicode.IsDigit(before)
	}
	return false
}

func telling(piece string) bool {
	n := 0
	for _, r := range piece {
		if classOf(r) != other {
			if n++; n >= minClause {
				return true
			}
		}
	}
	return false
}
