package static

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// drawn is a model of random rows, and one whose numbers and steps are the largest.
func drawn(r *rand.Rand, dims, size int, extreme bool) *Model {
	rows := make([]byte, dims*size)
	m := &Model{dims: dims, steps: make([]uint16, size)}
	for i := range rows {
		rows[i] = byte(r.Uint32())
		if extreme {
			rows[i] = 0x80 // -128
		}
	}
	for i := range m.steps {
		m.steps[i] = 1 + uint16(r.UintN(topStep))
		if extreme {
			m.steps[i] = topStep
		}
	}
	m.rows = string(rows)
	return m
}

func TestAddingUpIsTheSameInEveryWay(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, dims := range []int{8, 16, 24, 48, 256} {
		for _, tokens := range []int{1, 2, 3, 100, flushAfter - 1, flushAfter} {
			for _, extreme := range []bool{false, true} {
				m := drawn(r, dims, 50, extreme)
				spans, want := make([]span, tokens), make([]float64, dims)
				for i := range spans {
					spans[i].entry = int32(r.IntN(m.Size()))
					for k, x := range []byte(m.row(spans[i].entry)) {
						want[k] += float64(m.steps[spans[i].entry]) * float64(int8(x))
					}
				}
				chosen, scalar := newScratch(dims, m.Size()), newScratch(dims, m.Size())
				chosen.add(m, chosen.gather(m, spans))
				scalar.addScalar(m, scalar.gather(m, spans))
				if !slices.Equal(chosen.sums, want) || !slices.Equal(scalar.sums, want) {
					t.Errorf("%d dimensions, %d tokens, extreme %v: %v as chosen and %v by the scalar way, want %v",
						dims, tokens, extreme, chosen.sums, scalar.sums, want)
				}
			}
		}
	}
}

func TestDividingIsTheSameInEveryWay(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for dims := 8; dims <= 136; dims += 8 {
		sums := make([]float64, dims)
		for i := range sums {
			sums[i] = float64(r.Int64N(1<<40) - 1<<39)
		}
		sums[dims-1] = 0
		chosen, scalar := make([]float32, dims+1), make([]float32, dims+1)
		for _, length := range []float64{1, 3, 1e9 / 7, math.Pi * 1e12} {
			divide(chosen[:dims], sums, length)
			divideScalar(scalar[:dims], sums, length)
			if !slices.Equal(chosen, scalar) {
				t.Errorf("%d numbers by %v: %v as chosen and %v by the scalar way", dims, length, chosen, scalar)
			}
		}
	}
}

// BenchmarkAdd adds up 100 tokens; both ways in one run give the ratio.
func BenchmarkAdd(b *testing.B) {
	m, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	r, spans := rand.New(rand.NewPCG(3, 4)), make([]span, 100)
	for i := range spans {
		spans[i].entry = int32(r.IntN(m.Size()))
	}
	s := newScratch(m.dims, m.Size())
	items := s.gather(m, spans)
	b.Run("as chosen", func(b *testing.B) {
		for b.Loop() {
			s.add(m, items)
		}
	})
	b.Run("scalar", func(b *testing.B) {
		for b.Loop() {
			s.addScalar(m, items)
		}
	})
}
