package distill

import (
	"math"

	"github.com/duijie/duijie/internal/match"
	"gonum.org/v1/gonum/mat"
)

// axesOf are the directions in which the rows of d differ most, a column each, in
// descending order, and their variances. d has mean 0. The sign of each axis is such
// that its greatest number is positive.
func axesOf(d dense, dims int) (*mat.Dense, []float64, error) {
	square := productOfColumns(d, d)
	square.Scale(1/float64(max(d.rows(), 1)), square)
	n := d.columns
	symmetric := mat.NewSymDense(n, nil)
	for i := range n {
		for j := i; j < n; j++ {
			symmetric.SetSym(i, j, square.At(i, j))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(symmetric, true) {
		return nil, nil, match.Invalidf("vectors", "have no principal axes")
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	values := eigen.Values(nil)
	axes, variances := mat.NewDense(n, dims, nil), make([]float64, dims)
	for j := range dims {
		column := mat.Col(nil, n-1-j, &vectors) // values ascend
		settleSign(column)
		axes.SetCol(j, column)
		variances[j] = max(values[n-1-j], 0)
	}
	return axes, variances, nil
}

func settleSign(column []float64) {
	greatest := 0.0
	for _, x := range column {
		if math.Abs(x) > math.Abs(greatest) {
			greatest = x
		}
	}
	if greatest < 0 {
		for i := range column {
			column[i] = -column[i]
		}
	}
}

// linearMap is the A with inputs·A close to goals, drawn towards the unit matrix.
func linearMap(inputs, goals dense, penalty float64) (*mat.Dense, error) {
	n := inputs.columns
	gram, right := productOfColumns(inputs, inputs), productOfColumns(inputs, goals)
	for i := range n {
		gram.Set(i, i, gram.At(i, i)+penalty)
		right.Set(i, i, right.At(i, i)+penalty)
	}
	var out mat.Dense
	if err := out.Solve(gram, right); err != nil {
		return nil, &match.Error{Kind: match.Invalid, Field: "texts", Reason: "leave the linear map open", Err: err}
	}
	return &out, nil
}

const (
	mostRounds = 60
	tolerance  = 2e-3 // of the residual, to that of the start
)

// ridge is the V with the least |x·V − goals|² + penalty·|V − start|², by conjugate
// gradients with the diagonal as preconditioner, every column with its own step.
// Entries that no text has stay as they are.
func ridge(x *sparse, start, goals dense, penalty float32, tell func(done, total int)) dense {
	back := x.transposed()
	s := &solver{columns: start.columns, penalty: penalty, diagonal: x.squares()}
	image := newDense(x.rows(), start.columns)
	x.times(image, start)
	for i, g := range goals.data {
		image.data[i] = g - image.data[i]
	}
	residual, change, product := newDense(x.columns, start.columns), newDense(x.columns, start.columns), newDense(x.columns, start.columns)
	back.times(residual, image)
	direction := newDense(x.columns, start.columns)
	norms := s.precondition(direction, residual, nil)
	first := norms
	for round := range mostRounds {
		if tell != nil {
			tell(round, mostRounds)
		}
		if s.settled(norms, first) {
			break
		}
		x.times(image, direction)
		back.times(product, image)
		blas.Saxpy(len(product.data), penalty, direction.data, 1, product.data, 1)
		steps := s.ratios(norms, s.products(direction, product))
		s.step(change, direction, steps, 1)
		s.step(residual, product, steps, -1)
		norms = s.precondition(direction, residual, norms)
	}
	blas.Saxpy(len(change.data), 1, start.data, 1, change.data, 1)
	return change
}

// solver holds what the parts of ridge share.
type solver struct {
	columns  int
	penalty  float32
	diagonal []float32
}

// precondition turns direction to the preconditioned residual plus what is left of the
// old direction, and gives the product of residual and preconditioned residual.
func (s *solver) precondition(direction, residual dense, before []float64) []float64 {
	norms := make([]float64, s.columns)
	for i, d := range s.diagonal {
		by := 1 / (d + s.penalty)
		for k, r := range residual.row(i) {
			norms[k] += float64(r) * float64(r*by)
		}
	}
	keep := make([]float32, s.columns)
	if before != nil {
		keep = s.ratios(norms, before)
	}
	inParallel(len(s.diagonal), func(i int) {
		by, row := 1/(s.diagonal[i]+s.penalty), direction.row(i)
		for k, r := range residual.row(i) {
			row[k] = r*by + keep[k]*row[k]
		}
	})
	return norms
}

// products is the product of each column of a with that of b.
func (s *solver) products(a, b dense) []float64 {
	out := make([]float64, s.columns)
	for i := range s.diagonal {
		other := b.row(i)
		for k, x := range a.row(i) {
			out[k] += float64(x) * float64(other[k])
		}
	}
	return out
}

func (s *solver) ratios(a, b []float64) []float32 {
	out := make([]float32, s.columns)
	for k := range out {
		out[k] = float32(a[k] / max(b[k], 1e-30))
	}
	return out
}

// step adds sign times steps times d to the columns of to.
func (s *solver) step(to, d dense, steps []float32, sign float32) {
	inParallel(len(s.diagonal), func(i int) {
		row := to.row(i)
		for k, x := range d.row(i) {
			row[k] += sign * steps[k] * x
		}
	})
}

func (s *solver) settled(norms, first []float64) bool {
	for k, n := range norms {
		if n > first[k]*tolerance*tolerance {
			return false
		}
	}
	return true
}
