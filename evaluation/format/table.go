package format

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/duijie/duijie/evaluation"
)

// table gathers the rows of a file by query. Ids that the dataset lacks are put
// into it, as the options say, once the whole file has been read: until then the
// parsers look ids up in it.
type table struct {
	file     string
	dataset  *evaluation.Dataset
	options  Options
	warnings *Warnings
	byQuery  [][]entry
	queries  fresh
	docs     fresh
	lines    int // that were read before the next block
	rows     int
	total    parsed // the tallies of all blocks
	dropped  struct{ query, document tally }
}

// entry is a row without its query.
type entry struct {
	document, rank, line int32
	value                float64
}

// readTable parses the lines of r that follow the first skipped ones.
func readTable(r io.Reader, skipped int, l layout, t *table) error {
	t.lines = skipped
	t.queries.known, t.docs.known = t.dataset.Queries(), t.dataset.Documents()
	t.byQuery = make([][]entry, t.dataset.Queries())
	p := parser{t.dataset, l, &t.queries.interner, &t.docs.interner}
	if err := blocks(r, t.options.Workers, p.block, func(b *parsed) error { return t.take(b, l) }); err != nil {
		if _, ok := err.(*Error); ok {
			return err
		}
		return fmt.Errorf("%s: after line %d: %w", t.file, t.lines, err)
	}
	if t.rows == 0 {
		return &Error{t.file, 0, "there is no line in it"}
	}
	t.warn()
	return t.addNew()
}

func (t *table) take(b *parsed, l layout) error {
	for i := range b.rows {
		if err := t.put(&b.rows[i], l); err != nil {
			return err
		}
	}
	if b.fault != "" {
		return &Error{t.file, t.lines + b.faultAt + 1, b.fault}
	}
	t.total.blank.merge(b.blank, t.lines)
	t.total.returns.merge(b.returns, t.lines)
	t.total.tabs.merge(b.tabs, t.lines)
	t.total.spaces.merge(b.spaces, t.lines)
	t.total.point.merge(b.point, t.lines)
	t.lines += b.lines
	//lint:ignore SA6002 the slice header is small beside its rows
	spare.Put(b.rows)
	return nil
}

func (t *table) put(r *row, l layout) error {
	line := t.lines + int(r.line)
	t.rows++
	if r.query < 0 {
		switch {
		case t.options.Unknown == Refuse:
			return &Error{t.file, line + 1, fmt.Sprintf("query %q is unknown", t.queries.name(-r.query-1))}
		case t.options.Unknown == Skip || !l.level:
			t.dropped.query.at(line)
			return nil
		}
		r.query = t.queries.place(-r.query - 1)
	}
	if r.document < 0 {
		switch t.options.Unknown {
		case Refuse:
			return &Error{t.file, line + 1, fmt.Sprintf("document %q is unknown", t.docs.name(-r.document-1))}
		case Skip:
			t.dropped.document.at(line)
			return nil
		}
		r.document = t.docs.place(-r.document - 1)
	}
	for int(r.query) >= len(t.byQuery) {
		t.byQuery = append(t.byQuery, nil)
	}
	t.byQuery[r.query] = append(t.byQuery[r.query], entry{r.document, r.rank, int32(line), r.value})
	return nil
}

func (t *table) warn() {
	note := func(kind Kind, n tally) { t.warnings.add(kind, t.file, n.first+1, n.count) }
	note(BlankLine, t.total.blank)
	note(CarriageReturn, t.total.returns)
	note(DecimalLevel, t.total.point)
	note(UnknownQuery, t.dropped.query)
	note(UnknownDoc, t.dropped.document)
	if t.total.tabs.count > 0 && t.total.spaces.count > 0 {
		note(MixedSeparator, minority(t.total.tabs, t.total.spaces))
	}
	t.warnings.add(AddedDoc, t.file, 0, len(t.docs.names))
}

// minority is the tally that began later: lines unlike the first.
func minority(a, b tally) tally {
	if a.first < b.first {
		return b
	}
	return a
}

// addNew puts the new ids into the dataset.
func (t *table) addNew() error {
	for _, name := range t.queries.names {
		if _, err := t.dataset.AddQuery(evaluation.Query{ID: name}); err != nil {
			return err
		}
	}
	for _, name := range t.docs.names {
		if _, err := t.dataset.AddDocument(evaluation.Document{ID: name}); err != nil {
			return err
		}
	}
	return nil
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
