package quant

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/duijie/duijie/internal/index"
)

// kernels are all ways to compute DotRows on this machine.
var kernels = []struct {
	name string
	dot  func(query []int16, rows []int8, out []int32)
}{{"as chosen", DotRows}, {"scalar", dotRowsScalar}}

// plainDot is the definition, in 64 bits.
func plainDot(query []int16, row []int8) int64 {
	var sum int64
	for i := range query {
		sum += int64(query[i]) * int64(row[i])
	}
	return sum
}

func TestKernelsAgreeAtEveryLength(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	fills := map[string]func(int) (int16, int8){
		"random":            func(int) (int16, int8) { return int16(r.Uint32()), int8(r.Uint32()) },
		"largest":           func(int) (int16, int8) { return math.MaxInt16, 127 },
		"opposite":          func(int) (int16, int8) { return math.MaxInt16, -127 },
		"smallest":          func(int) (int16, int8) { return -math.MaxInt16, -127 },
		"beyond the codes":  func(int) (int16, int8) { return math.MinInt16, -128 },
		"of changing signs": func(i int) (int16, int8) { return math.MaxInt16, int8(127 - 254*(i%2)) },
		"bytes":             func(int) (int16, int8) { return 127, 127 },
	}
	for name, fill := range fills {
		for dim := range 301 {
			const rows = 5
			query, codes := make([]int16, dim), make([]int8, rows*dim)
			for i := range codes {
				query[i%dim], codes[i] = fill(i % dim)
			}
			for n := range rows + 1 {
				for _, k := range kernels {
					out := make([]int32, n+1)
					out[n] = 42 // not the kernel's to write
					k.dot(query, codes, out[:n])
					for i := range n {
						want := plainDot(query, codes[i*dim:(i+1)*dim])
						if int64(out[i]) != want {
							t.Fatalf("%s, %s, %d dimensions, row %d: %d, want %d", k.name, name, dim, i, out[i], want)
						}
					}
					if out[n] != 42 {
						t.Fatalf("%s writes beyond its output", k.name)
					}
				}
			}
		}
	}
}

// TestScoreIsWithinTheBoundsOfTheCodes is what makes a search exact.
func TestScoreIsWithinTheBoundsOfTheCodes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, dim := range []int{1, 2, 7, 31, 32, 33, 256, 1000, 4096} {
		widest := 0.0
		for n := range 300 {
			row, v := hardUnit(r, dim, n), hardUnit(r, dim, n/7)
			codes, dots := make([]int8, dim), make([]int32, 1)
			b := Quantise(row, codes)
			q, ok := NewQuery(v)
			if !ok {
				t.Fatal("a query of length 1 is taken for the zero vector")
			}
			DotRows(q.Wide, codes, dots)
			if int64(dots[0]) != plainDot(q.Wide, codes) {
				t.Fatalf("%d dimensions: the codes' product overflows", dim)
			}
			lower, upper := q.Limits(dots[0], b)
			score := float64(index.Dot(v, row))
			if score < lower || score > upper {
				t.Fatalf("%d dimensions, case %d: score %v is not in [%v, %v]", dim, n, score, lower, upper)
			}
			if slices.Min(codes) < -127 {
				t.Fatalf("code %d", slices.Min(codes))
			}
			widest = max(widest, upper-lower)
		}
		t.Logf("%d dimensions: bounds at most %.4f apart", dim, widest)
	}
}

func TestQuantiseKnowsTheZeroVector(t *testing.T) {
	if b := Quantise(make([]float32, 9), make([]int8, 9)); b != Zero {
		t.Errorf("got %v, want %v", b, Zero)
	}
	if _, ok := NewQuery(make([]float32, 9)); ok {
		t.Error("the zero query is prepared for a search")
	}
}

// hardUnit gives random directions, single axes, equal numbers and steep ranges.
func hardUnit(r *rand.Rand, dim, n int) []float32 {
	v := randomUnit(r, dim)
	for i := range v {
		switch n % 5 {
		case 1:
			v[i] = 0
		case 2:
			v[i] = float32(1 - 2*r.IntN(2))
		case 3:
			v[i] *= float32(math.Exp(-float64(i) / 3))
		case 4:
			v[i] *= float32(math.Exp(r.NormFloat64() * 2))
		}
	}
	if n%5 == 1 {
		v[r.IntN(dim)] = -1
	}
	return normalised(v)
}

func randomUnit(r *rand.Rand, dim int) []float32 {
	v := make([]float32, dim)
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	return normalised(v)
}

func normalised(v []float32) []float32 {
	var square float64
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	if square == 0 {
		return v
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / math.Sqrt(square))
	}
	return v
}

// BenchmarkKernel reads a block of rows; both kernels in one run give the ratio.
func BenchmarkKernel(b *testing.B) {
	for _, dim := range []int{256, 1024} {
		query, rows, out := make([]int16, dim), make([]int8, 256*dim), make([]int32, 256)
		for _, k := range kernels {
			b.Run(fmt.Sprintf("%s/%d", k.name, dim), func(b *testing.B) {
				b.SetBytes(int64(len(rows)))
				for b.Loop() {
					k.dot(query, rows, out)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*256), "ns/row")
			})
		}
	}
}
