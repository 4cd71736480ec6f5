package ingest

import (
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// Format is how rows lie in a file.
type Format string

const (
	// JSONL is one JSON object a line, or one array of objects.
	JSONL Format = "jsonl"
	// CSV is a table with a header, its cells divided by comma, semicolon or tab.
	CSV Format = "csv"
	// XLSX is a sheet of a spreadsheet with a header among its first rows.
	XLSX Format = "xlsx"
	// Parquet is a file of columns.
	Parquet Format = "parquet"
)

// Formats lists all of them.
var Formats = []Format{JSONL, CSV, XLSX, Parquet}

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
	// Sheet of XLSX; empty is the first one with a header of the kind's fields, and
	// where there is none the first one that is not hidden.
	Sheet string
	// Today refuses patents whose days cannot have come by then, or in their order, such as one
	// filed after it or published before it was filed. Empty takes any days, as what was
	// written out by this package may have.
	Today match.Date `json:"-"`
	// ForceKind reads an input whose columns are those of another kind.
	ForceKind bool `json:",omitempty"`
}

// Row is one row of the input.
type Row struct {
	// Record is valid where Err is nil, and not to be used elsewhere.
	Record match.Record
	// Label is set instead of Record where labels are read, and Event where events are.
	Label *match.Label
	Event *match.Event
	// Line counts from 1 and is where the row begins. In XLSX and Parquet it is
	// the number of the row.
	Line int
	// Raw is the row as it stands in the input, in UTF-8 and without its line
	// break; of a row beyond MaxRow only the beginning. XLSX and Parquet have none.
	Raw []byte
	// Err is a *match.Error of kind Invalid whose Record is what Place gives.
	Err error

	cells []cell // kept where Raw is not, for Rejects
	cut   bool   // Raw is not the whole row
}

// MaxRow is the largest row in bytes.
const MaxRow = 16 << 20

// Summary counts what was read so far.
type Summary struct {
	Rows, Accepted, Rejected int
	// Kept counts for each attribute the accepted rows that have it because
	// Duijie has no field for it.
	Kept map[string]int
	// Unknown tells for each field of the accepted rows whose value the field
	// cannot hold, such as the name of an unknown region: it is an attribute of the
	// field's name, and no filter finds the record by it.
	Unknown map[string]Values
	// Shortened tells for each field of the accepted rows whose value says more than the
	// field's code does, such as the district of a city, as "佛山市南海区 → 4406".
	Shortened map[string]Values
	// Withheld counts for each column the accepted rows of demands of which something is
	// confidential because of it; see Reader. Contacts counts those of patents, which
	// keep nothing confidential, that have data of contact in a column.
	Withheld, Contacts map[string]int
}

// Values are some values of one field, with the number of rows that have such.
type Values struct {
	Rows  int      `json:"rows"`
	First []string `json:"first"` // the first distinct ones, at most firstValues
}

const firstValues = 5

// Plus adds the values of another file.
func (u Values) Plus(v Values) Values {
	rows := u.Rows + v.Rows
	for _, value := range v.First {
		u = u.with(value)
	}
	u.Rows = rows
	return u
}

func (u Values) with(value string) Values {
	u.Rows++
	if len(u.First) < firstValues && !slices.Contains(u.First, value) {
		u.First = append(u.First, value)
	}
	return u
}

// source cuts an input into rows of cells. It is what a format implements.
type source interface {
	// header gives the names of all columns, or nil where rows name their own.
	header() []string
	// next cuts the next row off the input, or gives io.EOF, or an error after
	// which nothing can be read.
	next() (rawRow, error)
	// parse sets the row's cells or err; one that gets neither is blank. It is
	// called from several goroutines and while next is, and twice for no rawRow.
	parse(*rawRow)
	// unit names what numbers count: "line" or "row".
	unit() string
}

// rawRow is a row as its format gives it.
type rawRow struct {
	line  int
	bytes []byte
	cells []cell
	err   *match.Error
	cut   bool // bytes are not all of the row
}
