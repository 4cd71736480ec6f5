package segment

import (
	"context"
	"math"

	"github.com/duijie/duijie/internal/quant"
)

// Lists of slots that have no row; they come after all others.
const (
	listOfNone = math.MaxInt32
	listOfZero = math.MaxInt32 - 1
)

// sorting says in which list of a column each slot is.
type sorting struct {
	list      []int32 // by slot
	centroids []int8  // list × dim
	scales    []float32
	probes    []probe
}

// rows returns the slots by row, and the first row of each list and of none.
func (c *sorting) rows() (slots, starts []uint32) {
	starts = make([]uint32, len(c.scales)+1)
	n := uint32(0)
	for _, list := range c.list {
		if list < listOfZero {
			starts[list]++
			n++
		}
	}
	at := uint32(0)
	for list, count := range starts {
		starts[list], at = at, at+count
	}
	slots, next := make([]uint32, n), append([]uint32(nil), starts...)
	for slot, list := range c.list {
		if list < listOfZero {
			slots[next[list]] = uint32(slot)
			next[list]++
		}
	}
	return slots, starts
}

// sort finds out which slots have a vector, and in which list it belongs.
func (b *builder) sort(ctx context.Context, place int) (*sorting, error) {
	c := &sorting{list: make([]int32, len(b.origins))}
	var present []uint32
	for slot := range c.list {
		if slot%blockRows == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		switch codes, _, bound, err := b.row(place, uint32(slot)); {
		case err != nil:
			return nil, err
		case bound == quant.Absent:
			c.list[slot] = listOfNone
		case len(codes) == 0:
			c.list[slot] = listOfZero
		default:
			present = append(present, uint32(slot))
		}
	}
	if len(present) < b.options.ClusterAt {
		c.centroids, c.scales = make([]int8, b.spec.Dim), make([]float32, 1)
		return c, nil
	}
	p := &partition{builder: b, place: place, dim: b.spec.Dim, present: present, workers: b.options.workers()}
	if err := p.run(ctx); err != nil {
		return nil, err
	}
	for i, slot := range present {
		c.list[slot] = p.lists[i]
	}
	c.centroids, c.scales, c.probes = p.fine.codes, p.fine.scales, p.probes
	return c, nil
}
