package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/store"
)

// RetrySoon makes all failed records due now, those that would never be tried again
// included, and returns how many there are. The followers then try them; attempts go
// on counting.
func (c *Catalog) RetrySoon(ctx context.Context) (due int, err error) {
	for kind, f := range c.followers() {
		n, err := f.makeDue(ctx)
		if err != nil {
			return due, fmt.Errorf("making failed %ss due: %w", kind, err)
		}
		f.wake()
		due += n
	}
	return due, nil
}

// RetryNow tries all failed records again itself, without waiting for their time, and
// returns how many there were and which of them failed again, at most leftLimit of a
// kind.
func (c *Catalog) RetryNow(ctx context.Context) (tried int, left []store.Failure, err error) {
	for kind, f := range c.followers() {
		n, again, err := f.retryAll(ctx)
		if err != nil {
			return tried, nil, fmt.Errorf("trying failed %ss again: %w", kind, err)
		}
		tried += n
		left = append(left, again...)
	}
	return tried, left, nil
}

const leftLimit = 100_000

// retryAll makes all due and takes them page by page: what fails again is due later
// than that.
func (f *follower) retryAll(ctx context.Context) (tried int, left []store.Failure, err error) {
	now := f.now()
	if tried, err = f.store.MakeDue(ctx, f.name, now); err != nil || tried == 0 {
		return 0, nil, err
	}
	for {
		n, err := f.retryDue(ctx, now)
		if err != nil {
			return 0, nil, err
		}
		if n == 0 {
			break
		}
	}
	left, err = f.store.Failures(ctx, f.name, leftLimit)
	return tried, left, err
}

// retryDue tries one page of what is due at a time, in turn with other changes, and
// returns how many there were.
func (f *follower) retryDue(ctx context.Context, at time.Time) (int, error) {
	f.turn.Lock()
	defer f.turn.Unlock()
	tried, _, err := f.retryPage(ctx, at)
	return tried, err
}

// makeDue takes its turn, so that it does not count what a retry is striking out.
func (f *follower) makeDue(ctx context.Context) (int, error) {
	f.turn.Lock()
	defer f.turn.Unlock()
	return f.store.MakeDue(ctx, f.name, f.now())
}
