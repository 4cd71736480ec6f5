package flat

import (
	"errors"
	"os"
	"path/filepath"
	"sync"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// Index is an index.Index in memory, with a log on disk if it has a directory.
type Index struct {
	spec    index.Spec
	workers int // of a search; 0 is one for each processor. Tests set it.

	write sync.Mutex // held by writers, and by Flush and Close
	log   *log       // nil in memory

	mu    sync.RWMutex // held while table changes, and while a search takes its view
	table *table       // nil once closed
}

var _ index.Index = (*Index)(nil)

// Open opens the collection that spec names in dir, and creates what is missing;
// with dir "" it is empty, and in memory only. What a crash left unfinished at
// the end of the log is cut off. Errors are of kind match.Invalid (spec),
// match.Conflict (the collection was stored with another spec), match.Corrupt
// (with file and offset), match.Exhausted (no room) or match.Unavailable.
func Open(dir string, spec index.Spec) (*Index, error) {
	if err := spec.Validate(); err != nil {
		return nil, match.About("index "+spec.Collection, err)
	}
	ix := &Index{spec: spec, table: newTable(spec)}
	if dir == "" {
		return ix, nil
	}
	path := filepath.Join(dir, spec.Collection+".vec")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, writeError(dir, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		ix.log, err = createLog(path, spec, func(*log) error { return nil })
		return ix.orError(err)
	}
	if err != nil {
		return nil, readError(path, err)
	}
	err = ix.load(f, path)
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

// load fills an empty index from a log.
func (ix *Index) load(f *os.File, path string) error {
	info, err := f.Stat()
	if err != nil {
		return readError(path, err)
	}
	stored, start, err := readHeader(f, info.Size(), path)
	if err != nil {
		return err
	}
	if err := ix.spec.Conflict(stored); err != nil {
		return err
	}
	ix.spec, ix.table = stored, newTable(stored) // the log's order of names
	synced := start
	end, err := replay(f, start, info.Size(), path, stored, func(op byte, p index.Point, at span) {
		switch op {
		case opPut:
			ix.table.put(p, at)
		case opDelete:
			ix.table.remove(p.Key)
		case opSynced:
			synced = at.at + int64(at.n)
		}
		ix.repackIfWasteful()
	})
	if err != nil {
		return err
	}
	if end < info.Size() {
		if err := errors.Join(f.Truncate(end), f.Sync()); err != nil {
			return writeError(path, err)
		}
	}
	ix.log = &log{file: f, path: path, start: start, end: end, synced: synced, opened: end}
	return nil
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
