package distill

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// randomRows draws a sparse matrix with up to 4 entries a row.
func randomRows(t *rapid.T, rows, columns int) *sparse {
	s := &sparse{columns: columns, starts: []int{0}}
	weights := make([]float32, columns)
	for i := range weights {
		weights[i] = rapid.Float32Range(0.1, 1).Draw(t, "weight")
	}
	for range rows {
		cut := rapid.SliceOfN(rapid.Int32Range(0, int32(columns-1)), 1, 4).Draw(t, "cut")
		s.appendMean(cut, weights, 1)
	}
	return s
}

func randomDense(t *rapid.T, rows, columns int) dense {
	d := newDense(rows, columns)
	for i := range d.data {
		d.data[i] = rapid.Float32Range(-1, 1).Draw(t, "number")
	}
	return d
}

func (s *sparse) full() *mat.Dense {
	out := mat.NewDense(s.rows(), s.columns, nil)
	for i := range s.rows() {
		for k := s.starts[i]; k < s.starts[i+1]; k++ {
			out.Set(i, int(s.entries[k]), out.At(i, int(s.entries[k]))+float64(s.shares[k]))
		}
	}
	return out
}

func (d dense) full() *mat.Dense { return d.wide(0, d.rows()) }

func TestSparseProductsAreThoseOfFullMatrices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, d := randomRows(t, 6, 5), randomDense(t, 5, 3)
		out, back := newDense(6, 3), newDense(5, 3)
		x.times(out, d)
		x.transposed().times(back, out)
		var want, wantBack mat.Dense
		want.Mul(x.full(), d.full())
		wantBack.Mul(x.full().T(), out.full())
		if !mat.EqualApprox(&want, out.full(), 1e-5) || !mat.EqualApprox(&wantBack, back.full(), 1e-5) {
			t.Fatal("another product")
		}
	})
}

func TestRidgeSolvesTheNormalEquations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const rows, entries, dims, penalty = 8, 6, 3, 0.3
		x, start, goals := randomRows(t, rows, entries), randomDense(t, entries, dims), randomDense(t, rows, dims)
		got := ridge(x, start, goals, penalty, nil)
		// (XᵀX + p)·V = Xᵀ·goals + p·start
		var left, right, want mat.Dense
		left.Mul(x.full().T(), x.full())
		right.Mul(x.full().T(), goals.full())
		for i := range entries {
			left.Set(i, i, left.At(i, i)+penalty)
			for k := range dims {
				right.Set(i, k, right.At(i, k)+penalty*float64(start.row(i)[k]))
			}
		}
		if err := want.Solve(&left, &right); err != nil {
			t.Fatal(err)
		}
		if !mat.EqualApprox(&want, got.full(), 0.02) {
			t.Fatalf("got\n%v, want\n%v", mat.Formatted(got.full()), mat.Formatted(&want))
		}
	})
}

func TestAnEntryOfNoTextStaysAsItIs(t *testing.T) {
	x := &sparse{columns: 3, starts: []int{0}}
	x.appendMean([]int32{0, 2}, []float32{1, 1, 1}, 1)
	start := dense{2, []float32{1, 2, 3, 4, 5, 6}}
	got := ridge(x, start, dense{2, []float32{9, 9}}, 0.1, nil)
	if !slices.Equal(got.row(1), []float32{3, 4}) || slices.Equal(got.row(0), []float32{1, 2}) {
		t.Errorf("got %v", got.data)
	}
}

func TestAxesAreOrthonormalAndDescend(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randomDense(t, 20, 8)
		d.subtract(d.means(nil), nil)
		axes, variances, err := axesOf(d, 4)
		if err != nil {
			t.Fatal(err)
		}
		var unit mat.Dense
		unit.Mul(axes.T(), axes)
		if !mat.EqualApprox(&unit, mat.NewDiagDense(4, []float64{1, 1, 1, 1}), 1e-9) {
			t.Fatalf("not orthonormal: %v", mat.Formatted(&unit))
		}
		turned := d.times(axes)
		for k, v := range variances {
			own := 0.0
			for i := range turned.rows() {
				own += float64(turned.row(i)[k]) * float64(turned.row(i)[k])
			}
			if math.Abs(own/20-v) > 1e-4 || k > 0 && v > variances[k-1] {
				t.Fatalf("axis %d has variance %v, said %v of %v", k, own/20, v, variances)
			}
		}
	})
}

func TestTheSegmenterFindsTheLikeliestWords(t *testing.T) {
	words := []Word{{Text: "电池", Count: 50}, {Text: "锂电", Count: 2}, {Text: "锂电池", Count: 30}, {Text: "池正", Count: 1}, {Text: "正极", Count: 40}, {Text: "极", Count: 9}}
	s := newSegmenter(words)
	for text, want := range map[string]string{
		"锂电池正极": "锂电池 正极",
		"电池池正":  "电池 池正",
		"x极，锂电": "极 锂电",
		"":      "",
	} {
		var got []string
		s.words(text, func(w string) { got = append(got, w) })
		if joined := strings.Join(got, " "); joined != want {
			t.Errorf("%s is cut into %q, want %q", text, joined, want)
		}
	}
}
