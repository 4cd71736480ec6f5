package flat

import "github.com/duijie/duijie/internal/quant"

// blockRows is the number of slots in a block: four words of a filter's bitmap,
// and at 256 dimensions 64 KB of codes, which fit the second-level cache.
const blockRows = 256

// matrix holds one float32 row for each slot, in blocks, so that growing never
// moves a row that a search is reading. A copy is a view of the rows it had.
type matrix struct {
	dim    int
	n      int
	blocks [][]float32
}

// append stores v, or a row that is never read if v is nil.
func (m *matrix) append(v []float32) {
	if m.n%blockRows == 0 {
		m.blocks = append(m.blocks, make([]float32, blockRows*m.dim))
	}
	m.n++
	if v != nil {
		copy(m.row(uint32(m.n-1)), v)
	}
}

// row returns the row of a slot; it belongs to the matrix.
func (m *matrix) row(slot uint32) []float32 {
	at := int(slot%blockRows) * m.dim
	return m.blocks[slot/blockRows][at : at+m.dim : at+m.dim]
}

// column is one named vector of all slots: exact, and as codes with their bounds.
// A copy is a view of the slots it had.
type column struct {
	exact matrix
	codes []*codeBlock
}

// codeBlock is a block of quantised rows.
type codeBlock struct {
	bounds [blockRows]quant.Bound
	codes  []int8 // blockRows × dim
}

// append gives the next slot the vector v, or none if v is nil.
func (c *column) append(v []float32) {
	i, dim := c.exact.n%blockRows, c.exact.dim
	if i == 0 {
		c.codes = append(c.codes, &codeBlock{codes: make([]int8, blockRows*dim)})
	}
	c.exact.append(v)
	b := c.codes[len(c.codes)-1]
	if v == nil {
		b.bounds[i] = quant.Absent
		return
	}
	b.bounds[i] = quant.Quantise(v, b.codes[i*dim:(i+1)*dim])
}

// vector returns the vector of a slot, or nil if it has none.
func (c *column) vector(slot uint32) []float32 {
	if c.codes[slot/blockRows].bounds[slot%blockRows] == quant.Absent {
		return nil
	}
	return c.exact.row(slot)
}
