package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// failedTexts sorts an embedder's error: the reason of each failed text by its
// index, or an error that stops the work. An embedder that is down fails all
// texts: their records wait, found by their words, until it is back.
func failedTexts(err error, n int) (map[int]error, error) {
	var partial *embed.PartialError
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &partial):
		return partial.Errs, nil
	case match.KindOf(err) == match.Unavailable:
		all := make(map[int]error, n)
		for i := range n {
			all[i] = err
		}
		return all, nil
	}
	return nil, err
}

func firstNonNil(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// failure is the note of a record that could not be embedded.
func (f *follower) failure(r *match.Record, reason error) store.Failure {
	return store.Failure{
		Follower: f.name, Ref: r.Ref, Seq: r.Seq, Stage: match.Accepted,
		Reason: reason.Error(), Attempts: 1, RetryAt: f.now().Add(firstRetry),
	}
}

// note writes down what failed and strikes out what did not.
func (f *follower) note(ctx context.Context, settled []match.Ref, failures []store.Failure) error {
	if f.failing.Load() > 0 && len(settled) > 0 {
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
	if len(failures) == 0 && f.failing.Load() == 0 {
		return nil
	}
	left, err := f.store.Failures(ctx, f.name, failureLimit)
	if err != nil {
		return err
	}
	f.failing.Store(int64(len(left)))
	return nil
}

// retry embeds the failed records that are due again.
func (f *follower) retry(ctx context.Context) (int, error) {
	if f.failing.Load() == 0 {
		return 0, nil
	}
	all, err := f.store.Failures(ctx, f.name, failureLimit)
	if err != nil {
		return 0, err
	}
	attempts := map[match.Ref]int{}
	var refs []match.Ref
	for _, failure := range all {
		if !failure.RetryAt.IsZero() && !failure.RetryAt.After(f.now()) && len(refs) < batchSize {
			refs = append(refs, failure.Ref)
			attempts[failure.Ref] = failure.Attempts
		}
	}
	if len(refs) == 0 {
		return 0, nil
	}
	return f.retryRefs(ctx, refs, attempts)
}

func (f *follower) retryRefs(ctx context.Context, refs []match.Ref, attempts map[match.Ref]int) (int, error) {
	records, err := f.store.Get(ctx, refs)
	if err != nil {
		return 0, err
	}
	var live []*match.Record
	var settled []match.Ref
	for i, r := range records {
		if r == nil || r.Withdrawn {
			settled = append(settled, refs[i])
			continue
		}
		live = append(live, r)
	}
	points, done, failures, err := f.embed(ctx, live)
	if err != nil {
		return 0, err
	}
	for i := range failures {
		failures[i].Attempts = attempts[failures[i].Ref] + 1
		failures[i].RetryAt = f.now().Add(backOff(failures[i].Attempts))
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

// backOff doubles from firstRetry to lastRetry.
func backOff(attempts int) time.Duration {
	return min(lastRetry, firstRetry<<min(attempts, 20))
}
