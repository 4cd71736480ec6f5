package segment

import (
	"encoding/binary"
	"math/bits"
)

// A lookup is a table of keys of 64 evenly spread bits in ascending order, each with a
// number, behind the places in it where the keys with each value of their highest
// bits begin, about eight of them:
//
//	│ { place 4 } × 2^bits+1 │ { key 8 │ number 4 } │ …
type lookup struct {
	starts numbers
	shift  int
	span   span // of the entries
}

const entrySize = 12

// lookupBits is how many of the highest bits choose a start.
func lookupBits(entries int) int { return max(0, bits.Len(uint(entries))-3) }

// openLookup opens the lookup of n entries in a section.
func openLookup(p *pages, section, n int) (lookup, error) {
	s, width := p.span(section), lookupBits(n)
	head := uint64(4 * (1<<width + 1))
	if s.end-s.from != head+uint64(n)*entrySize {
		return lookup{}, corrupt(p.path, "a table has another size than its entries need")
	}
	starts, err := s.bytes(0, head)
	if err != nil {
		return lookup{}, err
	}
	s.from += head
	return lookup{numbers(starts), 64 - width, s}, nil
}

func (l *lookup) entries() uint64 { return (l.span.end - l.span.from) / entrySize }

// find calls visit with the numbers of a key until visit returns false.
func (l *lookup) find(key uint64, visit func(number uint32) bool) error {
	at := key >> l.shift // 0 where shift is 64
	from, to := l.starts.at(uint32(at)), l.starts.at(uint32(at)+1)
	if from == to {
		return nil
	}
	entries, err := l.span.bytes(uint64(from)*entrySize, uint64(to)*entrySize)
	if err != nil {
		return err
	}
	for ; len(entries) > 0; entries = entries[entrySize:] {
		switch k := binary.LittleEndian.Uint64(entries); {
		case k == key:
			if !visit(binary.LittleEndian.Uint32(entries[8:])) {
				return nil
			}
		case k > key:
			return nil
		}
	}
	return nil
}

// all returns the bytes of all entries.
func (l *lookup) all() ([]byte, error) { return l.span.bytes(0, l.entries()*entrySize) }

type entry struct {
	key    uint64
	number uint32
}

// appendLookup encodes entries, which ascend by key.
func appendLookup(out []byte, entries []entry) []byte {
	width := lookupBits(len(entries))
	at := 0
	for start := range 1<<width + 1 {
		for at < len(entries) && entries[at].key>>(64-width) < uint64(start) {
			at++
		}
		out = binary.LittleEndian.AppendUint32(out, uint32(at))
	}
	for _, e := range entries {
		out = binary.LittleEndian.AppendUint64(out, e.key)
		out = binary.LittleEndian.AppendUint32(out, e.number)
	}
	return out
}
