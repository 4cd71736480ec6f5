package ingest

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/duijie/duijie/internal/match"
)

// fuzzRead reads data to its end and checks what Reader promises of any input.
func fuzzRead(t *testing.T, data []byte, name string) {
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind, LabelKind} {
		r, err := NewReader(bytes.NewReader(data), name, Options{Kind: kind})
		if err != nil {
			continue
		}
		rejects, err := r.Rejects(io.Discard)
		if err != nil {
			t.Fatalf("Rejects: %v", err)
		}
		line := 0
		for {
			row, err := r.Next()
			if kind := match.KindOf(err); err == io.EOF || kind == match.Corrupt || kind == match.Exhausted {
				break
			}
			if err != nil {
				t.Fatalf("Next: %v", err)
			}
			if row.Line < line {
				t.Fatalf("line %d comes behind line %d", row.Line, line)
			}
			line = row.Line
			checkRow(t, row, kind)
			if err := rejects.Add(row, "why"); err != nil {
				t.Fatalf("Rejects.Add: %v", err)
			}
		}
		if err := rejects.Close(); err != nil {
			t.Fatalf("Rejects.Close: %v", err)
		}
		if err := r.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
}

func checkRow(t *testing.T, row Row, kind match.Kind) {
	if row.Err != nil {
		if e, ok := row.Err.(*match.Error); !ok || e.Kind != match.Invalid || !strings.Contains(e.Record, ", line ") && !strings.Contains(e.Record, ", row ") {
			t.Fatalf("error %v", row.Err)
		}
		return
	}
	if kind == LabelKind {
		if err := row.Label.Validate(); err != nil {
			t.Fatalf("%q became a label with %v", row.Raw, err)
		}
		return
	}
	if err := row.Record.Validate(); err != nil || row.Record.Kind != kind {
		t.Fatalf("%q became a %s with %v", row.Raw, row.Record.Kind, err)
	}
	if err := WriteJSONL(io.Discard, row.Record); err != nil {
		t.Fatalf("%q cannot be written again: %v", row.Raw, err)
	}
}

func FuzzJSONL(f *testing.F) {
	for _, bad := range badInputs {
		if len(bad.row) < 1000 && strings.HasSuffix(bad.file, ".jsonl") {
			f.Add([]byte("{\"id\":\"0\",\"title\":\"t\"}\n" + bad.row))
			f.Add([]byte("[" + bad.row + "," + bad.row + "]"))
		}
	}
	f.Add([]byte(`[{"id":"1","title":"t","applicants":[{"name":"a","kind":null}],"fee":{},"attributes":{}}]`))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data, "a.json") })
}

func FuzzXLSX(f *testing.F) {
	good := bookOf(f, func(b *excelize.File) {
		if err := b.MergeCell("Sheet1", "B2", "B3"); err != nil {
			f.Fatal(err)
		}
	}, []any{"id", "title", "申请日", "demand_id", "patent_number", "level"},
		[]any{1, "t", time.Unix(1e9, 0), "d", "p", 3}, []any{2, nil, "2021-01-02", "d", "p", 9})
	f.Add([]byte(good))
	// Without compression, so that changes reach the XML.
	f.Add([]byte(stored(f, good)))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data, "a.xlsx") })
}

// FuzzSheet changes the XML of a sheet inside of a sound archive.
func FuzzSheet(f *testing.F) {
	good := bookOf(f, nil, []any{"id", "title"}, []any{"1", "t"})
	var xml string
	changed(f, good, "xl/worksheets/sheet1.xml", func(s string) string { xml = s; return s })
	f.Add(xml)
	f.Add(strings.Replace(xml, "<c r=", "<c t=\"s\" r=", 1))
	f.Add(`<worksheet><sheetData><row r="9999999"><c r="XFD1"><v>1e308</v></c></row></sheetData><mergeCells><mergeCell ref="A1:A9"/></mergeCells></worksheet>`)
	f.Fuzz(func(t *testing.T, xml string) {
		fuzzRead(t, []byte(changed(t, good, "xl/worksheets/sheet1.xml", func(string) string { return xml })), "a.xlsx")
	})
}

func FuzzParquet(f *testing.F) {
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		var b bytes.Buffer
		w := NewParquetWriter(&b, kind)
		record := match.NewPatent("lab", match.Patent{Number: "1", Title: "t", IPC: []string{"H"}, Pools: []string{"p", "q"}, FilingDate: "2021-01-02",
			Applicants: []match.Applicant{{Name: "a"}, {Name: "b", Kind: match.Person}}, Fee: &match.MoneyRange{Min: 1, Max: 2}, Attributes: map[string]string{"k": "v"}})
		if kind == match.DemandKind {
			record = match.NewDemand("lab", match.Demand{ID: "1", Title: "t", Enterprise: match.Enterprise{Name: "e"}, Rating: &match.Rating{Mean: 3, Count: 2}})
		}
		for range 3 {
			if err := w.Write(record); err != nil {
				f.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	type row struct {
		Number, Title string
		Attributes    map[string]string `parquet:"attributes"`
		Level         *int32            `parquet:"level,optional"`
	}
	f.Add([]byte(parquetOf(f, row{"1", "t", map[string]string{"a": "b"}, nil})))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data, "a.parquet") })
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(chineseTable))
	f.Add([]byte("\xff\xfei\x00d\x00"))
	f.Add([]byte("id;title;fee;region\n1;\"a\"\"b\n\";50万;深圳\n"))
	for _, bad := range badInputs {
		if len(bad.row) < 1000 && strings.HasSuffix(bad.file, ".csv") {
			f.Add([]byte("id,title,IPC,申请日,申请人类型\n" + bad.row))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data, "a.csv") })
}
