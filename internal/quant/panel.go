package quant

import (
	"math"
)

// Many queries with many rows: a first look at each pair that is made of five bits of the
// query's numbers and six of the row's, for which 16 bits hold the sum of 64 dimensions.
// With q = step·(w−16) + e, w from 1 to 31, and x = scale·v + r, v from −32 to 32,
//
//	q·x = step·scale·(w·v − 16·Σv) + e·(x−r) + q·r
//
// and by Cauchy-Schwarz the last two terms are at most |e|·(|x|+|r|) + |q||r|. So a pair
// whose first look misses the query's floor by more is no hit. Where e and r have nothing
// to do with x and q, the terms are normal with spreads of |e||x|/√dim and |q||r|/√dim,
// far less than that: at 256 dimensions the bound is about 0.1, and the spread 0.005.

const (
	// PanelRows is the number of rows in a panel.
	PanelRows = 16
	// panelBlock is the number of dimensions whose products 16 bits can add:
	// 64/2 pairs of 2·31·32 are 31,744.
	panelBlock = 64
	// crowdGroup is how many queries the assembly takes at once.
	crowdGroup = 3

	queryMiddle = 16
	rowTop      = 32
)

// Panel is a few rows, laid out to be compared with many queries.
//
//	│ dimensions 0–3 of rows 0…15, 4 bytes each │ dimensions 4–7 … │
type Panel struct {
	width int // dimensions, to a multiple of panelBlock
	codes []int8
	shift [PanelRows]int32   // 16·Σv
	scale [PanelRows]float32 // of v
	n     int
	rest  float32 // the largest |r|
}

// NewPanel returns an empty panel for rows of so many dimensions.
func NewPanel(dim int) *Panel {
	width := (dim + panelBlock - 1) / panelBlock * panelBlock
	return &Panel{width: width, codes: make([]int8, PanelRows*width)}
}

// Len is the number of rows in the panel.
func (p *Panel) Len() int { return p.n }

// Reset empties the panel.
func (p *Panel) Reset() { p.n, p.rest = 0, 0 }

// narrowed has, for each code of a byte as it is without its sign, what it is with six
// bits, and what is lost, in units of the code.
var narrowed = func() (out [256]struct {
	code int8
	lost float32
}) {
	for c := -127; c <= 127; c++ {
		v := math.RoundToEven(float64(c) * rowTop / 127)
		out[uint8(int8(c))].code = int8(v)
		out[uint8(int8(c))].lost = float32(float64(c) - v*127/rowTop)
	}
	return out
}()

// Add puts a row in the panel, which must have room; it has dim codes and a Bound as
// Quantise or Split give them.
func (p *Panel) Add(codes []int8, b Bound) {
	i := p.n
	p.n++
	var sum int32
	var square float32
	whole := len(codes) &^ 3
	for j := 0; j < whole; j += 4 {
		four, out := codes[j:j+4:j+4], p.codes[PanelRows*j+4*i:][:4:4]
		a, b, c, d := narrowed[uint8(four[0])], narrowed[uint8(four[1])], narrowed[uint8(four[2])], narrowed[uint8(four[3])]
		out[0], out[1], out[2], out[3] = a.code, b.code, c.code, d.code
		sum += int32(a.code) + int32(b.code) + int32(c.code) + int32(d.code)
		square += a.lost*a.lost + b.lost*b.lost + c.lost*c.lost + d.lost*d.lost
	}
	for j, code := range codes[whole:] {
		a := narrowed[uint8(code)]
		p.codes[PanelRows*whole+4*i+j] = a.code
		sum += int32(a.code)
		square += a.lost * a.lost
	}
	p.shift[i] = queryMiddle * sum
	p.scale[i] = b.Scale * (127.0 / rowTop)
	p.rest = max(p.rest, b.Scale*lengthAbove(float64(square)*(1+1e-4))*(1+1e-6)+b.Rest)
}

// Crowd is queries that are compared with panels together.
type Crowd struct {
	width  int
	codes  []uint8   // query × width, to a multiple of crowdGroup queries
	step   []float64 // of the codes
	length []float64 // |q|, rounded up
	lost   []float64 // |e|, rounded up
	sure   float64   // spreads of margin over √dim; 0 is the bound

	floors []float32 // of a tile
	masks  []uint16
}

