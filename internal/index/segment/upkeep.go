package segment

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/duijie/duijie/internal/index/flat"
)

// fullFactor times Options.SealAt points in the newest layer make writers wait for the
// one before it to be sealed.
const fullFactor = 2

// upkeep turns layers in memory into segments, and small segments into large ones, in
// the background:
//
//	        SealAt points        its segment is in the manifest
//	active ───────────────▶ frozen ───────────────▶ segment ─▶ merged into a larger one
//
// While layers follow one another fast, as in an import, merging waits; see busyFan.
type upkeep struct {
	stop context.CancelFunc
	done sync.WaitGroup
	wake chan struct{}
	turn sync.Mutex // held by one sealing or merging at a time

	mu    sync.Mutex
	fault error          // of the last try; nil after a success
	tried chan struct{}  // closed with the next try
	trash map[int64]bool // merged segments whose files are still there
}

func (ix *Index) startUpkeep() {
	ctx, stop := context.WithCancel(context.Background())
	u := &ix.upkeep
	u.stop, u.wake, u.tried, u.trash = stop, make(chan struct{}, 1), make(chan struct{}), map[int64]bool{}
	ix.wakeUpkeep()
	u.done.Go(func() { ix.keepUp(ctx) })
}

func (ix *Index) wakeUpkeep() {
	select {
	case ix.upkeep.wake <- struct{}{}:
	default:
	}
}

func (ix *Index) keepUp(ctx context.Context) {
	ix.verifyRest(ctx)
	settle := make(<-chan time.Time)
	if ix.options.SettleAfter > 0 {
		ticker := time.NewTicker(ix.options.SettleAfter)
		defer ticker.Stop()
		settle = ticker.C
	}
	var before uint64
	for {
		quiet := false
		select {
		case <-ctx.Done():
			return
		case <-ix.upkeep.wake:
		case <-settle:
			ix.write.Lock()
			quiet, before = ix.touched == before, ix.touched
			ix.write.Unlock()
		}
		for more := true; more && ctx.Err() == nil; {
			more = ix.try(ctx, func() (bool, error) { return ix.step(ctx, quiet) })
		}
	}
}

// verifyRest verifies what Open had no time for. Damage stays with the segment, whose
// searches fail from then on.
func (ix *Index) verifyRest(ctx context.Context) {
	ix.mu.RLock()
	v := &view{}
	if ix.state != nil {
		v.hold(ix.state.segments)
	}
	ix.mu.RUnlock()
	for _, m := range v.segments {
		_ = m.verifyAll(1, func() bool { return ctx.Err() != nil })
	}
	_ = v.release()
}

// try does one thing in its turn, notes how it went, and tells whether there may be more.
func (ix *Index) try(ctx context.Context, do func() (bool, error)) bool {
	u := &ix.upkeep
	u.turn.Lock()
	more, err := do()
	u.turn.Unlock()
	if ctx.Err() != nil {
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.fault = err
	close(u.tried)
	u.tried = make(chan struct{})
	return more && err == nil
}

// step seals the oldest frozen layer, or merges what is due, and tells whether it did.
func (ix *Index) step(ctx context.Context, quiet bool) (bool, error) {
	ix.mu.RLock()
	s := ix.state
	ix.mu.RUnlock()
	if s == nil {
		return false, nil
	}
	if n := len(s.frozen); n > 0 {
		return true, ix.seal(ctx, s.frozen[n-1])
	}
	if due := ix.due(s.segments, quiet, ix.rests()); len(due) > 0 {
		return true, ix.merge(ctx, due)
	}
	return false, nil
}

const (
	// fan is how many segments of about one size are merged into one.
	fan = 4
	// busyFan is fan while layers are sealed one after another. Merging costs several
	// times as much as sealing, and an import is over the sooner the less is merged
	// before its end; until then a search reads up to busyFan·SealAt points whole, which
	// have 2²⁸ bytes of codes where SealAt is the default.
	busyFan = 32
	// busyFor times Options.SettleAfter after a layer was frozen, others may follow it:
	// where layers are further apart, merging four of them is little beside making them.
	busyFor = 12
	// wasted is the share of deleted points from which a segment is written anew.
	wasted = 0.3
	// settled is the share that the largest segment has where nothing is merged.
	settled = 0.8
)

// rests tells whether layers have been sealed one after another until now.
func (ix *Index) rests() bool {
	return time.Now().UnixNano()-ix.frozen.Load() < int64(busyFor*ix.options.SettleAfter)
}

// due says what to merge now: a segment that is mostly deleted; segments of one tier when
// there are enough of them; and, when no writes come, all that keeps the largest segment
// from having most points.
func (ix *Index) due(segments []member, quiet, rests bool) []member {
	tiers, all, largest := map[int][]member{}, 0, 0
	for _, m := range segments {
		if float64(m.alive) < (1-wasted)*float64(m.points()) {
			return []member{m}
		}
		tier := 0
		for size := ix.options.SealAt * fan; m.alive >= size*3/4; size *= fan {
			tier++
		}
		tiers[tier] = append(tiers[tier], m)
		all, largest = all+m.alive, max(largest, m.alive)
	}
	if quiet && len(segments) > 1 {
		return unsettled(segments, all, largest)
	}
	enough := fan
	if rests {
		enough = busyFan
	}
	for _, tier := range slices.Sorted(maps.Keys(tiers)) {
		if len(tiers[tier]) >= enough {
			return tiers[tier]
		}
	}
	return nil
}

// unsettled gives all segments, or those beside the largest if that has most points; none
// where there is one of them.
func unsettled(segments []member, all, largest int) []member {
	if float64(largest) < settled*float64(all) {
		return segments
	}
	rest := slices.DeleteFunc(slices.Clone(segments), func(m member) bool { return m.alive == largest })
	if len(rest) < 2 {
		return nil
	}
	return rest
}

// makeRoom freezes the newest layer if it is large; it waits where the last one is not
// sealed yet. The lock of writes is held.
func (ix *Index) makeRoom(ctx context.Context) error {
	for ix.writes && ix.state != nil {
		n := ix.state.active.Len()
		if n < ix.options.SealAt || len(ix.state.frozen) > 0 && n < fullFactor*ix.options.SealAt {
			return nil
		}
		if len(ix.state.frozen) == 0 {
			return ix.freeze()
		}
		if err := ix.await(ctx); err != nil {
			return err
		}
	}
	return nil
}

// await waits for the next try of the upkeep, without the lock of writes.
func (ix *Index) await(ctx context.Context) error {
	u := &ix.upkeep
	u.mu.Lock()
	fault, tried := u.fault, u.tried
	u.mu.Unlock()
	ix.wakeUpkeep()
	if fault != nil {
		return fault
	}
	ix.write.Unlock()
	defer ix.write.Lock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-tried:
		return nil
	}
}

