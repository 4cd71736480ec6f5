// Package facet answers which records of an index meet a filter.
//
// A Set holds the payloads of records in slots that are handed out in order and
// never used again, so that every list of slots is sorted by construction. It
// agrees with match.Payload.Satisfies, which a test checks on random payloads. It
// keeps no names and is not safe for concurrent use: the index that owns it does
// both.
package facet

import (
	"math/bits"

	"github.com/duijie/duijie/internal/match"
)

// Set holds payloads by slot. The zero value is an empty set.
type Set struct {
	postings map[string]map[string][]uint32 // field → token → slots
	present  map[string][]uint32            // field → slots that have it
	numbers  map[string][]number            // field → values by slot
	live     Bitmap
	n        uint32
	alive    int
}

type number struct {
	slot  uint32
	value int64
}

// Append stores p and returns its slot.
func (s *Set) Append(p match.Payload) uint32 {
	if s.postings == nil {
		s.postings = map[string]map[string][]uint32{}
		s.present = map[string][]uint32{}
		s.numbers = map[string][]number{}
	}
	slot := s.n
	s.n++
	s.live = s.live.grown(int(s.n))
	s.live.Set(slot)
	s.alive++
	for field, tokens := range p.Tokens {
		if len(tokens) == 0 {
			continue
		}
		byToken := s.postings[field]
		if byToken == nil {
			byToken = map[string][]uint32{}
			s.postings[field] = byToken
		}
		for _, t := range tokens {
			byToken[t] = append(byToken[t], slot)
		}
		s.present[field] = append(s.present[field], slot)
	}
	for field, v := range p.Numbers {
		s.numbers[field] = append(s.numbers[field], number{slot, v})
	}
	return slot
}

// Kill takes a slot out of every answer.
func (s *Set) Kill(slot uint32) {
	if s.live.Has(slot) {
		s.live.Clear(slot)
		s.alive--
	}
}

// Slots counts the slots handed out, dead ones included; Live the others.
func (s *Set) Slots() int { return int(s.n) }

// Live counts the slots that are not dead.
func (s *Set) Live() int { return s.alive }

// Select returns the live slots that meet all conditions. The bitmap is the
// caller's own.
func (s *Set) Select(conditions []match.Condition) Bitmap {
	out := s.live.clone()
	for _, c := range conditions {
		out.And(s.meeting(c))
	}
	return out
}

// meeting returns the slots, dead ones perhaps included, that meet c.
func (s *Set) meeting(c match.Condition) Bitmap {
	out := NewBitmap(int(s.n))
	if c.IsNumber() {
		return s.meetingNumber(c, out)
	}
	if len(c.AnyOf) == 0 {
		out.Fill(int(s.n))
	}
	for _, t := range c.AnyOf {
		out.setAll(s.postings[c.Field][t])
	}
	for _, t := range c.NoneOf {
		for _, slot := range s.postings[c.Field][t] {
			out.Clear(slot)
		}
	}
	if c.OrAbsent {
		absent := NewBitmap(int(s.n))
		absent.Fill(int(s.n))
		for _, slot := range s.present[c.Field] {
			absent.Clear(slot)
		}
		out.Or(absent)
	}
	return out
}

func (s *Set) meetingNumber(c match.Condition, out Bitmap) Bitmap {
	if c.OrAbsent {
		out.Fill(int(s.n))
	}
	for _, v := range s.numbers[c.Field] {
		if (c.Min == nil || v.value >= *c.Min) && (c.Max == nil || v.value <= *c.Max) {
			out.Set(v.slot)
		} else {
			out.Clear(v.slot)
		}
	}
	return out
}

// Bitmap is a set of slots.
type Bitmap []uint64

// NewBitmap returns an empty bitmap with room for slots 0 to n−1.
func NewBitmap(n int) Bitmap { return make(Bitmap, (n+63)/64) }

// Has tells whether slot is in the bitmap; slots beyond its room are not.
func (b Bitmap) Has(slot uint32) bool {
	return int(slot>>6) < len(b) && b[slot>>6]&(1<<(slot&63)) != 0
}

// Set adds a slot, which must be within the room.
func (b Bitmap) Set(slot uint32) { b[slot>>6] |= 1 << (slot & 63) }

// Clear takes a slot out, which must be within the room.
func (b Bitmap) Clear(slot uint32) { b[slot>>6] &^= 1 << (slot & 63) }

// Fill adds the slots 0 to n−1.
func (b Bitmap) Fill(n int) {
	for i := range b {
		b[i] = ^uint64(0)
	}
	if rest := n & 63; rest != 0 && len(b) > 0 {
		b[len(b)-1] = 1<<rest - 1
	}
}

// And keeps what is in both; the bitmaps have the same room.
func (b Bitmap) And(other Bitmap) {
	for i := range b {
		b[i] &= other[i]
	}
}

// Or adds what is in other; the bitmaps have the same room.
func (b Bitmap) Or(other Bitmap) {
	for i := range b {
		b[i] |= other[i]
	}
}

// Count counts the slots in the bitmap.
func (b Bitmap) Count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

func (b Bitmap) setAll(slots []uint32) {
	for _, slot := range slots {
		b.Set(slot)
	}
}

func (b Bitmap) clone() Bitmap { return append(Bitmap(nil), b...) }

func (b Bitmap) grown(n int) Bitmap {
	for len(b)*64 < n {
		b = append(b, 0)
	}
	return b
}
