package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Standing is how far a record is on its way into the answers.
type Standing struct {
	State  match.State
	Reason string // why it failed; empty for other states
}

// States is State for many records at the price of one: what failed is read at most
// once for each kind. The result is in the order of the records.
func (c *Catalog) States(ctx context.Context, records []*match.Record) ([]Standing, error) {
	failed := map[match.Kind]map[match.Ref]string{}
	out := make([]Standing, len(records))
	for i, r := range records {
		f := c.followers[r.Kind]
		if r.Seq > f.applied.Load() {
			out[i].State = match.Accepted
			continue
		}
		if failed[r.Kind] == nil {
			reasons, err := f.reasons(ctx)
			if err != nil {
				return nil, fmt.Errorf("reading which %ss failed: %w", r.Kind, err)
			}
			failed[r.Kind] = reasons
		}
		out[i].State = match.Indexed
		if reason, ok := failed[r.Kind][r.Ref]; ok {
			out[i] = Standing{match.Failed, reason}
		}
	}
	return out, nil
}

// reasons tells why records are not searchable. It is never nil without an error.
func (f *follower) reasons(ctx context.Context) (map[match.Ref]string, error) {
	out := map[match.Ref]string{}
	if f.failing.Load() == 0 {
		return out, nil
	}
	failures, err := f.store.Failures(ctx, f.name, failureLimit)
	if err != nil {
		return nil, err
	}
	for _, failure := range failures {
		out[failure.Ref] = failure.Reason
	}
	return out, nil
}

// RetrySoon makes all failed records due now, those that would never be tried again
// included, and returns how many there are. It does not wait for the outcome, as
// RetryNow does; attempts go on counting.
func (c *Catalog) RetrySoon(ctx context.Context) (due int, err error) {
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		n, err := c.followers[kind].retrySoon(ctx)
		due += n
		if err != nil {
			return due, fmt.Errorf("making failed %ss due: %w", kind, err)
		}
	}
	return due, nil
}

// retrySoon takes its turn, so that it does not write a note again that a retry has
// just struck out.
func (f *follower) retrySoon(ctx context.Context) (int, error) {
	f.turn.Lock()
	defer f.turn.Unlock()
	failures, err := f.store.Failures(ctx, f.name, failureLimit)
	if err != nil || len(failures) == 0 {
		return 0, err
	}
	makeDue(failures, f.now())
	if err := f.store.PutFailures(ctx, failures); err != nil {
		return 0, err
	}
	f.wake()
	return len(failures), nil
}

func makeDue(failures []store.Failure, now time.Time) {
	for i := range failures {
		if at := failures[i].RetryAt; at.IsZero() || at.After(now) {
			failures[i].RetryAt = now
		}
	}
}
