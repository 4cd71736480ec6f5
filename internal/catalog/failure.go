package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// allFailed gives n records the same reason. An embedder that is down fails all
// records: they wait, found by their words, until it is back.
func allFailed(reason error, n int) map[int]error {
	all := make(map[int]error, n)
	for i := range n {
		all[i] = reason
	}
	return all
}

// failure is the note of a record that could not be embedded.
func (f *follower) failure(r *match.Record, reason error) store.Failure {
	stage := match.Accepted
	if match.KindOf(reason) == match.Unavailable {
		stage = match.EmbedPending
	}
	return store.Failure{
		Follower: f.name, Ref: r.Ref, Seq: r.Seq, Stage: stage,
		Reason: reason.Error(), Attempts: 1, RetryAt: f.now().Add(firstRetry),
	}
}

// note writes down what failed and strikes out what did not.
func (f *follower) note(ctx context.Context, settled []match.Ref, failures []store.Failure) error {
	if f.failing.Load() && len(settled) > 0 {
		if err := f.store.ClearFailures(ctx, f.name, settled); err != nil {
			return err
		}
	}
	if len(failures) > 0 {
		f.log.Warn("records are not embedded and will be tried again", "records", len(failures), "first", failures[0].Ref.String(), "reason", failures[0].Reason)
		if err := f.store.PutFailures(ctx, failures); err != nil {
			return err
		}
	}
	if len(failures) == 0 && !f.failing.Load() {
		return nil
	}
	left, err := f.store.Failures(ctx, f.name, 1)
	if err != nil {
		return err
	}
	f.failing.Store(len(left) > 0)
	return nil
}

// retry embeds failed records that are due again, a page of them, and returns how many
// did not fail again.
func (f *follower) retry(ctx context.Context) (int, error) {
	if !f.failing.Load() {
		return 0, nil
	}
	_, done, err := f.retryPage(ctx, f.now())
	return done, err
}

// retryPage tries a page of what is due at a time, and returns how many were tried and
// how many of them are done.
func (f *follower) retryPage(ctx context.Context, at time.Time) (tried, done int, err error) {
	due, err := f.store.DueFailures(ctx, f.name, at, batchSize)
	if err != nil || len(due) == 0 {
		return 0, 0, err
	}
	attempts, refs := map[match.Ref]int{}, make([]match.Ref, len(due))
	for i, failure := range due {
		attempts[failure.Ref], refs[i] = failure.Attempts, failure.Ref
	}
	done, err = f.retryRefs(ctx, refs, attempts)
	return len(refs), done, err
}

func (f *follower) retryRefs(ctx context.Context, refs []match.Ref, attempts map[match.Ref]int) (int, error) {
	records, err := f.store.Get(ctx, refs)
	if err != nil {
		return 0, err
	}
	var live []change
	var settled []match.Ref
	for i, r := range records {
		if r == nil || r.Withdrawn {
			settled = append(settled, refs[i])
			continue
		}
		live = append(live, changed(r))
	}
	points, done, failures, err := f.embed(ctx, live)
	if err != nil {
		return 0, err
	}
	for i := range failures {
		failures[i].Attempts = attempts[failures[i].Ref] + 1
		failures[i].RetryAt = f.now().Add(backOff(failures[i]))
	}
	if err := f.vectors.Upsert(ctx, points); err != nil {
		return 0, fmt.Errorf("indexing %d records: %w", len(points), err)
	}
	if len(points) > 0 {
		if err := f.vectors.Flush(ctx); err != nil {
			return 0, err
		}
	}
	return len(done), f.note(ctx, append(settled, done...), failures)
}

// backOff doubles from firstRetry to lastRetry, for what waits for the embedder to
// lastPending.
func backOff(failure store.Failure) time.Duration {
	last := lastRetry
	if failure.Stage == match.EmbedPending {
		last = lastPending
	}
	return min(last, firstRetry<<min(failure.Attempts, 20))
}

// lastPending is soon: a service that is back must not wait for its records.
const lastPending = 30 * time.Second
