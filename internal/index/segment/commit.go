package segment

import (
	"context"
	"errors"
	"maps"
	"slices"
)

// seal makes a segment of a frozen layer.
func (ix *Index) seal(ctx context.Context, f frozen) error {
	d, err := newDraft(ctx, ix.spec, f.Index, ix.options.workers())
	if err != nil {
		return err
	}
	var made *segment
	if d.slots() > 0 {
		if made, _, err = ix.make(ctx, []source{d}); err != nil {
			return err
		}
	}
	return ix.commit(made, func(now *state) (*state, *manifest) {
		next := &state{active: now.active, frozen: now.frozen[:len(now.frozen)-1], segments: slices.Clone(now.segments)}
		if made != nil {
			var hidden []uint32 // since the draft
			for slot := range uint32(made.points()) {
				if !f.Has(made.keys.key(slot)) {
					hidden = append(hidden, slot)
				}
			}
			next.segments = append(next.segments, newMember(made, allAlive(made.points())).without(hidden))
		}
		return next, &manifest{Sealed: f.number}
	}, func() error {
		return errors.Join(f.Abandon(), ignoreMissing(ix.options.Disk.Remove(ix.frozenPath(f.number))))
	})
}

// merge makes one segment of several.
func (ix *Index) merge(ctx context.Context, old []member) (err error) {
	v := &view{}
	v.hold(old)
	defer func() { err = errors.Join(err, v.release()) }()
	var sources []source
	for _, m := range old {
		sources = append(sources, sealed{m})
	}
	made, moved, err := ix.make(ctx, sources)
	if err != nil {
		return err
	}
	return ix.commit(made, func(now *state) (*state, *manifest) {
		next := &state{active: now.active, frozen: now.frozen}
		var hidden []uint32 // since the merge began
		for _, m := range now.segments {
			i := slices.IndexFunc(old, func(o member) bool { return o.segment == m.segment })
			if i < 0 {
				next.segments = append(next.segments, m)
				continue
			}
			each(old[i].live, func(slot uint32) {
				if !m.live.Has(slot) {
					hidden = append(hidden, moved[i][slot])
				}
			})
		}
		next.segments = append(next.segments, newMember(made, allAlive(made.points())).without(hidden))
		return next, &manifest{Sealed: ix.manifest.Sealed}
	}, func() error { return ix.discard(old) })
}

// make writes a segment of the sources and opens it; moved says where their slots went.
func (ix *Index) make(ctx context.Context, sources []source) (made *segment, moved [][]uint32, err error) {
	ix.write.Lock()
	number := ix.manifest.Next // a number is never used twice, whatever fails
	ix.manifest.Next++
	ix.write.Unlock()
	path := ix.segmentPath(number)
	if moved, err = build(ctx, ix.options.Disk, path, ix.spec, sources, ix.options); err != nil {
		return nil, nil, err
	}
	if made, err = openSegment(ix.options.Disk, path, number, ix.spec); err != nil {
		return nil, nil, err
	}
	if err = made.verifyAll(ix.options.workers(), func() bool { return ctx.Err() != nil }); err != nil {
		return nil, nil, errors.Join(err, made.release())
	}
	return made, moved, nil
}

// commit puts a new state in the place of the old one, on disk and then in memory.
//
// What the manifest says is deleted is so because of writes that are in the log of the
// newest layer; they are made to last first, so that a crash cannot take the newer
// version of a point and leave it deleted in its segment.
func (ix *Index) commit(made *segment, change func(*state) (*state, *manifest), after func() error) error {
	ix.write.Lock()
	defer ix.write.Unlock()
	err := errClosedIf(ix.state == nil)
	if err == nil {
		err = ix.state.active.Flush(context.Background())
	}
	if err != nil {
		return errors.Join(err, releaseMade(made))
	}
	next, m := change(ix.state)
	m.Spec, m.Next = storedSpec(ix.spec), ix.manifest.Next
	for _, s := range next.segments {
		m.Segments = append(m.Segments, fileOf(s))
	}
	m.Garbage = ix.trash(ix.state.segments, next.segments)
	if err := writeManifest(ix.options.Disk, ix.manifestPath(), m); err != nil {
		// It may be there or not, so its new segment stays until the next one.
		ix.upkeep.mu.Lock()
		if made != nil {
			ix.upkeep.trash[made.number] = true
		}
		ix.upkeep.mu.Unlock()
		return errors.Join(err, releaseMade(made))
	}
	ix.manifest = m
	ix.mu.Lock()
	ix.state = next
	ix.mu.Unlock()
	return after()
}

func errClosedIf(closed bool) error {
	if closed {
		return errClosed
	}
	return nil
}

func releaseMade(made *segment) error {
	if made == nil {
		return nil
	}
	return made.release()
}

// trash lists the files that nothing needs with the next manifest: segments that it has
// not, and those whose removal has not been possible yet.
func (ix *Index) trash(before, next []member) []int64 {
	u := &ix.upkeep
	u.mu.Lock()
	defer u.mu.Unlock()
	out := maps.Clone(u.trash)
	for _, m := range before {
		if !slices.ContainsFunc(next, func(n member) bool { return n.segment == m.segment }) {
			out[m.number] = true
		}
	}
	return slices.Sorted(maps.Keys(out))
}

// discard removes merged segments, as soon as no search reads them.
func (ix *Index) discard(old []member) (err error) {
	u := &ix.upkeep
	for _, m := range old {
		u.mu.Lock()
		u.trash[m.number] = true
		u.mu.Unlock()
		m.remove = func() error {
			if err := ignoreMissing(ix.options.Disk.Remove(ix.segmentPath(m.number))); err != nil {
				return nil // it stays in the trash
			}
			u.mu.Lock()
			defer u.mu.Unlock()
			delete(u.trash, m.number)
			return nil
		}
		err = errors.Join(err, m.release())
	}
	return err
}
