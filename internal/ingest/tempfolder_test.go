package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
)

func inDir(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestStreamsLeaveNoTemporaryFiles(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for name, content := range map[string]string{
		"a.parquet": columnsOf(t), "a.xlsx": bookOf(t, nil, []any{"id", "title"}, []any{"1", "t"}),
		"bad.parquet": "PAR1", "bad.xlsx": "PK\x03\x04", "headless.xlsx": bookOf(t, nil, []any{"foo", "bar"}),
	} {
		r, err := NewReader(strings.NewReader(content), name, Options{Kind: match.PatentKind})
		if err == nil {
			if r.Waits() {
				t.Errorf("%s: a read waits for a stream that is in a file", name)
			}
			rowsOf(t, r)
			if err := r.Close(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if left := inDir(t, dir); len(left) > 0 {
			t.Errorf("%s leaves %v", name, left)
		}
	}
}

func TestWhatKilledImportsLeftIsSwept(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	old := now.Add(-2 * leftAlone)
	gone := 1 << 22 // above every process number of Linux
	for name, at := range map[string]time.Time{
		fmt.Sprintf("duijie-xlsx-%d-1", gone):        old,
		fmt.Sprintf("duijie-xlsx-%d-2", gone):        now,
		fmt.Sprintf("duijie-xlsx-%d-3", os.Getpid()): old,
		"duijie-xlsx-notes-4":                        old,
		"other":                                      old,
	} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(filepath.Join(dir, name), at, at); err != nil {
			t.Fatal(err)
		}
	}
	sweep(dir, now)
	want := []string{fmt.Sprintf("duijie-xlsx-%d-2", gone), fmt.Sprintf("duijie-xlsx-%d-3", os.Getpid()), "duijie-xlsx-notes-4", "other"}
	for _, name := range want {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if got := inDir(t, dir); len(got) != len(want) {
		t.Error(cmp.Diff(want, got))
	}
}

func TestThePositionInAFileReachesItsSize(t *testing.T) {
	for name, content := range map[string]string{
		"a.jsonl": strings.Repeat(`{"id":"1","title":"t"}`+"\n", 100), "a.jsonl.gz": zipped(t, strings.Repeat(`{"id":"1","title":"t"}`+"\n", 100)),
		"a.parquet": columnsOf(t), "a.xlsx": bookOf(t, nil, []any{"id", "title"}, []any{"1", "t"}, []any{"2", "t"}),
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Open(path, Options{Kind: match.PatentKind})
		if err != nil {
			t.Fatal(err)
		}
		rowsOf(t, r)
		if read, size := r.Position(); size != int64(len(content)) || read != size {
			t.Errorf("%s: %d of %d", name, read, size)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}
