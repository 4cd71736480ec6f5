package intake

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/text"
)

// folded gives the code points of s as they are compared: one for each of s.
func folded(s string) []rune { return text.Folded(s) }

// lexicon is words by their first code point, longer ones first.
type lexicon map[rune][]string

func lexiconOf(words ...string) lexicon {
	out := lexicon{}
	for _, word := range words {
		r, _ := utf8.DecodeRuneInString(word)
		out[r] = append(out[r], word)
	}
	for _, same := range out {
		slices.SortStableFunc(same, func(a, b string) int { return len(b) - len(a) })
	}
	return out
}

func lexiconFrom(list string) lexicon { return lexiconOf(strings.Fields(list)...) }

// at gives the length, in code points, of the longest word at runes[i]; 0 is none.
func (l lexicon) at(runes []rune, i int) int {
	if i < 0 || i >= len(runes) {
		return 0
	}
	for _, word := range l[runes[i]] {
		if hasAt(runes, i, word) {
			return utf8.RuneCountInString(word)
		}
	}
	return 0
}

// hasAt tells whether word stands at runes[i].
func hasAt(runes []rune, i int, word string) bool {
	for _, r := range word {
		if i >= len(runes) || runes[i] != r {
			return false
		}
		i++
	}
	return true
}

func isHan(r rune) bool { return 0x4E00 <= r && r <= 0x9FFF }

func isLatin(r rune) bool { return 'a' <= r && r <= 'z' }

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
