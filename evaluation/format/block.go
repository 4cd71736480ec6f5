package format

import (
	"bytes"
	"cmp"
	"io"
	"runtime"
	"sync"
)

// blockSize is how much of a file one goroutine parses at a time.
const blockSize = 1 << 20

// row is a line of a run or of qrels. Ids are indices of the dataset, or, where
// negative, -1 less the provisional number of a name that the dataset lacks.
type row struct {
	query, document int32
	line            int32 // within the block, from 0
	rank            int32
	value           float64 // score or level
}

// parsed is what one goroutine made of a block.
type parsed struct {
	rows                []row
	lines               int
	fault               string // the first line that cannot be read, or ""
	faultAt             int
	blank, returns      tally
	tabs, spaces, point tally // separated by tabs, by spaces; with a decimal level
	err                 error // of reading
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

// blocks cuts r into blocks of whole lines, lets workers parse them, and hands
// the results over in the order of the file until take fails.
func blocks(r io.Reader, workers int, parse func([]byte) *parsed, take func(*parsed) error) error {
	type job struct {
		block []byte
		err   error
		out   chan *parsed
	}
	workers = cmp.Or(workers, runtime.GOMAXPROCS(0))
	jobs, order, stop := make(chan job), make(chan chan *parsed, 2*workers), make(chan struct{})
	var wait sync.WaitGroup
	defer wait.Wait() // nobody reads r or the dataset once this returns
	defer close(stop)
	for range workers {
		wait.Go(func() {
			for j := range jobs {
				if j.err != nil {
					j.out <- &parsed{err: j.err}
					continue
				}
				j.out <- parse(j.block)
			}
		})
	}
	wait.Go(func() {
		defer close(order)
		defer close(jobs)
		cut(r, func(block []byte, err error) bool {
			out := make(chan *parsed, 1)
			select {
			case order <- out:
			case <-stop:
				return false
			}
			jobs <- job{block, err, out}
			return true
		})
	})
	for out := range order {
		p := <-out
		if p.err != nil {
			return p.err
		}
		if err := take(p); err != nil {
			return err
		}
	}
	return nil
}

// cut reads r in blocks that end with a line feed, but for the last.
func cut(r io.Reader, give func([]byte, error) bool) {
	var rest []byte
	for {
		block := make([]byte, len(rest)+blockSize)
		n, err := io.ReadFull(r, block[copy(block, rest):])
		block = block[:len(rest)+n]
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			if len(block) > 0 {
				give(block, nil)
			}
			return
		}
		if err != nil {
			give(nil, err)
			return
		}
		end := bytes.LastIndexByte(block, '\n') + 1
		rest = append([]byte(nil), block[end:]...)
		if end > 0 && !give(block[:end], nil) {
			return
		}
	}
}

// eachLine calls do with every line that is not blank, without line end, until do
// fails.
func (p *parsed) eachLine(block []byte, do func(line []byte) string) {
	for len(block) > 0 && p.fault == "" {
		end := bytes.IndexByte(block, '\n')
		line := block
		if end < 0 {
			block = nil
		} else {
			line, block = block[:end], block[end+1:]
		}
		at := p.lines
		p.lines++
		if n := len(line); n > 0 && line[n-1] == '\r' {
			line = line[:n-1]
			p.returns.at(at)
		}
		if len(line) == 0 || line[0] <= ' ' && len(bytes.TrimSpace(line)) == 0 {
			p.blank.at(at)
			continue
		}
		if p.fault = do(line); p.fault != "" {
			p.faultAt = at
		}
	}
}
