package quantity

import (
	"slices"
	"unicode/utf8"
)

// peek gives runes[i], and 0 outside.
func peek(runes []rune, i int) rune {
	if i < 0 || i >= len(runes) {
		return 0
	}
	return runes[i]
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// isLetter tells whether r is one of the Latin letters that names and models are made of.
func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }

func isHan(r rune) bool { return 0x4E00 <= r && r <= 0x9FFF }

// superscript gives the digit that r shows raised, and -1 for none.
func superscript(r rune) int {
	switch {
	case r == '¹':
		return 1
	case r == '²':
		return 2
	case r == '³':
		return 3
	case r == '⁰':
		return 0
	case '⁴' <= r && r <= '⁹':
		return int(r-'⁴') + 4
	}
	return -1
}

// hasAt tells whether word stands at runes[i].
func hasAt(runes []rune, i int, word string) bool {
	for _, r := range word {
		if i < 0 || i >= len(runes) || runes[i] != r {
			return false
		}
		i++
	}
	return true
}

// hasBefore tells whether word ends before runes[i]; start is where it begins.
func hasBefore(runes []rune, i int, word string) (start int, ok bool) {
	n := 0
	for range word {
		n++
	}
	return i - n, i >= n && hasAt(runes, i-n, word)
}

// words are words by their first code point, longer ones first.
type words map[rune][]string

func wordsOf(list ...string) words {
	out := words{}
	for _, word := range list {
		r := []rune(word)[0]
		out[r] = append(out[r], word)
	}
	for _, same := range out {
		slices.SortStableFunc(same, func(a, b string) int { return len(b) - len(a) })
	}
	return out
}

// at gives the length, in code points, of the longest word at runes[i]; 0 is none.
func (w words) at(runes []rune, i int) int {
	for _, word := range w[peek(runes, i)] {
		if hasAt(runes, i, word) {
			return utf8.RuneCountInString(word)
		}
	}
	return 0
}