// tileBytes of queries are compared with one panel after the other; they fit the
// second-level cache.
const tileBytes = 192 << 10

// NewCrowd prepares queries of dim numbers each. A row is left out where it is by so many
// spreads below the floor; with sure 0 only where it is sure to be below.
func NewCrowd(queries [][]float32, dim int, sure float64) *Crowd {
	width := (dim + panelBlock - 1) / panelBlock * panelBlock
	groups := (len(queries) + crowdGroup - 1) / crowdGroup
	tile := min(max(1, tileBytes/width/crowdGroup), groups) * crowdGroup
	c := &Crowd{
		width: width, codes: make([]uint8, groups*crowdGroup*width),
		floors: make([]float32, tile), masks: make([]uint16, tile), sure: sure / math.Sqrt(float64(dim)),
	}
	for i, q := range queries {
		c.add(q, c.codes[i*width:(i+1)*width])
	}
	return c
}

func (c *Crowd) add(q []float32, out []uint8) {
	top, square, lost := 0.0, 0.0, 0.0
	for _, x := range q {
		top = max(top, math.Abs(float64(x)))
		square += float64(x) * float64(x)
	}
	step := top / (queryMiddle - 1)
	for i, x := range q {
		w := 0.0
		if step > 0 {
			w = math.RoundToEven(float64(x) / step)
		}
		out[i] = uint8(w + queryMiddle)
		e := float64(x) - step*w
		lost += e * e
	}
	c.step = append(c.step, step)
	c.length = append(c.length, math.Sqrt(square)*(1+1e-9))
	c.lost = append(c.lost, math.Sqrt(lost)*(1+1e-9))
}

// Look calls visit for each query with the rows of each panel, a bit for each, whose
// product with it may reach its floor. A zero query reaches none. floors is by query;
// visit may raise it, which counts from the next call on. One Crowd is for one goroutine.
func (c *Crowd) Look(panels []*Panel, floors []float64, visit func(query, panel int, rows uint16)) {
	rest := float32(0)
	for _, p := range panels {
		rest = max(rest, p.rest)
	}
	for from := 0; from < len(c.step); from += len(c.floors) {
		n := min(len(c.floors), len(c.codes)/c.width-from)
		for i := range n {
			c.floors[i] = float32(math.Inf(1))
			if q := from + i; q < len(c.step) && c.step[q] > 0 {
				c.floors[i] = c.floor(q, floors[q], float64(rest))
			}
		}
		for at, p := range panels {
			reach(p, c.codes[from*c.width:(from+n)*c.width], c.floors[:n], c.masks)
			for i, rows := range c.masks[:n] {
				if rows &= 1<<p.n - 1; rows != 0 {
					visit(from+i, at, rows)
				}
			}
		}
	}
}

// floor is what a row's first look, in units of step, has to be.
func (c *Crowd) floor(i int, floor, rest float64) float32 {
	ofQuery, ofRow := c.lost[i]*(maxLength+rest), c.length[i]*rest
	margin := ofQuery + ofRow
	if c.sure > 0 {
		margin = min(margin, c.sure*math.Sqrt(ofQuery*ofQuery+ofRow*ofRow))
	}
	margin += 1e-6
	least := (floor - margin) / c.step[i]
	return math.Nextafter32(float32(least-1e-6*math.Abs(least)), float32(math.Inf(-1)))
}

// reachScalar is the twin of the assembly: bit r of masks[i] says whether scale[r] times
// the product of row r with query i, less shift[r], is at least floors[i].
func reachScalar(p *Panel, queries []uint8, floors []float32, masks []uint16) {
	for i, floor := range floors {
		q := queries[i*p.width : (i+1)*p.width]
		masks[i] = 0
		for r := range PanelRows {
			var sum int32
			for j := 0; j < len(q); j += 4 {
				v := p.codes[j*PanelRows+4*r:][:4]
				sum += int32(q[j])*int32(v[0]) + int32(q[j+1])*int32(v[1]) + int32(q[j+2])*int32(v[2]) + int32(q[j+3])*int32(v[3])
			}
			if float32(sum-p.shift[r])*p.scale[r] >= floor {
				masks[i] |= 1 << r
			}
		}
	}
}
