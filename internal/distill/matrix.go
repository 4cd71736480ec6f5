package distill

import (
	"runtime"
	"sync"

	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/mat"
)

var blas gonum.Implementation

// dense is a matrix of rows of so many columns, row by row.
type dense struct {
	columns int
	data    []float32
}

func newDense(rows, columns int) dense {
	return dense{columns, make([]float32, rows*columns)}
}

func (d dense) rows() int { return len(d.data) / d.columns }

func (d dense) row(i int) []float32 { return d.data[i*d.columns : (i+1)*d.columns] }

// sparse is a matrix in compressed rows.
type sparse struct {
	columns int
	starts  []int // of each row in entries and shares, and the end
	entries []int32
	shares  []float32
}

func (s *sparse) rows() int { return len(s.starts) - 1 }

// appendMean appends a row with the shares of a text's entries in its weighted mean,
// times scale.
func (s *sparse) appendMean(cut []int32, weights []float32, scale float64) {
	total := 0.0
	for _, e := range cut {
		total += float64(weights[e])
	}
	for _, e := range cut {
		s.entries = append(s.entries, e)
		s.shares = append(s.shares, float32(scale*float64(weights[e])/total))
	}
	s.starts = append(s.starts, len(s.entries))
}

// transposed is the same with rows and columns exchanged.
func (s *sparse) transposed() *sparse {
	t := &sparse{columns: s.rows(), starts: make([]int, s.columns+1), entries: make([]int32, len(s.entries)), shares: make([]float32, len(s.entries))}
	for _, e := range s.entries {
		t.starts[e+1]++
	}
	for i := range s.columns {
		t.starts[i+1] += t.starts[i]
	}
	next := append([]int(nil), t.starts...)
	for row := range s.rows() {
		for k := s.starts[row]; k < s.starts[row+1]; k++ {
			at := next[s.entries[k]]
			next[s.entries[k]]++
			t.entries[at], t.shares[at] = int32(row), s.shares[k]
		}
	}
	return t
}

// times writes s·d to out.
func (s *sparse) times(out, d dense) {
	inParallel(s.rows(), func(i int) {
		row := out.row(i)
		clear(row)
		for k := s.starts[i]; k < s.starts[i+1]; k++ {
			blas.Saxpy(len(row), s.shares[k], d.row(int(s.entries[k])), 1, row, 1)
		}
	})
}

// squares is the sum of squares of each column.
func (s *sparse) squares() []float32 {
	out := make([]float32, s.columns)
	for k, e := range s.entries {
		out[e] += s.shares[k] * s.shares[k]
	}
	return out
}

// inParallel calls do for 0 to n-1. Which thread calls it for which number must make
// no difference.
func inParallel(n int, do func(i int)) {
	const block = 256
	var next sync.Mutex
	at := 0
	take := func() int {
		next.Lock()
		defer next.Unlock()
		at += block
		return at - block
	}
	var running sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		running.Go(func() {
			for from := take(); from < n; from = take() {
				for i := from; i < min(n, from+block); i++ {
					do(i)
				}
			}
		})
	}
	running.Wait()
}

// times is d·m.
func (d dense) times(m *mat.Dense) dense {
	rows, columns := m.Dims()
	right := newDense(rows, columns)
	for i, x := range m.RawMatrix().Data {
		right.data[i] = float32(x)
	}
	out := newDense(d.rows(), columns)
	inParallel(d.rows(), func(i int) {
		row := out.row(i)
		for k, x := range d.row(i) {
			blas.Saxpy(columns, x, right.row(k), 1, row, 1)
		}
	})
	return out
}

// productOfColumns is dᵀ·other, summed in float64.
func productOfColumns(d, other dense) *mat.Dense {
	const block = 1024
	out := mat.NewDense(d.columns, other.columns, nil)
	var part mat.Dense
	for from := 0; from < d.rows(); from += block {
		to := min(d.rows(), from+block)
		part.Mul(d.wide(from, to).T(), other.wide(from, to))
		out.Add(out, &part)
	}
	return out
}

// wide are some rows in float64.
func (d dense) wide(from, to int) *mat.Dense {
	out := make([]float64, (to-from)*d.columns)
	for i, x := range d.data[from*d.columns : to*d.columns] {
		out[i] = float64(x)
	}
	return mat.NewDense(to-from, d.columns, out)
}

// means is the mean of each column over the rows that keep names; all where it is nil.
func (d dense) means(keep func(row int) bool) []float64 {
	out, n := make([]float64, d.columns), 0
	for i := range d.rows() {
		if keep != nil && !keep(i) {
			continue
		}
		n++
		for k, x := range d.row(i) {
			out[k] += float64(x)
		}
	}
	for k := range out {
		out[k] /= float64(max(n, 1))
	}
	return out
}

// subtract takes a row from the rows that keep names; from all where it is nil.
func (d dense) subtract(mean []float64, keep func(row int) bool) {
	for i := range d.rows() {
		if keep != nil && !keep(i) {
			continue
		}
		for k, row := 0, d.row(i); k < len(row); k++ {
			row[k] -= float32(mean[k])
		}
	}
}

// scale multiplies all numbers.
func (d dense) scale(by float32) {
	for i := range d.data {
		d.data[i] *= by
	}
}
