package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// ReasonColumn is the first column, or key, of a file of rejected rows: it says what is
// wrong with each. It is ignored where rows are read.
const ReasonColumn = "_reject_reason"

// Rejects writes rows as they stood in their input, so that they can be corrected
// and read again: CSV under its header and with its delimiter, XLSX as a sheet
// under its header, and JSON and Parquet as one JSON object a line. Before them
// stands the reason, under ReasonColumn; a line of JSON that is no object has none.
// Text is in UTF-8, with a byte order mark where the input was not plain UTF-8.
type Rejects struct {
	out       *bufio.Writer
	format    Format
	delimiter byte // of CSV
	reasons   int  // place of ReasonColumn in the input's header, or -1
	sheet     *rejectSheet
	rows      int
	// LeftOut counts rows that are not written, since only a part of them could be:
	// they are beyond MaxRow, or hold more than a cell of a workbook can.
	LeftOut int
}

// Rejects begins a file of rows of this input.
func (r *Reader) Rejects(w io.Writer) (*Rejects, error) {
	out := &Rejects{out: bufio.NewWriter(w), format: JSONL, reasons: slices.Index(r.source.header(), ReasonColumn)}
	switch s := r.source.(type) {
	case *table:
		out.format, out.delimiter = CSV, s.delimiter
		return out, out.begin(s)
	case *sheet:
		out.format = XLSX
		var err error
		out.sheet, err = newRejectSheet(s.names, out.reasons)
		return out, err
	}
	return out, nil
}

// Format is the one that is written.
func (j *Rejects) Format() Format { return j.format }

// Rows counts the rows written.
func (j *Rejects) Rows() int { return j.rows }

func (j *Rejects) begin(t *table) error {
	if t.marked || t.decoded {
		if _, err := j.out.WriteString(byteOrderMark); err != nil {
			return err
		}
	}
	return j.row(ReasonColumn, t.first)
}

// row writes a row of CSV with its reason in place of an older one.
func (j *Rejects) row(reason string, row []byte) error {
	if j.reasons >= 0 {
		row = withoutCell(row, j.delimiter, j.reasons)
	}
	return j.line(append(append([]byte(reason), j.delimiter), row...))
}

func (j *Rejects) line(b []byte) error {
	if _, err := j.out.Write(b); err != nil {
		return err
	}
	return j.out.WriteByte('\n')
}

// Add writes one row of the reader, and why it is there.
func (j *Rejects) Add(row Row, reason string) error {
	reason = shortened(reason)
	if row.cut || j.sheet != nil && slices.ContainsFunc(row.cells, beyondCell) {
		j.LeftOut++
		return nil
	}
	j.rows++
	switch {
	case j.sheet != nil:
		return j.sheet.add(reason, row.cells)
	case j.format == CSV:
		return j.row(quoted(reason), row.Raw)
	case row.Raw == nil:
		return j.line(withReason(flatObject(row.cells), reason))
	}
	return j.line(withReason(oneLine(row.Raw), reason))
}

// maxReason bounds a reason, in characters: some repeat what they are about.
const maxReason = 2000

// shortened takes line breaks out of a reason, and what is too long of it.
func shortened(reason string) string {
	reason = strings.Join(strings.Fields(reason), " ")
	if utf8.RuneCountInString(reason) > maxReason {
		reason = string([]rune(reason)[:maxReason]) + "…"
	}
	return reason
}

// withReason puts a reason first into an object of JSON, which may have faults, in place
// of an older one.
func withReason(raw []byte, reason string) []byte {
	raw = withoutReason(bytes.TrimSpace(raw))
	if len(raw) == 0 || raw[0] != '{' {
		return raw
	}
	rest, divide := bytes.TrimLeft(raw[1:], " \t\r\n"), ","
	if len(rest) == 0 || rest[0] == '}' {
		divide = ""
	}
	return append([]byte("{"+compact(ReasonColumn)+":"+compact(reason)+divide), rest...)
}

// withoutReason takes out what withReason put in, and of an object without faults the
// member wherever it is.
func withoutReason(raw []byte) []byte {
	if rest, ok := bytes.CutPrefix(raw, []byte("{"+compact(ReasonColumn)+":")); ok {
		var old string
		value := json.NewDecoder(bytes.NewReader(rest))
		if value.Decode(&old) == nil {
			rest = bytes.TrimPrefix(bytes.TrimLeft(rest[value.InputOffset():], " \t\r\n"), []byte(","))
			return append([]byte("{"), rest...)
		}
	}
	if !bytes.Contains(raw, []byte(ReasonColumn)) {
		return raw
	}
	o, err := parseObject(raw)
	if err != nil || !o.has(ReasonColumn) {
		return raw
	}
	return []byte(compact(slices.DeleteFunc(o, func(m member) bool { return m.name == ReasonColumn })))
}

// oneLine takes the line breaks out of an element of an array; those inside of a
// string of JSON are escaped.
func oneLine(raw []byte) []byte {
	if !bytes.ContainsAny(raw, "\r\n") {
		return raw
	}
	var b bytes.Buffer
	if json.Compact(&b, raw) == nil {
		return b.Bytes()
	}
	return bytes.Map(func(r rune) rune {
		if r == '\r' || r == '\n' {
			return ' '
		}
		return r
	}, raw)
}

// flatObject writes cells as one object; "fee.min_cny" is read as a name of its own.
func flatObject(cells []cell) []byte {
	o := object{}
	for _, c := range cells {
		if c.value != nil && c.name != ReasonColumn {
			o = append(o, member(c))
		}
	}
	return []byte(compact(o))
}

// Close writes what is left. It does not close what Rejects writes to.
func (j *Rejects) Close() error {
	if j.sheet != nil {
		if err := j.sheet.write(j.out); err != nil {
			return err
		}
	}
	return j.out.Flush()
}

// rejectSheet is a workbook with one sheet, all of its cells text.
type rejectSheet struct {
	book    *excelize.File
	stream  *excelize.StreamWriter
	reasons int  // place of older reasons, or -1
	bare    bool // there is no room for reasons
	rows    int
}

// beyondCell tells whether a workbook would cut the value.
func beyondCell(c cell) bool {
	s, _ := c.value.(string)
	return len(s) > excelize.TotalCellChars && utf8.RuneCountInString(s) > excelize.TotalCellChars/2
}

func newRejectSheet(names []string, reasons int) (*rejectSheet, error) {
	s := &rejectSheet{book: excelize.NewFile(), reasons: reasons, bare: reasons < 0 && len(names) >= excelize.MaxColumns}
	var err error
	if s.stream, err = s.book.NewStreamWriter("Sheet1"); err != nil {
		return nil, err
	}
	header := make([]cell, len(names))
	for i, name := range names {
		header[i].value = name
	}
	return s, s.add(ReasonColumn, header)
}

func (s *rejectSheet) add(reason string, cells []cell) error {
	var values []any
	if !s.bare {
		values = append(values, reason)
	}
	for i, c := range cells {
		switch {
		case i == s.reasons:
		case c.value == nil:
			values = append(values, nil)
		default:
			values = append(values, attribute(c.value))
		}
	}
	values = values[:min(len(values), excelize.MaxColumns)]
	s.rows++
	if err := s.stream.SetRow(fmt.Sprintf("A%d", s.rows), values); err != nil {
		return fmt.Errorf("row %d of the rejected rows: %w", s.rows, err)
	}
	return nil
}

func (s *rejectSheet) write(w io.Writer) error {
	if err := s.stream.Flush(); err != nil {
		return err
	}
	if err := s.book.Write(w); err != nil {
		return err
	}
	return s.book.Close()
}
