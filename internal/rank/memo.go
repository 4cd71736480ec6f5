package rank

import (
	"math"
	"sync/atomic"
)

// memoBits is how many slots a memo has, as a power of two: a demand is compared with
// about a thousand different words of titles for 200 patents.
const memoBits = 11

// memo remembers how near words come to the words of a demand. A slot holds the last
// word that fell on it. It is safe for concurrent use; nil remembers nothing.
type memo struct {
	uses  atomic.Int32
	table atomic.Pointer[memoTable]
}

type memoTable struct {
	have  Rows
	slots [1 << memoBits]atomic.Uint64
}

// fewUses is how often a demand is scored before there is a memo: most demands are
// scored once, against the patent that they were found for.
const fewUses = 4

// nearest is lexicon.Nearest of need and have, where have is always the same.
func (m *memo) nearest(lexicon Lexicon, need, have []Word, out []float32) {
	t := m.open(lexicon, have)
	if t == nil {
		lexicon.Nearest(need, have, out)
		return
	}
	for i, w := range need {
		slot := &t.slots[slotOf(w.Entry, memoBits)]
		if held := slot.Load(); held>>32 == uint64(w.Entry)+1 {
			out[i] = math.Float32frombits(uint32(held))
			continue
		}
		out[i] = lexicon.NearestRow(w, t.have)
		slot.Store((uint64(w.Entry)+1)<<32 | uint64(math.Float32bits(out[i])))
	}
}

// slotOf is where an entry belongs among 1<<bits slots.
func slotOf(entry int32, bits int) int { return int(uint32(entry) * 2654435769 >> (32 - bits)) }

// open gives the table, once the demand was used often enough.
func (m *memo) open(lexicon Lexicon, have []Word) *memoTable {
	if m == nil {
		return nil
	}
	if t := m.table.Load(); t != nil {
		return t
	}
	if m.uses.Add(1) <= fewUses {
		return nil
	}
	m.table.CompareAndSwap(nil, &memoTable{have: lexicon.Rows(have)})
	return m.table.Load()
}

// Forget gives back the room in which a demand remembers words while it is compared with
// many patents; being compared with others fills it again. It is for many demands at once.
func Forget(demand Prepared) {
	if m := demand.(*pieces).memo; m != nil {
		m.table.Store(nil)
		m.uses.Store(0)
	}
}
