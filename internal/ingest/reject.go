package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Rejects writes rows as they stood in their input, so that they can be corrected
// and read again: CSV under its header and with its delimiter, XLSX as a sheet
// under its header, and JSON and Parquet as one JSON object a line. Text is in
// UTF-8, with a byte order mark where the input was not plain UTF-8.
type Rejects struct {
	out    *bufio.Writer
	format Format
	sheet  *rejectSheet
	rows   int
	// LeftOut counts rows that are not written, since only a part of them could be:
	// they are beyond MaxRow, or hold more than a cell of a workbook can.
	LeftOut int
}

// Rejects begins a file of rows of this input.
func (r *Reader) Rejects(w io.Writer) (*Rejects, error) {
	out := &Rejects{out: bufio.NewWriter(w), format: JSONL}
	switch s := r.source.(type) {
	case *table:
		out.format = CSV
		return out, out.begin(s)
	case *sheet:
		out.format = XLSX
		var err error
		out.sheet, err = newRejectSheet(s.names)
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
	return j.line(t.first)
}

func (j *Rejects) line(b []byte) error {
	if _, err := j.out.Write(b); err != nil {
		return err
	}
	return j.out.WriteByte('\n')
}

// Add writes one row of the reader.
func (j *Rejects) Add(row Row) error {
	if row.cut || j.sheet != nil && slices.ContainsFunc(row.cells, beyondCell) {
		j.LeftOut++
		return nil
	}
	j.rows++
	switch {
	case j.sheet != nil:
		return j.sheet.add(row.cells)
	case j.format == CSV:
		return j.line(row.Raw)
	case row.Raw == nil:
		return j.line(flatObject(row.cells))
	}
	return j.line(oneLine(row.Raw))
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
		if c.value != nil {
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
	book   *excelize.File
	stream *excelize.StreamWriter
	rows   int
}

// beyondCell tells whether a workbook would cut the value.
func beyondCell(c cell) bool {
	s, _ := c.value.(string)
	return len(s) > excelize.TotalCellChars && utf8.RuneCountInString(s) > excelize.TotalCellChars/2
}

func newRejectSheet(names []string) (*rejectSheet, error) {
	s := &rejectSheet{book: excelize.NewFile()}
	var err error
	if s.stream, err = s.book.NewStreamWriter("Sheet1"); err != nil {
		return nil, err
	}
	header := make([]cell, len(names))
	for i, name := range names {
		header[i].value = name
	}
	return s, s.add(header)
}

func (s *rejectSheet) add(cells []cell) error {
	cells = cells[:min(len(cells), excelize.MaxColumns)]
	values := make([]any, len(cells))
	for i, c := range cells {
		if c.value != nil {
			values[i] = attribute(c.value)
		}
	}
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
