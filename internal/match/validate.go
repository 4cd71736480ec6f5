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
	return nil
}

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
