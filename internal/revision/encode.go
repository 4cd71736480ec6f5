package revision

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/match"
)

// appendPatent appends what encoding/json makes of a patent, byte for byte, in a fraction
// of the time. It reports false for text that is not UTF-8, which encoding/json mends, and
// for a rating that JSON has no form for; what it appended is of no use then.
func appendPatent(out []byte, p *match.Patent) ([]byte, bool) {
	from := len(out)
	out = appendText(append(out, `{"number":`...), p.Number)
	out = appendText(append(out, `,"title":`...), p.Title)
	out = appendText(append(out, `,"abstract":`...), p.Abstract)
	out = appendOptional(out, `,"claims":`, p.Claims)
	out = appendList(out, `,"applicants":`, p.Applicants, appendApplicant)
	out = appendOptional(out, `,"region":`, p.Region)
	out = appendList(out, `,"ipc":`, p.IPC, appendText)
	out = appendOptional(out, `,"sector":`, p.Sector)
	out = appendOptional(out, `,"filing_date":`, string(p.FilingDate))
	out = appendOptional(out, `,"publication_date":`, string(p.PublicationDate))
	out = appendOptional(out, `,"grant_date":`, string(p.GrantDate))
	out = appendOptional(out, `,"expiry_date":`, string(p.ExpiryDate))
	out = appendOptional(out, `,"legal_status":`, string(p.LegalStatus))
	out = appendOptional(out, `,"family":`, p.Family)
	out = appendList(out, `,"transfer_modes":`, p.TransferModes, func(out []byte, m match.TransferMode) []byte { return appendText(out, string(m)) })
	if p.Fee != nil {
		out = strconv.AppendInt(append(out, `,"fee":{"min_cny":`...), p.Fee.Min, 10)
		out = append(strconv.AppendInt(append(out, `,"max_cny":`...), p.Fee.Max, 10), '}')
	}
	out = appendOptional(out, `,"tier":`, p.Tier)
	out = appendList(out, `,"pools":`, p.Pools, appendText)
	out = appendCount(out, `,"readiness":`, p.Readiness)
	out = appendCount(out, `,"self_rating":`, p.SelfRating)
	if p.Rating != nil {
		rating, err := json.Marshal(p.Rating)
		if err != nil {
			return out, false
		}
		out = append(append(out, `,"rating":`...), rating...)
	}
	out = append(appendAttributes(out, p.Attributes), '}')
	return out, utf8.Valid(out[from:])
}

func appendApplicant(out []byte, a match.Applicant) []byte {
	out = appendText(append(out, `{"name":`...), a.Name)
	return append(appendOptional(out, `,"kind":`, string(a.Kind)), '}')
}

func appendOptional(out []byte, name, value string) []byte {
	if value == "" {
		return out
	}
	return appendText(append(out, name...), value)
}

func appendCount(out []byte, name string, n int) []byte {
	if n == 0 {
		return out
	}
	return strconv.AppendInt(append(out, name...), int64(n), 10)
}

func appendList[T any](out []byte, name string, list []T, entry func([]byte, T) []byte) []byte {
	if len(list) == 0 {
		return out
	}
	out = append(out, name...)
	for i, v := range list {
		separator := byte(',')
		if i == 0 {
			separator = '['
		}
		out = entry(append(out, separator), v)
	}
	return append(out, ']')
}

func appendAttributes(out []byte, attributes map[string]string) []byte {
	if len(attributes) == 0 {
		return out
	}
	separator := `,"attributes":{`
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		out = append(appendText(append(out, separator...), name), ':')
		out = appendText(out, attributes[name])
		separator = ","
	}
	return append(out, '}')
}

// plain tells which bytes stand for themselves in a string: not those that JSON or HTML
// gives a meaning, and not the first one of the line separators U+2028 and U+2029.
var plain = func() (out [256]bool) {
	for b := ' '; b < 256; b++ {
		out[b] = true
	}
	for _, b := range []byte("\"\\<>&\xe2") {
		out[b] = false
	}
	return out
}()

// appendText appends a string. Text that is not UTF-8 is not mended.
func appendText(out []byte, s string) []byte {
	out = append(out, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		if plain[s[i]] {
			continue
		}
		escape := escaped(s[i:])
		if escape == "" {
			continue
		}
		out = append(append(out, s[from:i]...), escape...)
		if s[i] == 0xE2 {
			i += 2
		}
		from = i + 1
	}
	return append(append(out, s[from:]...), '"')
}

// escaped is what stands for the first character of s, which is not empty; "" where that
// stands for itself.
func escaped(s string) string {
	if s[0] != 0xE2 {
		return escapes[s[0]]
	}
	if len(s) > 2 && s[1] == 0x80 {
		switch s[2] {
		case 0xA8:
			return `\u2028`
		case 0xA9:
			return `\u2029`
		}
	}
	return ""
}

// escapes are those of encoding/json, by byte.
var escapes = func() (out [256]string) {
	for b, isPlain := range plain {
		if !isPlain && b != 0xE2 {
			quoted, err := json.Marshal(string(rune(b)))
			if err != nil {
				panic("revision: " + err.Error()) // JSON has a form for every character
			}
			out[b] = string(quoted[1 : len(quoted)-1])
		}
	}
	return out
}()
