package subword

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// normaliser gives a text the spelling that the vocabulary knows.
type normaliser func(string) string

func same(s string) string { return s }

// bertForm are the options of the BertNormalizer. StripAccents nil follows
// Lowercase.
type bertForm struct {
	CleanText          bool  `json:"clean_text"`
	HandleChineseChars bool  `json:"handle_chinese_chars"`
	StripAccents       *bool `json:"strip_accents"`
	Lowercase          bool  `json:"lowercase"`
}

func (b bertForm) normalise(s string) string {
	if b.CleanText || b.HandleChineseChars {
		s = b.cleaned(s)
	}
	strip := b.Lowercase
	if b.StripAccents != nil {
		strip = *b.StripAccents
	}
	if strip {
		s = stripNonspacing(form(norm.NFD)(s))
	}
	if b.Lowercase {
		s = lower(s)
	}
	return s
}

// cleaned drops control characters, turns white space into spaces and sets each
// Han character between spaces.
func (b bertForm) cleaned(s string) string {
	var out strings.Builder
	out.Grow(len(s) * 5 / 3)
	for _, r := range s {
		switch {
		case b.CleanText && (r == 0 || r == 0xFFFD || isControl(r)):
		case b.CleanText && unicode.IsSpace(r):
			out.WriteByte(' ')
		case b.HandleChineseChars && isHan(r):
			out.WriteByte(' ')
			out.WriteRune(r)
			out.WriteByte(' ')
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// isHan tells the blocks that BERT treats as Chinese. It begins the fifth at
// 2B920 where Unicode has 2B820, and so must we.
func isHan(r rune) bool {
	switch {
	case r < 0x3400:
		return false
	case r <= 0x4DBF, r >= 0x4E00 && r <= 0x9FFF, r >= 0xF900 && r <= 0xFAFF:
		return true
	case r < 0x20000:
		return false
	case r <= 0x2A6DF, r >= 0x2A700 && r <= 0x2B73F, r >= 0x2B740 && r <= 0x2B81F,
		r >= 0x2B920 && r <= 0x2CEAF, r >= 0x2F800 && r <= 0x2FA1F:
		return true
	}
	return false
}

// isControl tells what clean_text drops.
func isControl(r rune) bool {
	switch r {
	case '\t', '\n', '\r':
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co) && !unicode.Is(newControl8, r)
}

// isPunctuation tells what the BertPreTokenizer sets alone: all marks of ASCII,
// those that Unicode calls symbols included.
func isPunctuation(r rune) bool {
	if r < 0x80 {
		return r > ' ' && r != 0x7F && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	if unicode.IsPunct(r) {
		return !unicode.Is(newPunctuation8, r)
	}
	return unicode.Is(oldPunctuation8, r)
}

// stripNonspacing drops marks over and under letters.
func stripNonspacing(s string) string {
	return without(s, func(r rune) bool {
		return unicode.Is(unicode.Mn, r) && !unicode.Is(newNonspacing8, r) || unicode.Is(oldNonspacing8, r)
	})
}
