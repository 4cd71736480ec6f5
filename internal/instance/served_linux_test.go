package instance_test

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/duijie/duijie/internal/index/qdrant/qdranttest"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

// filled fills a file system to the last byte, and returns the file that does.
func filled(t *testing.T, dir string) string {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 1<<20); len(block) > 0; {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			block = block[:len(block)/2]
		} else if err != nil && err != io.ErrShortWrite {
			t.Fatal(err)
		}
	}
	return f.Name()
}

func TestWhatAFullQdrantDoesNotTakeIsTakenWhenThereIsSpace(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=700m"); err != nil {
		t.Skipf("needs to mount a tmpfs, which takes root: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	s := qdranttest.OwnIn(t, disk)
	in := open(t, instance.Config{Data: t.TempDir(), Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Index: "qdrant://" + s.Addr + "?timeout=5s&words=qdrant"})
	defer shut(t, in)
	write(t, in, 0, 20)
	ballast := filled(t, disk)
	const all = 5000
	queue(t, in, 20, all)
	status, err := in.Catalog.Status(t.Context(), match.DefaultTenant, match.PatentKind)
	if err != nil || status.Pending == 0 {
		t.Logf("it took all of them at once: %+v, %v", status, err)
	}
	ctx, cancel := within(t, 20)
	defer cancel()
	if err := in.Catalog.Await(ctx); err == nil {
		t.Error("a full server took 5,000 records")
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	// A server may die of a full disk, if what is full is a page that it has mapped; then
	// its keeper starts it again.
	s.Kill()
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "all are searchable", func() bool {
		status, err := in.Catalog.Status(t.Context(), match.DefaultTenant, match.PatentKind)
		return err == nil && status.Pending == 0 && status.Searchable == all
	})
	if n := searchable(t, in); n != all || !finds(t, in, "一种电池隔膜 2965", "CN2965") {
		t.Errorf("%d are searchable", n)
	}
}
