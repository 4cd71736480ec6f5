package match

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of a record, in bytes of UTF-8 unless said otherwise. They keep one
// record from harming the others; real records are far below them.
const (
	maxID         = 128
	maxTitle      = 4 << 10
	maxBody       = 1 << 20
	maxClaims     = 4 << 20
	maxName       = 512
	maxList       = 100 // entries
	maxAttributes = 100 // entries
	maxAttribute  = 16 << 10
)

func validText(field, s string, limit int) error {
	switch {
	case len(s) > limit:
		return Invalidf(field, "is %d bytes long, at most %d are allowed", len(s), limit)
	case !utf8.ValidString(s):
		return Invalidf(field, "is not valid UTF-8")
	case strings.ContainsRune(s, 0):
		return Invalidf(field, "contains a NUL character")
	}
	return nil
}

func required(field, s string, limit int) error {
	if strings.TrimSpace(s) == "" {
		return Invalidf(field, "is empty")
	}
	return validText(field, s, limit)
}

func validID(field, s string) error {
	if err := required(field, s, maxID); err != nil {
		return err
	}
	for _, r := range s {
		if r <= ' ' || r == 0x7f {
			return Invalidf(field, "%q contains white space or a control character", s)
		}
	}
	if shortenedForm.MatchString(s) {
		return Invalidf(field, "%q is a number that a spreadsheet has shortened, with its last digits lost: make the column text there and export it again", s)
	}
	return nil
}

// shortenedForm is how spreadsheets show long numbers in columns that are not text.
var shortenedForm = regexp.MustCompile(`^\d(\.\d+)?[eE]\+\d+$`)

func validNames(field string, names []string) error {
	if len(names) > maxList {
		return Invalidf(field, "has %d entries, at most %d are allowed", len(names), maxList)
	}
	return each(names, func(i int, s string) error {
		if required(field, s, maxName) == nil { // no name of an entry is made for nothing
			return nil
		}
		return required(at(field, i), s, maxName)
	})
}

var industryForm = regexp.MustCompile(`^[A-T](\d{2,4})?$`)

func validRegion(field, s string) error {
	if s == "" || isRegion(s) {
		return nil
	}
	return Invalidf(field, "%q is not a GB/T 2260 code of 2, 4 or 6 digits", s)
}

// NotRegion is the error of a value that is no region.
func NotRegion(field, s string) *Error {
	return Invalidf(field, "%q is not a region, or the name of several: give a GB/T 2260 code such as 44, or a name such as 浙江 or 朝阳市", s)
}

// NotIndustry is the error of a value that is no industry.
func NotIndustry(field, s string) *Error {
	return Invalidf(field, "%q is not an industry: give a GB/T 4754 code such as C38, or the name of a section or division such as 制造业", s)
}

// KnownRegion tells whether s is a GB/T 2260 code of one of the 34 units at province level, or
// of a place in one. Stored records may have other codes of the same form.
func KnownRegion(s string) bool {
	if len(s) < 2 || !isRegion(s) {
		return false
	}
	province, _ := strconv.Atoi(s[:2])
	for _, r := range [...][2]int{{11, 15}, {21, 23}, {31, 37}, {41, 46}, {50, 54}, {61, 65}, {71, 71}, {81, 82}} {
		if r[0] <= province && province <= r[1] {
			return true
		}
	}
	return false
}

// lastDivisions are the last divisions of the sections A to T of GB/T 4754-2017, which number
// them through from 01.
var lastDivisions = [...]int{5, 12, 43, 46, 50, 52, 60, 62, 65, 69, 70, 72, 75, 79, 82, 83, 85, 90, 96, 97}

// KnownIndustry tells whether s is a GB/T 4754 code of a section, or of a division of its
// section or a part of one. Stored records may have other codes of the same form.
func KnownIndustry(s string) bool {
	if !industryForm.MatchString(s) {
		return false
	}
	section := int(s[0] - 'A')
	if len(s) == 1 {
		return true
	}
	division, _ := strconv.Atoi(s[1:3])
	return division <= lastDivisions[section] && (section == 0 && division > 0 || section > 0 && division > lastDivisions[section-1])
}

func isRegion(s string) bool { return len(s)%2 == 0 && isDigits(s, 6) }

func validIndustry(s string) error {
	if s == "" || industryForm.MatchString(s) {
		return nil
	}
	return Invalidf("enterprise.industry", "%q is not a GB/T 4754 code such as C3841", s)
}

func validAttributes(attributes map[string]string) error {
	if len(attributes) > maxAttributes {
		return Invalidf("attributes", "has %d entries, at most %d are allowed", len(attributes), maxAttributes)
	}
	if len(attributes) == 0 {
		return nil
	}
	return each(slices.Sorted(maps.Keys(attributes)), func(_ int, k string) error {
		if err := required("attributes", k, maxName); err != nil {
			return err
		}
		return validText("attributes."+k, attributes[k], maxAttribute)
	})
}

func inRange(field string, v, low, high int) error {
	if v < low || v > high {
		return Invalidf(field, "%d is not in %d to %d", v, low, high)
	}
	return nil
}

func oneOf[S ~string](field string, v S, allowed ...S) error {
	if slices.Contains(allowed, v) {
		return nil
	}
	return Invalidf(field, "%q is not one of %s", string(v), listed(allowed))
}

// optional is oneOf that accepts the empty value, which means unknown.
func optional[S ~string](field string, v S, allowed []S) error {
	if v == "" {
		return nil
	}
	return oneOf(field, v, allowed...)
}

func eachOf[S ~string](field string, values, allowed []S) error {
	return each(values, func(i int, v S) error {
		if !slices.Contains(allowed, v) {
			return oneOf(at(field, i), v, allowed...)
		}
		if slices.Contains(values[:i], v) {
			return Invalidf(at(field, i), "%q is given twice", string(v))
		}
		return nil
	})
}

// each joins the faults of the entries of a list.
func each[T any](list []T, check func(int, T) error) error {
	var all []error
	for i, v := range list {
		if err := check(i, v); err != nil {
			all = append(all, err)
		}
	}
	return Faults(all...)
}

func at(field string, i int) string { return field + "[" + strconv.Itoa(i) + "]" }

func listed[S ~string](values []S) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return strings.Join(out, ", ")
}
