package sqlite

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/duijie/duijie/internal/match"
)

// Root may write anywhere, so the file accesses of one thread are those of nobody.
func TestAReadOnlyFolderIsDenied(t *testing.T) {
	const nobody = 65534
	if os.Getuid() != 0 {
		t.Skip("needs root to become another user; run the tests as root")
	}
	dir := t.TempDir()
	mustClose(t, open(t, dir))
	for _, path := range []string{filepath.Dir(dir), dir} {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		if err := syscall.Setfsuid(nobody); err != nil {
			done <- err
			return
		}
		_, err := Open(t.Context(), dir, Options{})
		done <- err
	}()
	wantError(t, <-done, match.Denied, dir)
}

func TestFilesAreTheOwnersAloneInAFolderThatOthersRead(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	defer mustClose(t, s)
	put(t, s, match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN1", Title: "t"}))
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 3 {
		t.Fatal(err, files)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f.Name(), info.Mode(), err)
		}
	}
}
