// Package ident numbers the ids of queries and documents: a hash table from text
// to the index at which it was added, made for lookups of tens of millions of
// fields that are slices of a file; and a set of such numbers that is emptied and
// filled again for query after query.
package ident

import (
	"math/bits"
	"slices"
	"unsafe"
)

// Table numbers distinct ids from 0 in the order of adding. The zero value is
// empty. Lookups may run concurrently while nothing is added.
type Table struct {
	slots []slot // a power of two of them, at most half in use
	names []string
	texts []byte // of names that were copied; what is in use of it does not change
}

// slot is an id with its number plus one; 0 marks a free slot. Ids of up to 16
// bytes are compared within the slot, which saves the way to their text through
// memory.
type slot struct {
	head   head
	size   int32
	number int32
}

// Len is the number of ids.
func (t *Table) Len() int { return len(t.names) }

// Name is the id at an index.
func (t *Table) Name(index int32) string { return t.names[index] }

// Hash is the hash of the id at an index.
func (t *Table) Hash(index int32) uint64 { return Hash(bytesOf(t.names[index])) }

// Find is the index of an id. It does not allocate.
func (t *Table) Find(id []byte) (int32, bool) { return t.FindHashed(id, Hash(id)) }

// FindHashed is Find for an id whose hash is known.
func (t *Table) FindHashed(id []byte, hash uint64) (int32, bool) {
	if len(t.names) == 0 {
		return 0, false
	}
	s := t.seek(id, headOf(id), hash)
	return s.number - 1, s.number != 0
}

// seek is the slot that has an id, or the free one where it belongs.
func (t *Table) seek(id []byte, head head, hash uint64) *slot {
	mask := uint64(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.number == 0 || s.head == head && int(s.size) == len(id) && (len(id) <= headSize || t.names[s.number-1] == string(id)) {
			return s
		}
	}
}

// Touch reads the slot where the id of a hash would be, and tells nothing of it.
// Touching a few hashes before finding them lets memory answer all of them at
// once; with a large table that is most of the time of a lookup.
func (t *Table) Touch(hash uint64) int32 {
	if len(t.names) == 0 {
		return 0
	}
	return t.slots[hash&uint64(len(t.slots)-1)].number
}

// FindString is Find for a string.
func (t *Table) FindString(id string) (int32, bool) { return t.Find(bytesOf(id)) }

// Add puts an id into the table. added is false where it was there already.
func (t *Table) Add(id string) (index int32, added bool) {
	b := bytesOf(id)
	s, added := t.place(b, Hash(b))
	if added {
		t.names = append(t.names, id)
	}
	return s.number - 1, added
}

// AddHashed is Add for an id whose hash is known. It keeps a copy of a new id.
func (t *Table) AddHashed(id []byte, hash uint64) (index int32, added bool) {
	s, added := t.place(id, hash)
	if added {
		t.names = append(t.names, t.keep(id))
	}
	return s.number - 1, added
}

// keep copies an id into memory that many ids share.
func (t *Table) keep(id []byte) string {
	if len(id) > cap(t.texts)-len(t.texts) {
		t.texts = make([]byte, 0, max(len(id), min(1<<16, 16*len(t.names)+64)))
	}
	from := len(t.texts)
	t.texts = append(t.texts, id...)
	return unsafe.String(unsafe.SliceData(t.texts[from:]), len(id))
}

// place is the slot of an id, with the next number if it is new.
func (t *Table) place(id []byte, hash uint64) (s *slot, added bool) {
	if 2*(len(t.names)+1) > len(t.slots) {
		t.grow()
	}
	head := headOf(id)
	if s = t.seek(id, head, hash); s.number != 0 {
		return s, false
	}
	*s = slot{head, int32(len(id)), int32(len(t.names) + 1)}
	return s, true
}

// Reserve makes room for n more ids.
func (t *Table) Reserve(n int) {
	t.names = slices.Grow(t.names, n)
	if need := 2 * (len(t.names) + n); n > 0 && need > len(t.slots) {
		t.resize(1 << bits.Len(uint(need-1)))
	}
}

// grow makes room: fourfold while that is cheap.
func (t *Table) grow() {
	factor := 2
	if len(t.slots) < 1<<18 {
		factor = 4
	}
	t.resize(max(16, factor*len(t.slots)))
	t.names = slices.Grow(t.names, len(t.slots)/2-len(t.names))
}

func (t *Table) resize(size int) {
	old := t.slots
	t.slots = make([]slot, size)
	mask := uint64(len(t.slots) - 1)
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		i := t.hashOf(&s) & mask
		for t.slots[i].number != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = s
	}
}

func (t *Table) hashOf(s *slot) uint64 {
	if s.size <= headSize {
		return s.head.hash(int(s.size))
	}
	return t.Hash(s.number - 1)
}

// bytesOf is the text as bytes, for calls that neither keep nor change them.
func bytesOf(id string) []byte { return unsafe.Slice(unsafe.StringData(id), len(id)) }
