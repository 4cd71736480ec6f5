package static

import (
	"math"
	"slices"
	"testing"
)

func FuzzEmbed(f *testing.F) {
	for _, s := range []string{"", abstract, "ÀÉ##x", "5Gcell", "\xff电\xc0", "１２３ab1a", "𠮷🙂", "pm2.5 wh/kg"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m := builtinModel(t)
		v, again := make([]float32, m.Dim()), make([]float32, m.Dim())
		known := m.EmbedInto(v, text)
		if known != m.EmbedInto(again, text) || !slices.Equal(v, again) {
			t.Fatal("two vectors for one text")
		}
		length := 0.0
		for _, x := range v {
			length += float64(x) * float64(x)
		}
		if want := map[bool]float64{true: 1}[known]; math.Abs(math.Sqrt(length)-want) > 1e-5 {
			t.Fatalf("length %v, known %v", math.Sqrt(length), known)
		}
		checkPlaces(t, m, text)
	})
}

// checkPlaces: tokens ascend, do not overlap, and lie inside the text.
func checkPlaces(t *testing.T, m *Model, text string) {
	end := 0
	for _, token := range m.Tokens(text) {
		if token.Start < end || token.End <= token.Start || token.End > len(text) {
			t.Fatalf("token %+v after one that ends at %d, in %d bytes", token, end, len(text))
		}
		end = token.End
	}
}
