// Package ident numbers the ids of queries and documents: a hash table from text
// to the index at which it was added, made for lookups of tens of millions of
// fields that are slices of a file; and a set of such numbers that is emptied and
// filled again for query after query.
package ident

import (
	"bytes"
	"math/bits"
	"slices"
	"sync/atomic"
	"unsafe"
)

// Table numbers distinct ids from 0 in the order of adding. The zero value is
// empty. Lookups may run concurrently; while another goroutine adds, FindAll may, and
// nothing else.
type Table struct {
	slots atomic.Pointer[[]slot] // a power of two of them, at most half in use
	texts atomic.Pointer[[]byte] // the ids, one behind the other; what is in use of it does not change
	ends  []int                  // of each id in texts
}

// slot is an id with its number plus one, which is written last; 0 marks a free slot. Ids
// of up to 16 bytes are compared within the slot, which saves the way to their text
// through memory. Longer ones have their hash and their place in texts there.
type slot struct {
	head   head
	size   int32
	number atomic.Int32
}

// Len is the number of ids.
func (t *Table) Len() int { return len(t.ends) }

// Name is the id at an index.
func (t *Table) Name(index int32) string {
	id := t.id(index)
	return unsafe.String(unsafe.SliceData(id), len(id))
}

func (t *Table) id(index int32) []byte {
	from := 0
	if index > 0 {
		from = t.ends[index-1]
	}
	return (*t.texts.Load())[from:t.ends[index]]
}

// Find is the index of an id. It does not allocate.
func (t *Table) Find(id []byte) (int32, bool) {
	slots := t.slots.Load()
	if slots == nil {
		return 0, false
	}
	number := t.seek(*slots, id, Hash(id)).number.Load()
	return number - 1, number != 0
}

// FindString is Find for a string.
func (t *Table) FindString(id string) (int32, bool) { return t.Find(bytesOf(id)) }

// seek is the slot that has an id, or the free one where it belongs.
func (t *Table) seek(slots []slot, id []byte, hash uint64) *slot {
	head, mask := headOf(id), uint64(len(slots)-1)
	for i := hash & mask; ; i = (i + 1) & mask {
		s := &slots[i]
		if s.number.Load() == 0 || int(s.size) == len(id) && (s.head == head || len(id) > headSize && t.long(s, id, hash)) {
			return s
		}
	}
}

// long tells whether a slot has an id of that length, which is more than the head's.
func (t *Table) long(s *slot, id []byte, hash uint64) bool {
	return s.head.low == hash && bytes.Equal((*t.texts.Load())[s.head.high:][:len(id)], id)
}

// Add puts an id into the table. added is false where it was there already.
func (t *Table) Add(id string) (index int32, added bool) {
	b := bytesOf(id)
	return t.addHashed(b, Hash(b))
}

// addHashed is Add for an id whose hash is known.
func (t *Table) addHashed(id []byte, hash uint64) (index int32, added bool) {
	t.Reserve(1)
	s := t.seek(*t.slots.Load(), id, hash)
	if number := s.number.Load(); number != 0 {
		return number - 1, false
	}
	from := t.keep(id)
	s.head, s.size = headOf(id), int32(len(id))
	if len(id) > headSize {
		s.head = head{hash, uint64(from)}
	}
	t.ends = append(t.ends, from+len(id))
	s.number.Store(int32(len(t.ends)))
	return int32(len(t.ends)) - 1, true
}

// keep puts the text of an id behind the others, and returns where it begins.
func (t *Table) keep(id []byte) (from int) {
	if len(t.ends) > 0 {
		from = t.ends[len(t.ends)-1]
	}
	texts := t.texts.Load()
	if texts == nil || len(*texts) < from+len(id) {
		more := make([]byte, 2*(from+len(id))+64)
		if texts != nil {
			copy(more, *texts)
		}
		texts = &more
		t.texts.Store(texts)
	}
	copy((*texts)[from:], id)
	return from
}

