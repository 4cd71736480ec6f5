package static

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

var hasAVX2 = cpu.X86.HasAVX2

// add is addScalar, by the fastest instructions of this machine.
func (s *scratch) add(m *Model, items []item) {
	if !hasAVX2 || m.dims%16 != 0 {
		s.addScalar(m, items)
		return
	}
	pairs := s.pairs[:0]
	for len(items) >= 2 {
		a, b := items[0], items[1]
		pairs = append(pairs, pair{a: m.offset(a.entry), b: m.offset(b.entry), steps: a.step | b.step<<16})
		items = items[2:]
	}
	if len(items) > 0 {
		at := m.offset(items[0].entry)
		pairs = append(pairs, pair{a: at, b: at, steps: items[0].step})
	}
	s.pairs = pairs
	addPairsAVX2(&s.sums[0], unsafe.StringData(m.rows), &pairs[0], len(pairs), m.dims)
}

// A pair is two rows by their places in Model.rows, and the step of a in the low half
// and that of b in the high half of a word.
type pair struct {
	a, b  uint32
	steps uint32
	_     uint32
}

func (m *Model) offset(entry int32) uint32 { return uint32(entry) * uint32(m.dims) }

// addPairsAVX2 adds to dims sums, a multiple of 16, step times number of both rows of n pairs, at least
// one. Those of flushAfter tokens stay in 32 bits: 16383 × 128 × 1024 < 2,147,483,648.
//
//go:noescape
func addPairsAVX2(sums *float64, rows *byte, pairs *pair, n, dims int)

// fetch asks for the rows of entries ahead of their use.
func (m *Model) fetch(entries []int32) {
	if len(entries) > 0 {
		fetchRows(unsafe.StringData(m.rows), &entries[0], len(entries), m.dims)
	}
}

// fetchRows asks for the rows of n entries, at least one, ahead of their use.
//
//go:noescape
func fetchRows(rows *byte, entries *int32, n, dims int)

// divide is divideScalar, by the fastest instructions of this machine.
func divide(dst []float32, sums []float64, length float64) {
	if !hasAVX2 {
		divideScalar(dst, sums, length)
		return
	}
	_ = dst[len(sums)-1]
	divideAVX2(&dst[0], &sums[0], len(sums), length)
}

// divideAVX2 is divideScalar for n numbers, a multiple of 4.
//
//go:noescape
func divideAVX2(dst *float32, sums *float64, n int, length float64)
