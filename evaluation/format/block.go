package format

import (
	"bytes"
	"io"
	"slices"
	"sync"

	"github.com/duijie/duijie/evaluation/ident"
)

// blockSize is how much of a file one goroutine parses at a time: it stays in the
// cache of its processor from reading to parsing.
const blockSize = 1 << 17

// block is whole lines of a file, and what a [parser] made of them. Its memory is used
// again for later blocks.
type block struct {
	data   []byte
	number int // from 0, in the order of the file

	fields    []ident.Field // the ids of documents
	documents []int32       // their indices, -1 for unknown ones
	values    []value
	stretches []stretch
	lines     int
	content   int    // lines that are not blank
	fault     string // the first line that cannot be read, or ""
	faultAt   int
	tallies   tallies
}

// value is what a row tells of its pair.
type value struct {
	number float64 // a level or a score
	rank   int32   // 0 for a level
}

// stretch is rows of one query on consecutive lines. It ends where the next begins.
type stretch struct {
	query     []byte
	row, line int // the first row, and its line within the block, from 0
}

// rows is where the rows of a stretch begin and end.
func (b *block) rows(stretch int) (from, to int) {
	if stretch+1 < len(b.stretches) {
		return b.stretches[stretch].row, b.stretches[stretch+1].row
	}
	return b.stretches[stretch].row, len(b.fields)
}

// source hands out a reader's blocks of whole lines to goroutines, one at a time.
type source struct {
	lock   sync.Mutex
	r      io.Reader
	rest   []byte // of a line whose end is not yet read
	blocks int    // that were handed out
	over   bool
	err    error // of reading
}

// next reads the next block, and numbers it; it tells whether there was one. Each but
// the last ends with a line feed.
func (s *source) next(b *block) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.over {
		return false
	}
	b.data = append(b.data[:0], s.rest...)
	for end := 0; end == 0; {
		from := len(b.data)
		b.data = slices.Grow(b.data, blockSize)
		var err error
		for n := 0; err == nil && len(b.data) < from+blockSize; b.data = b.data[:len(b.data)+n] {
			n, err = s.r.Read(b.data[len(b.data) : from+blockSize])
		}
		if err != nil {
			if s.over = true; err != io.EOF {
				s.err = err
				return false
			}
			break
		}
		if end = bytes.LastIndexByte(b.data[from:], '\n') + 1; end > 0 {
			s.rest = append(s.rest[:0], b.data[from+end:]...)
			b.data = b.data[:from+end]
		}
	}
	b.number = s.blocks
	s.blocks++
	return len(b.data) > 0
}

// stop ends the handing out.
func (s *source) stop() {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.over = true
}

// tallies count the lines that were repaired.
type tallies struct {
	blank, returns      tally
	tabs, spaces, point tally // separated by tabs, by spaces; with a decimal level
	query, document     tally // dropped for an unknown query or document
}

// merge adds the tallies of a block that begins after offset lines.
func (t *tallies) merge(other *tallies, offset int) {
	t.blank.merge(other.blank, offset)
	t.returns.merge(other.returns, offset)
	t.tabs.merge(other.tabs, offset)
	t.spaces.merge(other.spaces, offset)
	t.point.merge(other.point, offset)
}

// tally counts lines, and remembers the first.
type tally struct{ first, count int }

func (t *tally) at(line int) {
	if t.count == 0 {
		t.first = line
	}
	t.count++
}

// merge adds the tally of a block that begins after offset lines.
func (t *tally) merge(other tally, offset int) {
	if other.count > 0 && t.count == 0 {
		t.first = other.first + offset
	}
	t.count += other.count
}
