package ingest

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"github.com/duijie/duijie/internal/match"
)

const (
	goodBefore = `{"id":"0","title":"t"}` + "\n"
	goodAfter  = "\n" + `{"id":"9","title":"t"}` + "\n"
)

// badFiles are inputs with a fault, and what is read of them nevertheless.
var badFiles = []struct {
	name, file string
	content    func(*testing.T) string
	kind       match.ErrorKind
	message    string // of the error that ended the reading, or of the one bad row
	accepted   int
}{
	{"an empty table", "a.csv", text0(""), match.Invalid, "a.csv: is empty: it has no header", 0},
	{"an empty workbook", "a.xlsx", func(t *testing.T) string { return bookOf(t, nil) }, match.Invalid, "a.xlsx: is empty: it has no header", 0},
	{"no bytes for a workbook", "a.xlsx", text0(""), match.Corrupt, "a.xlsx: is not a whole ZIP archive, as XLSX is: zip: not a valid zip file", 0},
	{"no bytes for columns", "a.parquet", text0(""), match.Corrupt, "a.parquet: is not a whole Parquet file: unexpected EOF", 0},
	{"an encoding that is neither", "a.csv", shiftJIS, match.Invalid, "a.csv: number: no column holds the number; found ", 0},
	{"bytes that are wrong in the encoding", "a.csv", text0("id,title\n0,t\n1,高\xff镍\n9,t\n"), match.Invalid, "a.csv, line 3: title: is not valid UTF-8", 2},
	{"missing columns", "a.csv", text0("序,标题\n1,t"), match.Invalid, "a.csv: number: no column holds the number; found 序, 标题; name it with --map number=COLUMN", 0},
	{"missing columns of a sheet", "a.xlsx", func(t *testing.T) string { return bookOf(t, nil, []any{"序", "标题"}, []any{"1", "t"}) }, match.Invalid, "a.xlsx: number: no column holds the number; found 序, 标题; name it with --map number=COLUMN", 0},
	{"missing columns of columns", "a.parquet", func(t *testing.T) string { return parquetOf(t, struct{ X string }{"1"}) }, match.Invalid, "a.parquet: number: no column holds the number; found X; name it with --map number=COLUMN", 0},
	{"an abstract of 50 MB", "a.jsonl", text0(goodBefore + `{"id":"1","title":"t","abstract":"` + strings.Repeat("x", 50<<20) + `"}` + goodAfter), match.Invalid, "a.jsonl, line 2: the row is longer than 16 MiB", 2},
	{"an abstract of 50 MB in a table", "a.csv", text0("id,title,abstract\n0,t\n1,t,\"" + strings.Repeat("x", 50<<20) + "\"\n9,t\n"), match.Invalid, "a.csv, line 3: the row is longer than 16 MiB", 2},
	{"an abstract of 2 MB", "a.jsonl", text0(goodBefore + `{"id":"1","title":"t","abstract":"` + strings.Repeat("x", 2<<20) + `"}` + goodAfter), match.Invalid, "a.jsonl, line 2: abstract: is 2097152 bytes long, at most 1048576 are allowed", 2},
	{"a row of a million columns", "a.csv", text0("id,title\n0,t\n1,t" + strings.Repeat(",x", 999_998) + "\n9,t\n"), match.Invalid, "a.csv, line 3: has 1000000 cells, the header has 2", 2},
	{"a header of a million columns", "a.csv", text0("id,title" + strings.Repeat(",x", 999_998) + "\n0,t\n1,t" + strings.Repeat(",x", 999_998) + "\n9,t\n"), match.Invalid, "a.csv, line 3: attributes: has 999998 entries, at most 100 are allowed", 2},
	{"a million columns of a sheet", "a.xlsx", millionCells, match.Invalid, "a.xlsx, row 2: has 1000000 cells, the header has 2", 1},
	{"a million keys", "a.jsonl", text0(goodBefore + `{"id":"1","title":"t"` + strings.Repeat(`,"x":1`, 999_998) + "}" + goodAfter), match.Invalid, "a.jsonl, line 2: x: is given twice in one object", 2},
	{"NUL", "a.jsonl", text0(goodBefore + `{"id":"1","title":"a\u0000"}` + goodAfter), match.Invalid, "a.jsonl, line 2: title: contains a NUL character", 2},
	{"half a surrogate pair", "a.jsonl", text0(goodBefore + `{"id":"1","title":"\ud83d"}` + goodAfter), match.Invalid, `a.jsonl, line 2: has a \u escape of half a surrogate pair`, 2},
	{"a zip bomb", "a.xlsx", bomb, match.Exhausted, "a.xlsx: unfolds to ", 0},
	{"a bomb of shared strings", "a.xlsx", sharedBomb, match.Exhausted, "a.xlsx: xl/sharedStrings.xml: unfolds to 536870913 bytes, at most 536870912 are read", 0},
	{"an archive that is no workbook", "a.xlsx", func(t *testing.T) string { return zipOf(t, "x.txt", "y") }, match.Corrupt, "a.xlsx: is not a workbook: EOF", 0},
	{"a workbook that is cut off", "a.xlsx", func(t *testing.T) string { s := bookOf(t, nil, []any{"id", "title"}); return s[:len(s)-100] }, match.Corrupt, "a.xlsx: is not a whole ZIP archive, as XLSX is: zip: not a valid zip file", 0},
	{"a workbook with a changed byte", "a.xlsx", changedByte, match.Corrupt, "a.xlsx: the entry ", 0},
	{"columns with a changed byte", "a.parquet", changedColumns, match.Corrupt, "a.parquet: column [number] is damaged: ", 0},
	{"columns that are cut off", "a.parquet", func(t *testing.T) string { s := columnsOf(t); return s[:len(s)-9] }, match.Corrupt, "a.parquet: is not a whole Parquet file: ", 0},
	{"columns whose metadata asks for more memory than there is", "a.parquet", text0("PAR1\x29\xfc\xff\xff\xff\xff\x07\x07\x00\x00\x00PAR1"), match.Corrupt, "a.parquet: is not a whole Parquet file: its metadata is damaged: unexpected EOF", 0},
	{"columns whose metadata is longer than the file", "a.parquet", text0("PAR1\x00\xff\xff\xff\x7fPAR1"), match.Corrupt, "a.parquet: is not a whole Parquet file: its metadata would be 2147483647 bytes long", 0},
	{"gzip that is cut off", "a.jsonl.gz", func(t *testing.T) string { s := zipped(t, goodBefore+goodAfter); return s[:len(s)-8] }, match.Corrupt, "a.jsonl.gz: the stream is damaged or cut off: unexpected EOF", 2},
}

