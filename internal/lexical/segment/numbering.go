package segment

import "math/bits"

// numbering numbers keys from 0 in the order in which they come, by open addressing.
type numbering struct {
	table []entry // key 0 is free
	used  int
	shift int
}

func newNumbering() *numbering { return &numbering{table: make([]entry, 1<<12), shift: 64 - 12} }

func (n *numbering) number(key uint64) uint32 {
	e := n.find(key)
	if e.key == key {
		return e.number
	}
	number := uint32(n.used)
	*e = entry{key, number}
	if n.used++; 2*n.used > len(n.table) {
		old := n.table
		n.table, n.shift = make([]entry, 2*len(old)), n.shift-1
		for _, e := range old {
			if e.key != 0 {
				*n.find(e.key) = e
			}
		}
	}
	return number
}

// get returns the number of a key, if it has one.
func (n *numbering) get(key uint64) (uint32, bool) {
	e := n.find(key)
	return e.number, e.key == key
}

func (n *numbering) find(key uint64) *entry {
	for i, last := key>>n.shift, uint64(len(n.table)-1); ; i++ {
		if e := &n.table[i&last]; e.key == key || e.key == 0 {
			return e
		}
	}
}

// entries returns all keys with their numbers, in no order. The numbering is of no
// use any more.
func (n *numbering) entries() []entry {
	out := n.table[:0]
	for _, e := range n.table {
		if e.key != 0 {
			out = append(out, e)
		}
	}
	return out
}

// sized returns a numbering with room for n keys.
func sized(n int) *numbering {
	width := bits.Len(uint(4*n + 8))
	return &numbering{table: make([]entry, 1<<width), shift: 64 - width}
}
