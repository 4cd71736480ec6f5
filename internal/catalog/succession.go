package catalog

import (
	"context"

	"github.com/duijie/duijie/internal/match"
)

// A change of model on a live catalog is a succession: a second catalog, on the same
// store, with the new embedder, vectors of its own and no words, follows the same
// writes in the background until it has caught up; then it takes over.
//
//	old:  follows ───────────────────────────────► stops, hands words and waiters over
//	new:      opened without words ─ catches up ─► takes over (Succeed)
//
// Each model has a watermark of its own, so that a new catalog goes on after a crash
// where it was, and so does an old one that is opened again.

// followers are those of the catalog that took over, or its own.
func (c *Catalog) followers() map[match.Kind]*follower {
	if next := c.next.Load(); next != nil {
		return next.followers()
	}
	return c.own
}

// wordFollowers are those of words on a server; none where words are in the folder.
func (c *Catalog) wordFollowers() map[match.Kind]*follower {
	if next := c.next.Load(); next != nil {
		return next.wordFollowers()
	}
	return c.shared.own
}

// all are the followers of vectors and those of words on a server.
func (c *Catalog) all() []*follower {
	var out []*follower
	for _, f := range c.followers() {
		out = append(out, f)
	}
	for _, f := range c.wordFollowers() {
		out = append(out, f)
	}
	return out
}

// Advance tells how far a catalog has come with all writes: done and total are sums of
// sequence numbers over the kinds, waiting counts the records whose embedder was down,
// refused those that it does not take.
func (c *Catalog) Advance(ctx context.Context) (a Advance, err error) {
	for kind, f := range c.followers() {
		last, err := c.store.LastSeq(ctx, kind)
		if err != nil {
			return a, err
		}
		waiting, refused, err := f.failures(ctx)
		if err != nil {
			return a, err
		}
		a.Waiting += waiting
		a.Refused += refused
		a.Total += last
		a.Done += min(last, f.applied.Load())
	}
	return a, nil
}

// Advance is how far a catalog is with the writes of its store.
type Advance struct {
	Done, Total      int64 // sums of sequence numbers
	Waiting, Refused int   // records: their embedder was down, it refuses them
}

// CaughtUp tells whether a catalog may take over: no record waits for its embedder, and
// every write is followed; of many writes all but the last page, since they may never
// cease.
func (a Advance) CaughtUp() bool {
	return a.Waiting == 0 && a.Total-a.Done <= min(batchSize, a.Total/100)
}

// Succeed lets next, which was opened without words, take over: c stops following and
// hands its words and those who wait to next, and every later call of c is one of
// next's. Close next by closing c. Vectors of writes that next has not followed yet come
// in a moment; words are complete.
func (c *Catalog) Succeed(ctx context.Context, next *Catalog) {
	if live := c.next.Load(); live != nil {
		live.Succeed(ctx, next)
		return
	}
	c.cancel()
	c.done.Wait()
	next.shared = c.shared // its own has no followers
	for kind, f := range c.own {
		if err := f.secure(ctx); err != nil { // then it goes on from an earlier write, should it come back
			f.log.Warn("the progress of the model that is replaced is not secured", "error", err)
		}
		f.resign()
		f.hand(next.own[kind])
	}
	c.next.Store(next)
}

// hand gives words and waiters to another follower. What that one has followed and f
// has not is followed again, for its words.
func (f *follower) hand(to *follower) {
	to.turn.Lock()
	defer to.turn.Unlock()
	to.pages.close()
	to.words, to.worded, to.wordsKept = f.words, f.worded, f.wordsKept
	if at := f.applied.Load(); at < to.applied.Load() {
		to.applied.Store(at)
	}
	f.mu.Lock()
	waiters := f.waiters
	f.waiters, f.heir = nil, to
	f.mu.Unlock()
	to.mu.Lock()
	to.waiters = append(to.waiters, waiters...)
	to.mu.Unlock()
	to.release(to.applied.Load())
	to.wake()
}
