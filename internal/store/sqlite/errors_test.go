package sqlite

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/storetest"
)

func wantError(t *testing.T, err error, kind match.ErrorKind, parts ...string) {
	t.Helper()
	if err == nil || match.KindOf(err) != kind {
		t.Fatalf("error %v is %s, want %s", err, match.KindOf(err), kind)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not contain %q", err, part)
		}
	}
}

func TestAFolderThatIsOpenIsRefusedUntilItIsClosed(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	_, err := Open(t.Context(), dir, Options{})
	wantError(t, err, match.Conflict, dir, "another Duijie")
	put(t, s, patent("CN1", "一")) // the first one is not disturbed
	mustClose(t, s)
	mustClose(t, open(t, dir))
}

func TestAFileInPlaceOfTheFolderIsDenied(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), dir, Options{})
	wantError(t, err, match.Denied, dir)
	_, err = Open(t.Context(), filepath.Join(dir, "below"), Options{})
	wantError(t, err, match.Denied, dir)
}

func TestAFolderInPlaceOfTheFileIsDenied(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, FileName), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), dir, Options{})
	wantError(t, err, match.Denied, filepath.Join(dir, FileName))
}

func TestADamagedFileIsCorrupt(t *testing.T) {
	for _, tt := range []struct {
		name    string
		offset  int64
		garbage string
	}{
		{"garbage over the header", 0, strings.Repeat("garbage ", 20)},
		{"garbage over the first page's table of contents", 100, strings.Repeat("\xff", 400)},
		{"a text file", 0, "number,title\nCN1,一种\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			mustClose(t, open(t, dir))
			damage(t, filepath.Join(dir, FileName), tt.offset, tt.garbage)
			_, err := Open(t.Context(), dir, Options{})
			wantError(t, err, match.Corrupt, filepath.Join(dir, FileName))
		})
	}
}

func damage(t *testing.T, path string, offset int64, garbage string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte(garbage), offset); err != nil {
		t.Fatal(err)
	}
}

func TestABodyThatIsNotWhatWasWrittenIsCorrupt(t *testing.T) {
	s := open(t, t.TempDir())
	defer mustClose(t, s)
	put(t, s, patent("CN1", "一"))
	if _, err := s.writer.Exec("UPDATE revision SET packed = substr(packed, 1, 9)"); err != nil {
		t.Fatal(err)
	}
	_, err := s.Get(t.Context(), []match.Ref{patent("CN1", "").Ref})
	wantError(t, err, match.Corrupt, "patent CN1", "revision 1")
}

func TestAFullDiskIsExhaustedAndLosesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	defer mustClose(t, s)
	put(t, s, patent("CN1", "一"))
	// SQLite gives the same error for its own limit as for ENOSPC.
	if _, err := s.writer.Exec("PRAGMA max_page_count = 30"); err != nil {
		t.Fatal(err)
	}
	_, err := s.Put(t.Context(), storetest.Patents(0, 500))
	wantError(t, err, match.Exhausted, "put 500 items", s.path)
	if n, err := s.Count(t.Context(), match.DefaultTenant, match.PatentKind); n != 1 || err != nil {
		t.Errorf("Count = %d, %v; want the one from before", n, err)
	}
	if _, err := s.writer.Exec("PRAGMA max_page_count = 30000"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), storetest.Patents(0, 500)); err != nil {
		t.Errorf("with space again: %v", err)
	}
}
