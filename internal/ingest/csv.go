package ingest

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// table is the source of CSV: a header and rows of cells.
type table struct {
	lines     *lines
	delimiter byte
	names     []string
	first     []byte // the header as it stands in the input
	// decoded is set where bytes that are wrong in the input's encoding came out
	// as U+FFFD.
	decoded bool
	marked  bool // the input begins with a byte order mark
}

// newTable reads the header.
func newTable(l *lines, decoded bool) (*table, error) {
	t := &table{lines: l, decoded: decoded}
	for {
		first, err := t.take()
		if err == io.EOF {
			return nil, match.Invalidf("", "is empty: it has no header")
		}
		if err != nil {
			return nil, err
		}
		if first.err != nil {
			return nil, &match.Error{Kind: match.Invalid, Reason: "the header", Err: first.err}
		}
		if sep, ok := bytes.CutPrefix(bytes.ToLower(first.bytes), []byte("sep=")); ok && len(sep) == 1 {
			t.delimiter = sep[0] // a line that Excel understands
			continue
		}
		if t.delimiter == 0 {
			t.delimiter = delimiterOf(first.bytes)
		}
		cells, _ := split(first.bytes, t.delimiter)
		t.names, t.first = headerNames(cells), first.bytes
		return t, nil
	}
}

// delimiterOf finds the character that divides the header most often.
func delimiterOf(header []byte) byte {
	best, most := byte(','), 0
	for _, c := range []byte(",;\t") {
		if cells, _ := split(header, c); len(cells) > most {
			best, most = c, len(cells)
		}
	}
	return best
}

// headerNames gives each column a name of its own.
func headerNames(cells []string) []string {
	names := make([]string, len(cells))
	seen := map[string]int{}
	for i, name := range cells {
		name = strings.Join(strings.Fields(name), " ")
		if name == "" {
			name = fmt.Sprintf("column %d", i+1)
		}
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, seen[name])
		}
		names[i] = name
	}
	return names
}

func (t *table) header() []string { return t.names }

func (t *table) next() (rawRow, error) { return t.take() }

func (t *table) parse(row *rawRow) {
	values, _ := split(row.bytes, t.delimiter)
	assign(row, t.names, values)
}

func (*table) unit() string { return "line" }

// assign names the values. Cells may be missing at the end of a row, and empty
// ones be too many; a row without any value stays without cells.
func assign(row *rawRow, names, values []string) {
	some := false
	cells := make([]cell, len(names))
	for i, name := range names {
		cells[i].name = name
	}
	for i, value := range values {
		value = strings.TrimSpace(value)
		switch {
		case value == "":
		case i >= len(cells):
			row.err = match.Invalidf("", "has %d cells, the header has %d", len(values), len(cells))
			return
		default:
			some = some || names[i] != ReasonColumn
			cells[i].value = value
		}
	}
	if some {
		row.cells = cells
	}
}

// take gives the next row that is not blank, whose quotes are in order. Where
// quotes are not closed or text stands behind one, the row's first line alone is
// the bad row, so that the next line is read again on its own.
func (t *table) take() (rawRow, error) {
	first, err := t.lines.next()
	for err == nil && !first.tooLong && blank(first.bytes) {
		first, err = t.lines.next()
	}
	if err != nil {
		return rawRow{}, err
	}
	row := rawRow{line: first.number, bytes: first.bytes}
	if first.tooLong {
		row.err, row.cut = tooLong(), true
		return row, nil
	}
	delimiter := t.delimiter
	if delimiter == 0 {
		delimiter = delimiterOf(first.bytes)
	}
	open, problem := scan(first.bytes, delimiter, false)
	var more []line
	for open && problem == nil {
		following, err := t.lines.next()
		if err != nil {
			problem = errOpenQuote
			break
		}
		more = append(more, following)
		row.bytes = append(append(row.bytes, '\n'), following.bytes...)
		if following.tooLong || len(row.bytes) > MaxRow {
			problem = errOpenQuote
			break
		}
		open, problem = scan(following.bytes, delimiter, true)
	}
	if problem == nil && t.decoded && bytes.ContainsRune(row.bytes, '\uFFFD') {
		row.err = errEncoding
	}
	if problem != nil {
		t.lines.unread(more)
		row.bytes, row.err = row.bytes[:len(first.bytes)], problem
	}
	return row, nil
}
