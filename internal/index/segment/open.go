package segment

import (
	"context"
	"errors"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/match"
)

// verifyTime is how long Open goes on verifying vectors; what is left then is verified
// in the background, and before it is used.
const verifyTime = 400 * time.Millisecond

// Open opens the collection that spec names in dir, and creates what is missing; with
// dir "" it is empty, and in memory only. What a crash left unfinished at the end of
// the log is cut off. Errors are of kind match.Invalid (spec), match.Conflict (the
// collection was stored with another spec, or by a newer program), match.Stale (by an
// older one, in a format that is not read any more), match.Corrupt (with file and
// offset), match.Exhausted (no room) or match.Unavailable.
func Open(dir string, spec index.Spec, o Options) (*Index, error) {
	ix, err := newIndex(dir, spec, o)
	if err != nil {
		return nil, err
	}
	ix.writes = dir != ""
	if err := ix.open(); err != nil {
		return nil, errors.Join(err, ix.letGo())
	}
	if ix.writes {
		ix.startUpkeep()
	}
	return ix, nil
}

// OpenReadOnly opens the collection that spec names in dir and leaves its files alone,
// so that it works beside a process that writes them. What is written to the index then
// stays in memory. A collection that is missing is an empty one.
func OpenReadOnly(dir string, spec index.Spec, o Options) (*Index, error) {
	const tries = 20
	for try := 1; ; try++ {
		ix, err := newIndex(dir, spec, o)
		if err != nil {
			return nil, err
		}
		if o.Disk == nil {
			ix.options.Disk = flat.Reading()
		}
		err = ix.open()
		if err == nil && !ix.moved() {
			return ix, nil
		}
		_ = ix.letGo()
		if try == tries || err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, errors.Join(err, ix.busy())
		}
	}
}

func (ix *Index) busy() error {
	return &match.Error{Kind: match.Unavailable, Record: ix.manifestPath(), Reason: "is changing too fast to be read"}
}

// moved tells whether the writer's files are others than they were at opening.
func (ix *Index) moved() bool {
	now, err := readManifest(ix.options.Disk, ix.manifestPath(), ix.spec)
	if err != nil || now.Next != ix.manifest.Next || now.Sealed != ix.manifest.Sealed {
		return true
	}
	f, err := ix.options.Disk.Open(ix.frozenPath(now.Sealed + 1 + int64(len(ix.state.frozen))))
	if err == nil {
		_ = f.Close()
	}
	return err == nil
}

func newIndex(dir string, spec index.Spec, o Options) (*Index, error) {
	if err := spec.Validate(); err != nil {
		return nil, match.About("index "+spec.Collection, err)
	}
	spec.Vectors = slices.Sorted(slices.Values(spec.Vectors))
	return &Index{spec: spec, dir: dir, options: o.withDefaults(spec), state: &state{}}, nil
}

func (ix *Index) open() (err error) {
	ix.manifest = &manifest{Spec: storedSpec(ix.spec), Next: 1}
	if ix.dir != "" {
		if ix.manifest, err = readManifest(ix.options.Disk, ix.manifestPath(), ix.spec); err != nil {
			return err
		}
	}
	if err := ix.openSegments(); err != nil {
		return err
	}
	if ix.writes {
		if err := ix.sweep(); err != nil {
			return err
		}
	}
	if err := ix.openLogs(); err != nil {
		return err
	}
	ix.hideOld()
	return nil
}

// openSegments opens the manifest's segments and verifies them.
func (ix *Index) openSegments() error {
	start := time.Now()
	opened, errs := make([]*segment, len(ix.manifest.Segments)), make([]error, len(ix.manifest.Segments))
	var wg sync.WaitGroup
	for i, file := range ix.manifest.Segments {
		wg.Go(func() { opened[i], errs[i] = ix.openOne(file) })
	}
	wg.Wait()
	for i, s := range opened {
		if s != nil {
			live, _ := ix.manifest.Segments[i].live() // was checked
			ix.state.segments = append(ix.state.segments, newMember(s, live))
		}
	}
	for i := 0; i < len(opened) && firstOf(errs) < 0; i++ {
		errs[i] = opened[i].verifyAll(runtime.GOMAXPROCS(0), until(start.Add(verifyTime)))
	}
	if i := firstOf(errs); i >= 0 {
		return errs[i]
	}
	return nil
}

