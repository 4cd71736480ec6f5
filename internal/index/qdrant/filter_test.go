package qdrant

import (
	"slices"
	"strings"
	"testing"

	"github.com/qdrant/go-client/qdrant"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
)

// holds evaluates a filter as Qdrant documents it, on what encodePayload stores.
func holds(t *rapid.T, f *qdrant.Filter, payload map[string]*qdrant.Value) bool {
	all := func(list []*qdrant.Condition) bool {
		return !slices.ContainsFunc(list, func(c *qdrant.Condition) bool { return !meets(t, c, payload) })
	}
	some := func(list []*qdrant.Condition) bool {
		return slices.ContainsFunc(list, func(c *qdrant.Condition) bool { return meets(t, c, payload) })
	}
	return all(f.GetMust()) && !some(f.GetMustNot()) && (len(f.GetShould()) == 0 || some(f.GetShould()))
}

func meets(t *rapid.T, c *qdrant.Condition, payload map[string]*qdrant.Value) bool {
	switch {
	case c.GetFilter() != nil:
		return holds(t, c.GetFilter(), payload)
	case c.GetIsEmpty() != nil:
		v := lookup(payload, c.GetIsEmpty().GetKey())
		return v == nil || (v.GetListValue() != nil && len(v.GetListValue().GetValues()) == 0)
	case c.GetField().GetRange() != nil:
		v, r := lookup(payload, c.GetField().GetKey()), c.GetField().GetRange()
		if v == nil {
			return false
		}
		n := float64(v.GetIntegerValue())
		return (r.Gte == nil || n >= *r.Gte) && (r.Lte == nil || n <= *r.Lte)
	case c.GetField().GetMatch().GetKeywords() != nil:
		want := c.GetField().GetMatch().GetKeywords().GetStrings()
		have := lookup(payload, c.GetField().GetKey()).GetListValue().GetValues()
		return slices.ContainsFunc(have, func(v *qdrant.Value) bool { return slices.Contains(want, v.GetStringValue()) })
	}
	t.Fatalf("a condition that this test does not know: %v", c)
	return false
}

func lookup(payload map[string]*qdrant.Value, key string) *qdrant.Value {
	group, field, _ := strings.Cut(key, ".")
	return payload[group].GetStructValue().GetFields()[strings.Trim(field, `"`)]
}

func TestATranslatedFilterHoldsWhereItsConditionsDo(t *testing.T) {
	fields := rapid.SampledFrom([]string{match.FieldIPC, match.FieldFee, "a field of its own"})
	tokens := rapid.SliceOfN(rapid.SampledFrom([]string{"H01M 10/0525", "C08L", "", "租户"}), 0, 3)
	numbers := rapid.OneOf(rapid.Int64Range(-3, 3), rapid.Int64Range(1-maxNumber, maxNumber-1))
	bounds := rapid.Ptr(rapid.OneOf(numbers, rapid.Int64()), true)
	condition := rapid.Custom(func(t *rapid.T) match.Condition {
		c := match.Condition{Field: fields.Draw(t, "field"), OrAbsent: rapid.Bool().Draw(t, "or absent")}
		if rapid.Bool().Draw(t, "number") {
			c.Min, c.Max = bounds.Draw(t, "min"), bounds.Draw(t, "max")
		} else {
			c.AnyOf, c.NoneOf = tokens.Draw(t, "any of"), tokens.Draw(t, "none of")
		}
		return c
	})
	rapid.Check(t, func(t *rapid.T) {
		payload := match.Payload{
			Tokens:  rapid.MapOfN(fields, tokens, 0, 3).Draw(t, "tokens"),
			Numbers: rapid.MapOfN(fields, numbers, 0, 3).Draw(t, "numbers"),
		}
		conditions := rapid.SliceOfN(condition, 0, 3).Draw(t, "conditions")
		f, err := translate(conditions)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := encodePayload(payload)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := holds(t, f, stored), payload.Satisfies(conditions); got != want {
			t.Fatalf("%v on %v: %t, want %t\n%v", conditions, payload, got, want, f)
		}
	})
}

func TestPaths(t *testing.T) {
	for field, want := range map[string]string{
		"ipc": "tokens.ipc", "专利池": "tokens.专利池", "a.b": `tokens."a.b"`, "a b[]": `tokens."a b[]"`,
		"": "", `a"b`: "", `a\b`: "", "\xff": "",
	} {
		got, err := path(tokensField, field)
		if got != want || (want == "") != (match.KindOf(err) == match.Invalid) {
			t.Errorf("path of %q is %q, %v, want %q", field, got, err, want)
		}
	}
}

func TestWhatTheProtocolCannotCarryIsRefusedAndNamed(t *testing.T) {
	_, err := translate([]match.Condition{{Field: "tier"}, {Field: "pool", NoneOf: []string{"\xff"}}})
	if match.KindOf(err) != match.Invalid || !strings.Contains(err.Error(), "conditions[1]: pool") {
		t.Errorf("got %v", err)
	}
	for _, p := range []match.Payload{
		{Tokens: map[string][]string{"pool": {"\xff"}}},
		{Numbers: map[string]int64{"pool": maxNumber}},
		{Numbers: map[string]int64{"pool": -maxNumber}},
	} {
		if _, err := encodePayload(p); match.KindOf(err) != match.Invalid || !strings.Contains(err.Error(), "pool") {
			t.Errorf("%v: got %v", p, err)
		}
	}
}
