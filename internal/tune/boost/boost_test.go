package boost

import (
	"context"
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func params() Params {
	return Params{Rounds: 30, Rate: 0.2, Leaves: 8, Depth: 5, MinRows: 5, L2: 1, Rows: 0.8, Features: 0.8, Seed: 3}
}

// made is rows whose level grows with the first feature, wobbles with the second,
// and does not hang on the third; some values are missing.
func made(n int, seed uint64) (Matrix, []float32) {
	random := rand.New(rand.NewPCG(seed, 1))
	x, y := NewMatrix(n, 3), make([]float32, n)
	for i := range n {
		row := x.Row(i)
		for f := range row {
			row[f] = float32(random.NormFloat64())
		}
		v := float64(row[0]) + math.Sin(3*float64(row[1])) + 0.3*random.NormFloat64()
		y[i] = float32(1 + math.Round(3/(1+math.Exp(-v))))
		if random.IntN(10) == 0 {
			row[random.IntN(3)] = float32(math.NaN())
		}
	}
	return x, y
}

func TestTreesPredictRowsThatTheyDidNotSee(t *testing.T) {
	x, y := made(2000, 1)
	held := &Held{}
	held.X, held.Y = made(1000, 2)
	for _, loss := range []Loss{Squared, Ordinal} {
		p := params()
		p.Loss, held.Loss = loss, nil
		if _, err := Train(context.Background(), x, y, p, held); err != nil {
			t.Fatal(err)
		}
		if first, last := held.Loss[0], held.Loss[len(held.Loss)-1]; last > 0.75*first {
			t.Errorf("loss %d of rows held back falls from %.3f to %.3f only", loss, first, last)
		}
	}
}

func TestTheForestDoesNotDependOnTheNumberOfGoroutines(t *testing.T) {
	x, y := made(5000, 1)
	var want *Forest
	for _, workers := range []int{1, 2, 7} {
		p := params()
		p.Workers = workers
		got, err := Train(context.Background(), x, y, p, nil)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%d goroutines: %s", workers, diff)
		}
	}
}

func TestBinnedAndPlainRowsGetTheSamePrediction(t *testing.T) {
	x, y := made(3000, 4)
	b := bin(x, 2)
	f, err := Train(context.Background(), x, y, params(), nil)
	if err != nil {
		t.Fatal(err)
	}
	g := newGrower(b, Params{Workers: 2})
	got := make([]float64, x.Rows)
	for i := range got {
		got[i] = f.Base
	}
	for i := range f.Trees {
		g.apply(&f.Trees[i], got)
	}
	for i, v := range got {
		if want := f.Predict(x.Row(i)); v != want {
			t.Fatalf("row %d: %v by bins, %v by values", i, v, want)
		}
	}
}

func TestAConstrainedFeatureNeverLowersThePrediction(t *testing.T) {
	x, y := made(3000, 5)
	p := params()
	p.Monotone = []int8{1, -1, 0}
	f, err := Train(context.Background(), x, y, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float32Range(-3, 3)
		row := []float32{v.Draw(t, "a"), v.Draw(t, "b"), v.Draw(t, "c")}
		before := f.Predict(row)
		row[0] += rapid.Float32Range(0, 3).Draw(t, "more")
		row[1] -= rapid.Float32Range(0, 3).Draw(t, "less")
		if after := f.Predict(row); after < before-1e-9 {
			t.Fatalf("the prediction falls from %v to %v", before, after)
		}
	})
}

func TestContributionsAddUpToThePrediction(t *testing.T) {
	x, y := made(2000, 6)
	f, err := Train(context.Background(), x, y, params(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		out := make([]float64, 3)
		sum := f.Explain(x.Row(i), out)
		for _, c := range out {
			sum += c
		}
		if want := f.Predict(x.Row(i)); math.Abs(sum-want) > 1e-9 {
			t.Fatalf("row %d: contributions add up to %v, the prediction is %v", i, sum, want)
		}
	}
}

// expected is a tree's value where only the features of the set are known.
func (t *Tree) expected(at int32, row []float32, set uint) float64 {
	n := &t.Nodes[at]
	if n.leaf() {
		return n.Value
	}
	if set>>n.Feature&1 == 1 {
		if n.goesLeft(row[n.Feature]) {
			return t.expected(n.Left, row, set)
		}
		return t.expected(n.Right, row, set)
	}
	l, r := t.Nodes[n.Left].Cover, t.Nodes[n.Right].Cover
	return (l*t.expected(n.Left, row, set) + r*t.expected(n.Right, row, set)) / (l + r)
}

func TestContributionsAreTheShapleyValuesOfAllSubsets(t *testing.T) {
	x, y := made(500, 7)
	p := params()
	p.Rounds = 5
	f, err := Train(context.Background(), x, y, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	const n = 3
	factorial := []float64{1, 1, 2, 6}
	for i := range 50 {
		row := x.Row(i)
		got := make([]float64, n)
		f.Explain(row, got)
		for k := range uint(n) {
			want := 0.0
			for set := range uint(1 << n) {
				if set>>k&1 == 1 {
					continue
				}
				size := bits.OnesCount(set)
				weight := factorial[size] * factorial[n-size-1] / factorial[n]
				for j := range f.Trees {
					tree := &f.Trees[j]
					want += weight * (tree.expected(0, row, set|1<<k) - tree.expected(0, row, set))
				}
			}
			if math.Abs(got[k]-want) > 1e-9 {
				t.Fatalf("row %d, feature %d: %v, want %v", i, k, got[k], want)
			}
		}
	}
}
