package backup_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/backup"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// old makes a folder as a process of yesterday would have.
func old(t *testing.T, path string) string {
	t.Helper()
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, sqlite.FileName), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	yesterday := time.Now().Add(-24 * time.Hour)
	if err := os.Chtimes(path, yesterday, yesterday); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestABackupRemovesWhatKilledOnesLeft(t *testing.T) {
	data, out := folder(t), t.TempDir()
	left := old(t, filepath.Join(out, ".duijie-backup-1"))
	working := old(t, filepath.Join(out, ".duijie-backup-2"))
	lock, err := sqlite.Lock(working)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	yesterday := time.Now().Add(-24 * time.Hour)
	if err := os.Chtimes(working, yesterday, yesterday); err != nil { // the lock is a file in it
		t.Fatal(err)
	}
	found, err := backup.Leftovers(out)
	if diff := cmp.Diff([]string{left}, found); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if err := os.Chtimes(left, yesterday, yesterday); err != nil { // looking locked it
		t.Fatal(err)
	}
	if _, _, err := backup.Create(t.Context(), backup.Source{Data: data}, out); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(out)
	if err != nil || len(entries) != 2 || entries[0].Name() != ".duijie-backup-2" {
		t.Errorf("left are %v, %v", entries, err)
	}
}

func TestARestorationRemovesWhatKilledOnesLeft(t *testing.T) {
	from, _, err := backup.Create(t.Context(), backup.Source{Data: folder(t)}, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	data := folder(t)
	left := old(t, filepath.Join(data, ".restore-1"))
	if _, _, err := backup.Restore(t.Context(), from, data, true); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
}
