package match

import (
	"regexp"
	"strings"
	"unicode"
)

// numberForm is a publication or application number: the office's code, the number, and what
// may stand behind: the check digit of an application after a dot, and the kind code.
var numberForm = regexp.MustCompile(`^(CN|ZL|US|EP|WO|JP|KR|TW|HK|DE|GB|FR|IT|ES|NL|SE|CH|CA|AU|RU|IN)(\d{6,13})(\.[\dX])?\.?([A-Z]\d?)?$`)

// NormaliseNumber writes a patent's number in the form in which it is stored and looked up,
// so that one patent has one record however a table spells it: in half width and upper case,
// without blanks, hyphens and slashes, and without a dot before the kind code.
//
//	cn 2021-10312047.b  ＣＮ202110312047B  ZL202110312047.B   CN202110312047B
//	ZL 2021 1 0312047.5                                       CN202110312047.5
//
// ZL is what a granted Chinese patent has before its application number, and becomes the
// office's code, CN. The dot before the check digit (0–9 or X) of an application number stays,
// and an application number and a publication number are never the same. What does not have
// the form of a number, such as a catalog's own id, stays as it is.
func NormaliseNumber(s string) string {
	if isNormalNumber(s) {
		return s
	}
	m := numberForm.FindStringSubmatch(strings.Map(numberRune, s))
	if m == nil {
		return s
	}
	if m[1] == "ZL" {
		m[1] = "CN"
	}
	return strings.Join(m[1:], "")
}

// isNormalNumber tells of most numbers that they are in their form, without the form.
func isNormalNumber(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return !strings.HasPrefix(s, "ZL")
}

// numberRune is a character of a number in half width and upper case, or −1 for one that only
// divides the number.
func numberRune(r rune) rune {
	if r >= '！' && r <= '～' { // the block of full-width forms is that of ASCII
		r -= '！' - '!'
	}
	switch {
	case unicode.IsSpace(r), strings.ContainsRune("-‐‑–—−/\ufeff\u200b", r):
		return -1
	case r < unicode.MaxASCII:
		return unicode.ToUpper(r)
	}
	return r
}

// RefOf names a record by an id as it may be written; see NormaliseNumber.
func RefOf(tenant string, kind Kind, id string) Ref {
	if kind == PatentKind {
		id = NormaliseNumber(id)
	}
	return Ref{Tenant: tenant, Kind: kind, ID: id}
}
