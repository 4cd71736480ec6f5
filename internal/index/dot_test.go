package index

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestFloatDotIsTheScalarOneAndBoundedAtEveryLength(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for dim := range 301 {
		a, b := drawnUnit(r, dim), drawnUnit(r, dim)
		var want float64
		for i := range a {
			want += float64(a[i]) * float64(b[i])
		}
		limit := float64(dim/DotLanes+2*DotLanes) * 0x1p-24 * (1 + lengthTolerance) * (1 + lengthTolerance)
		if got, want := Dot(a, b), dotScalar(a, b); math.Float32bits(got) != math.Float32bits(want) {
			t.Errorf("%d dimensions: %v, scalar %v", dim, got, want)
		}
		if off := math.Abs(float64(Dot(a, b)) - want); off > limit {
			t.Errorf("%d dimensions: off by %g, more than %g", dim, off, limit)
		}
	}
}

func drawnUnit(r *rand.Rand, dim int) []float32 {
	v, square := make([]float32, dim), 0.0
	for i := range v {
		v[i] = float32(r.NormFloat64())
		square += float64(v[i]) * float64(v[i])
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / math.Sqrt(square))
	}
	return v
}

func BenchmarkDot(b *testing.B) {
	x, y := make([]float32, 256), make([]float32, 256)
	for b.Loop() {
		Dot(x, y)
	}
}
