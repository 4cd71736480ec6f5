package report

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// columns is how many columns of a terminal text takes: two for a wide or
// fullwidth character, none for a combining mark.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n += columnsOf(r)
	}
	return n
}

func columnsOf(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// clip cuts text to at most n columns, the last of them an ellipsis if anything
// was cut.
func clip(text string, n int) string {
	if columns(text) <= n {
		return text
	}
	var b strings.Builder
	used := 0
	for _, r := range text {
		if used+columnsOf(r) > n-1 {
			break
		}
		used += columnsOf(r)
		b.WriteRune(r)
	}
	return b.String() + "…"
}

func clipped(p phrase, n int) phrase { return phrase{clip(p.zh, n), clip(p.en, n)} }

// pad fills text with spaces to n columns, on the left when right is set.
func pad(text string, n int, right bool) string {
	gap := strings.Repeat(" ", max(n-columns(text), 0))
	if right {
		return gap + text
	}
	return text + gap
}

// visible replaces what a terminal would obey, or what would change the direction
// of the line, by a replacement character.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
