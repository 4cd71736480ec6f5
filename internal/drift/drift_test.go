package drift

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func normal(seed uint64, n int, mean, deviation float64) []float64 {
	random := rand.New(rand.NewPCG(seed, 1))
	out := make([]float64, n)
	for i := range out {
		out[i] = mean + deviation*random.NormFloat64()
	}
	return out
}

// psi is the index of values in service against a standard normal reference.
func psi(t *testing.T, values []float64) float64 {
	t.Helper()
	m := NewMonitor(NewReference(map[string][]float64{"x": normal(1, 5000, 0, 1)}))
	for _, v := range values {
		m.Add("x", v)
	}
	got := m.Indexes()
	if len(got) != 1 || got[0].Name != "x" {
		t.Fatalf("%+v", got)
	}
	return got[0].PSI
}

func TestTheIndexGrowsWithTheShift(t *testing.T) {
	last := -1.0
	for _, shift := range []float64{0, 0.3, 0.6, 1.2, 3} {
		got := psi(t, normal(2, 4000, shift, 1))
		if got <= last {
			t.Errorf("a shift of %g has the index %.3f, a smaller one %.3f", shift, got, last)
		}
		last = got
	}
	if same, far := psi(t, normal(3, 4000, 0, 1)), psi(t, normal(3, 4000, 0, 3)); same > 0.02 || far < 0.25 {
		t.Errorf("the same has the index %.3f, one three times as wide %.3f", same, far)
	}
}

func TestOldValuesAreForgotten(t *testing.T) {
	if got := psi(t, append(normal(1, 20_000, 5, 1), normal(2, 60_000, 0, 1)...)); got > 0.05 {
		t.Errorf("long after the shift was over the index is %.3f", got)
	}
}

func TestFewValuesHaveNoIndexAndUnknownNamesNone(t *testing.T) {
	m := NewMonitor(NewReference(map[string][]float64{"x": normal(1, 500, 0, 1), "few": normal(1, 50, 0, 1)}))
	for range leastValues - 1 {
		m.Add("x", 1)
		m.Add("few", 1)
		m.Add("other", 1)
		m.Add("x", math.NaN())
	}
	if got := m.Indexes(); got != nil {
		t.Errorf("%+v", got)
	}
	none := NewMonitor(nil)
	none.Add("x", 1)
	if got := none.Indexes(); got != nil {
		t.Errorf("%+v", got)
	}
	if NewReference(map[string][]float64{"few": {1}}) != nil {
		t.Error("a reference of one value")
	}
}

func TestAReferenceOfAnyValuesHasShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-3, 3), leastValues, 300).Draw(t, "values")
		if rapid.Bool().Draw(t, "few distinct") {
			for i := range values {
				values[i] = math.Round(values[i])
			}
		}
		r := NewReference(map[string][]float64{"x": values})
		sum := 0.0
		for _, s := range r.Quantities["x"].Shares {
			sum += s
		}
		if math.Abs(sum-1) > 1e-9 || !r.Quantities["x"].sound() {
			t.Fatalf("shares add up to %v: %+v", sum, r)
		}
		m := NewMonitor(r)
		for _, v := range values {
			m.Add("x", v)
		}
		if got := m.Indexes()[0].PSI; got > 1e-9 {
			t.Fatalf("the same values have the index %v", got)
		}
		text, err := json.Marshal(r)
		back := &Reference{}
		if err == nil {
			err = json.Unmarshal(text, back)
		}
		if d := cmp.Diff(r, back); err != nil || d != "" {
			t.Fatal(err, d)
		}
	})
}
