package ingest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/duijie/duijie/internal/match"
)

const chineseTable = "专利号,专利名称,摘要\nCN1A,锂电池正极材料,一种高镍材料\nCN2A,污水处理装置,膜生物反应器\n"

func encoded(t *testing.T, encode func(string) (string, error)) string {
	t.Helper()
	out, err := encode(chineseTable)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func zipped(t *testing.T, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheSameTableReadsInEveryEncoding(t *testing.T) {
	gb := encoded(t, simplifiedchinese.GB18030.NewEncoder().String)
	tests := []struct{ name, file, content, encoding string }{
		{"UTF-8", "a.csv", chineseTable, ""},
		{"UTF-8 with a byte order mark", "a.csv", byteOrderMark + chineseTable, ""},
		{"UTF-8 said", "a.csv", byteOrderMark + chineseTable, "utf-8"},
		{"GB18030", "a.csv", gb, ""},
		{"GB18030 said", "a.csv", gb, "GBK"},
		{"UTF-16 of a spreadsheet", "a.csv", encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String), ""},
		{"gzip", "a.csv.gz", zipped(t, chineseTable), ""},
		{"gzip of GB18030 without the extension", "a.csv", zipped(t, gb), ""},
		{"semicolons", "a.csv", strings.ReplaceAll(chineseTable, ",", ";"), ""},
		{"tabs", "a.tsv", strings.ReplaceAll(chineseTable, ",", "\t"), ""},
		{"a name without extension", "stdin", chineseTable, ""},
		{"line breaks of Windows", "a.csv", strings.ReplaceAll(chineseTable, "\n", "\r\n"), ""},
		{"the line sep=", "a.csv", "sep=;\n" + strings.ReplaceAll(chineseTable, ",", ";"), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rows, summary := readAll(t, test.file, test.content, Options{Kind: match.PatentKind, Encoding: test.encoding})
			if summary.Accepted != 2 || len(rows) != 2 {
				t.Fatalf("summary %+v, first error %v", summary, rows[0].Err)
			}
			if p := rows[0].Record.Patent; p.Number != "CN1A" || p.Title != "锂电池正极材料" || p.Abstract != "一种高镍材料" {
				t.Errorf("first patent %+v", p)
			}
		})
	}
}

func TestOneDamagedCharacterSpoilsItsRowAlone(t *testing.T) {
	gb := encoded(t, simplifiedchinese.GB18030.NewEncoder().String)
	for name, content := range map[string]string{
		"UTF-8":   strings.Replace(chineseTable, "高镍", "高\xff镍", 1),
		"GB18030": strings.Replace(gb, "CN2A,", "CN2A,\xff", 1),
	} {
		t.Run(name, func(t *testing.T) {
			_, summary := readAll(t, "a.csv", content, Options{Kind: match.PatentKind})
			if summary.Accepted != 1 || summary.Rejected != 1 {
				t.Errorf("summary %+v, want one accepted and one rejected", summary)
			}
		})
	}
}

func TestDamagedGzipIsCorrupt(t *testing.T) {
	whole := zipped(t, strings.Repeat(`{"id":"1","title":"t"}`+"\n", 10))
	r, err := NewReader(strings.NewReader(whole[:len(whole)-6]), "a.jsonl.gz", Options{Kind: match.PatentKind})
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = r.Next()
	}
	if match.KindOf(err) != match.Corrupt || !strings.HasPrefix(err.Error(), "a.jsonl.gz: ") {
		t.Errorf("error %v, want Corrupt", err)
	}
}

func TestOpenReadsACompressedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "patents.ndjson.gz")
	if err := os.WriteFile(path, []byte(zipped(t, `{"id":"1","title":"t"}`)), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Open(path, Options{Kind: match.PatentKind})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if rows := rowsOf(t, r); len(rows) != 1 || rows[0].Err != nil {
		t.Errorf("rows %+v", rows)
	}
}

func TestOptionsAndHeadersThatCannotWork(t *testing.T) {
	patents := Options{Kind: match.PatentKind}
	mapped := func(m map[string]string) Options { return Options{Kind: match.PatentKind, Map: m} }
	tests := []struct {
		name, file, content string
		options             Options
		field, reason       string
	}{
		{"no kind", "a.csv", chineseTable, Options{}, "kind", `"" is not one of patent, demand`},
		{"an unknown format", "a.csv", chineseTable, Options{Kind: match.PatentKind, Format: "pdf"}, "format", `"pdf" is not one of jsonl, csv, xlsx, parquet`},
		{"an old spreadsheet", "a.xls", "\xd0\xcf\x11\xe0", patents, "format", "is an old binary workbook (.xls), which is not read; save it as .xlsx or CSV and import that"},
		{"a protected workbook", "a.xlsx", "\xd0\xcf\x11\xe0", patents, "format", "is a workbook with a password, or an old binary document; save it as .xlsx without a password, or as CSV"},
		{"an unknown encoding", "a.csv", chineseTable, Options{Kind: match.PatentKind, Encoding: "latin1"}, "encoding", `"latin1" is not one of utf-8, gb18030`},
		{"an empty table", "a.csv", "\n \n", patents, "", "is empty: it has no header"},
		{"a header with an open quote", "a.csv", "\"id,title\n1,t", patents, "", "the header: has a quote that is not closed"},
		{"no number", "a.csv", "序,标题\n1,t", patents, "number", "no column holds the number; found 序, 标题; name it with --map number=COLUMN"},
		{"no title", "a.csv", "id,foo\n1,t", patents, "title", "no column holds the title; found id, foo; name it with --map title=COLUMN"},
		{"no text of a demand", "a.csv", "编号,企业名称\n1,t", Options{Kind: match.DemandKind}, "title", "no column holds the title or text; found 编号, 企业名称; name it with --map title=COLUMN"},
		{"a mapped column that is missing", "a.csv", chineseTable, mapped(map[string]string{"title": "Titel"}), "title", `there is no column "Titel"; the columns are 专利号, 专利名称, 摘要`},
		{"a column for two fields", "a.csv", chineseTable, mapped(map[string]string{"title": "x", "abstract": "X"}), "map", `the column "x" is given to both abstract and title`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := NewReader(strings.NewReader(test.content), test.file, test.options)
			e, ok := err.(*match.Error)
			if !ok || e.Kind != match.Invalid || e.Record != test.file || e.Field != test.field || e.Why().EN != test.reason {
				t.Errorf("error %v, want %s: %s: %s", err, test.file, test.field, test.reason)
			}
		})
	}
	if _, err := NewReader(strings.NewReader(chineseTable), "a.csv", mapped(map[string]string{"colour": "x"})); !strings.Contains(fmt.Sprint(err), `map: "colour" is not a field of a patent; there are number, title, `) {
		t.Errorf("error %v for an unknown field in the map", err)
	}
}
