package segment

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// Flush implements lexical.Index: what is in memory becomes files, then the manifest
// lists them.
//
//	freeze the buffers, note what is dead ─► a file for each ─► fsync ─► manifest
//
// Writes and searches go on meanwhile. After an error everything is searchable as
// before, and the next Flush tries again.
func (x *Index) Flush(ctx context.Context, mark int64) error {
	if x.readOnly {
		return ctx.Err()
	}
	x.disk.Lock()
	defer x.disk.Unlock()
	docs, err := x.flush(ctx, mark)
	if err != nil {
		return fmt.Errorf("segment: flush: %w", x.noted(err))
	}
	x.merger.flushed(docs)
	return nil
}

// flush tells how many documents it made files of.
func (x *Index) flush(ctx context.Context, mark int64) (docs int, err error) {
	for _, s := range x.freezeAll() {
		if err := ctx.Err(); err != nil {
			return docs, err
		}
		if err := x.seal(s); err != nil {
			return docs, err
		}
		docs += len(s.slots)
	}
	if err := writeManifest(x.dir, x.manifest(x.views, mark)); err != nil {
		return docs, err
	}
	x.mu.Lock()
	x.mark = mark
	x.mu.Unlock()
	return docs, nil
}

// freezeAll takes the state that is flushed.
func (x *Index) freezeAll() []*sealing {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.freeze()
	for _, v := range x.views {
		v.flush()
	}
	var out []*sealing
	for _, b := range x.frozen {
		out = append(out, b.frozen())
	}
	return out
}

// seal makes a file of the first frozen buffer, and puts it in that one's place.
func (x *Index) seal(s *sealing) error {
	if len(s.slots) == 0 { // all of it was overwritten
		x.mu.Lock()
		x.frozen = x.frozen[1:]
		x.mu.Unlock()
		return nil
	}
	s.invert()
	v, err := x.create(s)
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	b := x.frozen[0]
	for doc, slot := range s.slots { // what died while the file was written
		if b.docs[slot].key == "" {
			if err := v.kill(uint32(doc)); err != nil {
				return err
			}
		}
	}
	x.frozen = x.frozen[1:]
	x.views = append(x.views, v)
	return nil
}

// create writes a segment to a new file and opens it; no manifest lists it yet.
func (x *Index) create(s source) (*view, error) {
	number := x.next
	x.next++
	path := filepath.Join(x.dir, fileName(number))
	if err := install(path, func(f *os.File) error { return writeSegment(f, s) }); err != nil {
		return nil, err
	}
	opened, err := openSegment(path)
	if err != nil {
		return nil, err
	}
	return newView(opened, number, nil)
}

// manifest lists views with what is dead as of the last Flush. disk is held.
func (x *Index) manifest(views []*view, mark int64) *manifest {
	m := &manifest{Mark: mark, Next: x.next}
	for _, v := range views {
		m.Files = append(m.Files, listed{Number: v.number, Docs: v.docs, Sum: v.sum, Dead: bytesOf(v.flushed)})
	}
	return m
}
