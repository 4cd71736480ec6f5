package ingest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

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
}

// Open opens a file, which may be compressed with gzip. The caller closes the
// Reader. Errors are of kind NotFound, Denied, Invalid, Exhausted (a limit of a
// compressed format), Corrupt or Internal.
func Open(path string, options Options) (*Reader, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	r, err := NewReader(file, path, options)
	if err != nil {
		file.Close()
		return nil, err
	}
	r.closers = append(r.closers, file)
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
	r := &Reader{name: name, options: options, summary: Summary{Kept: map[string]int{}}}
	if r.options.Tenant == "" {
		r.options.Tenant = match.DefaultTenant
	}
	if err := r.open(in); err != nil {
		return nil, match.About(name, err)
	}
	return r, nil
}

func (r *Reader) open(in io.Reader) error {
	if err := r.options.Kind.Validate(); err != nil && r.options.Kind != LabelKind {
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
	if header := r.source.header(); header != nil {
		if err := columns.check(header); err != nil {
			r.Close() // of what was opened to read; there is a better error already
			return err
		}
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
		if row, kept, ok := r.row(raw, r.columns); ok {
			r.count(kept, row.Err)
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
func (r *Reader) row(raw rawRow, columns *columns) (row Row, kept []string, ok bool) {
	if raw.err == nil && raw.cells == nil {
		r.source.parse(&raw)
	}
	if raw.err == nil && raw.cells == nil {
		return Row{}, nil, false
	}
	row = Row{Line: raw.line, Raw: raw.bytes, cut: raw.cut}
	if raw.bytes == nil {
		row.cells = raw.cells
	}
	kept, err := r.read(raw, columns, &row)
	if err != nil {
		row.Record, row.Label = match.Record{}, nil
		row.Err = r.place(raw.line, err)
	}
	return row, kept, true
}

func (r *Reader) read(raw rawRow, columns *columns, into *Row) (kept []string, err error) {
	if raw.err != nil {
		return nil, raw.err
	}
	b := newBuilder(r.options.Kind, r.options.Tenant)
	if err := b.fill(raw.cells, columns.plan(raw.cells)); err != nil {
		return nil, err
	}
	if b.kind == LabelKind {
		into.Label, err = b.finish()
		return b.kept, err
	}
	into.Record = b.record()
	return b.kept, into.Record.Validate()
}

func (r *Reader) count(kept []string, err error) {
	r.summary.Rows++
	if err != nil {
		r.summary.Rejected++
		return
	}
	r.summary.Accepted++
	for _, name := range kept {
		r.summary.Kept[name]++
	}
}

// place says where in the input an error is, instead of which record it is in.
func (r *Reader) place(line int, err error) error {
	out := &match.Error{Kind: match.Invalid, Record: r.Place(line), Reason: err.Error()}
	if e, ok := err.(*match.Error); ok {
		out.Field, out.Reason, out.Err = e.Field, e.Reason, e.Err
	}
	return out
}

// Place names a row by its number, such as "a.csv, line 17" or "a.xlsx, row 17".
func (r *Reader) Place(line int) string {
	return fmt.Sprintf("%s, %s %d", r.name, r.source.unit(), line)
}

// Summary gives the counts of the rows read so far. The caller must not change
// the map.
func (r *Reader) Summary() Summary { return r.summary }

// Close closes what Open opened, and files that were made to read a stream.
func (r *Reader) Close() error {
	var errs []error
	for i := len(r.closers) - 1; i >= 0; i-- {
		errs = append(errs, r.closers[i].Close())
	}
	r.closers = nil
	return errors.Join(errs...)
}
