package static

// A tree gathers the entries of a vocabulary before they are laid out as a trie. Its
// edges are kept in one open-addressing hash table, an edge a slot:
//
//	slot = from node (21 bits) │ character (21 bits) │ to node (21 bits)
//
// Node 0 is the root and no edge leads to it, so that a slot of 0 is empty. A node has
// a greater number than the one that leads to it.
type tree struct {
	slots []uint64
	shift uint
	entry []int32 // node to entry, -1 where none ends
}

const (
	nodeBits  = 21
	nodeMask  = 1<<nodeBits - 1
	maxNodes  = 1 << nodeBits
	fibonacci = 0x9E3779B97F4A7C15
)

// newTree makes a tree with room for so many edges, or maxNodes of them.
func newTree(edges int) *tree {
	t := &tree{shift: 64, entry: []int32{-1}}
	size := 1
	for size < 2*min(edges, maxNodes)+2 {
		size *= 2
		t.shift--
	}
	t.slots = make([]uint64, size)
	return t
}

// holds reports whether there is room for a word.
func (t *tree) holds(word string) bool { return len(t.entry)+len(word) <= maxNodes }

// add enters a word; it reports false when the word is there already.
func (t *tree) add(word string, entry int32) bool {
	node := 0
	for _, r := range word {
		node = t.extend(node, r)
	}
	if t.entry[node] >= 0 {
		return false
	}
	t.entry[node] = entry
	return true
}

func (t *tree) extend(node int, r rune) int {
	key := uint64(node)<<nodeBits | uint64(r)
	for at := int(key * fibonacci >> t.shift); ; at = (at + 1) & (len(t.slots) - 1) {
		slot := t.slots[at]
		if slot == 0 {
			to := len(t.entry)
			t.entry = append(t.entry, -1)
			t.slots[at] = key<<nodeBits | uint64(to)
			return to
		}
		if slot>>nodeBits == key {
			return int(slot & nodeMask)
		}
	}
}

// An edge leads from one node to another by a character, or by its code.
type edge struct {
	from, to int32
	by       rune
}

// edges are all edges, in order of the nodes that they lead to.
func (t *tree) edges() []edge {
	out := make([]edge, len(t.entry)-1)
	for _, slot := range t.slots {
		if slot != 0 {
			to := int32(slot & nodeMask)
			out[to-1] = edge{from: int32(slot >> (2 * nodeBits)), to: to, by: rune(slot >> nodeBits & nodeMask)}
		}
	}
	return out
}
