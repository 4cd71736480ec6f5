package quant

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/index"
)

func TestARoundedVectorIsNearAndStaysAsItIs(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 6))
	for _, dim := range []int{1, 2, 31, 256, 1000, 1 << 16} {
		for n := range 300 * 256 / max(dim, 256) {
			v := hardUnit(r, dim, n)
			before, top, length := bitsOf(v), 0.0, 0.0
			for _, x := range v {
				top = max(top, math.Abs(float64(x)))
			}
			got := Round(v)
			step := top * (0x1p-16 + math.Sqrt(float64(dim))*0x1p-16) * 1.01
			for i, x := range got {
				if off := math.Abs(float64(v[i]) - float64(x)); off > step {
					t.Fatalf("%d dimensions, case %d: %v became %v, %g of the largest number away", dim, n, v[i], x, off/top)
				}
				length += float64(x) * float64(x)
			}
			if off := math.Abs(math.Sqrt(length) - 1); off > 1e-7 {
				t.Errorf("%d dimensions, case %d: the length is off by %g", dim, n, off)
			}
			if again := Round(got); &again[0] != &got[0] {
				t.Fatalf("%d dimensions, case %d: rounded twice: %s", dim, n, cmp.Diff(bitsOf(got), bitsOf(again)))
			}
			if diff := cmp.Diff(before, bitsOf(v)); diff != "" {
				t.Fatalf("what was given has changed: %s", diff)
			}
		}
	}
}

func TestASplitVectorComesBackRounded(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, dim := range []int{1, 2, 31, 256, 1000} {
		for n := range 300 {
			v := hardUnit(r, dim, n)
			codes, fine, back := make([]int8, dim), make([]byte, dim), make([]float32, dim)
			b := Split(v, codes, fine)
			Join(b.Scale, codes, fine, back)
			if diff := cmp.Diff(bitsOf(Round(v)), bitsOf(back)); diff != "" {
				t.Fatalf("%d dimensions, case %d (-rounded +back):\n%s", dim, n, diff)
			}
			again, fineAgain := make([]int8, dim), make([]byte, dim)
			if c := Split(back, again, fineAgain); c != b {
				t.Fatalf("%d dimensions, case %d: bound %v, the second time %v", dim, n, b, c)
			}
			if diff := cmp.Diff(codes, again) + cmp.Diff(fine, fineAgain); diff != "" {
				t.Fatalf("%d dimensions, case %d (-once +twice):\n%s", dim, n, diff)
			}
		}
	}
}

func TestRoundingTakesVectorsOfEveryForm(t *testing.T) {
	for name, c := range map[string]struct{ v, want []float32 }{
		"empty":                {nil, nil},
		"zero":                 {[]float32{0, 0}, []float32{0, 0}},
		"one-hot":              {[]float32{0, -1, 0}, []float32{0, -1, 0}},
		"tiny beside the rest": {[]float32{1, 1e-30, -1e-45, 0.4 / steps}, []float32{1, 0, 0, 0}},
		"minus zero":           {[]float32{1, float32(math.Copysign(0, -1))}, []float32{1, 0}},
	} {
		if diff := cmp.Diff(bitsOf(c.want), bitsOf(Round(c.v))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestScoreOfASplitVectorIsWithinTheBoundsOfItsCodes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 7))
	for _, dim := range []int{1, 2, 7, 33, 256, 4096} {
		for n := range 200 {
			codes, fine, back, dots := make([]int8, dim), make([]byte, dim), make([]float32, dim), make([]int32, 1)
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
	codes, fine, back := make([]int8, 9), make([]byte, 9), make([]float32, 9)
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
