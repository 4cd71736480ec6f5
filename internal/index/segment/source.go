package segment

import (
	"context"
	"slices"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/quant"
)

// source is what a segment is made of: a member of the index, or a draft.
type source interface {
	living() facet.Bitmap
	slots() int
	keyOf(slot uint32) []byte
	// row returns the stored form of a slot's vector, by the vector's place; codes is
	// nil if there is none, and bound is quant.Zero if that is the zero vector.
	row(place int, slot uint32) (codes []int8, fine []byte, bound quant.Bound, err error)
	tokenFields() []string
	tokensOf(field string) []string // sorted
	eachToken(field, token string, visit func(slot uint32))
	numberFields() []string
	eachNumber(field string, visit func(numbered))
}

// zeroCodes tells a zero vector from none.
var zeroCodes = []int8{}

// sealed is a member as a source.
type sealed struct{ member }

func (s sealed) living() facet.Bitmap     { return s.live }
func (s sealed) slots() int               { return s.points() }
func (s sealed) keyOf(slot uint32) []byte { return s.keys.bytes(slot) }

func (s sealed) row(place int, slot uint32) ([]int8, []byte, quant.Bound, error) {
	c := s.columns[place]
	row := c.places.at(slot)
	switch row {
	case noRow:
		return nil, nil, quant.Absent, nil
	case zeroRow:
		return zeroCodes, nil, quant.Zero, nil
	}
	codes, err := c.codesOf(row, row+1)
	if err != nil {
		return nil, nil, quant.Bound{}, err
	}
	fine, err := c.fineOf(row)
	return codes, fine, c.bound(row), err
}

func (s sealed) tokenFields() []string { return s.dir.Tokens }

func (s sealed) tokensOf(field string) (out []string) {
	if f := s.payloads.tokens[field]; f != nil {
		for i := range f.len() {
			out = append(out, string(f.name(uint32(i))))
		}
	}
	return out
}

func (s sealed) eachToken(field, token string, visit func(uint32)) {
	s.payloads.tokens[field].of(token).each(visit)
}

func (s sealed) numberFields() []string { return s.dir.Numbers }

func (s sealed) eachNumber(field string, visit func(numbered)) {
	f := s.payloads.numbers[field]
	if f == nil {
		return
	}
	for i := range f.n {
		visit(numbered{f.value(i), f.slots.at(uint32(i))})
	}
}

// draft is a layer in memory as a source.
type draft struct {
	*flat.Living
	dim     int
	columns []draftColumn
	tokens  map[string]map[string][]uint32 // slots by field and token
	numbers map[string][]numbered          // by field
}

// draftColumn has codes and fine of every slot, and bounds of quant.Absent and
// quant.Zero for those that need none.
type draftColumn struct {
	bounds []quant.Bound
	codes  []int8
	fine   []byte
}

// newDraft takes what a layer holds, to which nothing is written any more.
func newDraft(ctx context.Context, spec index.Spec, layer *flat.Index, workers int) (*draft, error) {
	d := &draft{
		Living: layer.Living(), dim: spec.Dim, columns: make([]draftColumn, len(spec.Vectors)),
		tokens: map[string]map[string][]uint32{}, numbers: map[string][]numbered{},
	}
	for i := range d.columns {
		if err := d.split(ctx, i, workers); err != nil {
			return nil, err
		}
	}
	d.Facets(func(field, token string, slots []uint32) {
		if d.tokens[field] == nil {
			d.tokens[field] = map[string][]uint32{}
		}
		d.tokens[field][token] = slots
	}, func(field string, slots []uint32, values []int64) {
		list := make([]numbered, len(slots))
		for i, slot := range slots {
			list[i] = numbered{values[i], slot}
		}
		d.numbers[field] = list
	})
	return d, nil
}

// split makes the column of a vector.
func (d *draft) split(ctx context.Context, place, workers int) error {
	n, dim := len(d.Keys()), d.dim
	c := draftColumn{make([]quant.Bound, n), make([]int8, n*dim), make([]byte, n*dim)}
	d.columns[place] = c
	parts := (n + blockRows - 1) / blockRows
	return inParallel(ctx, workers, parts, func(_, part int) error {
		for i := part * blockRows; i < min(n, (part+1)*blockRows); i++ {
			v := d.Vector(place, i)
			if v == nil {
				c.bounds[i] = quant.Absent
				continue
			}
			c.bounds[i] = quant.Split(v, c.codes[i*dim:(i+1)*dim], c.fine[i*dim:(i+1)*dim])
		}
		return nil
	})
}

func (d *draft) living() facet.Bitmap     { return allAlive(len(d.Keys())) }
func (d *draft) slots() int               { return len(d.Keys()) }
func (d *draft) keyOf(slot uint32) []byte { return []byte(d.Keys()[slot]) }

func (d *draft) row(place int, slot uint32) ([]int8, []byte, quant.Bound, error) {
	c, at, end := &d.columns[place], int(slot)*d.dim, (int(slot)+1)*d.dim
	switch bound := c.bounds[slot]; bound {
	case quant.Absent:
		return nil, nil, bound, nil
	case quant.Zero:
		return zeroCodes, nil, bound, nil
	default:
		return c.codes[at:end], c.fine[at:end], bound, nil
	}
}

func (d *draft) tokenFields() []string { return sortedKeys(d.tokens) }

func (d *draft) tokensOf(field string) []string { return sortedKeys(d.tokens[field]) }

func (d *draft) eachToken(field, token string, visit func(uint32)) {
	for _, slot := range d.tokens[field][token] {
		visit(slot)
	}
}

func (d *draft) numberFields() []string { return sortedKeys(d.numbers) }

func (d *draft) eachNumber(field string, visit func(numbered)) {
	for _, x := range d.numbers[field] {
		visit(x)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for key := range m {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}
