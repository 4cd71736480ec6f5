// Package ident numbers the ids of queries and documents: a hash table from text
// to the index at which it was added, made for lookups of tens of millions of
// fields that are slices of a file.
package ident

import "hash/maphash"

// seed is that of all tables. Indices do not depend on it.
var seed = maphash.MakeSeed()

// Table numbers distinct ids from 0 in the order of adding. The zero value is
// empty. Lookups may run concurrently while nothing is added.
type Table struct {
	slots []slot // a power of two of them, at most half in use
	count int32
}

// slot is an id with its number plus one; 0 marks a free slot. head is the id's
// first bytes: short ids are compared within the slot, which saves the way to
// their text through memory.
type slot struct {
	head   [headSize]byte
	size   int32
	number int32
	name   string
}

const headSize = 16

func headOf(id []byte) (head [headSize]byte) {
	copy(head[:], id)
	return head
}

// Hash is the hash of an id, for [Table.FindHashed].
func Hash(id []byte) uint64 { return maphash.Bytes(seed, id) }

// Len is the number of ids.
func (t *Table) Len() int { return int(t.count) }

// Find is the index of an id. It does not allocate.
func (t *Table) Find(id []byte) (int32, bool) { return t.FindHashed(id, Hash(id)) }

// FindHashed is Find for an id whose hash is known.
func (t *Table) FindHashed(id []byte, hash uint64) (int32, bool) {
	if t.count == 0 {
		return 0, false
	}
	mask, head := uint64(len(t.slots)-1), headOf(id)
	for i := hash & mask; ; i = (i + 1) & mask {
		s := &t.slots[i]
		if s.number == 0 {
			return 0, false
		}
		if s.head == head && int(s.size) == len(id) && (len(id) <= headSize || s.name == string(id)) {
			return s.number - 1, true
		}
	}
}

// Touch reads the slot where the id of a hash would be, and tells nothing of it.
// Touching a few hashes before finding them lets memory answer all of them at
// once; with a large table that is most of the time of a lookup.
func (t *Table) Touch(hash uint64) int32 {
	if t.count == 0 {
		return 0
	}
	return t.slots[hash&uint64(len(t.slots)-1)].number
}

// FindString is Find for a string.
func (t *Table) FindString(id string) (int32, bool) { return t.Find([]byte(id)) }

// Add puts an id into the table. added is false where it was there already.
func (t *Table) Add(id string) (index int32, added bool) {
	if i, ok := t.FindString(id); ok {
		return i, false
	}
	if 2*(int(t.count)+1) > len(t.slots) {
		t.grow()
	}
	t.count++
	t.put(slot{headOf([]byte(id)), int32(len(id)), t.count, id}, maphash.String(seed, id))
	return t.count - 1, true
}

// put writes s into the first free slot from that of its hash.
func (t *Table) put(s slot, hash uint64) {
	mask := uint64(len(t.slots) - 1)
	i := hash & mask
	for t.slots[i].number != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = s
}

func (t *Table) grow() {
	old := t.slots
	t.slots = make([]slot, max(16, 2*len(old)))
	for _, s := range old {
		if s.number != 0 {
			t.put(s, maphash.String(seed, s.name))
		}
	}
}
