package static

import (
	"context"
	"math"

	"github.com/duijie/duijie/internal/embed"
)

var _ embed.Embedder = (*Model)(nil)

// Embed implements embed.Embedder. The role makes no difference. The error is
// the context's, and there is no other.
//
// A text that is the one before it, a line break and more, as that of a record is behind
// its title, costs no more than what is new in it.
func (m *Model) Embed(ctx context.Context, _ embed.Role, texts []string) ([][]float32, error) {
	flat := make([]float32, len(texts)*m.dims)
	out := make([][]float32, len(texts))
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	before := ""
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rest, goesOn := m.behind(before, text)
		if !goesOn {
			clear(s.sums)
		}
		out[i] = flat[i*m.dims : (i+1)*m.dims : (i+1)*m.dims]
		s.load(m, rest)
		s.sum(m)
		s.normalise(out[i])
		before = text
	}
	return out, ctx.Err()
}

// behind gives what comes behind one text in another that begins with it and a line
// break, else the whole other one. Where no entry goes over a line break, the tokens of
// the one are the first of the other.
func (m *Model) behind(one, other string) (rest string, goesOn bool) {
	if len(other) > len(one) && other[len(one)] == '\n' && other[:len(one)] == one && m.words.alphabet.code('\n') == 0 {
		return other[len(one):], one != ""
	}
	return other, false
}

// EmbedInto writes the vector of a text to the first Dim() places of dst, which
// must have as many. It reports false, and writes zeros, when the text has no
// token that the model knows. It allocates nothing but what its pool lacks.
func (m *Model) EmbedInto(dst []float32, text string) bool {
	dst = dst[:m.dims]
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	clear(s.sums)
	s.load(m, text)
	s.sum(m)
	return s.normalise(dst)
}

// normalise writes the sums, scaled to length 1.
func (s *scratch) normalise(dst []float32) bool {
	squares := 0.0
	for _, x := range s.sums {
		square := float64(x * x) // not fused with the sum, on any machine
		squares += square
	}
	if squares == 0 {
		clear(dst)
		return false
	}
	divide(dst, s.sums, math.Sqrt(squares))
	return true
}

func divideScalar(dst []float32, sums []float64, length float64) {
	for i, x := range sums {
		dst[i] = float32(x / length)
	}
}
