//go:build !amd64

package static

type pair struct{} // of rows, for the assembly

// add is addScalar where there is no assembly.
func (s *scratch) add(m *Model, items []item) { s.addScalar(m, items) }

// fetch does nothing where there is no assembly.
func (m *Model) fetch([]int32) {}

// divide is divideScalar where there is no assembly.
func divide(dst []float32, sums []float64, length float64) { divideScalar(dst, sums, length) }
