package segment

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/match"
)

var errClosed = &match.Error{Kind: match.Unavailable, Reason: "the index is closed"}

// Index is an index.Index of a few segments on disk and the newest writes in memory.
type Index struct {
	spec    index.Spec // with its vectors in order
	options Options
	dir     string // "" is an index in memory
	writes  bool   // the files are ours to write

	write    sync.Mutex   // held by writers, and while layers change
	manifest *manifest    // as it is on disk; under write
	pending  removal      // what the write that is being made hides in older layers
	touched  uint64       // writes so far
	frozen   atomic.Int64 // when a layer was frozen last, in nanoseconds since 1970

	mu    sync.RWMutex // held while state changes, and while a search takes its view
	state *state       // nil once closed

	upkeep upkeep
}

var _ index.Index = (*Index)(nil)

// state is the layers of an index, the newest first. It does not change. A key is alive
// in one layer at most.
type state struct {
	active   *flat.Index
	frozen   []frozen // the newest first
	segments []member // in no order that matters
}

// frozen is a layer whose points are on their way into a segment.
type frozen struct {
	*flat.Index
	number int64 // of its log
}

// flats returns the layers in memory, the newest first.
func (s *state) flats() []*flat.Index {
	out := []*flat.Index{s.active}
	for _, f := range s.frozen {
		out = append(out, f.Index)
	}
	return out
}

// alone tells whether the newest layer is the only one.
func (s *state) alone() bool { return len(s.frozen) == 0 && len(s.segments) == 0 }

// ManifestPath is the file that says which segments a collection has. LogPath is the
// log of its newest writes, which is all there is of a small collection.
func ManifestPath(dir, collection string) string { return filepath.Join(dir, collection+Extension) }

// LogPath see ManifestPath.
func LogPath(dir, collection string) string { return flat.Path(dir, collection) }

func (ix *Index) manifestPath() string { return ManifestPath(ix.dir, ix.spec.Collection) }

// frozenPath is the log of a layer that is no longer written.
func (ix *Index) frozenPath(number int64) string {
	return flat.Path(ix.dir, fmt.Sprintf("%s-%d", ix.spec.Collection, number))
}

func (ix *Index) segmentPath(number int64) string {
	return filepath.Join(ix.dir, fmt.Sprintf("%s-%d.seg", ix.spec.Collection, number))
}

// removal is what a write hides in older layers.
type removal struct {
	frozen [][]string // by place in state.frozen
	slots  [][]uint32 // by place in state.segments
}

// hidden finds where keys are alive below the first so many layers in memory.
func (s *state) hidden(keys []string, flats int) (r removal) {
	r.frozen, r.slots = make([][]string, len(s.frozen)), make([][]uint32, len(s.segments))
	for _, key := range keys {
		for i := max(flats-1, 0); i < len(s.frozen); i++ {
			if s.frozen[i].Has(key) {
				r.frozen[i] = append(r.frozen[i], key)
			}
		}
		if len(s.segments) == 0 {
			continue
		}
		h := hash(key)
		for i, m := range s.segments {
			if slot, ok := m.living(key, h); ok {
				r.slots[i] = append(r.slots[i], slot)
			}
		}
	}
	return r
}

// without returns the state after a removal.
func (s *state) without(r removal) *state {
	for i, keys := range r.frozen {
		if len(keys) > 0 {
			s.frozen[i].Hide(keys)
		}
	}
	out := *s
	for i, slots := range r.slots {
		if len(slots) == 0 {
			continue
		}
		if &out.segments[0] == &s.segments[0] {
			out.segments = slices.Clone(s.segments)
		}
		out.segments[i] = s.segments[i].without(slots)
	}
	return &out
}

// publish is called by the newest layer for each change: what it hides in older layers
// goes at the same moment.
func (ix *Index) publish(apply func()) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	apply()
	ix.state = ix.state.without(ix.pending)
}

// Upsert implements index.Index. The batch becomes visible as a whole. An error of kind
// match.Exhausted (disk full) leaves nothing of it behind.
func (ix *Index) Upsert(ctx context.Context, points []index.Point) error {
	keys := make([]string, len(points))
	for i := range points {
		keys[i] = points[i].Key
	}
	return ix.change(ctx, func(s *state) error {
		ix.pending = s.hidden(keys, 1)
		return s.active.Upsert(ctx, points)
	})
}

// Delete implements index.Index, with the promises of Upsert.
func (ix *Index) Delete(ctx context.Context, keys []string) error {
	return ix.change(ctx, func(s *state) error {
		if s.alone() {
			return s.active.Delete(ctx, keys)
		}
		var known []string
		for _, key := range keys {
			if ix.knows(s, key) {
				known = append(known, key)
			}
		}
		if len(known) == 0 {
			return ctx.Err()
		}
		ix.pending = s.hidden(known, 1)
		return s.active.Bury(ctx, known)
	})
}

func (ix *Index) knows(s *state, key string) bool {
	for _, f := range s.flats() {
		if f.Has(key) {
			return true
		}
	}
	h := hash(key)
	return slices.ContainsFunc(s.segments, func(m member) bool {
		_, ok := m.living(key, h)
		return ok
	})
}

// change makes a write, and seals the newest layer if it has become large.
func (ix *Index) change(ctx context.Context, do func(*state) error) error {
	ix.write.Lock()
	defer ix.write.Unlock()
	if ix.state == nil { // only holders of write change it
		return errClosed
	}
	if err := ix.makeRoom(ctx); err != nil {
		return err
	}
	if ix.state == nil { // closed while this waited for room
		return errClosed
	}
	ix.pending = removal{}
	ix.touched++
	return do(ix.state)
}

// Flush implements index.Index.
func (ix *Index) Flush(ctx context.Context) error {
	ix.write.Lock()
	defer ix.write.Unlock()
	if ix.state == nil {
		return errClosed
	}
	return ix.state.active.Flush(ctx)
}
