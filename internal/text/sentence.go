package text

import "unicode"

// Range is a part of a text, in code points; End is the first one after it.
type Range struct{ Start, End int }

// MaxSentence is the number of code points after which a sentence is cut at the
// next comma, and at twice as many anywhere.
const MaxSentence = 160

// Sentences returns the sentences of s in order, without the white space around
// them. It cuts after 。！？；!?; and at line ends, after a full stop that is
// followed by a blank, and inside what is too long to be read as one.
func Sentences(s string) []Range {
	runes := []rune(s)
	var out []Range
	start := 0
	for i, r := range runes {
		if ends(runes, i, r) || tooLong(r, i+1-start) {
			out = appendTrimmed(out, runes, start, i+1)
			start = i + 1
		}
	}
	return appendTrimmed(out, runes, start, len(runes))
}

func ends(runes []rune, i int, r rune) bool {
	switch r {
	case '。', '！', '？', '；', '!', '?', ';', '\n':
		return true
	case '.':
		return i+1 < len(runes) && unicode.IsSpace(runes[i+1]) && (i == 0 || !unicode.IsDigit(runes[i-1]) || i+2 < len(runes) && !unicode.IsDigit(runes[i+2]))
	}
	return false
}

func tooLong(r rune, length int) bool {
	return length >= 2*MaxSentence || length >= MaxSentence && (r == '，' || r == ',' || r == '、' || r == ' ')
}

func appendTrimmed(out []Range, runes []rune, start, end int) []Range {
	for start < end && unicode.IsSpace(runes[start]) {
		start++
	}
	for end > start && unicode.IsSpace(runes[end-1]) {
		end--
	}
	for i := start; i < end; i++ {
		if classOf(runes[i]) != other {
			return append(out, Range{start, end})
		}
	}
	return out
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
