package flat

import (
	"errors"
	"os"
	"sync"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// Index is an index.Index in memory, with a log on disk if it has a directory.
type Index struct {
	spec    index.Spec
	workers int // of a search; 0 is one for each processor. Tests set it.

	publish func(apply func()) // see Layer; nil is to call apply

	write sync.Mutex // held by writers, and by Flush and Close
	log   *log       // nil in memory

	mu    sync.RWMutex // held while table changes, and while a search takes its view
	table *table       // nil once closed
}

var _ index.Index = (*Index)(nil)

// Open opens the collection that spec names in dir, and creates what is missing;
// with dir "" it is empty, and in memory only. What a crash left unfinished at
// the end of the log is cut off. Errors are of kind match.Invalid (spec),
// match.Conflict (the collection was stored with another spec, or by a newer
// program), match.Stale (by an older one, in a format that is not read any more),
// match.Corrupt (with file and offset), match.Exhausted (no room) or
// match.Unavailable.
func Open(dir string, spec index.Spec) (*Index, error) { return OpenOn(machine{}, dir, spec) }

// OpenOn is Open on another disk than that of the machine.
func OpenOn(disk Disk, dir string, spec index.Spec) (*Index, error) {
	if err := spec.Validate(); err != nil {
		return nil, match.About("index "+spec.Collection, err)
	}
	ix := &Index{spec: spec, table: newTable(spec)}
	if dir == "" {
		return ix, nil
	}
	return open(disk, Path(dir, spec.Collection), ix)
}

// open fills an empty index from the log at path, and goes on with it.
func open(disk Disk, path string, ix *Index) (*Index, error) {
	if path == "" {
		return ix, nil
	}
	if err := disk.MkdirAll(parent(path)); err != nil {
		return nil, match.WriteFailed(parent(path), err)
	}
	f, err := disk.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		ix.log, err = createLog(disk, path, ix.spec, func(*log) error { return nil })
		return ix.orError(err)
	}
	if err != nil {
		return nil, readError(path, err)
	}
	err = ix.load(disk, f, path)
	if err == nil && mostlyDead(ix.log, ix.table) {
		ix.log, err = compact(ix.log, ix.spec, ix.table)
	}
	if err != nil {
		return nil, errors.Join(err, ignoreClosed(f.Close()))
	}
	return ix, nil
}

func (ix *Index) orError(err error) (*Index, error) {
	if err != nil {
		return nil, err
	}
	return ix, nil
}

// load fills an empty index from a log, cuts off its torn tail, and goes on with it.
func (ix *Index) load(disk Disk, f File, path string) error {
	l, err := ix.read(f, path)
	if err != nil {
		return err
	}
	if l.end < l.opened {
		if err := errors.Join(f.Truncate(l.end), f.Sync()); err != nil {
			return match.WriteFailed(path, err)
		}
	}
	l.disk, l.opened = disk, l.end
	ix.log = l
	return nil
}

// read fills an empty index from a log and says where its parts are; opened is
// the size of the file, with its torn tail.
func (ix *Index) read(f File, path string) (*log, error) {
	size, err := f.Size()
	if err != nil {
		return nil, readError(path, err)
	}
	stored, start, err := readHeader(f, size, path)
	if err != nil {
		return nil, err
	}
	if err := ix.spec.Conflict(stored); err != nil {
		return nil, err
	}
	buried := ix.table.buried
	ix.spec, ix.table = stored, newTable(stored) // the log's order of names
	ix.table.buried = buried
	l := &log{file: f, path: path, start: start, synced: start, opened: size}
	l.end, err = replay(f, start, size, path, stored, func(op byte, p index.Point, at span) {
		switch op {
		case opPut:
			ix.table.put(p, at)
		case opDelete:
			ix.table.drop(p.Key)
		case opSynced:
			l.synced = at.at + int64(at.n)
		}
		ix.repackIfWasteful()
	})
	return l, err
}

func (ix *Index) repackIfWasteful() {
	if ix.table.wasteful() {
		ix.table = ix.table.repacked()
	}
}

func ignoreClosed(err error) error {
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
