package static

import "unicode/utf8"

// A Token is one entry of the vocabulary that a text was cut into.
type Token struct {
	Start, End int     // bytes of the text
	Entry      int     // number of the entry, for Add and Similarity
	Weight     float32 // smooth inverse frequency, above 0 and at most 1
}

// Tokens cuts a text as Embed does. The text's vector is the normalised sum of
// what the tokens add (see Add); bytes between tokens add nothing.
func (m *Model) Tokens(text string) []Token {
	s := m.scratch.Get().(*scratch)
	defer m.scratch.Put(s)
	s.load(m, text)
	out := make([]Token, len(s.spans))
	offset := offsets{text: text}
	for i, t := range s.spans {
		out[i] = Token{
			Start:  offset.of(int(t.start)),
			End:    offset.of(int(t.end)),
			Entry:  int(t.entry),
			Weight: m.weights[t.entry],
		}
	}
	return out
}

// Add adds to sum, which has Dim() places, what one token of this entry adds to
// a text's vector before that is scaled to length 1. The unit is the model's own:
// only shares of a sum mean something.
func (m *Model) Add(sum []float64, entry int) {
	row, step := m.row(int32(entry)), float64(m.steps[entry])
	for i := range sum {
		sum[i] += step * float64(int8(row[i]))
	}
}

// Similarity is the part of one token of this entry in the product of its text's
// vector, before that is scaled, with another vector.
func (m *Model) Similarity(vector []float32, entry int) float64 {
	row, product := m.row(int32(entry)), 0.0
	for i, x := range vector {
		product += float64(float64(x) * float64(int8(row[i])))
	}
	return product * float64(m.steps[entry])
}

// Weight is the smooth inverse frequency of an entry, above 0 and at most 1.
func (m *Model) Weight(entry int) float32 { return m.weights[entry] }

// AppendRow appends the vector of an entry, in whole numbers of a scale of its own: the
// cosine of two rows is that of the entries.
func (m *Model) AppendRow(dst []int8, entry int) []int8 {
	return append(dst, m.codes(int32(entry))...)
}

// Length is the length of the vector of an entry as AppendRow gives it.
func (m *Model) Length(entry int) float32 { return m.lengths()[entry].length }

// offsets turns ascending places in characters into places in bytes.
type offsets struct {
	text        string
	runes, byte int
}

func (o *offsets) of(rune int) int {
	for o.runes < rune {
		_, size := utf8.DecodeRuneInString(o.text[o.byte:])
		o.byte += size
		o.runes++
	}
	return o.byte
}
