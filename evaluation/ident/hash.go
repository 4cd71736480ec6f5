package ident

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"math/rand/v2"
)

// seed, mixLow and mixHigh are drawn when the program starts, so that nobody can
// choose ids that collide. Indices do not depend on them.
var (
	seed            = maphash.MakeSeed()
	mixLow, mixHigh = rand.Uint64() | 1, rand.Uint64() | 1
)

const headSize = 16

// head is the first 16 bytes of an id, filled up with zeros.
type head struct{ low, high uint64 }

func headOf(id []byte) head {
	switch n := len(id); {
	case n >= headSize:
		return head{binary.LittleEndian.Uint64(id), binary.LittleEndian.Uint64(id[8:])}
	case n >= 8: // the last eight bytes, less those that low has
		return head{binary.LittleEndian.Uint64(id), binary.LittleEndian.Uint64(id[n-8:]) >> (8 * (headSize - n))}
	case n >= 4:
		low, rest := uint64(binary.LittleEndian.Uint32(id)), uint64(binary.LittleEndian.Uint32(id[n-4:]))
		return head{low: low | rest<<(8*(n-4))}
	default:
		var h head
		for i, c := range id {
			h.low |= uint64(c) << (8 * i)
		}
		return h
	}
}

// Hash is the hash of an id, for [Field].
func Hash(id []byte) uint64 {
	if len(id) > headSize {
		return maphash.Bytes(seed, id)
	}
	return headOf(id).hash(len(id))
}

// hash is that of an id that the head holds: a folded multiplication, as in wyhash.
func (h head) hash(size int) uint64 {
	high, low := bits.Mul64(h.low^mixLow, h.high^mixHigh^uint64(size))
	high, low = bits.Mul64(high^low^mixLow, mixHigh)
	return high ^ low
}
