package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

// Words on a server (lexical.Shared) are not made beside vectors but by followers of
// their own, which a change of model leaves alone:
//
//	words/patents:  listens ── the claim is free ─► leads: writes words, moves the watermark
//	                   ▲                              │
//	                   └────── the claim is lost ─────┘
//
// Where several processes share the store, one of them writes the words of a kind, not
// necessarily the one that makes its vectors. The others refresh what they know of them
// and go by the watermark. The mark in the words themselves is never behind it, and is
// where the next one to lead goes on from.

// sharedWords are the followers of words on a server; empty where there are none.
type sharedWords struct {
	own    map[match.Kind]*follower
	cancel context.CancelFunc
	done   chan struct{}
}

// wordFollowerName is that of words on a server, which belong to no model.
func wordFollowerName(kind match.Kind) string { return fmt.Sprintf("words/%ss", kind) }

// newWordFollower returns nil where the words of a kind are not on a server.
func newWordFollower(c Config, kind match.Kind) *follower {
	shared, ok := c.Words[kind].(lexical.Shared)
	if !ok {
		return nil
	}
	f := newFollower(c, kind)
	f.name, f.log = wordFollowerName(kind), c.Log.With("follower", wordFollowerName(kind))
	f.embedder, f.vectors, f.words, f.shared, f.watching = nil, nil, shared, shared, c.ReadOnly
	return f
}

// catchUpShared decides where to go on from. The only process that writes the words
// writes first what they lack; others do so, or see another one do so, in the background.
func (f *follower) catchUpShared(ctx context.Context) error {
	last, err := f.store.LastSeq(ctx, f.kind)
	if err != nil {
		return err
	}
	f.opened = last
	if f.claims != nil || f.watching {
		f.listened = true
		leads, err := f.lead(ctx)
		if err == nil && !leads {
			_, err = f.listen(ctx)
		}
		if err == nil && f.applied.Load() < last {
			f.log.Warn("the words on the server are behind the writes", "have", f.applied.Load(), "last", last)
		}
		return err
	}
	if err := f.leadWords(ctx); err != nil {
		return err
	}
	defer f.pages.close()
	for {
		if n, err := f.step(ctx); n == 0 || err != nil {
			return err
		}
	}
}

// leadWords begins to write words where the last one who did so has ended. Where words
// are missing, all are written again.
func (f *follower) leadWords(ctx context.Context) error {
	if err := f.shared.Lead(ctx); err != nil {
		return err
	}
	last, err := f.store.LastSeq(ctx, f.kind)
	if err != nil {
		return err
	}
	f.recall(last)
	have, err := f.words.Count(ctx)
	if err != nil {
		return err
	}
	total, ok, err := f.total(ctx, f.worded)
	if err != nil {
		return err
	}
	switch {
	case ok && have < total:
		f.log.Warn("words are missing; all are written again", "have", have, "expected", total)
		f.worded = 0
	case ok && have > total:
		f.log.Error("there are words of records that are not stored; duijie doctor --repair makes all words again", "have", have, "expected", total)
	}
	f.applied.Store(f.worded)
	f.secured = f.worded
	return nil
}

// listenWords learns what the words have that another process writes.
func (f *follower) listenWords(ctx context.Context) error {
	at, err := f.store.Watermark(ctx, f.name)
	if err == nil && f.watching { // nobody need write them
		at, err = f.store.LastSeq(ctx, f.kind)
	}
	if err != nil {
		return err
	}
	if err := f.shared.Refresh(ctx); err != nil { // with all up to at
		return err
	}
	f.applied.Store(at)
	f.secured = at
	f.release(at)
	return nil
}

// wordsAgain writes the words of all records again, in turn with newer ones, unless
// another process writes them.
func (f *follower) wordsAgain(ctx context.Context) error {
	f.turn.Lock()
	leads, err := f.lead(ctx)
	f.turn.Unlock()
	if err != nil {
		return err
	}
	if !leads {
		f.log.Warn("the words are not written again: another process writes them")
		return nil
	}
	return f.again(ctx, func(int64) {})
}

// secureShared is secureVectors for words on a server.
func (f *follower) secureShared(ctx context.Context) error {
	at := f.applied.Load()
	if at == f.secured && at == f.wordsKept || f.claims != nil && f.claim == nil {
		return nil
	}
	if err := f.words.Flush(ctx, at); err != nil {
		return err
	}
	f.wordsKept, f.lately = at, time.Now()
	if err := f.store.SetWatermark(ctx, f.name, at); err != nil {
		return err
	}
	f.secured = at
	return nil
}

// dropWords takes keys out of words on a server, unless another process writes them.
func (f *follower) dropWords(ctx context.Context, keys []string) error {
	f.turn.Lock()
	defer f.turn.Unlock()
	leads, err := f.lead(ctx)
	if err != nil {
		return err
	}
	if !leads {
		return &match.Error{Kind: match.Conflict, Record: f.name, Reason: "another process writes these words; do it while none does"}
	}
	if err := f.words.Delete(ctx, keys); err != nil {
		return err
	}
	return f.words.Flush(ctx, f.applied.Load())
}

// start lets the followers run until stop.
func (s *sharedWords) start(ctx context.Context) {
	ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx))
	s.done = make(chan struct{})
	ended := make(chan struct{}, len(s.own))
	for _, f := range s.own {
		go func() {
			f.run(ctx)
			ended <- struct{}{}
		}()
	}
	go func() {
		for range s.own {
			<-ended
		}
		close(s.done)
	}()
}

// stop stops the followers and secures their work.
func (s *sharedWords) stop() error {
	s.cancel()
	<-s.done
	var all error
	for kind, f := range s.own {
		if err := f.secure(context.Background()); err != nil {
			all = errors.Join(all, fmt.Errorf("closing the words of %ss: %w", kind, err))
		}
		f.resign()
	}
	return all
}
