package static

const (
	// topStep is the greatest step of an entry. With it the sums of flushAfter
	// tokens stay below 1<<32 in a lane: 16383 × 255 × 1024 < 4,294,967,296.
	topStep    = 16383
	flushAfter = 1024

	keepRunes = 1 << 16 // a scratch that grew beyond is not kept at that size
)

// scratch is what embedding one text needs.
type scratch struct {
	runes []rune
	spans []span
	lanes []uint64 // two sums of 32 bits each; see addRow
	sums  []int64
}

func newScratch(dims int) *scratch {
	return &scratch{
		runes: make([]rune, 0, 1024),
		spans: make([]span, 0, 512),
		lanes: make([]uint64, dims/2),
		sums:  make([]int64, dims),
	}
}

// load folds and cuts a text.
func (s *scratch) load(m *Model, text string) {
	if cap(s.runes) > keepRunes {
		s.runes, s.spans = make([]rune, 0, keepRunes), make([]span, 0, keepRunes/2)
	}
	s.runes = s.runes[:0]
	for _, r := range text {
		s.runes = append(s.runes, fold(r))
	}
	s.spans = m.cut(s.spans[:0], s.runes)
}

// sum adds up step times vector of all tokens, in whole numbers.
func (s *scratch) sum(m *Model) {
	clear(s.sums)
	for spans := s.spans; len(spans) > 0; {
		n := min(len(spans), flushAfter)
		clear(s.lanes)
		steps := uint64(0)
		for _, t := range spans[:n] {
			step := m.steps[t.entry]
			addRow(s.lanes, m.row(t.entry), step)
			steps += step
		}
		s.flush(int64(steps) * 128)
		spans = spans[n:]
	}
}

const (
	lanesOfBytes = 0x000000FF000000FF
	signs        = 0x8080808080808080
)

// addRow adds step times each number of row to the lanes. It takes eight numbers
// at a time as one word, makes them unsigned (plus 128), and multiplies numbers i
// and i+4 at once in the two halves of a word; lanes[4k+i] holds their sums.
func addRow(lanes []uint64, row string, step uint64) {
	for len(row) >= 8 && len(lanes) >= 4 {
		x := word(row) ^ signs
		lanes[0] += (x & lanesOfBytes) * step
		lanes[1] += (x >> 8 & lanesOfBytes) * step
		lanes[2] += (x >> 16 & lanesOfBytes) * step
		lanes[3] += (x >> 24 & lanesOfBytes) * step
		row, lanes = row[8:], lanes[4:]
	}
}

// word reads eight bytes; the compiler makes one load of it.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// flush moves the lanes into the sums, less what making them unsigned added.
func (s *scratch) flush(excess int64) {
	for i, lane := range s.lanes {
		at := i/4*8 + i%4
		s.sums[at] += int64(lane&0xFFFFFFFF) - excess
		s.sums[at+4] += int64(lane>>32) - excess
	}
}
