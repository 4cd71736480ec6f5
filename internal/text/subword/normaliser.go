package subword

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// newNormaliser reads a normalizer.
func newNormaliser(raw json.RawMessage) (normaliser, error) {
	if absent(raw) {
		return same, nil
	}
	switch kind := kindOf(raw); kind {
	case "BertNormalizer":
		return newBert(raw)
	case "NFC":
		return form(norm.NFC), bare(raw)
	case "NFD":
		return form(norm.NFD), bare(raw)
	case "NFKC":
		return form(norm.NFKC), bare(raw)
	case "NFKD":
		return form(norm.NFKD), bare(raw)
	case "Lowercase":
		return lower, bare(raw)
	case "StripAccents":
		return stripAccents, bare(raw)
	case "Nmt":
		return nmt, bare(raw)
	case "ByteLevel":
		return nameBytes, bare(raw)
	case "Strip":
		return newStrip(raw)
	case "Prepend":
		return newPrepend(raw)
	case "Replace":
		return newReplace(raw)
	case "Precompiled":
		return newPrecompiled(raw)
	case "Sequence":
		return newNormalisers(raw)
	default:
		return nil, unknownKind("normalizer", kind)
	}
}

func newNormalisers(raw json.RawMessage) (normaliser, error) {
	var form struct {
		Type string            `json:"type"`
		All  []json.RawMessage `json:"normalizers"`
	}
	if err := strict(raw, &form); err != nil {
		return nil, err
	}
	var all []normaliser
	for _, raw := range form.All {
		n, err := newNormaliser(raw)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return func(s string) string {
		for _, n := range all {
			s = n(s)
		}
		return s
	}, nil
}

func newBert(raw json.RawMessage) (normaliser, error) {
	form := struct {
		Type string `json:"type"`
		bertForm
	}{bertForm: bertForm{CleanText: true, HandleChineseChars: true, Lowercase: true}}
	err := strict(raw, &form)
	return form.normalise, err
}

// stripAccents drops marks, where they are characters of their own.
func stripAccents(s string) string {
	return without(s, func(r rune) bool {
		return unicode.IsMark(r) && !unicode.Is(newMark9, r) || unicode.Is(oldMark9, r)
	})
}

func without(s string, is func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if is(r) {
			return -1
		}
		return r
	}, s)
}

// form is a normal form of Unicode 9: newer characters stay, and part what
// stands on their two sides.
func form(f norm.Form) normaliser {
	return func(s string) string {
		at := strings.IndexFunc(s, isNewForm)
		if at < 0 {
			return f.String(s)
		}
		var b strings.Builder
		for at >= 0 {
			_, n := utf8.DecodeRuneInString(s[at:])
			b.WriteString(f.String(s[:at]))
			b.WriteString(s[at : at+n])
			s = s[at+n:]
			at = strings.IndexFunc(s, isNewForm)
		}
		b.WriteString(f.String(s))
		return b.String()
	}
}

func isNewForm(r rune) bool { return r >= 0x700 && unicode.Is(newForm9, r) }

// lower maps each code point by itself: no final sigma, and U+0130 becomes two.
func lower(s string) string {
	if strings.ContainsRune(s, 'İ') {
		s = strings.ReplaceAll(s, "İ", "i\u0307")
	}
	return strings.Map(lowerRune, s)
}

// newLower are small letters of capitals that are newer than Go's tables.
var newLower = map[rune]rune{
	0x1C89: 0x1C8A, 0xA7CB: 0x0264, 0xA7CC: 0xA7CD, 0xA7CE: 0xA7CF, 0xA7D2: 0xA7D3, 0xA7D4: 0xA7D5, 0xA7DA: 0xA7DB, 0xA7DC: 0x019B,
}

func lowerRune(r rune) rune {
	switch {
	case r < 0x1C89:
		return unicode.ToLower(r)
	case r >= 0x10D50 && r <= 0x10D65:
		return r + 0x20
	case r >= 0x16EA0 && r <= 0x16EB8:
		return r + 0x1B
	}
	if small, ok := newLower[r]; ok {
		return small
	}
	return unicode.ToLower(r)
}

// nmt drops control characters and turns what separates into spaces, as
// sentencepiece does for translation.
func nmt(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0x01 && r <= 0x08, r == 0x0B, r >= 0x0E && r <= 0x1F, r == 0x7F, r == 0x8F, r == 0x9F:
			return -1
		case r == 0x09, r == 0x0A, r == 0x0C, r == 0x0D, r == 0x1680, r >= 0x200B && r <= 0x200F,
			r == 0x2028, r == 0x2029, r == 0x2581, r == 0xFEFF, r == 0xFFFD:
			return ' '
		}
		return r
	}, s)
}

func newStrip(raw json.RawMessage) (normaliser, error) {
	var form struct {
		Type  string `json:"type"`
		Left  bool   `json:"strip_left"`
		Right bool   `json:"strip_right"`
	}
	if err := strict(raw, &form); err != nil {
		return nil, err
	}
	return func(s string) string {
		if form.Left {
			s = strings.TrimLeftFunc(s, unicode.IsSpace)
		}
		if form.Right {
			s = strings.TrimRightFunc(s, unicode.IsSpace)
		}
		return s
	}, nil
}

func newPrepend(raw json.RawMessage) (normaliser, error) {
	var form struct {
		Type    string `json:"type"`
		Prepend string `json:"prepend"`
	}
	if err := strict(raw, &form); err != nil {
		return nil, err
	}
	return func(s string) string {
		if s == "" {
			return s
		}
		return form.Prepend + s
	}, nil
}

func newReplace(raw json.RawMessage) (normaliser, error) {
	var form struct {
		Type    string      `json:"type"`
		Pattern patternForm `json:"pattern"`
		Content string      `json:"content"`
	}
	if err := strict(raw, &form); err != nil {
		return nil, err
	}
	p, err := form.Pattern.pattern()
	if err != nil {
		return nil, err
	}
	return func(s string) string {
		var b strings.Builder
		for _, part := range p.parts(s) {
			if part.hit {
				b.WriteString(form.Content)
			} else {
				b.WriteString(s[part.from:part.to])
			}
		}
		return b.String()
	}, nil
}
