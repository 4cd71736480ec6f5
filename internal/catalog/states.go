package catalog

import (
	"context"
	"fmt"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Standing is how far a record is on its way into the answers.
type Standing struct {
	State  match.State
	Reason string // why it failed or waits for the embedder; empty for other states
}

// States is State for many records at the price of one: the notes of those that failed
// are looked up at once for each kind. The result is in the order of the records.
func (c *Catalog) States(ctx context.Context, records []*match.Record) ([]Standing, error) {
	out := make([]Standing, len(records))
	for kind, f := range c.followers() {
		var at []int
		var refs []match.Ref
		for i, r := range records {
			switch {
			case r.Kind != kind:
			case r.Seq > c.Applied(kind):
				out[i].State = match.Accepted
			default:
				out[i].State = match.Indexed
				at, refs = append(at, i), append(refs, r.Ref)
			}
		}
		notes, err := f.notes(ctx, refs)
		if err != nil {
			return nil, fmt.Errorf("reading which %ss failed: %w", kind, err)
		}
		for i, note := range notes {
			if note != nil {
				out[at[i]] = standingOf(*note)
			}
		}
	}
	return out, nil
}

// notes are those on the refs that have no vectors; none where nothing failed.
func (f *follower) notes(ctx context.Context, refs []match.Ref) ([]*store.Failure, error) {
	if len(refs) == 0 || !f.failing.Load() {
		return nil, nil
	}
	return f.store.FailuresOf(ctx, f.name, refs)
}

func standingOf(failure store.Failure) Standing {
	if failure.Stage == match.EmbedPending {
		return Standing{match.EmbedPending, failure.Reason}
	}
	return Standing{match.Failed, failure.Reason}
}
