package static

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"pgregory.net/rapid"
)

func smallContent() Content {
	c := Content{Name: "small", Card: "# card", Dims: 8, Entries: []string{"##b", "a", "电", "电池"}, Weights: []float32{0.1, 1, 0.5, 0.9}}
	for i := range 8 * len(c.Entries) {
		c.Vectors = append(c.Vectors, float32(i*37%255-127)/100)
	}
	return c
}

func TestAWrittenModelIsReadBackWithinHalfAStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := smallContent()
		for i := range c.Vectors {
			c.Vectors[i] = rapid.Float32Range(-50, 50).Draw(t, "number")
		}
		var file bytes.Buffer
		if err := Write(&file, c); err != nil {
			t.Fatal(err)
		}
		m, err := Open(file.String())
		if err != nil {
			t.Fatal(err)
		}
		if m.Name() != c.Name || m.Card() != c.Card || m.Size() != len(c.Entries) || m.Dim() != c.Dims {
			t.Fatalf("name %q, card %q, %d entries, %d dimensions", m.Name(), m.Card(), m.Size(), m.Dim())
		}
		for e := range c.Entries {
			row, scale := m.row(int32(e)), float64(m.scales[e])
			for d := range c.Dims {
				want, got := float64(c.Vectors[e*c.Dims+d]), float64(int8(row[d]))*scale
				if math.Abs(want-got) > scale*0.5001 {
					t.Fatalf("entry %d, dimension %d: %v, want %v", e, d, got, want)
				}
			}
		}
	})
}

func TestAWrittenVocabularyCutsAsTheModelDoes(t *testing.T) {
	c := smallContent()
	words, err := NewVocabulary(c.Entries)
	if err != nil {
		t.Fatal(err)
	}
	if got := words.Cut(nil, "电池，电 AB x"); len(got) != 4 || got[0] != 3 || got[1] != 2 || got[2] != 1 || got[3] != 0 {
		t.Errorf("cut into %v", got)
	}
}

func TestContentThatNoFileCanHoldIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*Content){
		"no entries":           func(c *Content) { c.Entries, c.Weights, c.Vectors = nil, nil, nil },
		"an empty entry":       func(c *Content) { c.Entries[0] = "" },
		"a long entry":         func(c *Content) { c.Entries[3] = "电" + strings.Repeat("x", 300) },
		"entries out of order": func(c *Content) { c.Entries[0], c.Entries[1] = c.Entries[1], c.Entries[0] },
		"an entry twice":       func(c *Content) { c.Entries[3] = c.Entries[2] },
		"a weight of 0":        func(c *Content) { c.Weights[1] = 0 },
		"a weight too few":     func(c *Content) { c.Weights = c.Weights[1:] },
		"seven dimensions":     func(c *Content) { c.Dims = 7 },
		"a number too few":     func(c *Content) { c.Vectors = c.Vectors[1:] },
		"not a number":         func(c *Content) { c.Vectors[9] = float32(math.NaN()) },
		"an infinite number":   func(c *Content) { c.Vectors[9] = float32(math.Inf(1)) },
	} {
		c := smallContent()
		spoil(&c)
		if err := Write(&bytes.Buffer{}, c); match.KindOf(err) != match.Invalid {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
