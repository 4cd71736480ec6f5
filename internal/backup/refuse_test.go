package backup_test

import (
	"archive/tar"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/backup"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refused restores bytes into a folder in use, by force, and checks that nothing in
// it was touched.
func refused(t *testing.T, data, name string, b []byte) {
	t.Helper()
	before := exported(t, data)
	from := filepath.Join(t.TempDir(), "b.tar")
	if err := os.WriteFile(from, b, 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := backup.Restore(t.Context(), from, data, true)
	if err == nil || match.KindOf(err) != match.Corrupt || !strings.Contains(err.Error(), from) {
		t.Fatalf("%s: %v (%s), want an error of kind corrupt that names the file", name, err, match.KindOf(err))
	}
	if exported(t, data) != before {
		t.Errorf("%s: the folder has changed", name)
	}
	onlyIn(t, data, "records.db", "records.lock")
	none := filepath.Join(t.TempDir(), "none")
	if _, _, err := backup.Restore(t.Context(), from, none, false); err == nil {
		t.Errorf("%s: restored", name)
	}
	if _, err := os.Stat(none); !os.IsNotExist(err) {
		t.Errorf("%s: the folder was left behind: %v", name, err)
	}
}

func TestATruncatedOrChangedBackupIsRefusedAndTouchesNothing(t *testing.T) {
	data, target := folder(t), folder(t)
	good := read(t, create(t, data))
	r := rand.New(rand.NewPCG(4, 4))
	for range 12 {
		cut := r.IntN(len(good) - 2048) // a tar ends with zeros that nobody needs
		refused(t, target, "cut off", good[:cut])
	}
	database := len(good) - 1024 - len(good)%512
	for range 12 {
		bad := append([]byte(nil), good...)
		at := 3000 + r.IntN(database-4000)
		bad[at] ^= 1 << r.IntN(8)
		refused(t, target, "flipped bit", bad)
	}
	refused(t, target, "empty", nil)
	refused(t, target, "a text file", []byte("number,title\nCN1,一种\n"))
	refused(t, target, "a database", read(t, filepath.Join(data, sqlite.FileName)))
}

func TestABackupOfADamagedFolderIsRefusedAndLeavesNothing(t *testing.T) {
	data, out := folder(t), t.TempDir()
	f, err := os.OpenFile(filepath.Join(data, sqlite.FileName), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte(strings.Repeat("garbage!", 500)), 3*8192); err != nil {
		t.Fatal(err)
	}
	f.Close()
	_, _, err = backup.Create(t.Context(), backup.Source{Data: data}, out)
	if match.KindOf(err) != match.Corrupt {
		t.Errorf("%v", err)
	}
	onlyIn(t, out)
}

func TestWhereABackupMayNotGo(t *testing.T) {
	data, out := folder(t), t.TempDir()
	taken := filepath.Join(out, "taken.tar")
	if err := os.WriteFile(taken, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx       context.Context
		data, out string
		kind      match.ErrorKind
	}{
		"a file that exists":         {t.Context(), data, taken, match.Conflict},
		"a folder that is not there": {t.Context(), data, filepath.Join(out, "no", "b.tar"), match.NotFound},
		"of a folder that is empty":  {t.Context(), t.TempDir(), out, match.NotFound},
		"in time":                    {canceled, data, out, match.Canceled},
	} {
		if _, _, err := backup.Create(c.ctx, backup.Source{Data: c.data}, c.out); match.KindOf(err) != c.kind || err == nil {
			t.Errorf("%s: %v (%s), want %s", name, err, match.KindOf(err), c.kind)
		}
		onlyIn(t, out, "taken.tar")
	}
	if string(read(t, taken)) != "x" {
		t.Error("the file that was there has changed")
	}
}

func TestAFolderThatIsNotEmptyIsRefusedUnlessForced(t *testing.T) {
	from := create(t, folder(t))
	target := folder(t)
	s, err := sqlite.Open(t.Context(), target, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, 5)
	if _, _, err := backup.Restore(t.Context(), from, target, true); match.KindOf(err) != match.Conflict {
		t.Errorf("open in another: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before := exported(t, target)
	if _, _, err := backup.Restore(t.Context(), from, target, false); match.KindOf(err) != match.Conflict || exported(t, target) != before {
		t.Errorf("not forced: %v", err)
	}
	in, err := instance.Open(t.Context(), instance.Config{Data: target}) // makes vectors
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Catalog.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	_, kept, err := backup.Restore(t.Context(), from, target, true)
	if err != nil {
		t.Fatal(err)
	}
	if exported(t, kept) != before {
		t.Error("what was there is not kept")
	}
	onlyIn(t, kept, "models.json", "records.db", "vectors", "words")
	onlyIn(t, target, "before-restore-1", "records.db", "records.lock")
	if _, kept, err = backup.Restore(t.Context(), from, target, true); err != nil || filepath.Base(kept) != "before-restore-2" {
		t.Errorf("once more: %s, %v", kept, err)
	}
}

func TestADamagedFolderIsKeptAsItIsWhenItIsReplaced(t *testing.T) {
	from, target := create(t, folder(t)), folder(t)
	path := filepath.Join(target, sqlite.FileName)
	if err := os.WriteFile(path, []byte("garbage"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, kept, err := backup.Restore(t.Context(), from, target, true)
	if err != nil {
		t.Fatal(err)
	}
	if string(read(t, filepath.Join(kept, sqlite.FileName))) != "garbage" {
		t.Error("it is not kept")
	}
	exported(t, target)
}

func TestABackupOfANewerDuijieIsRefused(t *testing.T) {
	data := folder(t)
	good := read(t, create(t, data))
	from := filepath.Join(t.TempDir(), "b.tar")
	newer := []byte(strings.Replace(string(good), `"version": 1`, `"version": 9`, 1))
	if err := os.WriteFile(from, newer, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := backup.Verify(t.Context(), from)
	if match.KindOf(err) != match.Conflict || !strings.Contains(err.Error(), "newer Duijie") {
		t.Errorf("format: %v", err)
	}
	// The schema's version is at offset 60 of the database.
	f, err := os.OpenFile(filepath.Join(data, sqlite.FileName), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(binary.BigEndian.AppendUint32(nil, 99), 60); err != nil {
		t.Fatal(err)
	}
	if _, _, err := backup.Create(t.Context(), backup.Source{Data: data}, t.TempDir()); match.KindOf(err) != match.Conflict {
		t.Errorf("schema: %v", err)
	}
}

func TestABackupIsATarThatAnyToolReads(t *testing.T) {
	f, err := os.Open(create(t, folder(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := tar.NewReader(f)
	for _, want := range []string{"manifest.json", "records.db"} {
		if head, err := r.Next(); err != nil || head.Name != want {
			t.Fatalf("%+v, %v; want %s", head, err, want)
		}
	}
}
