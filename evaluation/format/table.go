package format

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/duijie/duijie/evaluation"
)

// table gathers the rows of a file by query. Ids that the dataset lacks are put
// into it, as the options say, once the whole file has been read: until then the
// workers look ids up in it.
type table struct {
	file     string
	dataset  *evaluation.Dataset
	options  Options
	warnings *Warnings
	pieces   [][]piece // of each query of the dataset, in the order of the file
	lines    int       // of the file that were taken
}

// piece is a stretch of a block.
type piece struct {
	block   *parsed
	stretch int32
}

// readTable parses the lines of r that follow the first skipped ones.
func readTable(r io.Reader, skipped int, l layout, t *table) error {
	t.lines = skipped
	all, err := t.blocks(r, l)
	if e := t.take(all); e != nil {
		return e
	}
	if err != nil {
		return fmt.Errorf("%s: after line %d: %w", t.file, t.lines, err)
	}
	return nil
}

// take puts the new ids of blocks into the dataset, and gathers the stretches of
// each query. It refuses a file with a wrong line before it changes anything.
func (t *table) take(blocks []*parsed) error {
	var total tallies
	content := 0
	for _, b := range blocks {
		if b.fault != "" {
			return &Error{t.file, t.lines + b.faultAt + 1, b.fault}
		}
		total.merge(&b.tallies, t.lines)
		b.firstLine = t.lines
		t.lines += b.lines
		content += b.content
	}
	if content == 0 {
		return &Error{t.file, 0, "there is no line in it"}
	}
	t.warn(&total)
	if err := t.addNew(blocks); err != nil {
		return err
	}
	t.pieces = make([][]piece, t.dataset.Queries())
	for _, b := range blocks {
		for i, s := range b.stretches {
			if s.query < 0 {
				s.query = b.from.newQueries.final[-1-s.query]
			}
			t.pieces[s.query] = append(t.pieces[s.query], piece{b, int32(i)})
		}
	}
	return nil
}

// addNew puts ids into the dataset in the order in which they first occur in the
// file: a worker's own numbers follow that order, and its blocks are in order.
func (t *table) addNew(blocks []*parsed) error {
	known := t.dataset.Documents()
	queries, documents := 0, 0
	for _, b := range blocks {
		queries, documents = max(queries, b.queries[1]), max(documents, b.documents[1])
	}
	t.dataset.Reserve(queries, documents)
	for _, b := range blocks {
		if err := b.from.newQueries.settle(b.queries, t.dataset.TouchQuery, t.dataset.EnsureQuery); err != nil {
			return err
		}
		if err := b.from.newDocuments.settle(b.documents, t.dataset.TouchDocument, t.dataset.EnsureDocument); err != nil {
			return err
		}
	}
	t.warnings.add(AddedDoc, t.file, 0, t.dataset.Documents()-known)
	return nil
}

// settle gives the worker's numbers of a block their index in the dataset.
func (n *newIDs) settle(block [2]int, touch func(uint64) int32, ensure func(string) (int32, error)) error {
	n.final = slices.Grow(n.final, n.table.Len()-len(n.final))
	for from := block[0]; from < block[1]; from += batch {
		to := min(from+batch, block[1])
		for i := from; i < to; i++ {
			touch(n.table.Hash(int32(i)))
		}
		for i := from; i < to; i++ {
			index, err := ensure(n.table.Name(int32(i)))
			if err != nil {
				return err
			}
			n.final = append(n.final, index)
		}
	}
	return nil
}

// levels is the judgements of a query in the order of the file. They are the caller's.
func (t *table) levels(query int32) []evaluation.Judgement {
	return gather(t.pieces[query], func(p *parsed) []evaluation.Judgement { return p.levels },
		func(j *evaluation.Judgement) *int32 { return &j.Document })
}

// hits is the hits of a query in the order of the file. They are the caller's.
func (t *table) hits(query int32) []evaluation.Hit {
	return gather(t.pieces[query], func(p *parsed) []evaluation.Hit { return p.hits },
		func(h *evaluation.Hit) *int32 { return &h.Document })
}

// gather is the rows of pieces, with final indices of documents. Those of one piece
// stay where they are.
func gather[R any](pieces []piece, of func(*parsed) []R, document func(*R) *int32) []R {
	var all []R
	for i, p := range pieces {
		from, to := p.block.bounds(p.stretch)
		rows := of(p.block)[from:to:to]
		if final := p.block.from.newDocuments.final; len(final) > 0 {
			for k := range rows {
				if at := document(&rows[k]); *at < 0 {
					*at = final[-1-*at]
				}
			}
		}
		if i == 0 {
			all = rows
		} else {
			all = append(all, rows...)
		}
	}
	return all
}

// line is the line, from 1, of a query's row.
func (t *table) line(query int32, row int) int {
	for _, p := range t.pieces[query] {
		from, to := p.block.bounds(p.stretch)
		if row < to-from {
			return p.block.firstLine + int(p.block.stretches[p.stretch].line) + row + 1
		}
		row -= to - from
	}
	panic("format: no such row")
}

// each calls do with every query that has rows, from several goroutines; the error
// is that of the first such query that has one.
func (t *table) each(start func() func(query int32) error) error {
	var next atomic.Int64
	var wait sync.WaitGroup
	errs := make([]error, len(t.pieces))
	for range cmp.Or(t.options.Workers, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			do := start()
			for q := next.Add(1) - 1; q < int64(len(errs)); q = next.Add(1) - 1 {
				if len(t.pieces[q]) > 0 {
					errs[q] = do(int32(q))
				}
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *table) warn(total *tallies) {
	note := func(kind Kind, n tally) { t.warnings.add(kind, t.file, n.first+1, n.count) }
	note(BlankLine, total.blank)
	note(CarriageReturn, total.returns)
	note(DecimalLevel, total.point)
	note(UnknownQuery, total.query)
	note(UnknownDoc, total.document)
	if total.tabs.count > 0 && total.spaces.count > 0 {
		note(MixedSeparator, minority(total.tabs, total.spaces))
	}
}

// minority is the tally that began later: lines unlike the first.
func minority(a, b tally) tally {
	if a.first < b.first {
		return b
	}
	return a
}

var bom = []byte("\xef\xbb\xbf")

// firstLine takes the first line off r, without a byte order mark. again yields
// the whole file, again without the mark.
func firstLine(r io.Reader, file string, w *Warnings) (line []byte, rest, again io.Reader, err error) {
	buffered := bufio.NewReaderSize(r, 1<<16)
	line, err = buffered.ReadBytes('\n')
	if err != nil && err != io.EOF {
		return nil, nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	if cut, ok := bytes.CutPrefix(line, bom); ok {
		w.add(ByteOrderMark, file, 1, 1)
		line = cut
	}
	return line, buffered, io.MultiReader(bytes.NewReader(line), buffered), nil
}
