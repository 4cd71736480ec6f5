package text

import (
	"unicode"
	"unicode/utf8"
)

// Fold maps a code point to the form that is compared: full-width forms become
// ASCII, letters lower case, and all white space a blank. It maps one code point
// to one, so offsets stay right.
func Fold(r rune) rune {
	switch {
	case r < unicode.MaxASCII:
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		if r == '\t' || r == '\n' || r == '\r' || r == '\v' || r == '\f' {
			return ' '
		}
		return r
	case isCommon(r): // most of a Chinese text: no table need be searched
		return r
	case 0xFF01 <= r && r <= 0xFF5E: // full-width ASCII
		return Fold(r - 0xFF01 + '!')
	case r == 0x3000:
		return ' '
	case unicode.IsSpace(r):
		return ' '
	}
	return unicode.ToLower(r)
}

// Folded returns the folded code points of s, one for each of s.
func Folded(s string) []rune {
	return appendFolded(make([]rune, 0, len(s)), s)
}

func appendFolded(out []rune, s string) []rune {
	for len(s) > 0 {
		if len(s) >= 3 && s[0]-0xE4 < 6 && s[1]&0xC0 == 0x80 && s[2]&0xC0 == 0x80 { // U+4000 to U+9FFF, as they are
			out = append(out, rune(s[0]&0xF)<<12|rune(s[1]&0x3F)<<6|rune(s[2]&0x3F))
			s = s[3:]
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		out, s = append(out, Fold(r)), s[size:]
	}
	return out
}

// isCommon tells whether r is in the block of the CJK Unified Ideographs.
func isCommon(r rune) bool { return 0x4E00 <= r && r <= 0x9FFF }

type class uint8

const (
	other class = iota // punctuation, blanks, symbols
	ideograph
	word // letters and digits of scripts that are written in words
)

func classOf(r rune) class {
	if isCommon(r) {
		return ideograph
	}
	if r < 0x80 {
		return classesOfASCII[r]
	}
	return classOfOther(r)
}

// classesOfASCII are those of single bytes.
var classesOfASCII = func() (out [0x80]class) {
	for r := range out {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' {
			out[r] = word
		}
	}
	return out
}()

func classOfOther(r rune) class {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
		return ideograph
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
		return word
	}
	return other
}
