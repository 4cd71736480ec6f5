package verdict

import (
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/text"
)

// lexicon is a set of words by their first code point, longest first. They are compared
// with folded text.
type lexicon map[rune][][]rune

// words makes a lexicon of words apart by white space; _ is a blank.
func words(list string) lexicon {
	var all []string
	for _, w := range strings.Fields(list) {
		all = append(all, strings.ReplaceAll(w, "_", " "))
	}
	return lexiconOf(all)
}

func lexiconOf(all []string) lexicon {
	out := lexicon{}
	for _, w := range all {
		runes := text.Folded(w)
		out[runes[0]] = append(out[runes[0]], runes)
	}
	for _, same := range out {
		slices.SortStableFunc(same, func(a, b []rune) int { return len(b) - len(a) })
	}
	return out
}

// at gives the length of the longest word at runes[i]; 0 is none. Latin words must
// stand alone.
func (l lexicon) at(runes []rune, i int) int {
	for _, w := range l[runes[i]] {
		if i+len(w) > len(runes) || !slices.Equal(runes[i:i+len(w)], w) {
			continue
		}
		if isLatin(w[0]) && (i > 0 && isLatin(runes[i-1]) || i+len(w) < len(runes) && isLatin(runes[i+len(w)])) {
			continue
		}
		return len(w)
	}
	return 0
}

// first gives the first word in runes; empty is none.
func (l lexicon) first(runes []rune) string {
	for i := range runes {
		if n := l.at(runes, i); n > 0 {
			return string(runes[i : i+n])
		}
	}
	return ""
}

// within tells whether any word stands in runes.
func (l lexicon) within(runes []rune) bool {
	for i := range runes {
		if l.at(runes, i) > 0 {
			return true
		}
	}
	return false
}

// blanked puts a blank for each of its words in runes, and tells whether there was any.
func (l lexicon) blanked(runes []rune) (out []rune, found bool) {
	out = make([]rune, 0, len(runes))
	for i := 0; i < len(runes); {
		if n := l.at(runes, i); n > 0 {
			out, found = append(out, ' '), true
			i += n
			continue
		}
		out = append(out, runes[i])
		i++
	}
	return out, found
}

func isLatin(r rune) bool { return 'a' <= r && r <= 'z' }
