package static

const (
	// topStep is the greatest step of an entry. With it the sums of flushAfter
	// tokens stay below 1<<32 in a lane: 16383 × 255 × 1024 < 4,294,967,296.
	topStep    = 16383
	flushAfter = 1024

	maxStep = 1<<15 - 1 // of an item; the kernels multiply signed numbers of 16 bits

	keepCodes = 1 << 16 // a scratch that grew beyond is not kept at that size
)

// scratch is what embedding one text needs.
type scratch struct {
	codes []uint16
	spans []span
	count []uint16 // how often each entry of the model was met; zeros between texts
	met   []int32  // the entries that were
	items []item
	pairs []pair
	lanes []uint64  // two sums of 32 bits each; see addRow
	sums  []float64 // whole numbers; below 2^53 in a text of 10^9 tokens, so none is rounded
}

// An item is an entry and its step, times as often as it was met.
type item struct {
	entry int32
	step  uint32
}

func newScratch(dims, size int) *scratch {
	return &scratch{
		codes: make([]uint16, 0, 4096),
		spans: make([]span, 0, 512),
		count: make([]uint16, size),
		lanes: make([]uint64, dims/2),
		sums:  make([]float64, dims),
	}
}

// load folds and cuts a text.
func (s *scratch) load(m *Model, text string) {
	if cap(s.codes) > keepCodes {
		s.codes, s.spans = make([]uint16, 0, keepCodes), make([]span, 0, keepCodes/2)
	}
	s.codes = m.words.alphabet.encode(s.codes, text)
	s.spans = m.words.cut(s.spans[:0], s.codes)
}

// sum adds step times vector of all tokens to the sums, in whole numbers.
func (s *scratch) sum(m *Model) {
	for spans := s.spans; len(spans) > 0; {
		n := min(len(spans), flushAfter)
		s.add(m, s.gather(m, spans[:n]))
		spans = spans[n:]
	}
}

// gather makes one item of all tokens of an entry: half of a text's tokens are there
// again. What would not be in 15 bits becomes more than one.
func (s *scratch) gather(m *Model, spans []span) []item {
	s.met, s.items = s.met[:0], s.items[:0]
	for _, t := range spans {
		if s.count[t.entry] == 0 {
			s.met = append(s.met, t.entry)
		}
		s.count[t.entry]++
	}
	m.fetch(s.met)
	for _, entry := range s.met {
		n, step := uint32(s.count[entry]), uint32(m.steps[entry])
		s.count[entry] = 0
		if n*step > maxStep {
			for most := maxStep / step; n > most; n -= most {
				s.items = append(s.items, item{entry, most * step})
			}
		}
		s.items = append(s.items, item{entry, n * step})
	}
	return s.items
}

// addScalar adds up items of at most flushAfter tokens.
func (s *scratch) addScalar(m *Model, items []item) {
	clear(s.lanes)
	steps := uint64(0)
	for _, t := range items {
		addRow(s.lanes, m.row(t.entry), uint64(t.step))
		steps += uint64(t.step)
	}
	s.flush(int64(steps) * 128)
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
		s.sums[at] += float64(int64(lane&0xFFFFFFFF) - excess)
		s.sums[at+4] += float64(int64(lane>>32) - excess)
	}
}
