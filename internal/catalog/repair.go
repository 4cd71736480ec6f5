package catalog

import (
	"context"
	"fmt"
	"slices"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Remake embeds and indexes the newest revisions of records again, whatever their
// state. Those that fail are noted.
func (c *Catalog) Remake(ctx context.Context, refs []match.Ref) error {
	attempts := map[match.Ref]int{}
	for kind, f := range c.followers {
		var own []match.Ref
		for _, ref := range refs {
			if ref.Kind == kind {
				own = append(own, ref)
			}
		}
		for chunk := range slices.Chunk(own, batchSize) {
			if err := f.remake(ctx, chunk, attempts); err != nil {
				return fmt.Errorf("making the vectors of %d %ss again: %w", len(chunk), kind, err)
			}
		}
	}
	return nil
}

func (f *follower) remake(ctx context.Context, refs []match.Ref, attempts map[match.Ref]int) error {
	f.turn.Lock()
	defer f.turn.Unlock()
	_, err := f.retryRefs(ctx, refs, attempts)
	return err
}

// Drop takes keys that belong to no live record out of the vectors and words of a kind.
func (c *Catalog) Drop(ctx context.Context, kind match.Kind, keys []string) error {
	f := c.followers[kind]
	f.turn.Lock()
	defer f.turn.Unlock()
	if err := f.vectors.Delete(ctx, keys); err != nil {
		return err
	}
	if err := f.words.Delete(ctx, keys); err != nil {
		return err
	}
	return f.vectors.Flush(ctx)
}

// RetryNow tries all failed records again without waiting for their time, and
// returns how many there were and which of them failed again.
func (c *Catalog) RetryNow(ctx context.Context) (tried int, left []store.Failure, err error) {
	for _, f := range c.followers {
		failed, err := c.store.Failures(ctx, f.name, failureLimit)
		if err != nil {
			return tried, nil, err
		}
		attempts, refs := map[match.Ref]int{}, []match.Ref{}
		for _, failure := range failed {
			attempts[failure.Ref] = failure.Attempts
			refs = append(refs, failure.Ref)
		}
		for chunk := range slices.Chunk(refs, batchSize) {
			if err := f.remake(ctx, chunk, attempts); err != nil {
				return tried, nil, err
			}
		}
		tried += len(refs)
		again, err := c.store.Failures(ctx, f.name, failureLimit)
		if err != nil {
			return tried, nil, err
		}
		left = append(left, again...)
	}
	return tried, left, nil
}
