package flat

import "github.com/duijie/duijie/internal/facet"

// Living is what an index holds at one moment, in the order in which it was stored,
// without the log that says the same. It is for a layer that nothing is written to any
// more: what is hidden in it later stays in what was taken. What its methods return is
// the index's own.
type Living struct {
	keys    []string
	slots   []uint32 // by place in keys
	places  []uint32 // by slot
	columns []column
	facets  *facet.Set
}

// nowhere is the place of a slot that is dead.
const nowhere = ^uint32(0)

// Living takes what there is; nothing of a closed index.
func (ix *Index) Living() *Living {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	t, l := ix.table, &Living{facets: &facet.Set{}}
	if t == nil {
		return l
	}
	l.columns, l.facets, l.places = append(l.columns, t.columns...), &t.facets, make([]uint32, len(t.keys))
	for slot, key := range t.keys {
		l.places[slot] = nowhere
		if now, ok := t.slots[key]; ok && now == uint32(slot) {
			l.places[slot] = uint32(len(l.keys))
			l.keys, l.slots = append(l.keys, key), append(l.slots, uint32(slot))
		}
	}
	return l
}

// Keys are those of all points.
func (l *Living) Keys() []string { return l.keys }

// Vector is a vector of the point at a place in Keys, nil if there is none; vector is
// a place in the index's spec.
func (l *Living) Vector(vector, place int) []float32 { return l.columns[vector].vector(l.slots[place]) }

// Facets calls token with every token of the points, and the places in Keys of those
// that have it, and number with every field of numbers, the places and their values.
// Places ascend, each comes once, and there is at least one. The order of the calls is
// not fixed.
func (l *Living) Facets(token func(field, token string, places []uint32), number func(field string, places []uint32, values []int64)) {
	l.facets.Each(
		func(field, name string, slots []uint32) {
			if places, _ := l.placed(slots, nil); len(places) > 0 {
				token(field, name, places)
			}
		},
		func(string, []uint32) {},
		func(field string, slots []uint32, values []int64) {
			if places, values := l.placed(slots, values); len(places) > 0 {
				number(field, places, values)
			}
		},
	)
}

// placed turns slots into places, and leaves out what is dead or comes again. values,
// which may be nil, are theirs.
func (l *Living) placed(slots []uint32, values []int64) (places []uint32, left []int64) {
	places = make([]uint32, 0, len(slots))
	for i, slot := range slots {
		place := l.places[slot]
		if place == nowhere || len(places) > 0 && places[len(places)-1] == place { // a payload may name a token twice
			continue
		}
		places = append(places, place)
		if values != nil {
			left = append(left, values[i])
		}
	}
	return places, left
}
