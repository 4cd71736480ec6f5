package static

import (
	"context"
	"math"

	"github.com/duijie/duijie/internal/embed"
)

var _ embed.Embedder = (*Model)(nil)

// Embed implements embed.Embedder. The role makes no difference. The error is
// the context's, and there is no other.
func (m *Model) Embed(ctx context.Context, _ embed.Role, texts []string) ([][]float32, error) {
	flat := make([]float32, len(texts)*m.dims)
	out := make([][]float32, len(texts))
	for i, text := range texts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out[i] = flat[i*m.dims : (i+1)*m.dims : (i+1)*m.dims]
		m.EmbedInto(out[i], text)
	}
	return out, ctx.Err()
}

// EmbedInto writes the vector of a text to the first Dim() places of dst, which
// must have as many. It reports false, and writes zeros, when the text has no
// token that the model knows. It allocates nothing but what its pool lacks.
func (m *Model) EmbedInto(dst []float32, text string) bool {
	dst = dst[:m.dims]
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	s.load(m, text)
	s.sum(m)
	return s.normalise(dst)
}

// normalise writes the sums, scaled to length 1.
func (s *scratch) normalise(dst []float32) bool {
	squares := 0.0
	for _, x := range s.sums {
		square := float64(x) * float64(x)
		squares += square
	}
	if squares == 0 {
		clear(dst)
		return false
	}
	length := math.Sqrt(squares)
	for i, x := range s.sums {
		dst[i] = float32(float64(x) / length)
	}
	return true
}