func text0(s string) func(*testing.T) string { return func(*testing.T) string { return s } }

func shiftJIS(t *testing.T) string {
	s, err := japanese.ShiftJIS.NewEncoder().String("特許番号,発明の名称\nJP1,電池\n")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func zipOf(t *testing.T, name, content string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func bomb(t *testing.T) string {
	good := bookOf(t, nil, []any{"id", "title"})
	return changed(t, good, "xl/worksheets/sheet1.xml", func(s string) string {
		return strings.Replace(s, "</row>", "</row>"+strings.Repeat(" ", 80<<20), 1)
	})
}

func sharedBomb(t *testing.T) string {
	return zipOf(t, "xl/sharedStrings.xml", strings.Repeat(" ", 512<<20+1))
}

func millionCells(t *testing.T) string {
	good := bookOf(t, nil, []any{"id", "title"}, []any{"1", "t"}, []any{"9", "t"})
	return changed(t, good, "xl/worksheets/sheet1.xml", func(s string) string {
		at := strings.Index(s, `<row r="2"`)
		end := at + strings.Index(s[at:], "</row>")
		return s[:at] + `<row r="2">` + strings.Repeat("<c><v>1</v></c>", 1_000_000) + s[end:]
	})
}

func changedByte(t *testing.T) string {
	s := []byte(stored(t, bookOf(t, nil, []any{"id", "title"}, []any{"1", "t"})))
	s[bytes.Index(s, []byte("sheetData"))+1] ^= 1
	return string(s)
}

func columnsOf(t *testing.T) string {
	var b bytes.Buffer
	w := NewParquetWriter(&b, match.PatentKind)
	for range 5000 {
		if err := w.Write(match.NewPatent("default", match.Patent{Number: "CN1", Title: "t"})); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// changedColumns damages the data of the first page, whose checksum then is wrong.
func changedColumns(t *testing.T) string {
	s := []byte(columnsOf(t))
	s[60] ^= 0xff
	return string(s)
}

func TestABadFileIsSaidToBeBadAndHarmsNothingElse(t *testing.T) {
	for _, test := range badFiles {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), test.file)
			if err := os.WriteFile(path, []byte(test.content(t)), 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := Open(path, Options{Kind: match.PatentKind})
			accepted := 0
			for err == nil {
				var row Row
				if row, err = r.Next(); err == nil && row.Err == nil {
					accepted++
				} else if err == nil {
					checkMessage(t, path, row.Err, test.kind, test.message)
					test.message = ""
				}
			}
			if test.message != "" {
				checkMessage(t, path, err, test.kind, test.message)
			}
			if accepted != test.accepted {
				t.Errorf("%d rows are accepted, want %d", accepted, test.accepted)
			}
			if r != nil {
				if err := r.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}
		})
	}
}

// checkMessage compares the beginning of an error, in which the file stands
// without its folder.
func checkMessage(t *testing.T, path string, err error, kind match.ErrorKind, message string) {
	t.Helper()
	if err == nil || match.KindOf(err) != kind || !strings.HasPrefix(strings.ReplaceAll(err.Error(), path, filepath.Base(path)), message) {
		t.Errorf("error %v (%v), want %s (%v)", err, match.KindOf(err), message, kind)
	}
}

func TestAFolderAndAFileThatMayNotBeReadAreSaidToBe(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(dir, Options{Kind: match.PatentKind})
	checkMessage(t, dir, err, match.Invalid, filepath.Base(dir)+": is a folder, not a file")
	path := filepath.Join(dir, "a.csv")
	if err := os.WriteFile(path, []byte("id,title\n1,t\n"), 0); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Open(path); err == nil {
		f.Close()
		t.Skip("this user may read every file")
	}
	_, err = Open(path, Options{Kind: match.PatentKind})
	checkMessage(t, path, err, match.Denied, "a.csv: may not be read")
}

func TestBothOfTwoRowsOfOneIDAreGivenInTheirOrder(t *testing.T) {
	rows, _ := readAll(t, "a.csv", "id,title\n1,a\n1,b\n", Options{Kind: match.PatentKind})
	if len(rows) != 2 || rows[0].Record.Patent.Title != "a" || rows[1].Record.Patent.Title != "b" {
		t.Errorf("rows %+v", rows)
	}
}
