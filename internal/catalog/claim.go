package catalog

import (
	"context"
	"errors"
	"fmt"
)

// Where several processes have one store open, one of them makes the vectors of a
// follower, which all of them search; the others keep their own words up to date, and
// go by the watermark:
//
//	listens ── the claim is free ─► leads: embeds, indexes, moves the watermark
//	   ▲                              │
//	   └────── the claim is lost ─────┘
//
// A leader asks before it indexes what it has embedded whether it still leads. One that
// loses its claim in the midst of an upsert may write vectors of a text that its
// successor has replaced meanwhile; doctor --deep finds them.

// lead tells whether this process makes the vectors, and begins to where nobody does.
func (f *follower) lead(ctx context.Context) (bool, error) {
	if f.watching {
		return false, nil
	}
	if f.claims == nil {
		return true, nil
	}
	if f.claim != nil {
		err := f.claim.Held(ctx)
		if err == nil || ctx.Err() != nil {
			return err == nil, ctx.Err()
		}
		f.log.Warn("another process may make the vectors from here on", "error", err)
		f.resign()
	}
	claim, err := f.claims.Claim(ctx, f.name)
	if err != nil || claim == nil {
		return false, err
	}
	f.claim = claim
	if !f.listened {
		return true, nil
	}
	if f.shared != nil {
		if err := f.leadWords(ctx); err != nil {
			f.resign()
			return false, err
		}
		f.listened = false
		f.log.Info("this process writes the words from here on", "from", f.worded)
		return true, nil
	}
	at, err := f.store.Watermark(ctx, f.name) // the last one's, who has moved it for the last time
	if err == nil {
		err = f.wordsUpTo(ctx, at)
	}
	if err != nil {
		f.resign()
		return false, err
	}
	f.log.Info("this process makes the vectors from here on", "from", at)
	f.applied.Store(at)
	f.secured, f.listened = at, false
	return true, nil
}

// wordsUpTo reads the words of the changes that a leader is not to apply.
func (f *follower) wordsUpTo(ctx context.Context, at int64) error {
	for f.words != nil && f.worded < at {
		changes, err := f.pages.next(ctx, f.worded)
		if err != nil || len(changes) == 0 {
			return err
		}
		if err := f.applyWords(ctx, changes, false); err != nil {
			return err
		}
	}
	return nil
}

// resign lets others lead.
func (f *follower) resign() {
	if f.claim == nil {
		return
	}
	if err := f.claim.Release(); err != nil {
		f.log.Debug("a claim was lost before it was released", "error", err)
	}
	f.claim, f.listened = nil, true
}

// stillLeads is an error if another process may make the vectors.
func (f *follower) stillLeads(ctx context.Context) error {
	if f.claim == nil {
		return nil
	}
	if err := f.claim.Held(ctx); err != nil {
		return fmt.Errorf("nothing is indexed: %w", err)
	}
	return nil
}

// listen brings the words up to date, and learns how far the leader is. It returns how
// many changes it read.
func (f *follower) listen(ctx context.Context) (n int, err error) {
	f.listened = true
	if f.shared != nil {
		return 0, f.listenWords(ctx)
	}
	if f.words != nil { // else another catalog has them
		changes, err := f.pages.next(ctx, f.worded)
		if err != nil {
			return 0, err
		}
		if n = len(changes); n > 0 {
			err = errors.Join(f.applyWords(ctx, changes, false), f.keepBehind(ctx))
		} else {
			err = f.keepWords(ctx, keepEvery)
		}
		if err != nil {
			return 0, err
		}
	}
	at, err := f.store.Watermark(ctx, f.name)
	if err != nil {
		return 0, err
	}
	if f.words != nil {
		at = min(at, f.worded)
	}
	left, err := f.store.Failures(ctx, f.name, 1)
	if err != nil {
		return 0, err
	}
	f.failing.Store(len(left) > 0)
	f.applied.Store(at)
	f.secured = at // by the leader
	f.release(at)
	return n, nil
}
