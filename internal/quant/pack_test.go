package quant

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// packed is what there is of a vector, by one way of computing it.
type packed struct {
	Top                   float32
	Codes, Split          []int8
	Fine                  []byte
	Lost, Whole, LostFine float64
}

func packedBy(v []float32, scalar bool) packed {
	p := packed{Codes: make([]int8, len(v)+1), Split: make([]int8, len(v)+1), Fine: make([]byte, len(v)+1)}
	codes, split, fine := p.Codes[:len(v)], p.Split[:len(v)], p.Fine[:len(v)]
	if p.Top = topScalar(v); !scalar {
		p.Top = top(v)
	}
	if p.Top == 0 {
		return p
	}
	q := quantiser{inverse: 1 / (p.Top / 127), rounder: rounder, scale: float64(p.Top / 127)}
	s := splitter{inverse: steps / p.Top}
	if scalar {
		var sums [lanes]float64
		q.packScalar(v, codes, &sums)
		s.packScalar(v, split, fine)
		p.Lost = added(&sums)
	} else {
		p.Lost = q.pack(v, codes)
		s.pack(v, split, fine)
	}
	p.Whole, p.LostFine = s.whole, s.lost
	return p
}

func TestPackingIsTheSameInEveryWayAtEveryLength(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	for dim := 1; dim < 80; dim++ {
		for n := range 60 {
			v := hardUnit(r, dim, n)
			if diff := cmp.Diff(packedBy(v, true), packedBy(v, false)); diff != "" {
				t.Fatalf("%d dimensions, case %d (-scalar +as chosen):\n%s", dim, n, diff)
			}
		}
	}
}

func TestPackingRoundsHalvesToEven(t *testing.T) {
	v := make([]float32, 16)
	for i := range v {
		v[i] = float32(i) - 7.5 // codes of a half
	}
	v[15] = 127
	codes := make([]int8, 16)
	Quantise(v, codes)
	if diff := cmp.Diff([]int8{-8, -6, -6, -4, -4, -2, -2, 0, 0, 2, 2, 4, 4, 6, 6, 127}, codes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(packedBy(v, true), packedBy(v, false)); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkPack(b *testing.B) {
	v := hardUnit(rand.New(rand.NewPCG(3, 9)), 256, 0)
	codes, fine := make([]int8, 256), make([]byte, 256)
	b.Run("quantise", func(b *testing.B) {
		for b.Loop() {
			Quantise(v, codes)
		}
	})
	b.Run("split", func(b *testing.B) {
		for b.Loop() {
			Split(v, codes, fine)
		}
	})
	b.Run("round", func(b *testing.B) {
		for b.Loop() {
			Round(v)
		}
	})
	b.Run("rounded", func(b *testing.B) {
		v := Round(v)
		for b.Loop() {
			Round(v)
		}
	})
	b.Run("join", func(b *testing.B) {
		out := make([]float32, 256)
		for b.Loop() {
			Join(1, codes, fine, out)
		}
	})
	b.Run("scalar", func(b *testing.B) {
		for b.Loop() {
			packedBy(v, true)
		}
	})
}
