package static

import (
	"math"
	"math/bits"
	"slices"
)

// A trie finds the entries that begin at a place of a text. What a text may begin with
// is found by its code. Every other node has a small table of its children, all tables
// in one array, in which a child stands at the low bits of its code, or, in tables of
// more than tinySize units, at the first free unit behind. A lookup mostly reads one
// unit, and one that fails reads where those that succeed do:
//
//	unit = code (16 bits) │ log2 of the size of its table (5) │ where that begins (24), 0 for none │ entry + 1 (19), 0 for none
//
// Tables of up to tinySize units have no two children at one place; all others are at
// least half empty. Those that more entries lead through stand before others, so that
// what most texts need stays in the processor's nearest caches.
type trie struct {
	first []uint64 // units of what begins an entry, by code
	units []uint64
}

const (
	entryBits = 19
	entryMask = 1<<entryBits - 1
	baseBits  = 24
	baseMask  = 1<<baseBits - 1
	sizeShift = entryBits + baseBits
	sizeBits  = 5
	codeShift = sizeShift + sizeBits

	tinySize = 8
	none     = 0 // no unit is 0, for no character of an entry has code 0
)

// next is the child that a code leads to from a unit that has children, or none.
func (t *trie) next(u uint64, code uint16) uint64 {
	mask := uint64(1)<<(u>>sizeShift&(1<<sizeBits-1)) - 1
	base := u >> entryBits & baseMask
	for at := uint64(code) & mask; ; at = (at + 1) & mask {
		child := t.units[base+at]
		if child>>codeShift == uint64(code) {
			return child
		}
		if child == none || mask < tinySize {
			return none
		}
	}
}

// isLeaf reports whether a unit has no children.
func isLeaf(u uint64) bool { return u&(baseMask<<entryBits) == 0 }

// entryOf is the entry that ends at a unit, or -1.
func entryOf(u uint64) int32 { return int32(u&entryMask) - 1 }

// newTrie lays a tree out, whose edges have codes for characters, all below size. They
// are fewer than maxNodes and take eight units each at most, two of one node whose codes
// differ from the fourth bit on, so that 24 bits tell where any table begins.
func newTrie(edges []edge, entry []int32, size int) trie {
	where := make([]uint64, len(entry)) // size and place of each node's table, as in a unit
	end := 1
	for _, t := range tablesOf(edges, entry) {
		log, from := t.log(), t.from()
		align := min(1<<log, tinySize)
		end = (end + align - 1) / align * align
		where[from] = uint64(log)<<sizeShift | uint64(end)<<entryBits
		end += 1 << log
	}
	out := trie{first: make([]uint64, size), units: make([]uint64, end)}
	for _, e := range edges {
		u := uint64(e.by)<<codeShift | where[e.to] | uint64(entry[e.to]+1)
		if e.from == 0 {
			out.first[e.by] = u
		} else {
			out.put(where[e.from], u)
		}
	}
	return out
}

// put enters a child of a unit.
func (t *trie) put(parent, child uint64) {
	mask := uint64(1)<<(parent>>sizeShift) - 1
	base := parent >> entryBits & baseMask
	at := child >> codeShift & mask
	for t.units[base+at] != none {
		at = (at + 1) & mask
	}
	t.units[base+at] = child
}

// A table is what the children of a node below the root need. In ascending order those
// that fill whole cache lines stand before others, then those with more entries below:
//
//	table = 1 for less than a line (1 bit) │ -entries below (32) │ node (21) │ log2 of the size (5)
type table uint64

func (t table) log() int  { return int(t & (1<<sizeBits - 1)) }
func (t table) from() int { return int(t >> sizeBits & nodeMask) }

func newTable(from, below, log int) table {
	t := table(math.MaxUint32-below)<<nodeBits | table(from)
	if 1<<log < tinySize {
		t |= 1 << (32 + nodeBits)
	}
	return t<<sizeBits | table(log)
}

// tablesOf are the tables of all nodes below the root that have children, in order.
func tablesOf(edges []edge, entry []int32) []table {
	below := make([]int, len(entry))     // entries below each node, with its own
	start := make([]int32, len(entry)+1) // of each node's children
	for _, e := range slices.Backward(edges) {
		if entry[e.to] >= 0 {
			below[e.to]++
		}
		below[e.from] += below[e.to]
		start[e.from+1]++
	}
	for i := range entry {
		start[i+1] += start[i]
	}
	codes, end := make([]uint16, len(edges)), slices.Clone(start)
	for _, e := range edges {
		codes[end[e.from]] = uint16(e.by)
		end[e.from]++
	}
	var out []table
	for i := 1; i < len(entry); i++ {
		if children := codes[start[i]:start[i+1]]; len(children) > 0 {
			out = append(out, newTable(i, below[i], tableSize(children)))
		}
	}
	slices.Sort(out)
	return out
}

// tableSize is log2 of the smallest size at which children have places of their own, up
// to tinySize, and else of one that is at least half empty.
func tableSize(children []uint16) int {
	for log := bits.Len(uint(len(children) - 1)); 1<<log <= tinySize; log++ {
		taken, clash := 0, false
		for _, c := range children {
			bit := 1 << (c & (1<<log - 1))
			clash = clash || taken&bit != 0
			taken |= bit
		}
		if !clash {
			return log
		}
	}
	return max(bits.Len(tinySize), bits.Len(uint(2*len(children)-1)))
}
