package format

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/duijie/duijie/evaluation"
)

// table gathers the rows of a file by query.
type table struct {
	file     string
	dataset  *evaluation.Dataset
	options  Options
	layout   layout
	warnings *Warnings

	pieces  [][]piece // of each query of the dataset, in the order of the file
	lines   int       // of the file that were taken
	content int       // lines that are not blank
	tallies tallies
	mostNew atomic.Bool // many documents of the last block were new

	levels   slab[evaluation.Judgement] // of qrels
	hits     slab[evaluation.Hit]       // of a run
	last     int32                      // the query of the last row that was kept,
	nextLine int                        // and the line behind it, from 1
}

func (t *table) parser() *parser { return &parser{layout: t.layout, scale: t.dataset.Scale()} }

// read parses the lines of r that follow the first skipped ones. With an error the
// dataset is as it was.
func (t *table) read(l layout, r io.Reader, skipped int) error {
	t.layout, t.lines = l, skipped
	return t.whole(func() error {
		taking, reading := eachBlock(r, t.options.Workers, t.parser, t.find, t.take)
		if taking == nil && reading != nil {
			return fmt.Errorf("%s: after line %d: %w", t.file, t.lines, reading)
		}
		return taking
	})
}

// whole takes the blocks of a file, by take. With an error the dataset is as it was.
func (t *table) whole(take func() error) error {
	queries, documents := t.dataset.Queries(), t.dataset.Documents()
	t.pieces = make([][]piece, queries)
	err := take()
	if err == nil && t.content == 0 {
		err = &Error{t.file, 0, "there is no line in it"}
	}
	if err != nil {
		t.dataset.Truncate(queries, documents)
		return err
	}
	t.warn()
	t.warnings.add(AddedDoc, t.file, 0, t.dataset.Documents()-documents)
	return nil
}

// find looks up the documents of a block, while those of blocks before it are added.
// Where most are new that would be in vain.
func (t *table) find(b *block) {
	b.documents = slices.Grow(b.documents[:0], len(b.fields))[:len(b.fields)]
	if t.mostNew.Load() {
		for i := range b.documents {
			b.documents[i] = -1
		}
		return
	}
	t.dataset.FindDocuments(b.data, b.fields, b.documents)
}

// take puts the rows of the next block of the file to those of their queries.
func (t *table) take(b *block) error {
	known := t.dataset.Documents()
	for i := range b.stretches {
		if err := t.stretch(b, i); err != nil {
			return err
		}
	}
	if b.fault != "" {
		return &Error{t.file, t.lines + b.faultAt + 1, b.fault}
	}
	t.mostNew.Store(4*(t.dataset.Documents()-known) > len(b.fields))
	t.tallies.merge(&b.tallies, t.lines)
	t.lines += b.lines
	t.content += b.content
	return nil
}

// stretch takes one stretch of a block. It adds documents that are new, in the order of
// the file.
func (t *table) stretch(b *block, i int) error {
	from, to := b.rows(i)
	line := t.lines + b.stretches[i].line
	query, ok, err := t.query(b.stretches[i].query)
	switch {
	case err != nil:
		return &Error{t.file, line + 1, err.Error()}
	case !ok:
		for row := range to - from {
			t.tallies.query.at(line + row)
		}
		return nil
	}
	documents := b.documents[from:to]
	if t.options.Unknown == Add {
		t.dataset.AddDocuments(b.data, b.fields[from:to], documents)
	}
	for row := 0; row < to-from; {
		if documents[row] < 0 {
			if t.options.Unknown == Refuse {
				return &Error{t.file, line + row + 1, "document " + strconv.Quote(string(b.fields[from+row].In(b.data))) + " is unknown"}
			}
			t.tallies.document.at(line + row)
			row++
			continue
		}
		n := 1
		for row+n < to-from && documents[row+n] >= 0 {
			n++
		}
		t.keep(query, b, from+row, documents[row:row+n], line+row+1)
		row += n
	}
	return nil
}

// query is the index of a query, which is added to a dataset of qrels where the options
// say so; ok is false where its lines are to be skipped.
func (t *table) query(id []byte) (query int32, ok bool, err error) {
	if query, ok = t.dataset.QueryIndex(text(id)); ok {
		return query, true, nil
	}
	switch {
	case t.options.Unknown == Refuse:
		return 0, false, errors.New("query " + strconv.Quote(string(id)) + " is unknown")
	case t.options.Unknown == Skip || !t.layout.level:
		return 0, false, nil
	}
	query, err = t.dataset.EnsureQuery(string(id))
	t.pieces = append(t.pieces, nil)
	return query, true, err
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

func (t *table) warn() {
	total := &t.tallies
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
