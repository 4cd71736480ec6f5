package catalog

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
)

const (
	batchSize = 512
	// pollEvery bounds how long writes of other processes stay unseen.
	pollEvery = 500 * time.Millisecond
	// secureEvery is the number of changes after which vectors are flushed while
	// changes keep coming.
	secureEvery = 20_000
	firstRetry  = time.Second
	lastRetry   = 5 * time.Minute
	// patience is how often a part may be unavailable before waiters are told.
	patience = 5
)

// follower brings vectors and words of one kind in step with the store. Only its
// own goroutine, or Open before it runs, applies changes; again takes turns with it.
type follower struct {
	kind     match.Kind
	name     string
	store    store.Store
	embedder embed.Embedder
	vectors  index.Index
	words    lexical.Index
	log      *slog.Logger
	now      func() time.Time

	turn    sync.Mutex   // held while a batch is applied
	applied atomic.Int64 // newest change that was followed
	secured int64        // newest change whose vectors are on disk; under turn
	failing atomic.Int64 // records noted as failed
	woken   chan struct{}

	mu      sync.Mutex
	waiters []waiter
}

type waiter struct {
	seq  int64
	done chan error // takes one
}

// FollowerName names the follower of a kind under an embedder, as the store knows it.
func FollowerName(kind match.Kind, embedder string) string {
	return fmt.Sprintf("vectors/%ss/%s", kind, embedder)
}

func newFollower(c Config, kind match.Kind) *follower {
	return &follower{
		kind: kind, name: FollowerName(kind, c.Embedder.Identity()),
		store: c.Store, embedder: c.Embedder, vectors: c.Vectors[kind], words: c.Words[kind],
		log: c.Log.With("follower", string(kind)), now: c.Now, woken: make(chan struct{}, 1),
	}
}

// catchUp reads the words of everything up to the watermark, and decides whether
// the vectors can be trusted that far.
func (f *follower) catchUp(ctx context.Context) error {
	watermark, err := f.store.Watermark(ctx, f.name)
	if err != nil {
		return err
	}
	live, at := 0, int64(0)
	for at < watermark {
		changes, err := f.store.Changes(ctx, f.kind, at, batchSize)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			break
		}
		known := changes
		for i, r := range changes {
			if r.Seq > watermark {
				known = changes[:i]
				break
			}
		}
		n, err := f.applyWords(ctx, known)
		if err != nil {
			return err
		}
		live += n
		at = changes[len(changes)-1].Seq
	}
	return f.trust(ctx, watermark, live)
}

// trust sets where to go on from: the watermark, or the beginning where vectors
// are missing or the watermark speaks of writes that are not there.
func (f *follower) trust(ctx context.Context, watermark int64, live int) error {
	failures, err := f.store.Failures(ctx, f.name, failureLimit)
	if err != nil {
		return err
	}
	f.failing.Store(int64(len(failures)))
	have, err := f.vectors.Count(ctx, nil)
	if err != nil {
		return err
	}
	if have+len(failures) < live {
		f.log.Warn("vectors are missing and will be made again", "have", have, "expected", live-len(failures))
		watermark = 0
	}
	last, err := f.store.LastSeq(ctx, f.kind)
	if err != nil {
		return err
	}
	if watermark > last {
		f.log.Warn("the watermark is ahead of the writes; all vectors will be made again", "watermark", watermark, "last", last)
		watermark = 0
	}
	f.applied.Store(watermark)
	f.secured = watermark
	return nil
}

