package ingest

import (
	"fmt"
	"io"
	"os"

	"github.com/duijie/duijie/internal/match"
)

// Format is how rows lie in a file.
type Format string

const (
	// JSONL is one JSON object a line, or one array of objects.
	JSONL Format = "jsonl"
	// CSV is a table with a header, its cells divided by comma, semicolon or tab.
	CSV Format = "csv"
)

// Options says what the input is. Only Kind is required.
type Options struct {
	Kind match.Kind
	// Format is found by the file's name, then by its content, where it is empty.
	Format Format
	// Map names the column or key that holds a field, such as
	// {"title": "专利名称", "attributes.dept": "部门"}. It goes before the
	// built-in names.
	Map map[string]string
	// Tenant owns the rows that name none; empty is match.DefaultTenant.
	Tenant string
	// Encoding of CSV: "utf-8", "gb18030", or empty to find out.
	Encoding string
}

// Row is one row of the input.
type Row struct {
	// Record is valid where Err is nil, and not to be used elsewhere.
	Record match.Record
	// Line counts from 1 and is where the row begins.
	Line int
	// Raw is the row as it stands in the input, in UTF-8 and without its line
	// break; of a row beyond MaxRow only the beginning.
	Raw []byte
	// Err is a *match.Error of kind Invalid whose Record is "FILE, line N".
	Err error
}

// MaxRow is the largest row in bytes.
const MaxRow = 16 << 20

// Summary counts what was read so far.
type Summary struct {
	Rows, Accepted, Rejected int
	// Kept counts for each attribute the accepted rows that have it because
	// Duijie has no field for it (or none for such a value, as with the name of
	// an unknown region).
	Kept map[string]int
}

// Reader gives the rows of one input. It is not safe for concurrent use.
type Reader struct {
	name    string
	source  source
	columns *columns
	options Options
	summary Summary
	closer  io.Closer
	err     error // what ended the reading
}

// source cuts an input into rows of cells. It is what a format implements.
type source interface {
	// header gives the names of all columns, or nil where rows name their own.
	header() []string
	// next gives the next row that is not blank, or io.EOF, or an error after
	// which nothing can be read. A row that has no cells has its err set.
	next() (rawRow, error)
}

// rawRow is a row as its format gives it.
type rawRow struct {
	line  int
	bytes []byte
	cells []cell
	err   *match.Error
}

// Open opens a file, which may be compressed with gzip. The caller closes the
// Reader. Errors are of kind NotFound, Invalid or Internal.
func Open(path string, options Options) (*Reader, error) {
	file, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil, &match.Error{Kind: match.NotFound, Record: path, Reason: "there is no such file"}
	}
	if err != nil {
		return nil, match.About(path, err)
	}
	r, err := NewReader(file, path, options)
	if err != nil {
		file.Close()
		return nil, err
	}
	r.closer = file
	return r, nil
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
	if err := r.options.Kind.Validate(); err != nil {
		return err
	}
	columns, err := newColumns(r.options.Kind, r.options.Map)
	if err != nil {
		return err
	}
	if r.source, err = openSource(in, r.name, r.options); err != nil {
		return err
	}
	r.columns = columns
	if header := r.source.header(); header != nil {
		return columns.check(header)
	}
	return nil
}

// Next gives the next row, or io.EOF after the last one. Another error ends the
// reading: the input could not be read, or its compressed form is damaged.
func (r *Reader) Next() (Row, error) {
	if r.err != nil {
		return Row{}, r.err
	}
	raw, err := r.source.next()
	if err != nil {
		if err != io.EOF {
			err = match.About(r.name, err)
		}
		r.err = err
		return Row{}, err
	}
	row := Row{Line: raw.line, Raw: raw.bytes}
	kept, err := r.read(raw, &row.Record)
	r.count(kept, err)
	if err != nil {
		row.Record = match.Record{}
		row.Err = r.place(raw.line, err)
	}
	return row, nil
}

func (r *Reader) read(raw rawRow, into *match.Record) (kept []string, err error) {
	if raw.err != nil {
		return nil, raw.err
	}
	b := newBuilder(r.options.Kind, r.options.Tenant)
	if err := b.fill(raw.cells, r.columns.plan(raw.cells)); err != nil {
		return nil, err
	}
	*into = b.record()
	return b.kept, into.Validate()
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
	out := &match.Error{Kind: match.Invalid, Record: fmt.Sprintf("%s, line %d", r.name, line), Reason: err.Error()}
	if e, ok := err.(*match.Error); ok {
		out.Field, out.Reason, out.Err = e.Field, e.Reason, e.Err
	}
	return out
}

// Summary gives the counts of the rows read so far. The caller must not change
// the map.
func (r *Reader) Summary() Summary { return r.summary }

// Close closes the file that Open opened.
func (r *Reader) Close() error {
	if r.closer == nil {
		return nil
	}
	return r.closer.Close()
}
