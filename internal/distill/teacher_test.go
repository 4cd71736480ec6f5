package distill

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"github.com/duijie/duijie/internal/embed"
)

// fakeTeacher gives each character a direction of its own, and a text the sum of its
// characters' directions and of a direction that all texts share.
type fakeTeacher struct {
	dim   int
	asked atomic.Int64
	// limit is the number of texts after which stop is called; 0 is none.
	limit int64
	stop  context.CancelFunc

	directions sync.Map // rune to []float64
}

func (f *fakeTeacher) Identity() string { return "fake/teacher/1" }

func (f *fakeTeacher) Dim() int { return f.dim }

func (f *fakeTeacher) Embed(ctx context.Context, _ embed.Role, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	for i, t := range texts {
		if n := f.asked.Add(1); f.limit > 0 && n > f.limit {
			f.stop()
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out[i] = f.vector(t)
	}
	return out, nil
}

func (f *fakeTeacher) direction(r rune) []float64 {
	if known, ok := f.directions.Load(r); ok {
		return known.([]float64)
	}
	draw, out := rand.New(rand.NewPCG(uint64(r), 0)), make([]float64, f.dim)
	for k := range out {
		out[k] = draw.NormFloat64()
	}
	f.directions.Store(r, out)
	return out
}

func (f *fakeTeacher) vector(text string) []float32 {
	sum := make([]float64, f.dim)
	sum[0] = float64(len(text)) // what all texts share
	for _, r := range text {
		for k, x := range f.direction(r) {
			sum[k] += x
		}
	}
	squares := 0.0
	for _, x := range sum {
		squares += x * x
	}
	out := make([]float32, f.dim)
	for k, x := range sum {
		out[k] = float32(x / math.Sqrt(max(squares, 1e-30)))
	}
	return out
}
