package catalog

import "context"

// secure flushes the vectors and moves the watermark.
func (f *follower) secure(ctx context.Context) error {
	f.turn.Lock()
	defer f.turn.Unlock()
	return f.secureLocked(ctx)
}

func (f *follower) secureLocked(ctx context.Context) error {
	at := f.applied.Load()
	if at == f.secured {
		return nil
	}
	if err := f.vectors.Flush(ctx); err != nil {
		return err
	}
	if err := f.store.SetWatermark(ctx, f.name, at); err != nil {
		return err
	}
	f.secured = at
	return nil
}

// wake tells the follower that there is something to follow.
func (f *follower) wake() {
	select {
	case f.woken <- struct{}{}:
	default:
	}
}

// await returns when the change with seq was followed.
func (f *follower) await(ctx context.Context, seq int64) error {
	f.mu.Lock()
	if f.applied.Load() >= seq {
		f.mu.Unlock()
		return nil
	}
	w := waiter{seq, make(chan struct{})}
	f.waiters = append(f.waiters, w)
	f.mu.Unlock()
	f.wake()
	select {
	case <-w.done:
		return nil
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
			close(w.done)
		} else {
			left = append(left, w)
		}
	}
	f.waiters = left
}
