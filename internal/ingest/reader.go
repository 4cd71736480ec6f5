package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync/atomic"

	"github.com/duijie/duijie/internal/match"
)

// Reader gives the rows of one input. It is not safe for concurrent use.
type Reader struct {
	name    string
	source  source
	columns *columns
	options Options
	summary Summary
	closers []io.Closer
	err     error // what ended the reading

	file *counted // nil where Open did not open it
	size int64    // of the file
}

// counted counts what is read of a file from its beginning to its end.
type counted struct {
	*os.File
	read atomic.Int64
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.File.Read(b)
	c.read.Add(int64(n))
	return n, err
}

// shares is a source that is not read from its beginning to its end, and tells which
// part of its rows was read, from 0 to 1.
type shares interface{ share() float64 }

// Position tells how many bytes of the file have been read, of how many; 0 of 0 for
// what is no file. For formats that are read here and there it is as many as the
// rows would have that were read. It may be called while another goroutine reads.
func (r *Reader) Position() (read, size int64) {
	if r.file == nil {
		return 0, 0
	}
	if s, ok := r.source.(shares); ok {
		return int64(s.share() * float64(r.size)), r.size
	}
	return min(r.file.read.Load(), r.size), r.size
}

// Open opens a file, which may be compressed with gzip. The caller closes the
// Reader. Errors are of kind NotFound, Denied, Invalid, Exhausted (a limit of a
// compressed format), Corrupt or Internal.
func Open(path string, options Options) (*Reader, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	in := &counted{File: file}
	r, err := NewReader(in, path, options)
	if err != nil {
		file.Close()
		return nil, err
	}
	r.closers = append([]io.Closer{file}, r.closers...)
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		r.file, r.size = in, info.Size()
	}
	return r, nil
}

func openFile(path string) (*os.File, error) {
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &match.Error{Kind: match.NotFound, Record: path, Reason: "there is no such file"}
	case errors.Is(err, fs.ErrPermission):
		return nil, &match.Error{Kind: match.Denied, Record: path, Reason: "may not be read", Err: err}
	case err != nil:
		return nil, match.About(path, err)
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		file.Close()
		return nil, &match.Error{Kind: match.Invalid, Record: path, Reason: "is a folder, not a file"}
	}
	return file, nil
}

// NewReader reads from in. The name stands in errors, and its extension may tell
// the format. It reads the beginning of the input; an error about the options or
// the header (a required column is missing) is of kind Invalid.
func NewReader(in io.Reader, name string, options Options) (*Reader, error) {
	r := &Reader{name: name, options: options, summary: Summary{
		Kept: map[string]int{}, Unknown: map[string]Values{}, Shortened: map[string]Values{}, Withheld: map[string]int{}, Contacts: map[string]int{},
	}}
	if r.options.Tenant == "" {
		r.options.Tenant = match.DefaultTenant
	}
	if err := r.open(in); err != nil {
		return nil, match.About(name, err)
	}
	return r, nil
}

func (r *Reader) open(in io.Reader) error {
	if err := r.options.Kind.Validate(); err != nil && r.options.Kind != LabelKind && r.options.Kind != EventKind {
		return err
	}
	columns, err := newColumns(r.options.Kind, r.options.Map)
	if err != nil {
		return err
	}
	if r.source, err = openSource(in, r.name, r.options, columns); err != nil {
		return err
	}
	if c, ok := r.source.(io.Closer); ok {
		r.closers = append(r.closers, c)
	}
	r.columns = columns
	if err := r.checkNames(); err != nil {
		r.Close() // of what was opened to read; there is a better error already
		return err
	}
	return nil
}

// checkNames compares the names of the columns with the fields of the kind.
func (r *Reader) checkNames() error {
	names, isTable := r.source.header(), true
	if names == nil {
		isTable = false
		r.source, names = lookAhead(r.source)
	}
	if !r.options.ForceKind {
		if err := r.columns.mistaken(names); err != nil {
			return err
		}
	}
	if isTable {
		return r.columns.check(names)
	}
	return nil
}

