package tally

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
)

// spread is 2⁶⁴ over the golden ratio: the highest bits of products differ for keys that
// are close to each other (Knuth 1998, The Art of Computer Programming 3, 6.4).
const spread = 0x9E3779B97F4A7C15

// Table counts, for the texts of a collection, how many there are, how long they are
// and how many have each term. The zero value is that of no texts. It takes about 18
// bytes a term. It is not safe for concurrent use.
type Table struct {
	texts  int
	length int64
	keys   []uint64 // open addressing, a power of two; 0 is free
	counts []uint32
	used   int
	shift  int
}

// Texts is how many texts there are, Length the sum of their lengths.
func (t *Table) Texts() int    { return t.texts }
func (t *Table) Length() int64 { return t.length }

// Having is how many texts have a term.
func (t *Table) Having(key uint64) int {
	if len(t.keys) == 0 {
		return 0
	}
	return int(t.counts[t.find(key)])
}

// Add counts a text, and Remove no longer counts one. It is a mistake to remove what
// was not added: an error of kind match.Corrupt, after which the table is of no use.
func (t *Table) Add(terms *Terms) {
	t.texts++
	t.length += int64(terms.Length)
	for _, key := range terms.Keys {
		t.add(key, 1)
	}
}

// Remove is the inverse of Add.
func (t *Table) Remove(terms *Terms) error {
	t.texts--
	t.length -= int64(terms.Length)
	for _, key := range terms.Keys {
		if t.Having(key) == 0 {
			return corrupt("a text is taken out of a count that it is not in")
		}
		t.counts[t.find(key)]--
	}
	if t.texts < 0 || t.length < 0 {
		return corrupt("more texts are taken out of a count than are in it")
	}
	return nil
}

// Equal tells whether two tables count the same.
func (t *Table) Equal(u *Table) bool {
	if t.texts != u.texts || t.length != u.length {
		return false
	}
	return t.within(u) && u.within(t)
}

// within tells whether u has as many texts with each term of t.
func (t *Table) within(u *Table) bool {
	for i, n := range t.counts {
		if n > 0 && u.Having(t.keys[i]) != int(n) {
			return false
		}
	}
	return true
}

func (t *Table) add(key uint64, n uint32) {
	if 4*(t.used+1) > 3*len(t.keys) {
		t.grow()
	}
	at := t.find(key)
	if t.keys[at] == 0 {
		t.keys[at] = key
		t.used++
	}
	t.counts[at] += n
}

// find returns the place of a key, or the free one where it belongs.
func (t *Table) find(key uint64) uint64 {
	last := uint64(len(t.keys) - 1)
	for i := key * spread >> t.shift; ; i++ {
		if at := i & last; t.keys[at] == key || t.keys[at] == 0 {
			return at
		}
	}
}

// grow makes room, and forgets terms that no text has any more.
func (t *Table) grow() {
	was, counts, live := t.keys, t.counts, 0
	for _, n := range counts {
		if n > 0 {
			live++
		}
	}
	width := 10
	for 3<<width < 8*live { // at most three eighths full, so that the next time is not soon
		width++
	}
	t.keys, t.counts, t.shift, t.used = make([]uint64, 1<<width), make([]uint32, 1<<width), 64-width, live
	for i, n := range counts {
		if n > 0 {
			at := t.find(was[i])
			t.keys[at], t.counts[at] = was[i], n
		}
	}
}

const tableVersion = 1

// blockTerms is how many terms a block holds: about 300 KB.
const blockTerms = 1 << 16

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Blocks encodes the table, at least one block of at most 65,536 terms each:
//
//	│ version 1 │ texts │ length │ terms │ gap of key, texts that have it … │ CRC-32C 4 │
//
// all but version and checksum as uvarints; keys ascend over all blocks. Texts and
// length are those of the whole table, in each block.
func (t *Table) Blocks() [][]byte {
	keys := make([]uint64, 0, t.used)
	for i, key := range t.keys {
		if t.counts[i] > 0 {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	var out [][]byte
	for at := 0; at == 0 || at < len(keys); at += blockTerms {
		out = append(out, t.block(keys[at:min(len(keys), at+blockTerms)]))
	}
	return out
}

func (t *Table) block(keys []uint64) []byte {
	out := append(make([]byte, 0, 32+6*len(keys)), tableVersion)
	for _, n := range []uint64{uint64(t.texts), uint64(t.length), uint64(len(keys))} {
		out = binary.AppendUvarint(out, n)
	}
	last := uint64(0)
	for _, key := range keys {
		out = binary.AppendUvarint(out, key-last)
		out = binary.AppendUvarint(out, uint64(t.counts[t.find(key)]))
		last = key
	}
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

// Join is the inverse of Blocks. Its error is of kind match.Corrupt.
func Join(blocks [][]byte) (*Table, error) {
	t := &Table{}
	for i, b := range blocks {
		if err := t.join(b, i == 0); err != nil {
			return nil, corrupt(fmt.Sprintf("block %d of the counts of terms: %v", i, err))
		}
	}
	return t, nil
}

func (t *Table) join(b []byte, first bool) error {
	if len(b) < 5 || b[0] != tableVersion {
		return fmt.Errorf("it is of an unknown version")
	}
	body, sum := b[:len(b)-4], binary.LittleEndian.Uint32(b[len(b)-4:])
	if crc32.Checksum(body, castagnoli) != sum {
		return fmt.Errorf("its checksum is not that of its contents")
	}
	r := reader{in: body[1:]}
	texts, length, n := r.next(), r.next(), r.count(2)
	if texts > math.MaxInt32 || length > math.MaxInt64 || !first && (int(texts) != t.texts || int64(length) != t.length) {
		return fmt.Errorf("it is of another table")
	}
	t.texts, t.length = int(texts), int64(length)
	last := uint64(0)
	for range n {
		last += r.next()
		having := r.small()
		if r.bad || last == 0 || having == 0 || having > uint32(texts) {
			return fmt.Errorf("it is damaged")
		}
		t.add(last, having)
	}
	if len(r.in) > 0 || r.bad {
		return fmt.Errorf("it is damaged")
	}
	return nil
}
