package ingest

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/xuri/excelize/v2"

	"github.com/duijie/duijie/internal/match"
)

// sheet is the source of XLSX: one sheet of a workbook, row by row.
type sheet struct {
	file *randomFile
	book *excelize.File
	rows *excelize.Rows
	temp string // folder for what excelize unpacks
	name string
	scan *sheetScan
	// skipped are the visible sheets beside it.
	skipped []string
	names   []string
	id      int // column of ids
	merged
	read int        // rows read from rows
	back [][]string // read to find the header, and not given yet
	at   int        // number of the last row given

	given atomic.Int64 // at, for who asks meanwhile
}

// headerWithin is how many rows are searched for the header; above it stand
// titles and notes.
const headerWithin = 20

// openSheet finds the sheet and its header.
func openSheet(file *randomFile, options Options, columns *columns) (source, error) {
	archive, scans, err := checkArchive(file, xlsxLimits)
	if err != nil {
		return nil, err
	}
	s := &sheet{file: file}
	err = guard("the workbook cannot be read", s.open)
	if err == nil {
		err = guard("the header cannot be read", func() error {
			return s.choose(options, columns, func(name string) (*sheetScan, error) { return scanOf(archive, scans, name) })
		})
	}
	if err != nil {
		s.file = &randomFile{} // our caller closes it
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *sheet) open() (err error) {
	if s.temp, err = unpackFolder(); err != nil {
		return err
	}
	section := io.NewSectionReader(s.file, 0, s.file.size)
	if s.book, err = excelize.OpenReader(section, excelize.Options{TmpDir: s.temp, UnzipSizeLimit: int64(xlsxLimits.total)}); err != nil {
		return corrupt("is not a workbook", err)
	}
	if err := plainStyles(s.book); err != nil {
		return corrupt("the styles cannot be read", err)
	}
	return nil
}

// choose takes the sheet that is named, or the first one with a header of the kind's
// fields, or else the first one, whose faults are reported then. Hidden ones do not
// count.
func (s *sheet) choose(options Options, columns *columns, scan func(string) (*sheetScan, error)) error {
	all := s.book.GetSheetList()
	visible := slices.DeleteFunc(slices.Clone(all), func(name string) bool {
		shown, err := s.book.GetSheetVisible(name)
		return err != nil || !shown
	})
	candidates := visible
	if options.Sheet != "" {
		if !slices.Contains(all, options.Sheet) {
			return match.Invalidf("sheet", "there is no sheet %q; there are %s", options.Sheet, strings.Join(all, ", "))
		}
		candidates = []string{options.Sheet}
	}
	if len(candidates) == 0 {
		return match.Invalidf("sheet", "the workbook has no sheet that is not hidden")
	}
	found := slices.IndexFunc(candidates, func(name string) bool {
		err := s.begin(name, columns, scan)
		return err == nil && columns.check(s.names) == nil && (options.ForceKind || columns.mistaken(s.names) == nil)
	})
	if found < 0 && (len(candidates) > 1 || s.names == nil) {
		found = 0
		if err := s.begin(candidates[0], columns, scan); err != nil {
			return err
		}
	}
	s.name = candidates[max(0, found)]
	s.skipped = slices.DeleteFunc(visible, func(name string) bool { return name == s.name })
	return nil
}

// begin opens a sheet at its header.
func (s *sheet) begin(name string, columns *columns, scan func(string) (*sheetScan, error)) (err error) {
	if s.rows != nil {
		s.rows.Close()
	}
	s.rows, s.names, s.back, s.read = nil, nil, nil, 0
	if s.scan, err = scan(name); err != nil {
		return err
	}
	s.merged = *newMerged(s.scan.merges)
	if s.rows, err = s.book.Rows(name); err != nil {
		return corrupt("", err).Because("the sheet %q cannot be read", name)
	}
	return s.findHeader(columns)
}

// findHeader takes the first row in which the required columns are found, or the
// first one that is not blank, whose faults are reported then.
func (s *sheet) findHeader(columns *columns) error {
	first := -1
	for len(s.back) < headerWithin {
		values, err := s.values()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		s.back = append(s.back, values)
		if first < 0 && slices.ContainsFunc(values, func(v string) bool { return v != "" }) {
			first = len(s.back) - 1
		}
		if names := headerNames(values); len(values) > 1 && columns.check(names) == nil {
			first = len(s.back) - 1
			break
		}
	}
	if first < 0 {
		return match.Invalidf("", "is empty: it has no header")
	}
	s.names = headerNames(s.back[first])
	s.id = slices.IndexFunc(columns.resolve(s.names), func(t target) bool { return t.field == "number" || t.field == "id" })
	s.at = first + 1
	s.back = s.back[s.at:]
	return nil
}

func (s *sheet) header() []string { return s.names }

func (s *sheet) share() float64 {
	return min(1, float64(s.given.Load())/float64(max(1, s.scan.lastRow)))
}

func (*sheet) unit() string { return "row" }

func (*sheet) parse(*rawRow) {}

func (s *sheet) next() (rawRow, error) {
	var values []string
	if len(s.back) > 0 {
		values, s.back = s.back[0], s.back[1:]
	} else {
		err := guard(fmt.Sprintf("row %d cannot be read", s.at+1), func() (err error) { values, err = s.values(); return err })
		if err != nil {
			return rawRow{}, err
		}
	}
	s.at++
	s.given.Store(int64(s.at))
	row := rawRow{line: s.at}
	s.assign(&row, s.fill(s.at, values, s.id))
	return row, nil
}

// assign names the values, unless the row is too long or a formula in it failed.
func (s *sheet) assign(row *rawRow, values []string) {
	size := 0
	var failed []error
	for i, v := range values {
		if size += len(v); size > MaxRow {
			row.err, row.cut = tooLong(), true
			return
		}
		if i < len(s.names) && failedFormula[v] {
			failed = append(failed, match.Invalidf(s.names[i], "the cell holds the error %s", v))
		}
	}
	if assign(row, s.names, values); failed != nil {
		row.err = match.Faults(failed...).(*match.Error)
	}
	if row.err != nil {
		row.cells = s.all(values)
	}
}

// all names every value, also those behind the header's end, for Rejects.
func (s *sheet) all(values []string) []cell {
	var out []cell
	for i, v := range values {
		name := ""
		if i < len(s.names) {
			name = s.names[i]
		}
		out = append(out, cell{name, v})
	}
	return out
}

var failedFormula = map[string]bool{
	"#REF!": true, "#VALUE!": true, "#DIV/0!": true, "#NAME?": true, "#NUM!": true, "#NULL!": true, "#N/A": true,
}

// values reads the next row, or gives io.EOF.
func (s *sheet) values() ([]string, error) {
	if !s.rows.Next() {
		if err := s.rows.Error(); err != nil {
			return nil, corrupt("", err).Because("the sheet is damaged behind row %d", s.read)
		}
		if s.read < s.scan.lastRow {
			return nil, corrupt("", nil).Because("the sheet is damaged behind row %d of %d", s.read, s.scan.lastRow)
		}
		return nil, io.EOF
	}
	s.read++
	values, err := s.rows.Columns()
	if err != nil {
		return nil, corrupt("", err).Because("row %d is damaged", s.read)
	}
	return values, nil
}

// Close removes what excelize unpacked.
func (s *sheet) Close() error {
	if s.rows != nil {
		s.rows.Close()
	}
	if s.book != nil {
		s.book.Close()
	}
	os.RemoveAll(s.temp)
	return s.file.Close()
}
