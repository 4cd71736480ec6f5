package quant

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// bitsOf tells zeros of different signs apart.
func bitsOf(v []float32) (out []uint32) {
	for _, x := range v {
		out = append(out, math.Float32bits(x))
	}
	return out
}

func TestTurningIsTheSameInEveryWayAtEveryLength(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	type result struct {
		Flipped, Sums, Residual, Joined []uint32
		Wide                            []int16
		Signs                           []byte
		Squares, Absolutes              [lanes]float64
	}
	for dim := 1; dim < 140; dim++ {
		for n := range 10 {
			v := hardUnit(r, dim, n)
			v[r.IntN(dim)] = float32(math.Copysign(0, -1))
			codes, centroid, fine, masks := make([]int8, dim), make([]int8, dim), make([]byte, dim), make([]uint32, dim)
			bound := Split(v, codes, fine)
			for i := range masks {
				masks[i], centroid[i] = r.Uint32()&(1<<31), int8(r.Uint32())
			}
			do := func(flip func([]float32, []uint32), widen func([]int16, []int8), add func([]float32, []int8, float32),
				rest func([]float32, []int8, []byte, []int8, float32, float32), join func([]float32, []int8, []byte, float32), signs func([]float32, []byte, *[lanes]float64, *[lanes]float64)) (out result) {
				flipped, sums, less := append([]float32(nil), v...), append([]float32(nil), v...), make([]float32, dim)
				flip(flipped, masks)
				add(sums, codes, bound.Scale)
				rest(less, codes, fine, centroid, bound.Scale/(1<<fineBits), 0.37)
				joined := make([]float32, dim)
				join(joined, codes, fine, bound.Scale/(1<<fineBits))
				out.Wide, out.Signs = make([]int16, dim), make([]byte, pairs(dim))
				widen(out.Wide, codes)
				signs(flipped, out.Signs, &out.Squares, &out.Absolutes)
				out.Flipped, out.Sums, out.Residual, out.Joined = bitsOf(flipped), bitsOf(sums), bitsOf(less), bitsOf(joined)
				return out
			}
			want := do(flipScalar, widenScalar, addScaledScalar, residualScalar, joinScalar, signsScalar)
			got := do(flip, Widen, AddScaled, residual, join, signs)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%d dimensions, case %d (-scalar +as chosen):\n%s", dim, n, diff)
			}
		}
	}
}

func TestTheTransformIsTheSameInEveryWay(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 2))
	for dim := 1; dim <= 4096; dim *= 2 {
		for n := range 10 {
			want := hardUnit(r, dim, n)
			got := append([]float32(nil), want...)
			hadamardScalar(want)
			hadamard(got)
			if diff := cmp.Diff(bitsOf(want), bitsOf(got)); diff != "" {
				t.Fatalf("%d dimensions, case %d (-scalar +as chosen):\n%s", dim, n, diff)
			}
		}
	}
}

func TestAResidualIsTheVectorLessItsCentroid(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 3))
	for _, dim := range []int{1, 7, 8, 48, 256, 1000} {
		v, centre := hardUnit(r, dim, 4), hardUnit(r, dim, 0)
		codes, fine, centroid, back, got := make([]int8, dim), make([]byte, dim), make([]int8, dim), make([]float32, dim), make([]float32, dim)
		b, c := Split(v, codes, fine), Quantise(centre, centroid)
		Residual(got, b.Scale, codes, fine, centroid, c.Scale)
		Join(b.Scale, codes, fine, back)
		for i := range back {
			back[i] -= float32(c.Scale * float32(centroid[i]))
		}
		if diff := cmp.Diff(bitsOf(back), bitsOf(got)); diff != "" {
			t.Errorf("%d dimensions (-want +got):\n%s", dim, diff)
		}
	}
}

func BenchmarkRotate(b *testing.B) {
	v := hardUnit(rand.New(rand.NewPCG(6, 4)), 256, 0)
	for b.Loop() {
		Rotate(v)
	}
}
