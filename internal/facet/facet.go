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
	tokens  map[string]*posted   // by field
	numbers map[string]*[]number // by field: values by slot
	live    Bitmap
	n       uint32
	alive   int
}

// posted are the slots that have a field.
type posted struct {
	slots   map[string]*[]uint32 // by token
	present []uint32
}

// of returns the slots that have a token; t may be nil.
func (t *posted) of(token string) []uint32 {
	if t == nil || t.slots[token] == nil {
		return nil
	}
	return *t.slots[token]
}

type number struct {
	slot  uint32
	value int64
}

// Append stores p and returns its slot.
func (s *Set) Append(p match.Payload) uint32 {
	if s.tokens == nil {
		s.tokens, s.numbers = map[string]*posted{}, map[string]*[]number{}
	}
	slot := s.n
	s.n++
	s.live = s.live.grown(int(s.n))
	s.live.Set(slot)
	s.alive++
	for field, values := range p.Tokens {
		if len(values) > 0 {
			s.add(field, values, slot)
		}
	}
	for field, v := range p.Numbers {
		list := s.numbers[field]
		if list == nil {
			list = new([]number)
			s.numbers[field] = list
		}
		*list = append(*list, number{slot, v})
	}
	return slot
}

func (s *Set) add(field string, values []string, slot uint32) {
	t := s.tokens[field]
	if t == nil {
		t = &posted{slots: map[string]*[]uint32{}}
		s.tokens[field] = t
	}
	for _, v := range values {
		list := t.slots[v]
		if list == nil {
			list = new([]uint32)
			t.slots[v] = list
		}
		*list = append(*list, slot)
	}
	t.present = append(t.present, slot)
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
	t := s.tokens[c.Field]
	for _, token := range c.AnyOf {
		out.setAll(t.of(token))
	}
	for _, token := range c.NoneOf {
		for _, slot := range t.of(token) {
			out.Clear(slot)
		}
	}
	if c.OrAbsent && t == nil {
		out.Fill(int(s.n))
	} else if c.OrAbsent {
		absent := NewBitmap(int(s.n))
		absent.Fill(int(s.n))
		for _, slot := range t.present {
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
	list := s.numbers[c.Field]
	if list == nil {
		return out
	}
	for _, v := range *list {
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

// CountRange counts the slots from…to−1, which must be within the room.
func (b Bitmap) CountRange(from, to uint32) int {
	if from >= to {
		return 0
	}
	first, last := from/64, (to-1)/64
	head, tail := ^uint64(0)<<(from%64), ^uint64(0)>>(63-(to-1)%64)
	if first == last {
		return bits.OnesCount64(b[first] & head & tail)
	}
	return bits.OnesCount64(b[first]&head) + b[first+1:last].Count() + bits.OnesCount64(b[last]&tail)
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
