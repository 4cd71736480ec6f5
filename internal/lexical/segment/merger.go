package segment

import (
	"cmp"
	"errors"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/match"
)

// merger merges segments in the background, one merge at a time: after a Flush what
// must not wait, and all that is due once large flushes have stopped coming.
type merger struct {
	x       *Index
	stopped atomic.Bool
	mu      sync.Mutex
	running bool
	again   bool
	resting bool        // large flushes may still come
	timer   *time.Timer // ends the rest; nil before the first
	done    sync.WaitGroup
	err     error // of the last merge; under mu
}

// settleAfter is how long no large Flush has come when all that is due is merged.
const settleAfter = time.Minute

func newMerger(x *Index) *merger { return &merger{x: x} }

// flushed looks for something to merge after a Flush of so many documents.
func (m *merger) flushed(docs int) {
	if tier(docs) >= busyTier {
		m.rest()
	}
	m.wake()
}

// rest leaves large segments alone for a while.
func (m *merger) rest() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stopped.Load() {
		return
	}
	if m.resting = true; m.timer == nil {
		m.timer = time.AfterFunc(settleAfter, m.settle)
	} else {
		m.timer.Reset(settleAfter)
	}
}

// settle ends the rest and looks for something to merge.
func (m *merger) settle() {
	m.mu.Lock()
	m.resting = false
	m.mu.Unlock()
	m.wake()
}

// Settle merges all that is due without waiting for the end of large flushes, and
// returns how the last merge ended.
func (x *Index) Settle() error {
	x.merger.settle()
	x.merger.done.Wait()
	x.merger.mu.Lock()
	defer x.merger.mu.Unlock()
	return x.merger.err
}

// wake looks for something to merge.
func (m *merger) wake() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.stopped.Load() {
		return
	}
	m.again = true
	if !m.running {
		m.running = true
		m.done.Go(m.run)
	}
}

func (m *merger) run() {
	for {
		resting, ok := m.take()
		if !ok {
			return
		}
		for {
			merged, err := m.x.merge(resting, m.stopped.Load)
			m.mu.Lock()
			m.err = err
			m.mu.Unlock()
			if err != nil || !merged {
				break // after an error, the next Flush tries again
			}
		}
	}
}

// take tells whether there is something to look for, else the run has ended, and whether
// large segments are to be left alone.
func (m *merger) take() (resting, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.again || m.stopped.Load() {
		m.running = false
		return false, false
	}
	m.again = false
	return m.resting, true
}

// stop returns when no merge is under way, and lets none begin.
func (m *merger) stop() {
	m.mu.Lock()
	m.stopped.Store(true)
	if m.timer != nil {
		m.timer.Stop()
	}
	m.mu.Unlock()
	m.done.Wait()
}

const (
	// fanOut is how many segments of about one size are merged into one.
	fanOut = 8
	// busyFanOut is fanOut while large flushes come one after another, for segments of
	// the tiers from busyTier on: merging them takes as long as making them, and what an
	// import writes is not worth that while more of it comes.
	busyFanOut = 32
	busyTier   = 2
)

// tier puts segments of about one size together: up to 1,023 documents, up to 8,191,
// up to 65,535, and more.
func tier(docs int) int { return max(0, bits.Len(uint(docs)>>8)) / 3 }

// mergeable returns the views that are to be merged next, or none: as many of one tier
// as make a group, or one of which over a quarter is dead. The result has at most
// maxDocs documents.
func mergeable(views []*view, resting bool) []*view {
	sorted := slices.SortedStableFunc(slices.Values(views), func(a, b *view) int { return cmp.Compare(a.kept(), b.kept()) })
	for len(sorted) > 0 {
		n, of, enough := 1, tier(sorted[0].kept()), fanOut
		for n < len(sorted) && tier(sorted[n].kept()) == of {
			n++
		}
		if of >= busyTier && resting {
			enough = busyFanOut
		}
		if n >= enough {
			if group := fitting(sorted[:n]); len(group) > 1 {
				return group
			}
		}
		sorted = sorted[n:]
	}
	for _, v := range views {
		if dead := int(v.docs) - v.kept(); dead > v.kept()/3 && dead > 64 {
			return []*view{v}
		}
	}
	return nil
}

