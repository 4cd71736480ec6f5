package quant

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/index"
)

func TestSplitVectorComesBackAsExactlyAsFloat32HoldsItsLargestNumber(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 6))
	for _, dim := range []int{1, 2, 31, 256, 1000} {
		for n := range 300 {
			v := hardUnit(r, dim, n)
			codes, fine, back := make([]int8, dim), make([]byte, FineBytes*dim), make([]float32, dim)
			b := Split(v, codes, fine)
			Join(b.Scale, codes, fine, back)
			top := 0.0
			for _, x := range v {
				top = max(top, math.Abs(float64(x)))
			}
			for i := range v {
				if off := math.Abs(float64(v[i]) - float64(back[i])); off > top*0x1p-23 {
					t.Fatalf("%d dimensions, case %d: %v came back as %v, %g of the largest number away", dim, n, v[i], back[i], off/top)
				}
			}
		}
	}
}

func TestScoreOfASplitVectorIsWithinTheBoundsOfItsCodes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	for _, dim := range []int{1, 2, 7, 33, 256, 4096} {
		for n := range 200 {
			codes, fine, back, dots := make([]int8, dim), make([]byte, FineBytes*dim), make([]float32, dim), make([]int32, 1)
			b := Split(hardUnit(r, dim, n), codes, fine)
			Join(b.Scale, codes, fine, back)
			q, _ := NewQuery(hardUnit(r, dim, n/7))
			DotRows(q.Wide, codes, dots)
			lower, upper := q.Limits(dots[0], b)
			if score := float64(index.Dot(q.Exact, back)); score < lower || score > upper {
				t.Fatalf("%d dimensions, case %d: score %v is not in [%v, %v]", dim, n, score, lower, upper)
			}
		}
	}
}

func TestSplitKnowsTheZeroVector(t *testing.T) {
	codes, fine, back := make([]int8, 9), make([]byte, 18), make([]float32, 9)
	b := Split(make([]float32, 9), codes, fine)
	Join(b.Scale, codes, fine, back)
	if d := cmp.Diff(make([]float32, 9), back); b != Zero || d != "" {
		t.Errorf("bound %v (-want +got):\n%s", b, d)
	}
}

func TestBestKeepsTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, limit := range []int{1, 2, 10, 1000} {
		b := Best[int]{Limit: limit, Worse: func(a, b int) bool { return a < b }}
		floor := 500 - min(limit, 500)
		for _, x := range r.Perm(500) {
			b.Add(x)
		}
		if len(b.Items) != min(limit, 500) || b.Worst() != floor {
			t.Errorf("limit %d: %d items, the worst is %d, want %d", limit, len(b.Items), b.Worst(), floor)
		}
	}
}
