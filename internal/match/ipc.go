package match

import "strings"

// NormaliseIPC writes a symbol, or the beginning of one, in the form
// "H01M 10/0525": upper case, one space before the main group, no leading
// zeros in it. A version in brackets, as in "H01M10/0525(2010.01)I", is dropped. It
// accepts the five levels of the scheme (section, class, subclass, main group,
// subgroup) and reports false for anything else. The scheme: WIPO Guide to the IPC.
func NormaliseIPC(s string) (string, bool) {
	if isNormal(s) { // as all are that were stored
		return s, true
	}
	s, _, _ = strings.Cut(s, "(")
	s = strings.ToUpper(strings.TrimSpace(s))
	if head, tail, ok := strings.Cut(s, " "); ok {
		s = head + " " + strings.ReplaceAll(tail, " ", "")
	}
	if isSubclass(s) {
		return s, true
	}
	if len(s) < 4 {
		return "", false
	}
	subclass, rest := s[:4], strings.TrimPrefix(s[4:], " ")
	group, subgroup, divided := strings.Cut(rest, "/")
	for len(group) > 1 && group[0] == '0' {
		group = group[1:]
	}
	if !isSubclass(subclass) || !isDigits(group, 4) || divided && !isDigits(subgroup, 6) {
		return "", false
	}
	if divided {
		return subclass + " " + group + "/" + subgroup, true
	}
	return subclass + " " + group, true
}

// isNormal tells whether s is a group in the form that NormaliseIPC gives.
func isNormal(s string) bool {
	if len(s) < 6 || s[4] != ' ' || !isSubclass(s[:4]) {
		return false
	}
	group, subgroup, divided := strings.Cut(s[5:], "/")
	return isDigits(group, 4) && (len(group) == 1 || group[0] != '0') && (!divided || isDigits(subgroup, 6))
}

// isSubclass tells whether s is a section, a class or a subclass: H, H01, H01M.
func isSubclass(s string) bool {
	switch len(s) {
	case 1, 3, 4:
		return 'A' <= s[0] && s[0] <= 'H' &&
			(len(s) == 1 || isDigits(s[1:3], 2)) &&
			(len(s) < 4 || 'A' <= s[3] && s[3] <= 'Z')
	}
	return false
}

// isDigits tells whether s has 1 to most bytes and all are ASCII digits.
func isDigits(s string, most int) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return 0 < len(s) && len(s) <= most
}
