package subword

import (
	"slices"
	"sort"
)

// byteTrie holds pieces by their bytes. The children of a node stand in a row,
// ascending by their byte.
type byteTrie struct {
	bytes []byte  // by which a node is reached
	ids   []int32 // none where no piece ends
	first []int32 // the first child
	count []uint16
}

func newByteTrie(vocab vocabulary) byteTrie {
	pieces := make([]string, 0, len(vocab))
	for s := range vocab {
		if s != "" {
			pieces = append(pieces, s)
		}
	}
	slices.Sort(pieces)
	t := byteTrie{bytes: []byte{0}, ids: []int32{none}, first: []int32{0}, count: []uint16{0}}
	t.grow(0, pieces, 0, vocab)
	return t
}

// grow adds the children of a node that stands for the first depth bytes of
// pieces, which are sorted.
func (t *byteTrie) grow(node int32, pieces []string, depth int, vocab vocabulary) {
	if len(pieces) > 0 && len(pieces[0]) == depth {
		t.ids[node] = vocab[pieces[0]]
		pieces = pieces[1:]
	}
	var parts [][]string
	for len(pieces) > 0 {
		b := pieces[0][depth]
		n := sort.Search(len(pieces), func(i int) bool { return pieces[i][depth] > b })
		parts, pieces = append(parts, pieces[:n]), pieces[n:]
	}
	t.first[node], t.count[node] = int32(len(t.ids)), uint16(len(parts))
	for _, part := range parts {
		t.bytes = append(t.bytes, part[0][depth])
		t.ids = append(t.ids, none)
		t.first = append(t.first, 0)
		t.count = append(t.count, 0)
	}
	for i, part := range parts {
		t.grow(t.first[node]+int32(i), part, depth+1, vocab)
	}
}

// child is the node that b leads to, or none.
func (t *byteTrie) child(node int32, b byte) int32 {
	first := t.first[node]
	row := t.bytes[first : first+int32(t.count[node])]
	low, high := 0, len(row)
	for low < high {
		if middle := (low + high) / 2; row[middle] < b {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < len(row) && row[low] == b {
		return first + int32(low)
	}
	return none
}
