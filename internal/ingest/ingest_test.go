package ingest

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
)

// readAll reads an input of the given name to its end.
func readAll(t *testing.T, name, content string, options Options) ([]Row, Summary) {
	t.Helper()
	r, err := NewReader(strings.NewReader(content), name, options)
	if err != nil {
		t.Fatalf("NewReader: %v", err)
	}
	return rowsOf(t, r), r.Summary()
}

func rowsOf(t *testing.T, r *Reader) (rows []Row) {
	t.Helper()
	for {
		row, err := r.Next()
		if err == io.EOF {
			return rows
		}
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
		rows = append(rows, row)
	}
}

func onePatent(t *testing.T, name, content string) match.Patent {
	t.Helper()
	rows, _ := readAll(t, name, content, Options{Kind: match.PatentKind})
	if len(rows) != 1 || rows[0].Err != nil {
		t.Fatalf("rows %+v, want one patent", rows)
	}
	return *rows[0].Record.Patent
}

func oneDemand(t *testing.T, name, content string) match.Demand {
	t.Helper()
	rows, _ := readAll(t, name, content, Options{Kind: match.DemandKind})
	if len(rows) != 1 || rows[0].Err != nil {
		t.Fatalf("rows %+v, want one demand", rows)
	}
	return *rows[0].Record.Demand
}

// dataFile finds a file of the shared data, or skips the test.
func dataFile(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("DUIJIE_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no data: %s is missing (DUIJIE_DATA names its folder)", name)
	}
	return path
}

// read is the summary of rows that tell of nothing but columns without a field.
func read(rows, accepted, rejected int, kept map[string]int) Summary {
	return Summary{
		Rows: rows, Accepted: accepted, Rejected: rejected, Kept: kept, Unknown: map[string]Values{},
		Shortened: map[string]Values{}, Withheld: map[string]int{}, Contacts: map[string]int{},
	}
}

func TestRealFilesImport(t *testing.T) {
	tests := []struct {
		file     string
		kind     match.Kind
		want     Summary
		rejected string
	}{
		{"bdci2022/patents.jsonl", match.PatentKind, read(958, 958, 0, map[string]int{"class": 958}), ""},
		{"bdci2019/queries.jsonl", match.DemandKind, read(371, 371, 0, map[string]int{}), ""},
		{"bdci2019/corpus.jsonl", match.PatentKind, read(7376, 7362, 14, map[string]int{}), "title: is empty"},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			r, err := Open(dataFile(t, test.file), Options{Kind: test.kind})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			for _, row := range rowsOf(t, r) {
				if row.Err != nil && (test.rejected == "" || !strings.HasSuffix(row.Err.Error(), test.rejected)) {
					t.Errorf("%v", row.Err)
				}
			}
			if diff := cmp.Diff(test.want, r.Summary()); diff != "" {
				t.Errorf("summary (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRowsTellTheirLineAndBytes(t *testing.T) {
	tests := []struct {
		name, file, content string
		lines               []int
		raw                 []string
	}{
		{"JSONL with blank lines", "a.jsonl", "\n{\"id\":\"1\",\"title\":\"t\"}\r\n\n {\"id\":\"2\",\"title\":\"t\"}", []int{2, 4}, []string{`{"id":"1","title":"t"}`, ` {"id":"2","title":"t"}`}},
		{"an array over lines", "a.json", "\n[\n {\"id\":\"1\",\n\"title\":\"]},\"} ,\n\n{\"id\":\"2\",\"title\":\"t\"}\n]\n", []int{3, 6}, []string{"{\"id\":\"1\",\n\"title\":\"]},\"}", `{"id":"2","title":"t"}`}},
		{"CSV with quoted line breaks", "a.csv", "id,title\n1,\"a\r\nb\"\n\n,,\n2,t", []int{2, 6}, []string{"1,\"a\nb\"", "2,t"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rows, _ := readAll(t, test.file, test.content, Options{Kind: match.PatentKind})
			var lines []int
			var raw []string
			for _, row := range rows {
				if row.Err != nil {
					t.Error(row.Err)
				}
				lines, raw = append(lines, row.Line), append(raw, string(row.Raw))
			}
			if diff := cmp.Diff(test.lines, lines); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.raw, raw); diff != "" {
				t.Errorf("raw rows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAMissingFileIsNotFound(t *testing.T) {
	_, err := Open(filepath.Join(t.TempDir(), "none.csv"), Options{Kind: match.PatentKind})
	if match.KindOf(err) != match.NotFound {
		t.Errorf("error %v, want NotFound", err)
	}
}

func TestAFailingInputEndsTheReading(t *testing.T) {
	broken := errors.New("disk gone")
	in := io.MultiReader(strings.NewReader("{\"id\":\"1\",\"title\":\"t\"}\n"), failing{broken})
	r, err := NewReader(in, "a.jsonl", Options{Kind: match.PatentKind})
	if err != nil {
		t.Fatal(err)
	}
	if row, err := r.Next(); err != nil || row.Err != nil {
		t.Errorf("the row before the fault: %v, %v", row.Err, err)
	}
	for range 2 {
		if _, err := r.Next(); !errors.Is(err, broken) {
			t.Errorf("error %v, want %v", err, broken)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