// Field is an id that is a part of a text, with its [Hash].
type Field struct {
	Hash       uint64
	From, Size int32
}

// In is the id.
func (f Field) In(text []byte) []byte { return text[f.From:][:f.Size] }

// FindAll finds the ids that are fields of text, and writes their indices to out, -1 for
// those that the table lacks. With a large table it is faster than finding one after the
// other.
func (t *Table) FindAll(text []byte, fields []Field, out []int32) {
	slots := t.slots.Load()
	if slots == nil {
		slots = &[]slot{{}}
	}
	for len(fields) > 0 {
		some := fields[:min(len(fields), together)]
		touch(*slots, some)
		for i, f := range some {
			out[i] = t.seek(*slots, f.In(text), f.Hash).number.Load() - 1
		}
		fields, out = fields[len(some):], out[len(some):]
	}
}

// AddAll adds the fields of text whose indices in out are negative, in order, and writes
// their indices there.
func (t *Table) AddAll(text []byte, fields []Field, out []int32) {
	for len(fields) > 0 {
		some := fields[:min(len(fields), together)]
		if slices.ContainsFunc(out[:len(some)], func(index int32) bool { return index < 0 }) {
			t.addSome(text, some, out)
		}
		fields, out = fields[len(some):], out[len(some):]
	}
}

func (t *Table) addSome(text []byte, fields []Field, out []int32) {
	if slots := t.slots.Load(); slots != nil {
		touch(*slots, fields)
	}
	for i, f := range fields {
		if out[i] < 0 {
			out[i], _ = t.addHashed(f.In(text), f.Hash)
		}
	}
}

// together is how many ids are looked up at a time.
const together = 32

// touch reads the slots where the search for fields begins, and tells nothing of them:
// memory answers for all of them at once, which is most of the time of a lookup.
func touch(slots []slot, fields []Field) {
	read, mask := int32(0), uint64(len(slots)-1)
	for i := range fields {
		read |= slots[fields[i].Hash&mask].number.Load()
	}
	if read < 0 {
		panic("ident: a number is negative") // so that reading is not left out
	}
}

// perPage is how many slots a page of memory holds.
const perPage = 4096 / int(unsafe.Sizeof(slot{}))

// Reserve makes room for n more ids: where there is none, at least for four times as many
// as there are while that is cheap, then for twice as many.
func (t *Table) Reserve(n int) {
	var old []slot
	if slots := t.slots.Load(); slots != nil {
		old = *slots
	}
	if 2*(len(t.ends)+n) <= len(old) {
		return
	}
	factor := 2
	if len(old) < 1<<18 {
		factor = 4
	}
	size := max(16, factor*len(old), 1<<bits.Len(uint(2*(len(t.ends)+n)-1)))
	t.ends = slices.Grow(t.ends, size/2-len(t.ends))
	slots := make([]slot, size)
	for i := 0; i < size; i += perPage {
		slots[i].size = 0 // or the first look at a page and the first change of it are two page faults
	}
	mask := uint64(size - 1)
	for i := range old {
		s := &old[i]
		number := s.number.Load()
		if number == 0 {
			continue
		}
		at := s.hash() & mask
		for slots[at].number.Load() != 0 {
			at = (at + 1) & mask
		}
		slots[at].head, slots[at].size = s.head, s.size
		slots[at].number.Store(number)
	}
	t.slots.Store(&slots)
}

func (s *slot) hash() uint64 {
	if s.size > headSize {
		return s.head.low
	}
	return s.head.hash(int(s.size))
}

// Truncate drops all ids but the first n.
func (t *Table) Truncate(n int) {
	if n == t.Len() {
		return
	}
	var kept Table
	for i := range int32(n) {
		kept.Add(t.Name(i))
	}
	t.slots.Store(kept.slots.Load())
	t.texts.Store(kept.texts.Load())
	t.ends = kept.ends
}

// bytesOf is the text as bytes, for calls that neither keep nor change them.
func bytesOf(id string) []byte { return unsafe.Slice(unsafe.StringData(id), len(id)) }
