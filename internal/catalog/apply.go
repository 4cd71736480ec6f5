package catalog

import (
	"context"
	"errors"
	"fmt"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
)

// apply brings words and vectors up to date, side by side; again makes words anew that
// are so already. After an error either may have been: doing it again is harmless.
func (f *follower) apply(ctx context.Context, changes []change, again bool) error {
	if f.shared != nil {
		if err := f.stillLeads(ctx); err != nil {
			return err
		}
		return f.applyWords(ctx, changes, again)
	}
	words := make(chan error, 1)
	go func() {
		words <- f.applyWords(ctx, changes, again)
	}()
	err := f.applyVectors(ctx, changes)
	return errors.Join(err, <-words)
}

// applyVectors embeds and indexes the live changes and takes the others out.
func (f *follower) applyVectors(ctx context.Context, changes []change) error {
	live := make([]change, 0, len(changes))
	var gone []string
	var settled []match.Ref
	for _, r := range changes {
		if r.Withdrawn {
			gone = append(gone, r.Key())
			settled = append(settled, r.Ref)
			continue
		}
		live = append(live, r)
	}
	points, embedded, failures, err := f.embed(ctx, live)
	if err != nil {
		return err
	}
	if err := f.stillLeads(ctx); err != nil {
		return err
	}
	for _, failure := range failures { // the vectors of an older text must not speak for it
		gone = append(gone, failure.Ref.Key())
	}
	if err := f.vectors.Delete(ctx, gone); err != nil {
		return err
	}
	if err := f.vectors.Upsert(ctx, points); err != nil {
		return fmt.Errorf("indexing %d records: %w", len(points), err)
	}
	return f.note(ctx, append(settled, embedded...), failures)
}

// embed makes the points of records. Records that could not be embedded come back
// as failures; an error means that none was tried to the end.
func (f *follower) embed(ctx context.Context, records []change) (points []index.Point, done []match.Ref, failures []store.Failure, err error) {
	if len(records) == 0 {
		return nil, nil, nil, nil
	}
	plain := make([]*match.Record, len(records))
	for i, r := range records {
		plain[i] = r.Record
	}
	vectors, failed, err := retrieve.EmbedRecords(ctx, f.embedder, f.kind, plain)
	if match.KindOf(err) == match.Unavailable {
		failed, err = allFailed(err, len(records)), nil
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("embedding %d records: %w", len(records), err)
	}
	for i, r := range records {
		if reason := failed[i]; reason != nil {
			failures = append(failures, f.failure(r.Record, reason))
			continue
		}
		points = append(points, index.Point{Key: r.Key(), Payload: r.payload, Vectors: map[string][]float32{
			retrieve.TitleVector: vectors[i].Title, retrieve.TextVector: vectors[i].Text,
		}})
		done = append(done, r.Ref)
	}
	return points, done, failures, nil
}
