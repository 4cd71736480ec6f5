package boost

import "sync"

// Matrix is rows of features, in single precision, row after row.
type Matrix struct {
	Rows, Columns int
	Data          []float32 // Rows × Columns
}

// NewMatrix is a matrix of zeros.
func NewMatrix(rows, columns int) Matrix {
	return Matrix{Rows: rows, Columns: columns, Data: make([]float32, rows*columns)}
}

// At is the value of a feature in a row.
func (m Matrix) At(row, column int) float64 { return float64(m.Data[row*m.Columns+column]) }

// Row is a row; writing to it writes to the matrix.
func (m Matrix) Row(row int) []float32 { return m.Data[row*m.Columns : (row+1)*m.Columns] }

// each calls do for 0 to n−1 on several goroutines, and returns when all are done.
func each(workers, n int, do func(i int)) {
	if workers <= 1 || n <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	var wg sync.WaitGroup
	workers = min(workers, n)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	wg.Wait()
}
