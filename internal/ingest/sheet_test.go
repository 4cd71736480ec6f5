package ingest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/duijie/duijie/internal/match"
)

// bookOf makes a workbook of one sheet.
func bookOf(t testing.TB, change func(*excelize.File), rows ...[]any) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func readSheet(t *testing.T, content string, options Options) []Row {
	t.Helper()
	r, err := NewReader(bytes.NewReader([]byte(content)), "a.xlsx", options)
	if err != nil {
		t.Fatalf("NewReader: %v", err)
	}
	defer r.Close()
	return rowsOf(t, r)
}

func style(t *testing.T, f *excelize.File, format string, cells ...string) {
	t.Helper()
	id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cells {
		if err := f.SetCellStyle("Sheet1", c, c, id); err != nil {
			t.Fatal(err)
		}
	}
}

func TestASheetIsReadAsItsCellsAreMeant(t *testing.T) {
	day := time.Date(2021, 3, 12, 0, 0, 0, 0, time.UTC)
	content := bookOf(t, func(f *excelize.File) {
		style(t, f, `yyyy"年"m"月"d"日"`, "C4")
		style(t, f, `m/d/yy`, "C5")
		style(t, f, "0.00E+00", "A4", "A5")
		style(t, f, `"¥"#,##0`, "D4")
	},
		[]any{"2024年专利清单"}, nil,
		[]any{"专利号", "名称", "申请日", "许可费（万元）", "产业", "备注"},
		[]any{202110312001, "电池", day, 50, true, 0.125},
		[]any{2.021e13, "隔膜", day, "10-20", "B", nil},
		nil,
		[]any{"CN3A", "膜", "2021.03.12"},
	)
	rows := readSheet(t, content, Options{Kind: match.PatentKind})
	var got []string
	for _, row := range rows {
		if row.Err != nil {
			t.Fatal(row.Err)
		}
		p := row.Record.Patent
		fee := ""
		if p.Fee != nil {
			fee = fmt.Sprint(p.Fee.Min, "-", p.Fee.Max)
		}
		got = append(got, strings.Join([]string{fmt.Sprint(row.Line), p.Number, p.Title, string(p.FilingDate), fee, p.Sector, p.Attributes["备注"]}, "|"))
	}
	want := []string{"4|202110312001|电池|2021-03-12|500000-500000|TRUE|0.125", "5|20210000000000|隔膜|2021-03-12|100000-200000|B|", "7|CN3A|膜|2021-03-12|||"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestMergedCellsHoldForAllTheirRows(t *testing.T) {
	content := bookOf(t, func(f *excelize.File) {
		for _, at := range [][2]string{{"B2", "B4"}, {"A5", "A6"}} {
			if err := f.MergeCell("Sheet1", at[0], at[1]); err != nil {
				t.Fatal(err)
			}
		}
	},
		[]any{"id", "企业名称", "title"}, []any{"1", "甲公司", "a"}, []any{"2", nil, "b"}, nil, []any{"5", "乙公司", "c"}, []any{nil, nil, "d"})
	rows := readSheet(t, content, Options{Kind: match.DemandKind})
	if len(rows) != 4 || rows[1].Record.Demand.Enterprise.Name != "甲公司" || rows[2].Record.Demand.Enterprise.Name != "乙公司" {
		t.Fatalf("rows %+v", rows)
	}
	checkBad(t, rows[3], "a.xlsx, row 6", "id", "is empty") // and not a second version of record 5
}

func TestTheSheetIsChosenByName(t *testing.T) {
	content := bookOf(t, func(f *excelize.File) {
		if _, err := f.NewSheet("需求"); err != nil {
			t.Fatal(err)
		}
		for cell, v := range map[string]string{"A1": "id", "B1": "title", "A2": "D1", "B2": "t"} {
			if err := f.SetCellStr("需求", cell, v); err != nil {
				t.Fatal(err)
			}
		}
	}, []any{"id", "title"}, []any{"P1", "t"})
	for sheet, want := range map[string]string{"": "P1", "需求": "D1"} {
		if rows := readSheet(t, content, Options{Kind: match.DemandKind, Sheet: sheet}); len(rows) != 1 || rows[0].Record.ID != want {
			t.Errorf("sheet %q: %+v", sheet, rows)
		}
	}
	_, err := NewReader(strings.NewReader(content), "a.xlsx", Options{Kind: match.DemandKind, Sheet: "x"})
	if want := `a.xlsx: sheet: there is no sheet "x"; there are Sheet1, 需求`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestABadRowOfASheetIsReportedAlone(t *testing.T) {
	content := bookOf(t, nil, []any{"id", "title", "申请日"}, []any{"0", "t"}, []any{"1", "#REF!"}, []any{"2", "t", "去年"}, []any{"3", "t", "", "x"}, []any{"9", "t"})
	rows := readSheet(t, content, Options{Kind: match.PatentKind})
	if len(rows) != 5 || rows[0].Err != nil || rows[4].Err != nil {
		t.Fatalf("rows %+v", rows)
	}
	checkBad(t, rows[1], "a.xlsx, row 3", "title", "the cell holds the error #REF!")
	checkBad(t, rows[2], "a.xlsx, row 4", "filing_date", `"去年" is not a day such as 2021-03-12`)
	checkBad(t, rows[3], "a.xlsx, row 5", "", "has 4 cells, the header has 3")
}

func TestASheetBehindAStreamIsReadToo(t *testing.T) {
	content := bookOf(t, nil, []any{"id", "title"}, []any{"1", "t"})
	for name, in := range map[string]string{"plain": content, "gzip": zipped(t, content)} {
		rows, _ := readAll(t, "stdin", in, Options{Kind: match.PatentKind})
		if len(rows) != 1 || rows[0].Err != nil {
			t.Errorf("%s: %+v", name, rows)
		}
	}
}

// stored copies a workbook without compression.
func stored(t testing.TB, content string) string {
	return repacked(t, content, zip.Store, "", nil)
}

// changed copies a workbook with one entry replaced.
func changed(t testing.TB, content, name string, change func(string) string) string {
	return repacked(t, content, zip.Deflate, name, change)
}

func repacked(t testing.TB, content string, method uint16, name string, change func(string) string) string {
	t.Helper()
	from, err := zip.NewReader(strings.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	to := zip.NewWriter(&b)
	for _, entry := range from.File {
		var raw bytes.Buffer
		if err := readEntry(entry, &raw); err != nil {
			t.Fatal(err)
		}
		text := raw.String()
		if entry.Name == name {
			text = change(text)
		}
		w, err := to.CreateHeader(&zip.FileHeader{Name: entry.Name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestDamageInsideOfASheetIsNotTakenForItsEnd(t *testing.T) {
	good := bookOf(t, nil, []any{"id", "title"}, []any{"1", "t"}, []any{"2", "t"}, []any{"3", "t"})
	broken := changed(t, good, "xl/worksheets/sheet1.xml", func(s string) string { return strings.Replace(s, `<c r="A3"`, `<c r="A3" <`, 1) })
	r, err := NewReader(strings.NewReader(broken), "a.xlsx", Options{Kind: match.PatentKind})
	for err == nil {
		_, err = r.Next()
	}
	if match.KindOf(err) != match.Corrupt || !strings.HasPrefix(err.Error(), "a.xlsx: ") {
		t.Errorf("error %v, want Corrupt", err)
	}
	cut := changed(t, good, "xl/worksheets/sheet1.xml", func(s string) string { return s[:strings.Index(s, `<c r="A4"`)] })
	_, err = NewReader(strings.NewReader(cut), "a.xlsx", Options{Kind: match.PatentKind})
	if match.KindOf(err) != match.Corrupt || err.Error() != "a.xlsx: the sheet is cut off: its rows have no end" {
		t.Errorf("error %v", err)
	}
}
