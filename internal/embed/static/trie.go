package static

// A trie finds the entries that begin at a place of a text. Its edges are kept
// in one open-addressing hash table, an edge a slot:
//
//	slot = from node (21 bits) │ character (21 bits) │ to node (21 bits)
//
// Node 0 is the root and no edge leads to it, so that a slot of 0 is empty.
type trie struct {
	slots []uint64
	shift uint
	entry []int32 // node to entry, -1 where none ends
}

const (
	root      = 0
	noNode    = -1
	nodeBits  = 21
	nodeMask  = 1<<nodeBits - 1
	fibonacci = 0x9E3779B97F4A7C15
)

// newTrie makes a trie with room for so many edges.
func newTrie(edges int) *trie {
	t := &trie{shift: 64, entry: []int32{-1}}
	size := 1
	for size < 2*edges+2 {
		size *= 2
		t.shift--
	}
	t.slots = make([]uint64, size)
	return t
}

// add enters a word; it reports false when the word is there already.
func (t *trie) add(word string, entry int32) bool {
	node := root
	for _, r := range word {
		node = t.extend(node, r)
	}
	if t.entry[node] >= 0 {
		return false
	}
	t.entry[node] = entry
	return true
}

func (t *trie) extend(node int, r rune) int {
	key := uint64(node)<<nodeBits | uint64(r)
	for at := t.home(key); ; at = (at + 1) & (len(t.slots) - 1) {
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

// next is the node that a character leads to, or noNode.
func (t *trie) next(node int, r rune) int {
	key := uint64(node)<<nodeBits | uint64(r)
	for at := t.home(key); ; at = (at + 1) & (len(t.slots) - 1) {
		slot := t.slots[at]
		if slot == 0 {
			return noNode
		}
		if slot>>nodeBits == key {
			return int(slot & nodeMask)
		}
	}
}

func (t *trie) home(key uint64) int {
	return int(key * fibonacci >> t.shift)
}

// walk is the node that a word leads to, or noNode.
func (t *trie) walk(word string) int {
	node := root
	for _, r := range word {
		if node = t.next(node, r); node == noNode {
			return noNode
		}
	}
	return node
}
