package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Range is a part of a text, in code points; End is the first one after it.
type Range struct{ Start, End int }

// MaxSentence is the number of code points after which a sentence is cut at the
// next comma, and at twice as many anywhere.
const MaxSentence = 160

// Sentences returns the sentences of s in order, without the white space around
// them. It cuts after 。！？；!?; and at line ends, after a full stop that is
// followed by a blank, and inside what is too long to be read as one.
func Sentences(s string) []Range {
	var out []Range
	EachSentence(s, func(_ string, at Range) bool {
		out = append(out, at)
		return true
	})
	return out
}

// EachSentence calls visit with the sentences of s and their places, as Sentences
// returns them, until visit returns false.
func EachSentence(s string, visit func(sentence string, at Range) bool) {
	start, from := 0, 0 // of the sentence, in bytes and in code points
	before := rune(-1)
	for i, n := 0, 0; i < len(s); n++ {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if ends(before, r, s[i:]) || tooLong(r, n+1-from) {
			if !visitTrimmed(s[start:i], Range{from, n + 1}, visit) {
				return
			}
			start, from = i, n+1
		}
		before = r
	}
	if start < len(s) {
		visitTrimmed(s[start:], Range{from, from + utf8.RuneCountInString(s[start:])}, visit)
	}
}

// ends tells whether a sentence ends with r; before is the code point before it, -1 for
// none, and behind the text behind it.
func ends(before, r rune, behind string) bool {
	switch r {
	case '。', '！', '？', '；', '!', '?', ';', '\n':
		return true
	case '.':
		blank, size := utf8.DecodeRuneInString(behind)
		if !unicode.IsSpace(blank) || !unicode.IsDigit(before) {
			return unicode.IsSpace(blank)
		}
		next, size := utf8.DecodeRuneInString(behind[size:])
		return size > 0 && !unicode.IsDigit(next)
	}
	return false
}

func tooLong(r rune, length int) bool {
	return length >= 2*MaxSentence || length >= MaxSentence && (r == '，' || r == ',' || r == '、' || r == ' ')
}

// visitTrimmed calls visit with a part of a text, without the white space around it,
// where it has a letter or a digit. It returns false where visit does.
func visitTrimmed(part string, at Range, visit func(string, Range) bool) bool {
	left := strings.TrimLeftFunc(part, unicode.IsSpace)
	at.Start += utf8.RuneCountInString(part[:len(part)-len(left)])
	part = strings.TrimRightFunc(left, unicode.IsSpace)
	at.End -= utf8.RuneCountInString(left[len(part):])
	if !strings.ContainsFunc(part, func(r rune) bool { return classOf(r) != other }) {
		return true
	}
	return visit(part, at)
}

// Slice returns the part of s that r names.
func Slice(s string, r Range) string {
	at, from, to := 0, len(s), len(s)
	for i := range s {
		if at == r.Start {
			from = i
		}
		if at == r.End {
			to = i
			break
		}
		at++
	}
	if from > to {
		return ""
	}
	return s[from:to]
}
