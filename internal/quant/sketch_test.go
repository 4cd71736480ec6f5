package quant

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/index"
)

func TestLookUpIsTheScalarOneAtEveryLength(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for n := range 65 {
		for _, top := range []int{0, 1, maxEntry} {
			table, codes := make([]byte, 32*n), make([]byte, SketchRows*n)
			for i := range table {
				table[i] = byte(r.IntN(top + 1))
				if top > 1 && n%7 == 0 {
					table[i] = maxEntry
				}
			}
			for i := range codes {
				codes[i] = byte(r.Uint32())
			}
			got, want := [SketchRows]uint16{1, 2, 3}, [SketchRows]uint16{}
			lookUpScalar(table, codes, &want, 0)
			for _, least := range []uint16{0, 1, want[0], want[5] + 1, math.MaxUint16} {
				some, wanted := lookUp(table, codes, &got, least), lookUpScalar(table, codes, &want, least)
				if d := cmp.Diff(want, got); d != "" || some != wanted {
					t.Fatalf("%d pairs, entries to %d: rows %x, want %x (-want +got):\n%s", n, top, some, wanted, d)
				}
			}
		}
	}
}

func TestRotationKeepsProducts(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	for _, dim := range []int{1, 2, 3, 48, 256, 384, 1000, 1024} {
		a, b := hardUnit(r, dim, 1), randomUnit(r, dim)
		want := float64(index.Dot(a, b))
		Rotate(a)
		Rotate(b)
		if got := float64(index.Dot(a, b)); math.Abs(got-want) > 1e-5 || math.Abs(float64(index.Dot(a, a))-1) > 1e-5 {
			t.Errorf("%d dimensions: product %v became %v, length² %v", dim, want, got, index.Dot(a, a))
		}
	}
}

// TestEstimatesAreAsFarOffAsTheirSpreadSays takes 3 spreads to miss at most 1 % of the
// rows that reach a floor, and to let through few of those that are far below.
func TestEstimatesAreAsFarOffAsTheirSpreadSays(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 6))
	for _, dim := range []int{48, 100, 256, 1000} {
		centre := randomUnit(r, dim)
		missed, reach, let, below := 0, 0, 0, 0
		for range 60 {
			q := randomUnit(r, dim)
			prepared, block := NewSketchQuery(q), make([]byte, SketchBytes(dim))
			near := float64(index.Dot(q, centre))
			var scores [SketchRows]float64
			for i := range scores {
				x := randomUnit(r, dim)
				for j := range x {
					x[j] += centre[j]*0.8 + q[j]*float32(i%4)/4
				}
				normalised(x)
				scores[i] = float64(index.Dot(q, x))
				for j := range x {
					x[j] -= centre[j]
				}
				Rotate(x)
				Sketch(x, block, i)
			}
			const floor = 0.3
			found := map[uint32]bool{}
			for _, r := range prepared.Promising(nil, 100, block, SketchRows, near, floor, 3) {
				found[r.Row-100] = true
			}
			for i, score := range scores {
				switch {
				case score >= floor:
					reach++
					if !found[uint32(i)] {
						missed++
					}
				case score < floor-5/math.Sqrt(float64(dim)):
					below++
					if found[uint32(i)] {
						let++
					}
				}
			}
		}
		t.Logf("%d dimensions: missed %d of %d, let through %d of %d", dim, missed, reach, let, below)
		if missed*100 > reach || let*20 > below {
			t.Errorf("%d dimensions: missed %d of %d, let through %d of %d that are far below", dim, missed, reach, let, below)
		}
	}
}

func BenchmarkPromising(b *testing.B) {
	r := rand.New(rand.NewPCG(4, 7))
	q, block := NewSketchQuery(randomUnit(r, 256)), make([]byte, SketchBytes(256))
	for i := range SketchRows {
		Sketch(randomUnit(r, 256), block, i)
	}
	b.SetBytes(int64(len(block)))
	var rows []Promise
	for b.Loop() {
		rows = q.Promising(rows[:0], 0, block, SketchRows, 0, 0.6, 3)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*SketchRows), "ns/row")
}
