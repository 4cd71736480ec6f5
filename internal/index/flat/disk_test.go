package flat

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// fullDisk is a file with room for some more bytes.
type fullDisk struct {
	File
	room       int
	keepsTails bool // truncating fails too
	syncFails  bool
}

func (d *fullDisk) WriteAt(b []byte, at int64) (int, error) {
	n := min(len(b), d.room)
	d.room -= n
	if _, err := d.File.WriteAt(b[:n], at); err != nil || n == len(b) {
		return n, err
	}
	return n, &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
}

func (d *fullDisk) Truncate(size int64) error {
	if d.keepsTails {
		return syscall.EIO
	}
	return d.File.Truncate(size)
}

func (d *fullDisk) Sync() error {
	if d.syncFails {
		return syscall.EIO
	}
	return d.File.Sync()
}

func TestFullDiskLeavesTheIndexAsItWas(t *testing.T) {
	for room := range 300 {
		dir := quickDir(t)
		ix := mustOpen(t, dir, specOf(2))
		first := point("a", []float32{1, 0}, 1)
		if err := ix.Upsert(ctx, []index.Point{first, point("b", []float32{0, 1}, 1)}); err != nil {
			t.Fatal(err)
		}
		want := contents(t, ix)
		disk := &fullDisk{File: ix.log.file, room: room}
		ix.log.file = disk
		batch := []index.Point{point("a", []float32{0, 1}, 2), point("c", []float32{1, 0}, 2), point("d", []float32{1, 0}, 2)}
		err := ix.Upsert(ctx, batch)
		if err == nil {
			if room < 80 {
				t.Fatalf("%d bytes are enough", room)
			}
			return
		}
		if match.KindOf(err) != match.Exhausted {
			t.Fatalf("room %d: got %v, want an error of kind exhausted", room, err)
		}
		if d := cmp.Diff(want, contents(t, ix)); d != "" {
			t.Fatalf("room %d (-want +got):\n%s", room, d)
		}
		disk.room = 1 << 20 // somebody made room
		usable(t, ix)
	}
	t.Error("300 bytes are never enough")
}

func TestBrokenLogTakesNoMoreWrites(t *testing.T) {
	for name, disk := range map[string]*fullDisk{
		"undo fails": {room: 3, keepsTails: true},
		"sync fails": {room: 1 << 20, syncFails: true},
	} {
		ix := mustOpen(t, t.TempDir(), specOf(2))
		p := []index.Point{point("a", []float32{1, 0}, 1)}
		disk.File, ix.log.file = ix.log.file, disk
		first := errors.Join(ix.Upsert(ctx, p), ix.Flush(ctx))
		disk.room, disk.keepsTails, disk.syncFails = 1<<20, false, false
		if err := ix.Upsert(ctx, p); first == nil || err == nil {
			t.Errorf("%s: %v, then %v: want two errors", name, first, err)
		}
		if err := ix.Close(); err == nil {
			t.Errorf("%s: Close tells of nothing", name)
		}
	}
}
