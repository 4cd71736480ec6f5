package ident

// Bits is a set of indices below a bound, a bit each. Unlike [Set] it numbers no
// member, and its memory is that of the bound; filling and emptying it for query after
// query is several times as fast. It belongs to one goroutine.
type Bits []uint64

// NewBits is an empty set of indices below bound.
func NewBits(bound int) Bits { return make(Bits, (bound+63)/64) }

// Add puts an index into the set, and reports whether it was not there.
func (b Bits) Add(index int32) bool {
	word, bit := &b[uint32(index)>>6], uint64(1)<<(index&63)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}

// Has reports whether an index is in the set.
func (b Bits) Has(index int32) bool { return b[uint32(index)>>6]>>(index&63)&1 != 0 }

// Drop takes an index out of the set.
func (b Bits) Drop(index int32) { b[uint32(index)>>6] &^= 1 << (index & 63) }