// Next gives the next row, or io.EOF after the last one. Another error ends the
// reading: the input could not be read, or its compressed form is damaged.
func (r *Reader) Next() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	for {
		raw, err := r.source.next()
		if err != nil {
			r.err = r.ended(err)
			return Row{}, r.err
		}
		if row, also, ok := r.row(raw, r.columns); ok {
			r.count(also, row.Err)
			return row, nil
		}
	}
}

// ended gives an error that ends the reading the name of the input.
func (r *Reader) ended(err error) error {
	if err == io.EOF {
		return err
	}
	return match.About(r.name, err)
}

// row makes a row; ok is false for a blank one. Goroutines that call it at once
// have columns of their own.
func (r *Reader) row(raw rawRow, columns *columns) (row Row, also kept, ok bool) {
	if raw.err == nil && raw.cells == nil {
		r.source.parse(&raw)
	}
	if raw.err == nil && raw.cells == nil {
		return Row{}, kept{}, false
	}
	row = Row{Line: raw.line, Raw: raw.bytes, cut: raw.cut}
	if raw.bytes == nil {
		row.cells = raw.cells
	}
	also, err := r.read(raw, columns, &row)
	if err != nil {
		row.Record, row.Label, row.Event = match.Record{}, nil, nil
		row.Err = r.place(raw.line, err)
	}
	return row, also, true
}

func (r *Reader) read(raw rawRow, columns *columns, into *Row) (also kept, err error) {
	if raw.err != nil {
		return kept{}, raw.err
	}
	b := newBuilder(r.options.Kind, r.options.Tenant)
	unread := b.fill(raw.cells, columns.plan(raw.cells))
	switch b.kind {
	case LabelKind:
		into.Label, err = b.finish()
	case EventKind:
		into.Event, err = b.finishEvent()
	default:
		into.Record = b.record()
		err = match.Faults(into.Record.Validate(), checkDays(into.Record.Patent, r.options.Today))
	}
	if unread != nil {
		err = match.Beside(unread, err)
	}
	return b.kept, err
}

func (r *Reader) count(also kept, err error) {
	r.summary.Rows++
	if err != nil {
		r.summary.Rejected++
		return
	}
	r.summary.Accepted++
	for _, name := range also.columns {
		r.summary.Kept[name]++
	}
	for _, v := range also.values {
		r.summary.Unknown[v.field] = r.summary.Unknown[v.field].with(v.value)
	}
	for _, v := range also.shortened {
		r.summary.Shortened[v.field] = r.summary.Shortened[v.field].with(v.value)
	}
	for _, name := range also.withheld {
		r.summary.Withheld[name]++
	}
	for _, name := range also.contacts {
		r.summary.Contacts[name]++
	}
}

// place says where in the input an error is, instead of which record it is in.
func (r *Reader) place(line int, err error) error {
	out := match.Error{Kind: match.Invalid, Err: err}
	if e, ok := err.(*match.Error); ok {
		out = *e
	}
	out.Record = r.Place(line)
	return &out
}

// Place names a row by its number, such as "a.csv, line 17" or "a.xlsx, row 17".
func (r *Reader) Place(line int) string {
	return fmt.Sprintf("%s, %s %d", r.name, r.source.unit(), line)
}

// Summary gives the counts of the rows read so far. The caller must not change
// the map.
func (r *Reader) Summary() Summary { return r.summary }

// Waits tells whether a read may still wait for more of a stream, and Close with it.
// It does not for a format that is read here and there: such a stream is in a
// temporary file, which Close removes.
func (r *Reader) Waits() bool {
	_, whole := r.source.(shares)
	return !whole && r.err != io.EOF
}

// Skipped lists the sheets of a workbook that are not hidden and are not read.
func (r *Reader) Skipped() []string {
	if s, ok := r.source.(*sheet); ok {
		return s.skipped
	}
	return nil
}

// Sheet names the sheet of a workbook that is read; empty for other formats.
func (r *Reader) Sheet() string {
	if s, ok := r.source.(*sheet); ok {
		return s.name
	}
	return ""
}

// Close closes what Open opened, and files that were made to read a stream.
func (r *Reader) Close() error {
	var errs []error
	for i := len(r.closers) - 1; i >= 0; i-- {
		errs = append(errs, r.closers[i].Close())
	}
	r.closers = nil
	return errors.Join(errs...)
}
