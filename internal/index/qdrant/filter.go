package qdrant

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/match"
)

// The names in a point's payload.
const (
	keyField     = "key"
	zeroField    = "zero"
	tokensField  = "tokens"
	numbersField = "numbers"
)

// maxNumber bounds the numbers of a payload: Qdrant's ranges are of float64,
// which is exact up to here.
const maxNumber = 1 << 53

var plainName = regexp.MustCompile(`^[\p{L}\p{N}_-]+$`)

// path names a field of a group in the payload, as Qdrant spells it.
func path(group, field string) (string, error) {
	switch {
	case plainName.MatchString(field):
		return group + "." + field, nil
	case field == "" || strings.ContainsAny(field, `"\`) || !utf8.ValidString(field):
		return "", match.Invalidf("field", fmt.Sprintf("%q cannot be the name of a field in Qdrant", field))
	}
	return group + `."` + field + `"`, nil
}

// translate gives the filter that holds where all conditions hold, or nil if
// there are none. Its errors are of kind match.Invalid.
func translate(conditions []match.Condition) (*qdrant.Filter, error) {
	if len(conditions) == 0 {
		return nil, nil
	}
	out := &qdrant.Filter{}
	for i, c := range conditions {
		if err := add(out, c); err != nil {
			return nil, match.About(fmt.Sprintf("conditions[%d]", i), err)
		}
	}
	return out, nil
}

// add makes f require c as well.
func add(f *qdrant.Filter, c match.Condition) error {
	group := tokensField
	if c.IsNumber() {
		group = numbersField
	}
	field, err := path(group, c.Field)
	if err != nil {
		return err
	}
	if err := checkTokens(c.Field, c.AnyOf, c.NoneOf); err != nil {
		return err
	}
	wanted, unwanted := parts(field, c)
	switch {
	// An absent field has no token of NoneOf, so OrAbsent matters only to what is wanted.
	case c.OrAbsent && wanted != nil:
		present := &qdrant.Filter{Must: []*qdrant.Condition{wanted}}
		if unwanted != nil {
			present.MustNot = []*qdrant.Condition{unwanted}
		}
		f.Must = append(f.Must, nested(&qdrant.Filter{
			Should: []*qdrant.Condition{qdrant.NewIsEmpty(field), nested(present)},
		}))
		return nil
	case wanted != nil:
		f.Must = append(f.Must, wanted)
	}
	if unwanted != nil {
		// Not in f.MustNot: Qdrant 1.18 does not check a filter whose conditions
		// all equal the one that it goes by, and looks for them in MustNot too, so
		// the same token wanted and unwanted would find what has it.
		f.Must = append(f.Must, nested(&qdrant.Filter{MustNot: []*qdrant.Condition{unwanted}}))
	}
	return nil
}

// parts gives what a field must and must not meet where it is present, or nil.
func parts(field string, c match.Condition) (wanted, unwanted *qdrant.Condition) {
	if c.IsNumber() {
		return qdrant.NewRange(field, within(c.Min, c.Max)), nil
	}
	if len(c.AnyOf) > 0 {
		wanted = qdrant.NewMatchKeywords(field, c.AnyOf...)
	}
	if len(c.NoneOf) > 0 {
		unwanted = qdrant.NewMatchKeywords(field, c.NoneOf...)
	}
	return wanted, unwanted
}

func nested(f *qdrant.Filter) *qdrant.Condition { return qdrant.NewFilterAsCondition(f) }

// within is the range min ≤ value ≤ max. Bounds beyond every number that can be
// stored are drawn in to where float64 is exact.
func within(min, max *int64) *qdrant.Range {
	bound := func(n *int64) *float64 {
		if n == nil {
			return nil
		}
		x := float64(*n)
		if *n > maxNumber {
			x = maxNumber
		} else if *n < -maxNumber {
			x = -maxNumber
		}
		return &x
	}
	return &qdrant.Range{Gte: bound(min), Lte: bound(max)}
}

// checkTokens refuses what the protocol cannot carry.
func checkTokens(field string, lists ...[]string) error {
	for _, list := range lists {
		for _, token := range list {
			if !utf8.ValidString(token) {
				return match.Invalidf(field, fmt.Sprintf("%q is not UTF-8", token))
			}
		}
	}
	return nil
}
