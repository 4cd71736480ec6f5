package segment

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/duijie/duijie/internal/quant"
)

// A slot without a row has one of these in place of it.
const (
	noRow   = ^uint32(0)     // no vector
	zeroRow = ^uint32(0) - 1 // the zero vector, which no search finds
)

// probe says how many rows a search for the limit best has to read so that it finds the
// share of them that recallTarget wants.
type probe struct {
	Limit int `json:"limit"`
	Rows  int `json:"rows"`
}

// column is a named vector of all slots. Its rows are in lists: those of a list have the
// same nearest centroid. There is one list where a search reads everything anyway.
type column struct {
	image  *image
	dim    int
	rows   int
	probes []probe
	// inOrder: row and slot are the same number.
	inOrder bool

	slots     u32s   // by row
	places    u32s   // row by slot
	bounds    []byte // by row: scale and rest, float32 each
	starts    u32s   // first row of a list; one more than lists
	centroids []int8 // list × dim
	scales    []byte // of centroids, float32 each

	blocks []uint32 // first block of sketches of a list; one more than lists, or nil

	// To be verified when they are read: row × dim, the same again, and
	// block × quant.SketchBytes, the blocks of a list being its own.
	codes, fine, sketches                      []byte
	codesSection, fineSection, sketchesSection int
}

const boundSize = 8

func openColumn(m *image, place int) (*column, error) {
	c := &column{image: m, dim: m.dir.Spec.Dim, probes: m.dir.Probes[place]}
	name := func(part string) string { return part + "." + strconv.Itoa(place) }
	var errs [8]error
	c.slots, errs[0] = m.section(name("slots"), -1)
	c.rows = c.slots.len()
	c.places, errs[1] = m.section(name("places"), 4*int64(m.dir.Points))
	c.bounds, errs[2] = m.section(name("bounds"), boundSize*int64(c.rows))
	c.starts, errs[3] = m.section(name("starts"), -1)
	centroids, err := m.section(name("centroids"), int64(c.lists())*int64(c.dim))
	c.centroids, errs[4] = signed(centroids), err
	c.scales, errs[5] = m.section(name("scales"), 4*int64(c.lists()))
	c.codes, c.codesSection, errs[6] = m.lazy(name("codes"), int64(c.rows)*int64(c.dim))
	c.fine, c.fineSection, errs[7] = m.lazy(name("fine"), int64(c.rows)*int64(c.dim))
	if err := errors.Join(errs[:]...); err != nil {
		return nil, errs[firstOf(errs[:])]
	}
	c.inOrder = c.rows > 0 && place == 0 // build gives slots the order of the first vector
	if c.lists() < 1 || int(c.starts.at(uint32(c.lists()))) != c.rows {
		return nil, corrupt(m.path, m.place[name("starts")].At, fmt.Errorf("the lists do not hold %d rows", c.rows))
	}
	return c, c.openSketches(name("sketches"))
}

// openSketches finds the sketches, if the column is in lists.
func (c *column) openSketches(name string) (err error) {
	if c.lists() == 1 {
		return nil
	}
	c.blocks = make([]uint32, 1, c.lists()+1)
	for list := range uint32(c.lists()) {
		from, to := c.list(list)
		if from > to {
			return corrupt(c.image.path, 0, errForm)
		}
		c.blocks = append(c.blocks, c.blocks[list]+(to-from+quant.SketchRows-1)/quant.SketchRows)
	}
	size := int64(c.blocks[c.lists()]) * int64(quant.SketchBytes(c.dim))
	c.sketches, c.sketchesSection, err = c.image.lazy(name, size)
	return err
}

// sketchesOf returns the blocks of a list, verified.
func (c *column) sketchesOf(list uint32) ([]byte, error) {
	size := int64(quant.SketchBytes(c.dim))
	a, b := size*int64(c.blocks[list]), size*int64(c.blocks[list+1])
	if err := c.image.verify(c.sketchesSection, a, b); err != nil {
		return nil, err
	}
	return c.sketches[a:b], nil
}

func (c *column) lists() int { return c.starts.len() - 1 }

// list returns the rows of a list, from…to−1.
func (c *column) list(i uint32) (from, to uint32) { return c.starts.at(i), c.starts.at(i + 1) }

func (c *column) bound(row uint32) quant.Bound {
	at := boundSize * int(row)
	return quant.Bound{Scale: float32At(c.bounds, at), Rest: float32At(c.bounds, at+4)}
}

// codesOf returns the codes of the rows from…to−1, verified.
func (c *column) codesOf(from, to uint32) ([]int8, error) {
	a, b := int64(from)*int64(c.dim), int64(to)*int64(c.dim)
	if err := c.image.verify(c.codesSection, a, b); err != nil {
		return nil, err
	}
	return signed(c.codes[a:b]), nil
}

// prefetch asks for what a scan reads of a row.
func (c *column) prefetch(row uint32) {
	quant.Prefetch(c.codes[int(row)*c.dim:][:c.dim])
	quant.Prefetch(c.bounds[boundSize*int(row):][:boundSize])
}

// fineOf returns the second parts of a row, verified.
func (c *column) fineOf(row uint32) ([]byte, error) {
	a := int64(row) * int64(c.dim)
	b := a + int64(c.dim)
	if err := c.image.verify(c.fineSection, a, b); err != nil {
		return nil, err
	}
	return c.fine[a:b], nil
}

// vector fills out with the vector of a row.
func (c *column) vector(row uint32, out []float32) error {
	codes, err := c.codesOf(row, row+1)
	if err != nil {
		return err
	}
	fine, err := c.fineOf(row)
	if err != nil {
		return err
	}
	quant.Join(c.bound(row).Scale, codes, fine, out)
	return nil
}

// rowsToRead is how many rows a search for the limit best has to read; −1 is all. It is
// a straight line, over the logarithm of the limit, between what was measured.
func (c *column) rowsToRead(limit float64) int {
	if c.lists() == 1 || len(c.probes) == 0 {
		return -1
	}
	return min(c.rows, max(c.measured(limit), leastRows, int(leastShare*float64(c.rows))))
}

// leastShare is the share of all rows that a search reads at least, whatever was measured:
// that was with queries made of rows, but those that come are from the other side of the
// market and are unlike all rows. Of 1,350,000 generated patents demands need a third for 98 %
// of their ten nearest texts and 40 % for the titles; with rows as queries a few had
// seemed enough. Reading is cheap (see sketches), and the order of the lists raises the
// floor early in any case.
const leastShare = 0.5

// leastRows are read in any case: in a small collection the nearest of a demand lie in more of
// its lists. Of 100,000 titles half of the rows have 0.966 of the ten best.
const leastRows = 300_000

// measured is rowsToRead by what was measured when the segment was made.
func (c *column) measured(limit float64) int {
	at := 1
	for at < len(c.probes)-1 && float64(c.probes[at].Limit) < limit {
		at++
	}
	if len(c.probes) == 1 || limit <= float64(c.probes[0].Limit) {
		return c.probes[0].Rows
	}
	a, b := c.probes[at-1], c.probes[at]
	slope := float64(b.Rows-a.Rows) / math.Log(float64(b.Limit)/float64(a.Limit))
	if limit > float64(b.Limit) { // not measured: more than the line says
		a, slope = b, max(slope, beyond*float64(c.rows))
	}
	rows := float64(a.Rows) + max(slope, 0)*math.Log(limit/float64(a.Limit))
	return int(min(max(rows, margin*limit), float64(c.rows)))
}

// beyond is the share of all rows that is read more for each e times the largest limit
// that was measured.
const beyond = 0.1
