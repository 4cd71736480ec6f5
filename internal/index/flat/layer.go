package flat

import (
	"context"
	"encoding/binary"
	"errors"
	"maps"
	"slices"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// Layer says how a flat index is part of a larger one, as the newest of its layers:
// the keys that it has hide those of older layers, and so do the keys that were buried
// in it, which is how a point of an older layer is deleted.
type Layer struct {
	// Path is that of the log; "" is a layer in memory.
	Path string
	// Publish is called for each change that searches can see, and has to call
	// apply, once, which makes it: what else changes with it can change there. Nil
	// only calls apply.
	Publish func(apply func())
}

// OpenLayer is OpenOn of a layer.
func OpenLayer(disk Disk, spec index.Spec, l Layer) (*Index, error) {
	if err := spec.Validate(); err != nil {
		return nil, match.About("index "+spec.Collection, err)
	}
	return open(disk, l.Path, newLayer(spec, l))
}

// ReadLayer reads a layer into memory, as OpenReadOnly does. A log that is missing is an
// error for which errors.Is(err, os.ErrNotExist).
func ReadLayer(spec index.Spec, l Layer) (*Index, error) {
	if err := spec.Validate(); err != nil {
		return nil, match.About("index "+spec.Collection, err)
	}
	return readOnly(l.Path, newLayer(spec, l))
}

func newLayer(spec index.Spec, l Layer) *Index {
	ix := &Index{spec: spec, table: newTable(spec), publish: l.Publish}
	ix.table.buried = map[string]struct{}{}
	return ix
}

// Machine is the disk of this machine.
func Machine() Disk { return machine{} }

// Bury deletes keys and notes that they are deleted, whether this layer knew them or
// not. Otherwise it is like Delete.
func (ix *Index) Bury(ctx context.Context, keys []string) error {
	frames := func(t *table) (out []byte) {
		for _, key := range keys {
			out = appendDelete(out, key)
		}
		return out
	}
	return ix.change(ctx, frames, func(t *table, _ int64) {
		for _, key := range keys {
			t.bury(key)
		}
	})
}

// Buried returns the keys that were buried and not stored again, in their order.
func (ix *Index) Buried() []string {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return slices.Sorted(maps.Keys(ix.table.buried))
}

// Forget forgets which keys were buried: there is no older layer.
func (ix *Index) Forget() {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for key := range ix.table.buried {
		ix.table.unbury(key)
	}
}

// Has tells whether key has a point.
func (ix *Index) Has(key string) bool {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	_, ok := ix.table.slots[key]
	return ok
}

// Len is the number of points.
func (ix *Index) Len() int {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.table.facets.Live()
}

// Hide takes keys out of all answers until the index is opened again: a newer layer
// has them.
func (ix *Index) Hide(keys []string) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for _, key := range keys {
		ix.table.remove(key)
	}
}

// MoveLog syncs the log and gives it another name in the same directory.
func (ix *Index) MoveLog(path string) error {
	ix.write.Lock()
	defer ix.write.Unlock()
	l := ix.log
	if err := l.close(); err != nil {
		l.broken = errors.Join(l.broken, err)
		return err
	}
	old := l.path
	err := l.disk.Rename(old, path)
	if err == nil {
		l.path = path
		err = l.disk.SyncDir(parent(path))
	}
	f, failed := l.disk.Open(l.path)
	if err = errors.Join(err, failed); err != nil {
		err = match.WriteFailed(old, err)
	}
	if failed != nil {
		l.broken = err
		return err
	}
	l.file, l.opened = f, l.end
	return err
}

// Abandon gives the file back and does nothing else.
func (ix *Index) Abandon() error {
	ix.write.Lock()
	defer ix.write.Unlock()
	ix.mu.Lock()
	ix.table = nil
	ix.mu.Unlock()
	if ix.log == nil {
		return nil
	}
	return ix.log.file.Close()
}

// View is what a search will read, as it was at one moment.
type View struct {
	index *Index
	view  view
	limit int
}

// View takes the view of a query that index.Spec.CheckQuery lets through.
func (ix *Index) View(q index.Query) (View, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.table == nil {
		return View{}, errClosed
	}
	return View{index: ix, view: ix.table.view(q.Name, q.Conditions), limit: q.Limit}, nil
}

// bury removes key and notes it.
func (t *table) bury(key string) {
	t.remove(key)
	if _, ok := t.buried[key]; !ok {
		t.buried[key] = struct{}{}
		t.alive += deleteSize(key)
	}
}

func (t *table) unbury(key string) {
	if _, ok := t.buried[key]; ok {
		delete(t.buried, key)
		t.alive -= deleteSize(key)
	}
}

// deleteSize is the size of the frame that deletes key.
func deleteSize(key string) int64 {
	n := len(binary.AppendUvarint(nil, uint64(len(key))))
	return int64(frameHead + 1 + n + len(key))
}
