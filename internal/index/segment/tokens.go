package segment

import (
	"cmp"
	"errors"
	"math/bits"
	"sort"

	"github.com/duijie/duijie/internal/facet"
)

// tokenField holds which slots have which tokens of a field:
//
//	│ tokens t 4 │ 0 4 │ start of name 4 × (t+1) │ slots 4 × t │ start of list, in words of 8, 4 × (t+1) │
//	│ names, sorted │ to a multiple of 8 │ lists │
//
// A list is a bitmap where that is shorter (isDense), else the slots in their order,
// 4 bytes each. A last list, without a name, has all slots with any token.
type tokenField struct {
	points int
	names  u32s
	counts u32s
	starts u32s
	text   []byte
	lists  []byte
}

var errForm = errors.New("does not have the form it claims")

// isDense tells whether a list of n slots is kept as a bitmap.
func isDense(n, points int) bool { return 32*n >= points }

func openTokens(m *image, field string) (*tokenField, error) {
	b, err := m.section("tokens."+field, -1)
	if err != nil {
		return nil, err
	}
	if len(b) < 8 || int64(u32s(b).at(0)) > int64(len(b))/8 {
		return nil, corrupt(m.path, m.place["tokens."+field].At, errForm)
	}
	t := int(u32s(b).at(0))
	head := 8 + 4*(t+1) + 4*(t+1) + 4*(t+2)
	if len(b) < head {
		return nil, corrupt(m.path, m.place["tokens."+field].At, errForm)
	}
	f := &tokenField{points: m.dir.Points}
	f.names, b = u32s(b[8:8+4*(t+1)]), b[8+4*(t+1):]
	f.counts, b = u32s(b[:4*(t+1)]), b[4*(t+1):]
	f.starts, b = u32s(b[:4*(t+2)]), b[4*(t+2):]
	size := int(f.names.at(uint32(t)))
	if size > len(b) {
		return nil, corrupt(m.path, m.place["tokens."+field].At, errForm)
	}
	f.text = b[:size]
	f.lists = b[min(len(b), size+padding(head+size)):]
	return f, nil
}

// padding is what is missing to a multiple of 8.
func padding(n int) int { return -n & 7 }

func (f *tokenField) len() int             { return f.names.len() - 1 }
func (f *tokenField) name(i uint32) []byte { return f.text[f.names.at(i):f.names.at(i+1)] }
func (f *tokenField) list(i uint32) tokenList {
	return tokenList{int(f.counts.at(i)), f.points, f.lists[8*int(f.starts.at(i)) : 8*int(f.starts.at(i+1))]}
}

// of returns the slots that have a token; f may be nil.
func (f *tokenField) of(token string) tokenList {
	if f == nil {
		return tokenList{}
	}
	i, ok := sort.Find(f.len(), func(i int) int { return cmp.Compare(token, string(f.name(uint32(i)))) })
	if !ok {
		return tokenList{}
	}
	return f.list(uint32(i))
}

// present returns the slots that have any token.
func (f *tokenField) present() tokenList { return f.list(uint32(f.len())) }

// tokenList is a list of slots. The zero value is empty.
type tokenList struct {
	n, points int
	b         []byte
}

func (l tokenList) dense() bool { return l.n > 0 && isDense(l.n, l.points) }

// setIn adds the slots to a bitmap.
func (l tokenList) setIn(out facet.Bitmap) {
	if l.dense() {
		words := u64s(l.b)
		for i := range out {
			out[i] |= words.at(uint32(i))
		}
		return
	}
	for i := range uint32(l.n) {
		out.Set(u32s(l.b).at(i))
	}
}

// clearIn takes the slots out of a bitmap.
func (l tokenList) clearIn(out facet.Bitmap) {
	if l.dense() {
		words := u64s(l.b)
		for i := range out {
			out[i] &^= words.at(uint32(i))
		}
		return
	}
	for i := range uint32(l.n) {
		out.Clear(u32s(l.b).at(i))
	}
}

// each calls visit with the slots, in their order.
func (l tokenList) each(visit func(slot uint32)) {
	if !l.dense() {
		for i := range uint32(l.n) {
			visit(u32s(l.b).at(i))
		}
		return
	}
	for i := range uint32(len(l.b) / 8) {
		for word := u64s(l.b).at(i); word != 0; word &= word - 1 {
			visit(i*64 + uint32(bits.TrailingZeros64(word)))
		}
	}
}

// appendList appends the list of sorted slots to b.
func appendList(b []byte, slots []uint32, points int) []byte {
	if len(slots) > 0 && isDense(len(slots), points) {
		bitmap := facet.NewBitmap(points)
		for _, slot := range slots {
			bitmap.Set(slot)
		}
		return append(b, bytesOf64(bitmap)...)
	}
	b = append(b, bytesOf32(slots)...)
	return append(b, make([]byte, padding(len(b)))...)
}
