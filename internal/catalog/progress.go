package catalog

import (
	"context"
	"time"
)

// secure flushes vectors and words and moves the watermark.
func (f *follower) secure(ctx context.Context) error {
	f.turn.Lock()
	defer f.turn.Unlock()
	if err := f.secureLocked(ctx); err != nil || f.shared != nil {
		return err
	}
	return f.keepWords(ctx, 1)
}

func (f *follower) secureLocked(ctx context.Context) error {
	if f.shared != nil {
		return f.secureShared(ctx)
	}
	if err := f.keepWords(ctx, keepEvery); err != nil {
		return err
	}
	return f.secureVectors(ctx)
}

// secureVectors flushes the vectors, or words on a server, and moves the watermark.
func (f *follower) secureVectors(ctx context.Context) error {
	if f.shared != nil {
		return f.secureShared(ctx)
	}
	at := f.applied.Load()
	if at == f.secured || f.claims != nil && f.claim == nil { // the watermark is the leader's
		return nil
	}
	if err := f.vectors.Flush(ctx); err != nil {
		return err
	}
	if err := f.store.SetWatermark(ctx, f.name, at); err != nil {
		return err
	}
	f.secured, f.lately = at, time.Now()
	return nil
}

// wake tells the follower that there is something to follow.
func (f *follower) wake() {
	select {
	case f.woken <- struct{}{}:
	default:
	}
}

// await returns when the change with seq was followed, or with the error that
// keeps it from being followed, such as that of a full disk.
func (f *follower) await(ctx context.Context, seq int64) error {
	f.mu.Lock()
	if heir := f.heir; heir != nil {
		f.mu.Unlock()
		return heir.await(ctx, seq)
	}
	if f.applied.Load() >= seq {
		f.mu.Unlock()
		return nil
	}
	w := waiter{seq, make(chan error, 1)}
	f.waiters = append(f.waiters, w)
	f.mu.Unlock()
	f.wake()
	select {
	case err := <-w.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// release lets go of those who wait for changes up to seq.
func (f *follower) release(seq int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	left := f.waiters[:0]
	for _, w := range f.waiters {
		if w.seq <= seq {
			w.done <- nil
		} else {
			left = append(left, w)
		}
	}
	f.waiters = left
}

// giveUp tells those who wait that their changes are not followed, and why. The
// follower itself goes on trying.
func (f *follower) giveUp(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.waiters {
		w.done <- err
	}
	f.waiters = nil
}
