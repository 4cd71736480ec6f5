package facet

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
)

var (
	fields = []string{match.FieldTenant, match.FieldIPC, match.FieldPool}
	tokens = []string{"a", "b", "c", "专利池 1"}
	counts = []string{match.FieldFee, match.FieldFilingDate}
)

var payloads = rapid.Custom(func(t *rapid.T) match.Payload {
	p := match.Payload{Tokens: map[string][]string{}, Numbers: map[string]int64{}}
	for _, field := range fields {
		if rapid.Bool().Draw(t, "has "+field) { // it may still be empty, or have a token twice
			p.Tokens[field] = rapid.SliceOfN(rapid.SampledFrom(tokens), 0, 4).Draw(t, field)
		}
	}
	for _, field := range counts {
		if rapid.Bool().Draw(t, "has "+field) {
			p.Numbers[field] = rapid.Int64Range(-3, 3).Draw(t, field)
		}
	}
	return p
})

var conditions = rapid.Custom(func(t *rapid.T) match.Condition {
	c := match.Condition{
		Field:    rapid.SampledFrom(append(append([]string{"unknown"}, fields...), counts...)).Draw(t, "field"),
		OrAbsent: rapid.Bool().Draw(t, "or absent"),
	}
	if rapid.Bool().Draw(t, "any of") {
		c.AnyOf = rapid.SliceOfN(rapid.SampledFrom(append(tokens, "nowhere")), 0, 3).Draw(t, "values")
	}
	if rapid.Bool().Draw(t, "none of") {
		c.NoneOf = rapid.SliceOfN(rapid.SampledFrom(append(tokens, "nowhere")), 0, 3).Draw(t, "values")
	}
	if rapid.Bool().Draw(t, "min") {
		c.Min = new(rapid.Int64Range(-4, 4).Draw(t, "min"))
	}
	if rapid.Bool().Draw(t, "max") {
		c.Max = new(rapid.Int64Range(-4, 4).Draw(t, "max"))
	}
	return c
})

// model is a Set as its definition says it.
type model struct {
	payloads []match.Payload
	dead     map[uint32]bool
}

func (m *model) selected(conditions []match.Condition) string {
	var out []uint32
	for i, p := range m.payloads {
		if slot := uint32(i); !m.dead[slot] && p.Satisfies(conditions) {
			out = append(out, slot)
		}
	}
	return fmt.Sprint(out)
}

func slotsOf(b Bitmap) string {
	var out []uint32
	for slot := range uint32(len(b) * 64) {
		if b.Has(slot) {
			out = append(out, slot)
		}
	}
	return fmt.Sprint(out)
}

func TestSelectAgreesWithSatisfies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var set Set
		m := model{dead: map[uint32]bool{}}
		for range rapid.IntRange(0, 150).Draw(t, "size") {
			p := payloads.Draw(t, "payload")
			if slot := set.Append(p); int(slot) != len(m.payloads) {
				t.Fatalf("slot %d, want %d", slot, len(m.payloads))
			}
			m.payloads = append(m.payloads, p)
		}
		agree(t, &set, &m)
		if n := len(m.payloads); n > 0 {
			for _, slot := range rapid.SliceOf(rapid.Uint32Range(0, uint32(n-1))).Draw(t, "killed") {
				set.Kill(slot)
				m.dead[slot] = true
			}
		}
		agree(t, &set, &m)

		compacted := set.Compacted()
		alive := model{}
		for i, p := range m.payloads {
			if !m.dead[uint32(i)] {
				alive.payloads = append(alive.payloads, p)
			}
		}
		agree(t, &compacted, &alive)
		alive.payloads = append(alive.payloads, payloads.Draw(t, "one more"))
		compacted.Append(alive.payloads[len(alive.payloads)-1])
		agree(t, &compacted, &alive)
		agree(t, &set, &m) // untouched
	})
}

func agree(t *rapid.T, set *Set, m *model) {
	if set.Slots() != len(m.payloads) || set.Live() != len(m.payloads)-len(m.dead) {
		t.Fatalf("%d slots, %d live; want %d, %d", set.Slots(), set.Live(), len(m.payloads), len(m.payloads)-len(m.dead))
	}
	for _, list := range rapid.SliceOfN(rapid.SliceOfN(conditions, 0, 4), 1, 4).Draw(t, "filters") {
		got := set.Select(list)
		if have, want := slotsOf(got), m.selected(list); have != want {
			t.Fatalf("%+v: slots %s, want %s", list, have, want)
		}
		if again := set.Select(list); fmt.Sprint(again) != fmt.Sprint(got) {
			t.Fatal("the second answer is another one")
		}
		got.Fill(set.Slots()) // the caller's own
	}
}

func TestEmptySetAnswers(t *testing.T) {
	var set Set
	lists := [][]match.Condition{
		nil,
		{{Field: "a", AnyOf: []string{"b"}}},
		{{Field: "a", NoneOf: []string{"b"}, OrAbsent: true}},
		{{Field: "a", Min: new(int64(1)), OrAbsent: true}},
	}
	for _, empty := range []Set{set, set.Compacted()} {
		for _, list := range lists {
			if n := empty.Select(list).Count(); n != 0 {
				t.Errorf("%+v selects %d of no slots", list, n)
			}
		}
		if empty.Append(match.Payload{}) != 0 || empty.Select(nil).Count() != 1 {
			t.Error("the first slot is not 0, or not found")
		}
	}
}

func TestSlotsAtTheEdgesOfWords(t *testing.T) {
	for _, n := range []int{1, 63, 64, 65, 127, 128, 129} {
		var set Set
		for range n {
			set.Append(match.Payload{})
		}
		if got := set.Select([]match.Condition{{Field: "a", NoneOf: []string{"b"}}}).Count(); got != n {
			t.Errorf("%d of %d slots", got, n)
		}
		set.Kill(uint32(n - 1))
		set.Kill(uint32(n - 1)) // twice is once
		if got := set.Select(nil); got.Count() != n-1 || set.Live() != n-1 || got.Has(uint32(n-1)) || got.Has(1<<20) {
			t.Errorf("%d slots, last one killed: %d, %d live", n, got.Count(), set.Live())
		}
	}
}

func TestCountRangeCountsWhatHasTells(t *testing.T) {
	b := NewBitmap(200)
	for slot := uint32(0); slot < 200; slot += 1 + slot%5 {
		b.Set(slot)
	}
	for from := range uint32(200) {
		n := 0
		for to := from; to <= 200; to++ {
			if got := b.CountRange(from, to); got != n {
				t.Fatalf("%d to %d: %d, want %d", from, to, got, n)
			}
			if b.Has(to) {
				n++
			}
		}
	}
}
