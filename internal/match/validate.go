package match

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
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

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func validText(field, s string, limit int) error {
	switch {
	case len(s) > limit:
		return Invalidf(field, fmt.Sprintf("is %d bytes long, at most %d are allowed", len(s), limit))
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
			return Invalidf(field, fmt.Sprintf("%q contains white space or a control character", s))
		}
	}
	return nil
}

func validNames(field string, names []string) error {
	if len(names) > maxList {
		return Invalidf(field, fmt.Sprintf("has %d entries, at most %d are allowed", len(names), maxList))
	}
	for i, s := range names {
		if err := required(fmt.Sprintf("%s[%d]", field, i), s, maxName); err != nil {
			return err
		}
	}
	return nil
}

var (
	regionForm   = regexp.MustCompile(`^\d{2}(\d{2}(\d{2})?)?$`)
	industryForm = regexp.MustCompile(`^[A-T](\d{2,4})?$`)
)

func validRegion(field, s string) error {
	if s == "" || regionForm.MatchString(s) {
		return nil
	}
	return Invalidf(field, fmt.Sprintf("%q is not a GB/T 2260 code of 2, 4 or 6 digits", s))
}

func validIndustry(s string) error {
	if s == "" || industryForm.MatchString(s) {
		return nil
	}
	return Invalidf("enterprise.industry", fmt.Sprintf("%q is not a GB/T 4754 code such as C3841", s))
}

func validAttributes(attributes map[string]string) error {
	if len(attributes) > maxAttributes {
		return Invalidf("attributes", fmt.Sprintf("has %d entries, at most %d are allowed", len(attributes), maxAttributes))
	}
	for _, k := range slices.Sorted(maps.Keys(attributes)) {
		v := attributes[k]
		if err := required("attributes", k, maxName); err != nil {
			return err
		}
		if err := validText("attributes."+k, v, maxAttribute); err != nil {
			return err
		}
	}
	return nil
}

func inRange(field string, v, low, high int) error {
	if v < low || v > high {
		return Invalidf(field, fmt.Sprintf("%d is not in %d to %d", v, low, high))
	}
	return nil
}

func oneOf[S ~string](field string, v S, allowed ...S) error {
	if slices.Contains(allowed, v) {
		return nil
	}
	return Invalidf(field, fmt.Sprintf("%q is not one of %s", string(v), listed(allowed)))
}

// optional is oneOf that accepts the empty value, which means unknown.
func optional[S ~string](field string, v S, allowed []S) error {
	if v == "" {
		return nil
	}
	return oneOf(field, v, allowed...)
}

func eachOf[S ~string](field string, values, allowed []S) error {
	for i, v := range values {
		if err := oneOf(fmt.Sprintf("%s[%d]", field, i), v, allowed...); err != nil {
			return err
		}
		if slices.Contains(values[:i], v) {
			return Invalidf(fmt.Sprintf("%s[%d]", field, i), fmt.Sprintf("%q is given twice", string(v)))
		}
	}
	return nil
}

func listed[S ~string](values []S) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return strings.Join(out, ", ")
}
