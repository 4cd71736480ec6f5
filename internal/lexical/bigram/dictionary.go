package bigram

import "unicode/utf8"

// packed is how many code points of 21 bits each fit into one uint64.
const packed = 3

// dictionary numbers terms from 0 in the order in which they came. Terms of up to
// three code points, nearly all, are found by an integer instead of a string.
type dictionary struct {
	short table
	long  map[string]uint32
}

func newDictionary(room int) *dictionary {
	return &dictionary{short: newTable(room), long: map[string]uint32{}}
}

func (d *dictionary) size() int { return d.short.used + len(d.long) }

// find returns the id of a term, if it has one.
func (d *dictionary) find(term []rune) (uint32, bool) {
	if len(term) <= packed {
		return d.short.get(pack(term))
	}
	var room [64]byte
	id, ok := d.long[string(appendUTF8(room[:0], term))]
	return id, ok
}

// intern returns the id of a term, which is d.size() before the call if it is new.
func (d *dictionary) intern(term []rune) uint32 {
	id, ok := d.find(term)
	if ok {
		return id
	}
	id = uint32(d.size())
	if len(term) <= packed {
		d.short.put(pack(term), id)
	} else {
		d.long[string(term)] = id
	}
	return id
}

// renumbered returns the terms for which to gives a new id, which is not gone.
func (d *dictionary) renumbered(to []uint32, room int) *dictionary {
	out := newDictionary(room)
	for _, e := range d.short.entries {
		if e.key != 0 && to[e.value] != gone {
			out.short.put(e.key, to[e.value])
		}
	}
	for key, id := range d.long {
		if to[id] != gone {
			out.long[key] = to[id]
		}
	}
	return out
}

// gone stands for no id.
const gone = ^uint32(0)

// pack is one to one and never 0, since no term holds the code point 0.
func pack(term []rune) uint64 {
	var key uint64
	for _, r := range term {
		key = key<<21 | uint64(r)
	}
	return key
}

func appendUTF8(out []byte, term []rune) []byte {
	for _, r := range term {
		out = utf8.AppendRune(out, r)
	}
	return out
}
