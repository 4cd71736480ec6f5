package bigram

import "math/bits"

// table maps numbers that are not 0 to numbers, by open addressing. It is here
// instead of a map because nearly all the time of storing a document, and much of
// scoring one, goes into waiting for such look-ups: this one is short enough for
// a processor to wait for several of them at once. The collector need not
// look into it, either.
type table struct {
	entries []entry // a power of two of them; key 0 is free
	used    int
	shift   int
}

type entry struct {
	key   uint64
	value uint32
}

// spread is 2⁶⁴ over the golden ratio: the highest bits of key·spread differ
// for keys that are close to each other (Knuth 1998, The Art of Computer
// Programming 3, 6.4).
const spread = 0x9E3779B97F4A7C15

// newTable returns an empty table, at most half full with room keys.
func newTable(room int) table {
	width := bits.Len(uint(max(room, 4)*2 - 1))
	return table{entries: make([]entry, 1<<width), shift: 64 - width}
}

// get returns the value of a key.
func (t *table) get(key uint64) (value uint32, ok bool) {
	entries := t.entries
	for i := key * spread >> t.shift; ; i++ {
		switch e := &entries[i&uint64(len(entries)-1)]; e.key {
		case key:
			return e.value, true
		case 0:
			return 0, false
		}
	}
}

// put stores the value of a key that is not in the table.
func (t *table) put(key uint64, value uint32) {
	if 4*(t.used+1) > 3*len(t.entries) {
		larger := newTable(len(t.entries))
		for _, e := range t.entries {
			if e.key != 0 {
				larger.insert(e)
			}
		}
		*t = larger
	}
	t.insert(entry{key, value})
}

func (t *table) insert(e entry) {
	i, last := e.key*spread>>t.shift, uint64(len(t.entries)-1)
	for t.entries[i&last].key != 0 {
		i++
	}
	t.entries[i&last] = e
	t.used++
}
