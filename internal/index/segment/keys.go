package segment

import (
	"errors"
	"math"
)

// keyTable finds the slot of a key. Slots are in a table of open addressing whose size
// is a power of two, as (upper half of the key's hash, slot+1); 0 is an empty place.
type keyTable struct {
	starts u32s // where a slot's key begins in text; one more than slots
	text   []byte
	table  u64s
}

// hash is FNV-1a of 64 bits with its bits mixed once more, for the places of the table.
func hash(key string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(key); i++ {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>32
}

// tableSize is that of a table for n keys: at most two thirds are taken.
func tableSize(n int) int {
	size := 8
	for 2*size < 3*n {
		size *= 2
	}
	return size
}

func openKeys(m *image) (k keyTable, err error) {
	n := int64(m.dir.Points)
	starts, err1 := m.section("keys.starts", 4*(n+1))
	text, err2 := m.section("keys.text", -1)
	table, err3 := m.section("keys.table", 8*int64(tableSize(m.dir.Points)))
	return keyTable{starts, text, table}, errors.Join(err1, err2, err3)
}

// key returns the key of a slot.
func (k *keyTable) key(slot uint32) string { return string(k.bytes(slot)) }

func (k *keyTable) bytes(slot uint32) []byte {
	return k.text[k.starts.at(slot):k.starts.at(slot+1)]
}

// find returns the slot of a key, whose hash is h.
func (k *keyTable) find(key string, h uint64) (uint32, bool) {
	mask := uint32(k.table.len() - 1)
	for at := uint32(h) & mask; ; at = (at + 1) & mask {
		entry := k.table.at(at)
		if entry == 0 {
			return 0, false
		}
		if slot := uint32(entry) - 1; entry>>32 == h>>32 && string(k.bytes(slot)) == key {
			return slot, true
		}
	}
}

var errTooLarge = errors.New("its keys have more than 4 GiB")

// writeKeys writes the sections that openKeys reads.
func writeKeys(w *writer, n int, key func(slot uint32) []byte) error {
	starts, table, at := make([]uint32, 0, n+1), make([]uint64, tableSize(n)), 0
	mask := uint32(len(table) - 1)
	w.section("keys.text")
	for slot := range uint32(n) {
		text := key(slot)
		w.write(text)
		starts = append(starts, uint32(at))
		if at += len(text); at > math.MaxUint32 {
			return errTooLarge
		}
		h := hash(string(text))
		place := uint32(h) & mask
		for table[place] != 0 {
			place = (place + 1) & mask
		}
		table[place] = h&^math.MaxUint32 | uint64(slot+1)
	}
	w.section("keys.starts")
	w.write(bytesOf32(append(starts, uint32(at))))
	w.section("keys.table")
	w.write(bytesOf64(table))
	return w.err
}