func (ix *Index) openOne(file sealedFile) (*segment, error) {
	path := ix.segmentPath(file.Number)
	s, err := openSegment(ix.options.Disk, path, file.Number, ix.spec)
	if err != nil && errors.Is(err, os.ErrNotExist) && ix.writes {
		return nil, &match.Error{Kind: match.Corrupt, Record: path, Reason: "is missing, though the manifest has it", Err: err}
	}
	if err != nil {
		return nil, err
	}
	if s.points() != file.Points {
		err := corrupt(path, 0, match.Corruptf("has %d points, the manifest says %d", s.points(), file.Points))
		return nil, errors.Join(err, s.release())
	}
	return s, nil
}

// sweep removes what a crash kept from being removed.
func (ix *Index) sweep() error {
	for _, number := range ix.manifest.Garbage {
		if err := ignoreMissing(ix.options.Disk.Remove(ix.segmentPath(number))); err != nil {
			return match.WriteFailed(ix.segmentPath(number), err)
		}
	}
	for number := ix.manifest.Sealed; number > 0; number-- {
		err := ix.options.Disk.Remove(ix.frozenPath(number))
		if errors.Is(err, os.ErrNotExist) {
			break
		}
		if err != nil {
			return match.WriteFailed(ix.frozenPath(number), err)
		}
	}
	return nil
}

// openLogs opens the layers in memory.
func (ix *Index) openLogs() (err error) {
	if ix.dir != "" {
		for number := ix.manifest.Sealed + 1; ; number++ {
			f, err := ix.openFrozen(number)
			if errors.Is(err, os.ErrNotExist) {
				break
			}
			if err != nil {
				return err
			}
			ix.state.frozen = slices.Insert(ix.state.frozen, 0, frozen{f, number})
		}
	}
	if err := ix.checkLog(); err != nil {
		return err
	}
	ix.state.active, err = ix.openActive()
	return err
}

// checkLog finds out that the log is missing though there must be one: where there are
// segments and no frozen log, it was there when the manifest was written.
func (ix *Index) checkLog() error {
	if !ix.writes || len(ix.state.segments) == 0 || len(ix.state.frozen) > 0 {
		return nil
	}
	path := LogPath(ix.dir, ix.spec.Collection)
	f, err := ix.options.Disk.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return &match.Error{Kind: match.Corrupt, Record: path, Reason: "is missing, though there are segments"}
	}
	if err != nil {
		return readError(path, err)
	}
	return f.Close()
}

func (ix *Index) openFrozen(number int64) (*flat.Index, error) {
	path := ix.frozenPath(number)
	if !ix.writes {
		return flat.ReadLayer(ix.spec, flat.Layer{Path: path})
	}
	f, err := ix.options.Disk.Open(path) // a layer would be made if there is none
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, readError(path, err)
	}
	return flat.OpenLayer(ix.options.Disk, ix.spec, flat.Layer{Path: path})
}

func (ix *Index) openActive() (*flat.Index, error) {
	layer := flat.Layer{Publish: ix.publish}
	if ix.dir == "" {
		return flat.OpenLayer(ix.options.Disk, ix.spec, layer)
	}
	layer.Path = LogPath(ix.dir, ix.spec.Collection)
	if ix.writes {
		return flat.OpenLayer(ix.options.Disk, ix.spec, layer)
	}
	active, err := flat.ReadLayer(ix.spec, layer)
	if errors.Is(err, os.ErrNotExist) {
		layer.Path = ""
		return flat.OpenLayer(ix.options.Disk, ix.spec, layer)
	}
	return active, err
}

// hideOld hides in older layers what newer ones have, or buried.
func (ix *Index) hideOld() {
	if ix.state.alone() {
		ix.state.active.Forget()
		return
	}
	for i, f := range ix.state.flats() {
		keys, err := f.Keys(context.Background())
		if err != nil {
			continue // closed, which it is not
		}
		ix.state = ix.state.without(ix.state.hidden(append(keys, f.Buried()...), i+1))
	}
}

// letGo gives back what an index holds that is not fully open.
func (ix *Index) letGo() (err error) {
	for _, m := range ix.state.segments {
		err = errors.Join(err, m.release())
	}
	for _, f := range ix.state.flats() {
		if f != nil {
			err = errors.Join(err, f.Abandon())
		}
	}
	return err
}
