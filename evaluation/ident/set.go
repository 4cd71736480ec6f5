package ident

import "math/bits"

// Set numbers the members of a small set of indices in the order of adding. It is
// made to be emptied and filled for query after query; its memory is that of the
// largest set, however many documents there are. The zero value has room for no
// member. It belongs to one goroutine.
type Set struct {
	slots []member // a power of two of them, at most a quarter in use
	shift uint     // 64 less the bits of a place
	round uint32
	count int32
}

// member is in the set if its round is the set's.
type member struct {
	index, order int32
	round        uint32
}

// Reset empties the set and makes room for n members.
func (s *Set) Reset(n int) {
	s.count = 0
	if s.round++; 4*n <= len(s.slots) && s.round != 0 {
		return
	}
	size := max(4*n, len(s.slots), 16)
	width := bits.Len(uint(size - 1))
	s.slots, s.shift, s.round = make([]member, 1<<width), uint(64-width), 1
}

// Add puts an index into the set and returns how many were added before it. For
// one that is there already added is false and order is that of its adding. The
// set must have room.
func (s *Set) Add(index int32) (order int32, added bool) {
	at := s.place(index)
	if at.round == s.round {
		return at.order, false
	}
	*at = member{index, s.count, s.round}
	s.count++
	return at.order, true
}

// Find is the order of an index in the set, -1 where it is not there.
func (s *Set) Find(index int32) int32 {
	if s.count == 0 {
		return -1
	}
	if at := s.place(index); at.round == s.round {
		return at.order
	}
	return -1
}

// place is the slot that has the index, or where it belongs.
func (s *Set) place(index int32) *member {
	mask := len(s.slots) - 1
	for i := int(uint64(uint32(index)) * 0x9e3779b97f4a7c15 >> s.shift); ; i++ {
		if at := &s.slots[i&mask]; at.round != s.round || at.index == index {
			return at
		}
	}
}
