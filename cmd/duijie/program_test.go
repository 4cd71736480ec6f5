package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/duijie/duijie/internal/doctor"
	"github.com/duijie/duijie/internal/ingest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

// built returns the path of the program, which is built once for all tests.
func built(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("needs the go tool to build the program")
	}
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(programDir, "duijie")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

var programDir string // for the program, while the tests run

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "duijie-program-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	programDir = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// mark is a word that only record n has.
func mark(n int) string {
	sum := sha256.Sum256([]byte(strconv.Itoa(n)))
	return hex.EncodeToString(sum[:8])
}

func generated(n int) match.Record {
	return match.NewPatent(match.DefaultTenant, match.Patent{
		Number: fmt.Sprintf("CN%09dA", n), Title: fmt.Sprintf("一种电池隔膜涂层材料及其制备方法 %s", mark(n)),
		Abstract: "本发明公开了一种涂层隔膜，包括基膜与陶瓷涂层，热收缩率低，适用于动力电池。",
	})
}

// writeRows writes records from up to but not including to as JSONL.
func writeRows(t *testing.T, from, to int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for n := from; n < to; n++ {
		if err := ingest.WriteJSONL(w, generated(n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return path
}

// command runs the program and returns its exit code and what it prints.
func command(t *testing.T, bin string, args ...string) (code int, output string) {
	t.Helper()
	cmd := exec.Command(bin, args...)
	out, err := cmd.CombinedOutput()
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// fails runs the program and checks its exit code and parts of its message.
func fails(t *testing.T, code int, parts []string, bin string, args ...string) {
	t.Helper()
	got, out := command(t, bin, args...)
	if got != code {
		t.Errorf("%v ended with %d, want %d\n%s", args, got, code, out)
	}
	for _, part := range parts {
		if !strings.Contains(out, part) {
			t.Errorf("%v does not say %q:\n%s", args, part, out)
		}
	}
}

func sound(t *testing.T, data string) *doctor.Report {
	t.Helper()
	report, err := doctor.Run(t.Context(), instance.Config{Data: data}, doctor.Options{})
	if err != nil || !report.Sound {
		t.Fatalf("%v, %+v", err, report)
	}
	return report
}

// wantNames checks what a folder holds.
func wantNames(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range entries {
		have = append(have, e.Name())
	}
	if strings.Join(have, " ") != strings.Join(names, " ") {
		t.Errorf("%s holds %q, want %q", dir, have, names)
	}
}

// digests is the content of a folder.
func digests(t *testing.T, dir string) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasSuffix(path, "-shm") || strings.HasSuffix(path, "-wal") {
			return err // a reader leaves an empty WAL
		}
		b, err := os.ReadFile(path)
		out[path] = sha256.Sum256(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// filled is a data folder with 600 patents.
func filled(t *testing.T, bin, data string) {
	t.Helper()
	if code, out := command(t, bin, "import", "--data", data, "--kind", "patents", writeRows(t, 0, 600)); code != 0 {
		t.Fatal(out)
	}
}

func unharmed(t *testing.T, data string, before map[string][32]byte) {
	t.Helper()
	after := digests(t, data)
	if len(after) != len(before) {
		t.Errorf("%d files, there were %d", len(after), len(before))
	}
	for path, sum := range before {
		if after[path] != sum {
			t.Errorf("%s has changed", path)
		}
	}
}