// freeze begins a new layer. The lock of writes is held.
func (ix *Index) freeze() error {
	number := ix.manifest.Sealed + 1
	if len(ix.state.frozen) > 0 {
		number = ix.state.frozen[0].number + 1
	}
	old := ix.state.active
	if err := old.MoveLog(ix.frozenPath(number)); err != nil {
		return err
	}
	fresh, err := flat.OpenLayer(ix.options.Disk, ix.spec, flat.Layer{Path: LogPath(ix.dir, ix.spec.Collection), Publish: ix.publish})
	if err != nil {
		return err
	}
	ix.mu.Lock()
	ix.state = &state{
		active: fresh, segments: ix.state.segments,
		frozen: slices.Insert(slices.Clone(ix.state.frozen), 0, frozen{old, number}),
	}
	ix.mu.Unlock()
	ix.frozen.Store(time.Now().UnixNano())
	ix.wakeUpkeep()
	return nil
}

// Settle makes one segment of everything that is stored, and waits for it.
func (ix *Index) Settle(ctx context.Context) error {
	if !ix.writes {
		return nil
	}
	ix.write.Lock()
	var err error
	if ix.state == nil {
		err = errClosed
	} else if ix.state.active.Len() > 0 {
		err = ix.freeze()
	}
	ix.write.Unlock()
	for more := err == nil; more; {
		ix.upkeep.turn.Lock()
		more, err = ix.settleStep(ctx)
		ix.upkeep.turn.Unlock()
		more = more && err == nil
	}
	return err
}

func (ix *Index) settleStep(ctx context.Context) (bool, error) {
	ix.mu.RLock()
	s := ix.state
	ix.mu.RUnlock()
	switch {
	case s == nil:
		return false, errClosed
	case len(s.frozen) > 0:
		return true, ix.seal(ctx, s.frozen[len(s.frozen)-1])
	case len(s.segments) > 1 || len(s.segments) == 1 && s.segments[0].alive < s.segments[0].points():
		return true, ix.merge(ctx, s.segments)
	}
	return false, nil
}

// Close implements index.Index. It gives up what is being merged.
func (ix *Index) Close() error {
	if ix.upkeep.stop != nil {
		ix.upkeep.stop()
		ix.upkeep.done.Wait()
	}
	ix.write.Lock()
	defer ix.write.Unlock()
	ix.mu.Lock()
	s := ix.state
	ix.state = nil
	ix.mu.Unlock()
	if s == nil {
		return nil
	}
	err := s.active.Close()
	for _, f := range s.frozen {
		err = errors.Join(err, f.Abandon())
	}
	for _, m := range s.segments {
		err = errors.Join(err, m.release())
	}
	return err
}