// run follows changes until ctx ends.
func (f *follower) run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	pause, failed := firstRetry, 0
	for ctx.Err() == nil {
		n, err := f.step(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			f.log.Error("following writes failed, will be tried again", "error", err, "after", pause)
			if failed++; failed > patience || match.KindOf(err) != match.Unavailable {
				f.giveUp(err)
			}
			sleep(ctx, pause)
			pause = min(2*pause, lastRetry)
			continue
		case n > 0:
			pause, failed = firstRetry, 0
			continue
		}
		select {
		case <-ctx.Done():
		case <-f.woken:
		case <-tick.C:
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// step applies one batch of changes, or tries failed records again, and returns
// how many records it handled.
func (f *follower) step(ctx context.Context) (int, error) {
	f.turn.Lock()
	defer f.turn.Unlock()
	changes, err := f.store.Changes(ctx, f.kind, f.applied.Load(), batchSize)
	if err != nil {
		return 0, err
	}
	if len(changes) == 0 {
		if err := f.secureLocked(ctx); err != nil {
			return 0, err
		}
		return f.retry(ctx)
	}
	if _, err := f.applyWords(ctx, changes); err != nil {
		return 0, err
	}
	if err := f.applyVectors(ctx, changes); err != nil {
		return 0, err
	}
	last := changes[len(changes)-1].Seq
	f.applied.Store(last)
	f.release(last)
	if last-f.secured >= secureEvery {
		return len(changes), f.secureLocked(ctx)
	}
	return len(changes), nil
}

// again applies all changes from the first one on, in turn with newer ones.
func (f *follower) again(ctx context.Context, did func(int64)) error {
	for at := int64(0); ; {
		n, last, err := f.againFrom(ctx, at)
		if err != nil {
			return err
		}
		if n == 0 {
			return f.secure(ctx)
		}
		did(last - at)
		at = last
	}
}

func (f *follower) againFrom(ctx context.Context, at int64) (n int, last int64, err error) {
	f.turn.Lock()
	defer f.turn.Unlock()
	changes, err := f.store.Changes(ctx, f.kind, at, batchSize)
	if err != nil || len(changes) == 0 {
		return 0, at, err
	}
	if _, err := f.applyWords(ctx, changes); err != nil {
		return 0, at, err
	}
	if err := f.applyVectors(ctx, changes); err != nil {
		return 0, at, err
	}
	return len(changes), changes[len(changes)-1].Seq, nil
}

// applyWords brings the words up to date and returns the number of live records.
func (f *follower) applyWords(ctx context.Context, changes []match.Record) (int, error) {
	docs := make([]lexical.Doc, 0, len(changes))
	var gone []string
	for i := range changes {
		r := &changes[i]
		if r.Withdrawn {
			gone = append(gone, r.Key())
			continue
		}
		docs = append(docs, lexical.Doc{Key: r.Key(), Text: r.Texts().Full(), Payload: r.Payload()})
	}
	if err := f.words.Delete(ctx, gone); err != nil {
		return 0, err
	}
	return len(docs), f.words.Upsert(ctx, docs)
}

// applyVectors embeds and indexes the live changes and takes the others out.
func (f *follower) applyVectors(ctx context.Context, changes []match.Record) error {
	live := make([]*match.Record, 0, len(changes))
	var gone []string
	var settled []match.Ref
	for i := range changes {
		r := &changes[i]
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
func (f *follower) embed(ctx context.Context, records []*match.Record) (points []index.Point, done []match.Ref, failures []store.Failure, err error) {
	if len(records) == 0 {
		return nil, nil, nil, nil
	}
	var texts []string
	for _, r := range records {
		texts = append(texts, retrieve.EmbeddedTexts(r.Texts())...)
	}
	vectors, err := f.embedder.Embed(ctx, retrieve.Role(f.kind), texts)
	failed, err := failedTexts(err, len(texts))
	if err != nil {
		return nil, nil, nil, fmt.Errorf("embedding %d records: %w", len(records), err)
	}
	for i, r := range records {
		if reason := firstNonNil(failed[2*i], failed[2*i+1]); reason != nil {
			failures = append(failures, f.failure(r, reason))
			continue
		}
		points = append(points, index.Point{Key: r.Key(), Payload: r.Payload(), Vectors: map[string][]float32{
			retrieve.TitleVector: vectors[2*i], retrieve.TextVector: vectors[2*i+1],
		}})
		done = append(done, r.Ref)
	}
	return points, done, failures, nil
}
