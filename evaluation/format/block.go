package format

import (
	"bytes"
	"cmp"
	"io"
	"runtime"
	"slices"
	"sync"

	"github.com/duijie/duijie/evaluation"
)

// blockSize is how much of a file one goroutine parses at a time: it stays in the
// cache of its processor from reading to parsing.
const blockSize = 1 << 18

// source hands out a reader's blocks of whole lines to goroutines, one at a time.
type source struct {
	lock   sync.Mutex
	r      io.Reader
	rest   []byte // of a line whose end is not yet read
	blocks int    // that were handed out
	over   bool
	err    error // of reading
}

// next reads the next block into buffer, and numbers it; the block is empty at the
// end. Each but the last ends with a line feed.
func (s *source) next(buffer *[]byte) (block []byte, number int) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.over {
		return nil, 0
	}
	b := append((*buffer)[:0], s.rest...)
	for {
		from := len(b)
		b = slices.Grow(b, blockSize)
		n, err := io.ReadFull(s.r, b[from:from+blockSize])
		b = b[:from+n]
		*buffer = b
		if err != nil {
			if s.over = true; err != io.EOF && err != io.ErrUnexpectedEOF {
				s.err = err
				return nil, 0
			}
			s.blocks++
			return b, s.blocks - 1
		}
		if end := bytes.LastIndexByte(b[from:], '\n') + 1; end > 0 {
			s.rest = append(s.rest[:0], b[from+end:]...)
			s.blocks++
			return b[:from+end], s.blocks - 1
		}
	}
}

// stop ends the handing out: the blocks before a wrong line are with goroutines
// already, and those behind it play no part.
func (s *source) stop() {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.over = true
}

// blocks parses r with several goroutines. The blocks are in the order of the
// file; err is that of reading on after them.
func (t *table) blocks(r io.Reader, l layout) (all []*parsed, err error) {
	from := &source{r: r}
	var lock sync.Mutex
	var wait sync.WaitGroup
	for range cmp.Or(t.options.Workers, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			w, buffer := t.worker(l), []byte(nil)
			for {
				block, number := from.next(&buffer)
				if len(block) == 0 {
					return
				}
				p := w.block(block)
				p.number = number
				lock.Lock()
				all = append(all, p)
				lock.Unlock()
				if p.fault != "" {
					from.stop()
				}
			}
		})
	}
	wait.Wait()
	slices.SortFunc(all, func(a, b *parsed) int { return cmp.Compare(a.number, b.number) })
	return all, from.err
}

// parsed is what one goroutine made of a block.
type parsed struct {
	number    int
	levels    []evaluation.Judgement // the rows of qrels
	hits      []evaluation.Hit       // the rows of a run
	stretches []stretch
	lines     int
	content   int    // lines that are not blank
	fault     string // the first line that cannot be read, or ""
	faultAt   int
	tallies   tallies

	from               *worker // which numbered the ids that the dataset lacks
	queries, documents [2]int  // those that are new to it in this block, from and to
	firstLine          int     // lines of the file before the block
}

// stretch is rows of one query on consecutive lines. It ends where the next begins.
type stretch struct {
	query int32 // index of the dataset or, where negative, -1 less the worker's number of the id
	from  int32 // its first row
	line  int32 // of that row, within the block, from 0
}

// bounds is where the rows of a stretch begin and end.
func (p *parsed) bounds(stretch int32) (from, to int) {
	if int(stretch)+1 < len(p.stretches) {
		return int(p.stretches[stretch].from), int(p.stretches[stretch+1].from)
	}
	return int(p.stretches[stretch].from), len(p.levels) + len(p.hits)
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
	t.query.merge(other.query, offset)
	t.document.merge(other.document, offset)
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
