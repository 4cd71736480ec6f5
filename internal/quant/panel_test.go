package quant

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/duijie/duijie/internal/index"
)

// filledPanel is a panel of n rows, and the rows.
func filledPanel(r *rand.Rand, dim, n int, draw func(r *rand.Rand, dim, n int) []float32) (*Panel, [][]float32) {
	p, rows, codes := NewPanel(dim), make([][]float32, n), make([]int8, dim)
	for i := range rows {
		rows[i] = draw(r, dim, i)
		p.Add(codes, Quantise(rows[i], codes))
	}
	return p, rows
}

func TestFirstLooksAgreeAtEveryLength(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for dim := 1; dim <= 301; dim++ {
		p, _ := filledPanel(r, dim, PanelRows, hardUnit)
		for n := range 5 {
			n *= crowdGroup
			queries, floors := make([]uint8, n*p.width), make([]float32, n)
			for i := range queries {
				queries[i] = []uint8{uint8(r.IntN(32)), 31, 0}[dim%3]
			}
			for i := range floors {
				floors[i] = float32(r.NormFloat64() * 20)
			}
			got, want := make([]uint16, n+1), make([]uint16, n+1)
			got[n], want[n] = 42, 42 // not the kernel's to write
			reach(p, queries, floors, got[:n])
			reachScalar(p, queries, floors, want[:n])
			if !slices.Equal(got, want) {
				t.Fatalf("%d dimensions, %d queries: %x, scalar %x", dim, n, got, want)
			}
		}
	}
}

// The sums of 16 bits hold what numbers of any size that the codes allow add up to.
func TestFirstLookDoesNotOverflow(t *testing.T) {
	for _, sign := range []int8{1, -1} {
		p := NewPanel(256)
		row := slices.Repeat([]int8{127 * sign}, 256)
		for range PanelRows {
			p.Add(row, Bound{Scale: 1})
		}
		queries := slices.Repeat([]uint8{31}, crowdGroup*256)
		true_ := float32(sign) * (31 - queryMiddle) * rowTop * 256 * 127 / rowTop
		for _, floor := range []struct {
			at   float32
			want uint16
		}{{true_, 0xffff}, {true_ + 1, 0}} {
			masks := make([]uint16, crowdGroup)
			reach(p, queries, slices.Repeat([]float32{floor.at}, crowdGroup), masks)
			if masks[0] != floor.want || masks[2] != floor.want {
				t.Errorf("sign %d, floor %v: %x, want %x", sign, floor.at, masks, floor.want)
			}
		}
	}
}

// This is what makes a search by panels exact: no row whose float32 score reaches a
// floor is left out.
func TestNoRowThatReachesItsFloorIsLeftOut(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for _, dim := range []int{1, 3, 4, 31, 64, 65, 256, 1000} {
		seen, all := 0, 0
		for round := range 30 {
			p, rows := filledPanel(r, dim, 1+r.IntN(PanelRows), hardUnit)
			queries := make([][]float32, 1+r.IntN(20))
			for i := range queries {
				queries[i] = hardUnit(r, dim, i+round)
				if i%3 == 0 { // near a row
					queries[i] = blend(rows[r.IntN(len(rows))], queries[i], 0.3)
				}
			}
			floors := make([]float64, len(queries))
			for i := range floors { // the score of one of the rows, to the bit
				floors[i] = float64(index.Dot(queries[i], rows[r.IntN(len(rows))]))
			}
			looked := make([]uint16, len(queries))
			NewCrowd(queries, dim, 0).Look([]*Panel{NewPanel(dim), p}, floors, func(query, panel int, rows uint16) {
				if panel != 1 || looked[query] != 0 {
					t.Errorf("query %d is told of panel %d, and before of %x", query, panel, looked[query])
				}
				looked[query] = rows
			})
			for i, floor := range floors {
				if looked[i]>>len(rows) != 0 {
					t.Fatalf("a row that the panel has not: %x of %d", looked[i], len(rows))
				}
				for j, row := range rows {
					if float64(index.Dot(queries[i], row)) >= floor && looked[i]&(1<<j) == 0 {
						t.Fatalf("%d dimensions: row %d reaches %v and is left out", dim, j, floor)
					}
				}
				seen, all = seen+bits.OnesCount16(looked[i]), all+len(rows)
			}
		}
		t.Logf("%d dimensions: %d of %d pairs are looked at again", dim, seen, all)
	}
}

func TestTheZeroQueryReachesNothing(t *testing.T) {
	p, _ := filledPanel(rand.New(rand.NewPCG(1, 1)), 64, PanelRows, hardUnit)
	NewCrowd([][]float32{make([]float32, 64)}, 64, 0).Look([]*Panel{p}, []float64{-1}, func(_, _ int, rows uint16) {
		t.Errorf("got %x", rows)
	})
}

func blend(a, b []float32, weight float32) []float32 {
	out := make([]float32, len(a))
	for i := range a {
		out[i] = a[i] + weight*b[i]
	}
	return normalised(out)
}

// BenchmarkLook compares 768 queries with 64 panels, as many as fit the second-level cache.
func BenchmarkLook(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, dim := range []int{256, 1024} {
		panels, queries := make([]*Panel, 64), make([][]float32, 768)
		for i := range panels {
			panels[i], _ = filledPanel(r, dim, PanelRows, func(r *rand.Rand, dim, _ int) []float32 { return randomUnit(r, dim) })
		}
		for i := range queries {
			queries[i] = randomUnit(r, dim)
		}
		c, floors := NewCrowd(queries, dim, 0), slices.Repeat([]float64{0.9}, len(queries))
		b.Run(fmt.Sprint(dim), func(b *testing.B) {
			for b.Loop() {
				c.Look(panels, floors, func(_, _ int, _ uint16) {})
			}
			pairs := float64(b.N) * float64(len(panels)*PanelRows*len(queries))
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/pairs, "ns/pair")
		})
	}
	b.Run("add", func(b *testing.B) {
		p, codes := NewPanel(256), make([]int8, 256)
		bound := Quantise(randomUnit(r, 256), codes)
		for b.Loop() {
			if p.Len() == PanelRows {
				p.Reset()
			}
			p.Add(codes, bound)
		}
	})
}
