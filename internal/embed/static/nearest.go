package static

import (
	"math"
	"slices"
	"unsafe"

	"github.com/duijie/duijie/internal/quant"
	"github.com/duijie/duijie/internal/rank"
)

var _ rank.Lexicon = (*Model)(nil)

// Words implements rank.Lexicon: the distinct tokens of a text with their weights.
func (m *Model) Words(out []rank.Word, text string) []rank.Word {
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	s.load(m, text)
	s.met = s.met[:0]
	for _, t := range s.spans {
		if s.count[t.entry] == 0 {
			s.count[t.entry], s.met = 1, append(s.met, t.entry)
		}
	}
	slices.Sort(s.met)
	out = slices.Grow(out, len(s.met))
	for _, entry := range s.met {
		s.count[entry] = 0
		out = append(out, rank.Word{Entry: entry, Weight: m.weights[entry]})
	}
	return out
}

// Nearest implements rank.Lexicon.
func (m *Model) Nearest(need, have []rank.Word, out []float32) {
	lengths := m.lengths()
	var room [stackDims]int16
	wide := m.wide(&room)
	var product [1]int32
	for i, n := range need {
		if _, same := slices.BinarySearchFunc(have, n, rank.ByEntry); same {
			out[i] = 1
			continue
		}
		quant.Widen(wide, m.codes(n.Entry))
		out[i] = -1
		for _, h := range have {
			quant.DotRows(wide, m.codes(h.Entry), product[:])
			out[i] = max(out[i], codeCosine(product[0], lengths[n.Entry].inverse, lengths[h.Entry].inverse))
		}
	}
}

// Rows implements rank.Lexicon.
func (m *Model) Rows(words []rank.Word) rank.Rows {
	lengths := m.lengths()
	r := rank.Rows{Words: words, Codes: make([]int8, 0, len(words)*m.dims), Inverse: make([]float32, 0, len(words))}
	for _, w := range words {
		r.Codes, r.Inverse = append(r.Codes, m.codes(w.Entry)...), append(r.Inverse, lengths[w.Entry].inverse)
	}
	return r
}

// NearestRow implements rank.Lexicon.
func (m *Model) NearestRow(need rank.Word, have rank.Rows) float32 {
	if _, same := slices.BinarySearchFunc(have.Words, need, rank.ByEntry); same {
		return 1
	}
	own, best := m.lengths()[need.Entry].inverse, float32(-1)
	m.products(need, have, func(from int, products []int32) {
		for i, inverse := range have.Inverse[from : from+len(products)] {
			best = max(best, codeCosine(products[i], own, inverse))
		}
	})
	return best
}

// Cosines implements rank.Lexicon.
func (m *Model) Cosines(need rank.Word, have rank.Rows, out []float32) {
	own := m.lengths()[need.Entry].inverse
	m.products(need, have, func(from int, products []int32) {
		for i, p := range products {
			out[from+i] = codeCosine(p, own, have.Inverse[from+i])
		}
	})
	setSame(have, need, out)
}

// CosinesBack implements rank.Lexicon.
func (m *Model) CosinesBack(need rank.Rows, have rank.Word, out []float32) {
	own := m.lengths()[have.Entry].inverse
	m.products(have, need, func(from int, products []int32) {
		for i, p := range products {
			out[from+i] = codeCosine(p, need.Inverse[from+i], own)
		}
	})
	setSame(need, have, out)
}

// products calls visit with the products of a word with some rows after the other.
func (m *Model) products(w rank.Word, rows rank.Rows, visit func(from int, products []int32)) {
	var room [stackDims]int16
	var products [256]int32
	wide := m.wide(&room)
	quant.Widen(wide, m.codes(w.Entry))
	for from := 0; from < len(rows.Words); from += len(products) {
		n := min(len(products), len(rows.Words)-from)
		quant.DotRows(wide, rows.Codes[from*m.dims:], products[:n])
		visit(from, products[:n])
	}
}

// setSame has a word be as near to itself as can be.
func setSame(rows rank.Rows, w rank.Word, out []float32) {
	if at, ok := slices.BinarySearchFunc(rows.Words, w, rank.ByEntry); ok {
		out[at] = 1
	}
}

// stackDims is how many dimensions have room on the stack.
const stackDims = 256

// wide is room for a row of 16 bits.
func (m *Model) wide(room *[stackDims]int16) []int16 {
	if m.dims <= stackDims {
		return room[:m.dims]
	}
	return make([]int16, m.dims)
}

// codeCosine is that of two rows of codes. Each step is rounded, so that no machine fuses them.
func codeCosine(product int32, inverse, other float32) float32 {
	scaled := float32(float32(product) * inverse)
	return min(float32(scaled*other), 1)
}

// codes are the numbers of an entry's vector.
func (m *Model) codes(entry int32) []int8 {
	row := m.row(entry)
	return unsafe.Slice((*int8)(unsafe.Pointer(unsafe.StringData(row))), len(row))
}

// length is that of a vector of codes, and its inverse, 0 of the zero vector.
type length struct{ length, inverse float32 }

// lengths are those of all entries.
func (m *Model) lengths() []length {
	m.lengthsOnce.Do(func() {
		m.lengthsOf = make([]length, m.Size())
		for e := range m.lengthsOf {
			m.lengthsOf[e] = lengthOf(m.codes(int32(e)))
		}
	})
	return m.lengthsOf
}

func lengthOf(codes []int8) length {
	sum := 0
	for _, x := range codes {
		sum += int(x) * int(x)
	}
	if sum == 0 {
		return length{}
	}
	l := math.Sqrt(float64(sum))
	return length{float32(l), float32(1 / l)}
}

// Passages implements rank.Lexicon.
func (m *Model) Passages(texts []string) rank.Passages {
	p := rank.Passages{Codes: make([]int8, len(texts)*m.dims), Inverse: make([]float32, len(texts))}
	vector := make([]float32, m.dims)
	for i, text := range texts {
		row := p.Codes[i*m.dims : (i+1)*m.dims]
		m.EmbedInto(vector, text)
		quant.Quantise(vector, row)
		p.Inverse[i] = lengthOf(row).inverse
	}
	return p
}

// NearestPassages implements rank.Lexicon.
func (m *Model) NearestPassages(need, have rank.Passages, out []float32) {
	var room [stackDims]int16
	wide, products := m.wide(&room), make([]int32, len(have.Inverse))
	for i, inverse := range need.Inverse {
		quant.Widen(wide, need.Codes[i*m.dims:(i+1)*m.dims])
		quant.DotRows(wide, have.Codes, products)
		out[i] = -1
		for j, other := range have.Inverse {
			out[i] = max(out[i], codeCosine(products[j], inverse, other))
		}
	}
}