// fitting returns as many of the smallest views as make one segment.
func fitting(sorted []*view) []*view {
	docs := 0
	for n, v := range sorted {
		if docs += v.kept(); docs > maxDocs || n == 2*fanOut {
			return sorted[:n]
		}
	}
	return sorted
}

// kept is how many documents a merge would leave.
func (v *view) kept() int { return int(v.docs) - v.flushed.Count() }

// merge merges what is due, and tells whether anything was.
func (x *Index) merge(resting bool, stopped func() bool) (bool, error) {
	x.mu.RLock()
	group := mergeable(x.views, resting)
	x.mu.RUnlock()
	if len(group) == 0 || stopped() {
		return false, nil
	}
	err := x.mergeGroup(group, stopped)
	if errors.Is(err, errStopped) {
		return false, nil
	}
	return err == nil, x.noted(err)
}

// mergeGroup makes one segment of several.
func (x *Index) mergeGroup(group []*view, stopped func() bool) error {
	dropped, segments := make([]facet.Bitmap, len(group)), make([]*segment, len(group))
	x.mu.RLock()
	for i, v := range group {
		dropped[i], segments[i] = v.flushed, v.segment
	}
	x.mu.RUnlock()
	m, err := newMerging(segments, dropped, stopped)
	if err != nil {
		return err
	}
	return x.replace(group, m)
}

// replace writes a merge and puts it in the place of its parts.
func (x *Index) replace(group []*view, m *merging) error {
	number := x.take()
	path := filepath.Join(x.dir, fileName(number))
	err := install(path, func(f *os.File) error { return writeSegment(f, m) })
	if err != nil {
		return err
	}
	s, err := openSegment(path)
	if err != nil {
		return err
	}
	merged, err := newView(s, number, nil)
	if err != nil {
		return err
	}
	x.disk.Lock()
	defer x.disk.Unlock()
	if err := x.swap(group, merged, m); err != nil {
		return err
	}
	if merged.docs == 0 {
		group = append(group, merged)
	}
	return x.dispose(group)
}

func (x *Index) take() uint64 {
	x.disk.Lock()
	defer x.disk.Unlock()
	x.next++
	return x.next - 1
}

// swap writes the manifest, and then puts merged in the place of its parts, with what
// died in them since the merge began. Nothing else changes what is flushed meanwhile,
// since disk is held.
func (x *Index) swap(group []*view, merged *view, m *merging) error {
	merged.flushed = m.renumbered(func(i int) facet.Bitmap { return group[i].flushed })
	views := slices.DeleteFunc(slices.Clone(x.views), func(v *view) bool { return slices.Contains(group, v) })
	if merged.docs > 0 {
		views = append(views, merged)
	}
	if err := writeManifest(x.dir, x.manifest(views, x.mark)); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.views = views
	dead := m.renumbered(func(i int) facet.Bitmap { return group[i].dead })
	for doc := range merged.docs {
		if !dead.Has(doc) {
			continue
		}
		if err := merged.kill(doc); err != nil {
			return err
		}
	}
	return nil
}

// renumbered returns the documents of the new segment that are in the bitmaps of its
// parts; nil for none.
func (m *merging) renumbered(of func(i int) facet.Bitmap) facet.Bitmap {
	docs, _ := m.size()
	out := facet.NewBitmap(docs)
	for i, p := range m.from {
		from := of(i)
		for _, doc := range p.kept {
			if from.Has(doc) {
				out.Set(p.renumbered[doc])
			}
		}
	}
	if out.Count() == 0 {
		return nil
	}
	return out
}

// dispose removes files that no manifest lists and no search reads.
func (x *Index) dispose(group []*view) error {
	var errs []error
	for _, v := range group {
		errs = append(errs, v.unmap(), ignoreMissing(os.Remove(v.path)))
	}
	if err := errors.Join(errs...); err != nil {
		return &match.Error{Kind: match.Unavailable, Record: x.dir, Reason: "merged files cannot be removed", Err: err}
	}
	return nil
}
