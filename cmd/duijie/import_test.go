package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// inProcess runs the program with output to nowhere and gives its exit code.
func inProcess(t *testing.T, args ...string) int {
	t.Helper()
	out, errs := os.Stdout, os.Stderr
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	os.Stdout = null
	if !testing.Verbose() {
		os.Stderr = null
	}
	defer func() { os.Stdout, os.Stderr = out, errs }()
	return run(context.Background(), args)
}

func wantExit(t *testing.T, code int, args ...string) {
	t.Helper()
	if got := inProcess(t, args...); got != code {
		t.Fatalf("duijie %s: exit code %d, want %d", strings.Join(args, " "), got, code)
	}
}

func fileOf(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func contentOf(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// withSample makes a data folder with the sample and with what makes a round trip
// hard: records that are withdrawn, of other visibility and of other tenants.
func withSample(t *testing.T) string {
	t.Helper()
	dir, ctx := t.TempDir(), context.Background()
	in, err := instance.Open(ctx, instance.Config{Data: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	s, err := loadSample(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	for i, tenant := range []string{match.DefaultTenant, match.DefaultTenant, "lab"} {
		hidden, gone := match.NewPatent(tenant, s.Patents[2*i]), match.NewPatent(tenant, s.Patents[2*i+1])
		hidden.Visibility, gone.Visibility = match.Private, match.TenantOnly
		withdrawn := gone
		withdrawn.Withdrawn = true
		if _, err := in.Catalog.Write(ctx, store.Batch{Tenant: tenant, Items: []store.Item{{Record: hidden}, {Record: gone}, {Record: withdrawn}}}); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestWhatIsExportedAndImportedIsExportedAgainByteForByte(t *testing.T) {
	from := withSample(t)
	for _, format := range []string{"jsonl", "parquet"} {
		t.Run(format, func(t *testing.T) {
			first, second, data := t.TempDir(), t.TempDir(), t.TempDir()
			wantExit(t, 0, "export", "--data", from, "--kind", "all", "--format", format, "--out", first)
			for _, kind := range []string{"patents", "demands", "labels"} {
				wantExit(t, 0, "import", "--data", data, "--kind", kind, filepath.Join(first, kind+"."+format))
			}
			wantExit(t, 0, "export", "--data", data, "--kind", "all", "--format", format, "--out", second)
			for _, kind := range []string{"patents", "demands", "labels"} {
				a, b := contentOf(t, filepath.Join(first, kind+"."+format)), contentOf(t, filepath.Join(second, kind+"."+format))
				if a != b || len(a) < 1000 {
					t.Errorf("%s: %d and %d bytes, which differ or are too few", kind, len(a), len(b))
				}
			}
			if format == "jsonl" {
				all := contentOf(t, filepath.Join(second, "patents.jsonl"))
				if strings.Count(all, `"withdrawn":true`) != 3 || strings.Count(all, `"visibility":"private"`) != 3 || strings.Count(all, `"tenant":"lab"`) != 2 {
					t.Error("withdrawn or hidden records are missing")
				}
			}
		})
	}
}

func TestImportingAWithdrawnRecordTwiceChangesNothing(t *testing.T) {
	data := t.TempDir()
	file := fileOf(t, "p.jsonl", `{"number":"1","title":"t","withdrawn":true}`+"\n"+`{"number":"2","title":"t"}`+"\n")
	for _, expected := range []importCounts{{Created: 1, Withdrawn: 1}, {Unchanged: 2}} {
		if got := summaryOf(t, data, file); got.importCounts != expected {
			t.Errorf("counts %+v, want %+v", got.importCounts, expected)
		}
	}
}

// summaryOf imports patents and gives the summary.
func summaryOf(t *testing.T, data string, args ...string) (s importSummary) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out := os.Stdout
	os.Stdout = w
	code := run(context.Background(), append([]string{"import", "--data", data, "--kind", "patents", "--json"}, args...))
	os.Stdout = out
	w.Close()
	raw, err := io.ReadAll(r)
	if err != nil || code != 0 && code != exitRejected {
		t.Fatalf("exit code %d, %v", code, err)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return s
}

func TestRejectedRowsCanBeCorrectedAndImported(t *testing.T) {
	book := excelize.NewFile()
	for i, row := range [][]any{{"清单"}, {"公开号", "名称", "申请日"}, {"1", "a"}, {"2", "b", "WRONG"}, {"3", "c", "WRONG"}} {
		if err := book.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &row); err != nil {
			t.Fatal(err)
		}
	}
	var workbook bytes.Buffer
	if err := book.Write(&workbook); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, content, rejects string }{
		{"p.csv", "公开号;名称;申请日\n1;a\n2;\"b\n;x\";WRONG\n3;c;WRONG\n", "_reject_reason;公开号;名称;申请日\n\"WHY\";2;\"b\n;x\";WRONG\n\"WHY\";3;c;WRONG\n"},
		{"p.jsonl", `{"id":"1","title":"a"}` + "\n" + `{"id":"2","title":"b","filing_date":"WRONG"}` + "\n\n" + `{"id":"3", "title":"c","filing_date":"WRONG"}`,
			`{"_reject_reason":"WHY","id":"2","title":"b","filing_date":"WRONG"}` + "\n" + `{"_reject_reason":"WHY","id":"3", "title":"c","filing_date":"WRONG"}` + "\n"},
		{"p.json", "[{\"id\":\"1\",\"title\":\"a\"},\n{\"id\":\"2\",\"title\":\"b\",\n\"filing_date\":\"WRONG\"},{\"id\":\"3\",\"title\":\"c\",\"filing_date\":\"WRONG\"}]",
			`{"_reject_reason":"WHY","id":"2","title":"b","filing_date":"WRONG"}` + "\n" + `{"_reject_reason":"WHY","id":"3","title":"c","filing_date":"WRONG"}` + "\n"},
		{"p.xlsx", workbook.String(), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			data := t.TempDir()
			rejects, report := filepath.Join(data, "rejects"+filepath.Ext(test.name)), filepath.Join(data, "report.txt")
			file := fileOf(t, test.name, test.content)
			wantExit(t, exitRejected, "import", "--data", data, "--kind", "patents", "--lang", "en", "--rejects", rejects, "--report", report, file)
			if lines := strings.Split(contentOf(t, report), "\n"); len(lines) != 4 || !strings.HasSuffix(lines[1], "\tfiling_date\t\"WRONG\" is not a day such as 2021-03-12") {
				t.Errorf("report %q", lines)
			}
			corrected := fileOf(t, test.name, correct(t, rejects, test.rejects))
			wantExit(t, 0, "import", "--data", data, "--kind", "patents", "--rejects", rejects, corrected)
			if s := summaryOf(t, data, corrected); s.Unchanged != 2 || s.Rows != 2 {
				t.Errorf("summary %+v", s)
			}
		})
	}
}

// whyRejected is the reason of the rows that correct corrects.
const whyRejected = `filing_date: "WRONG" is not a day such as 2021-03-12`

// correct reads rejected rows, compares them where they are text, and corrects them;
// their reasons stay. WHY in what is expected stands for the reason.
func correct(t *testing.T, path, expected string) string {
	t.Helper()
	if filepath.Ext(path) != ".xlsx" {
		quote := `\"`
		if filepath.Ext(path) == ".csv" {
			quote = `""`
		}
		expected = strings.ReplaceAll(expected, "WHY", strings.ReplaceAll(whyRejected, `"`, quote))
		if diff := cmp.Diff(expected, contentOf(t, path)); diff != "" {
			t.Errorf("rejected rows (-want +got):\n%s", diff)
		}
		return strings.ReplaceAll(contentOf(t, path), "WRONG", "2021-03-12")
	}
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Sheet1")
	if diff := cmp.Diff([][]string{{"_reject_reason", "公开号", "名称", "申请日"}, {whyRejected, "2", "b", "WRONG"}, {whyRejected, "3", "c", "WRONG"}}, rows); err != nil || diff != "" {
		t.Errorf("rejected rows, %v (-want +got):\n%s", err, diff)
	}
	for _, cell := range []string{"D2", "D3"} {
		if err := book.SetCellStr("Sheet1", cell, "2021-03-12"); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRejectedColumnsAreWrittenAsLinesOfJSON(t *testing.T) {
	data := t.TempDir()
	var b bytes.Buffer
	w := ingest.NewParquetWriter(&b, ingest.LabelKind) // rows without a title
	if err := w.WriteLabel(match.Label{Tenant: "default", Demand: "D1", Patent: "P1", Level: 3}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	file, rejects := fileOf(t, "p.parquet", b.String()), filepath.Join(data, "r.jsonl")
	report := filepath.Join(data, "report.json")
	wantExit(t, exitRejected, "import", "--data", data, "--kind", "patents", "--map", "number=patent_number,title=reason", "--rejects", rejects, "--report", report, file)
	if got, expected := contentOf(t, rejects), `{"_reject_reason":"title: 不能为空","tenant":"default","demand_id":"D1","patent_number":"P1","level":3}`+"\n"; got != expected {
		t.Errorf("rejected %s, want %s", got, expected)
	}
	var r struct{ Rejected []rejectedRow }
	if err := json.Unmarshal([]byte(contentOf(t, report)), &r); err != nil || len(r.Rejected) != 1 || r.Rejected[0].Field != "title" || r.Rejected[0].Number != 1 || r.Rejected[0].File != file {
		t.Errorf("report %+v, %v", r, err)
	}
}

func TestAnInputIsNeverOverwritten(t *testing.T) {
	file := fileOf(t, "p.csv", "id,title\n1,t\n")
	wantExit(t, exitUsage, "import", "--data", t.TempDir(), "--kind", "patents", "--rejects", file, file)
	if contentOf(t, file) != "id,title\n1,t\n" {
		t.Error("it is changed")
	}
}

func TestABadFileLeavesWhatIsInAndWhatFollows(t *testing.T) {
	data := t.TempDir()
	wantExit(t, 0, "import", "--data", data, "--kind", "patents", fileOf(t, "a.csv", "id,title\n1,t\n"))
	for name, content := range map[string]string{"empty.csv": "", "b.csv": "x,y\n1,2\n", "c.xlsx": "PK\x03\x04rubbish", "d.parquet": "PAR1rubbish", "e.jsonl.gz": "\x1f\x8b\x08rubbish"} {
		wantExit(t, exitFailed, "import", "--data", data, "--kind", "patents", fileOf(t, name, content))
	}
	wantExit(t, exitFailed, "import", "--data", data, "--kind", "patents", data)
	s := summaryOf(t, data, fileOf(t, "p.csv", "id,title\n1,t\n2,a\n2,b\n"))
	if s.Unchanged != 1 || s.Created != 1 || s.Repeated != 1 {
		t.Errorf("summary %+v", s)
	}
}

func TestARowWithTheNumberOfAnEarlierOneIsToldOf(t *testing.T) {
	data := t.TempDir()
	content := "公开号,名称\n1,a\n2,b\n1,c\n3,d\n1,c\n2,b\n"
	file, report := fileOf(t, "p.csv", content), filepath.Join(data, "report.txt")
	s := summaryOf(t, data, "--lang", "en", "--report", report, file)
	want := []repetition{{file, 4, 2, "1"}, {file, 6, 2, "1"}, {file, 7, 3, "2"}}
	if diff := cmp.Diff(want, s.Repetitions); diff != "" || s.Repeated != 3 || s.Created != 3 || s.Updated != 0 || s.Unchanged != 0 || s.RejectedRows != 0 {
		t.Errorf("counts %+v, repetitions (-want +got):\n%s", s.importCounts, diff)
	}
	lines := "file\trow\tfield\treason\n" +
		file + "\t4\tnumber\tnot rejected: has 1 in common with row 2 and replaces it\n" +
		file + "\t6\tnumber\tnot rejected: has 1 in common with row 2 and replaces it\n" +
		file + "\t7\tnumber\tnot rejected: has 2 in common with row 3 and replaces it\n"
	if diff := cmp.Diff(lines, contentOf(t, report)); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	again := summaryOf(t, data, file)
	if again.Repeated != 3 || len(again.Repetitions) != 3 || again.Created != 0 || again.Updated != 0 || again.Unchanged != 3 {
		t.Errorf("the second time: %+v", again.importCounts)
	}
	if once := summaryOf(t, data, fileOf(t, "p.jsonl", `{"number":"1","title":"z"}`)); once.Repeated != 0 || once.Updated != 1 {
		t.Errorf("a row that updates a record of another file: %+v", once.importCounts)
	}
	wantExit(t, 0, "import", "--data", t.TempDir(), "--kind", "patents", file)
}

func TestARecordThatComesInTwoBatchesIsCountedOnce(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("公开号,名称\n1,a\n")
	for i := range importBatch {
		fmt.Fprintf(&rows, "%d,b\n", i+2)
	}
	rows.WriteString("1,c\n1,d\n")
	data := t.TempDir()
	file := fileOf(t, "p.csv", rows.String())
	first := summaryOf(t, data, file).importCounts
	if want := (importCounts{Created: importBatch + 1, Repeated: 2}); first != want {
		t.Errorf("counts %+v, want %+v", first, want)
	}
	if _, out, _ := outputs(t, built(t), "export", "--data", data, "--kind", "patents"); !strings.Contains(out, `"title":"d"`) || strings.Contains(out, `"title":"a"`) {
		t.Error("the last row is not what is stored")
	}
}
