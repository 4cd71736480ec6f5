package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

const (
	batchSize = 512
	// pollEvery bounds how long writes of other processes stay unseen.
	pollEvery = 500 * time.Millisecond
	// secureEvery is the number of changes after which vectors are flushed while
	// changes keep coming.
	secureEvery = 20_000
	// securePeriod is the time after which they are flushed, too: with an embedder that
	// is slow or paid for, a crash costs no more than its work.
	securePeriod = time.Second
	firstRetry   = time.Second
	lastRetry    = 5 * time.Minute
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
	shared   lexical.Shared // words, where they are on a server; then there are no vectors
	log      *slog.Logger
	now      func() time.Time

	turn    sync.Mutex   // held while a batch is applied
	pages   *pages       // under turn
	applied atomic.Int64 // newest change that was followed
	secured int64        // newest change whose vectors are on disk; under turn
	lately  time.Time    // when they were secured last; under turn
	worded  int64        // newest change that the words have; under turn
	opened  int64        // newest change that was there at the opening
	failing atomic.Bool  // there are records noted as failed
	woken   chan struct{}

	wordsKept int64    // newest change whose words are on disk; under turn
	keeping   *keeping // a flush of words in the background; nil for none; under turn

	claims   store.Claimer // nil where no other process makes the same vectors
	claim    store.Claim   // nil while another one leads; under turn
	listened bool          // another one led before; under turn
	watching bool          // never leads
	shapes   bool          // is to see to the settings of its collection; under turn once it runs

	mu      sync.Mutex
	waiters []waiter
	heir    *follower // set when another one took over
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
	f := &follower{
		kind: kind, name: FollowerName(kind, c.Embedder.Identity()),
		store: c.Store, embedder: c.Embedder, vectors: c.Vectors[kind], words: c.Words[kind],
		log: c.Log.With("follower", string(kind)), now: c.Now, woken: make(chan struct{}, 1),
	}
	if _, ok := f.words.(lexical.Shared); ok {
		f.words = nil // they have a follower of their own
	}
	f.claims, _ = c.Store.(store.Claimer)
	f.pages = &pages{read: f.read}
	return f
}

// catchUp reads the words of what is not in their index yet, and decides how far the
// vectors can be trusted. What has none yet, because the model is a new one or the
// program ended in the middle of an import, is found by its words until it has.
func (f *follower) catchUp(ctx context.Context) error {
	if f.shared != nil {
		return f.catchUpShared(ctx)
	}
	watermark, err := f.store.Watermark(ctx, f.name)
	if err != nil {
		return err
	}
	last, err := f.store.LastSeq(ctx, f.kind)
	if err != nil {
		return err
	}
	defer f.pages.close()
	f.recall(last)
	at, newer := f.worded, 0
	if watermark > 0 { // else there is nothing to count
		at = min(at, watermark)
	}
	for {
		changes, err := f.pages.next(ctx, at)
		if err != nil {
			return err
		}
		if len(changes) == 0 {
			break
		}
		if err := f.applyWords(ctx, changes, false); err != nil {
			return err
		}
		if err := f.keepWords(ctx, keepBusy); err != nil {
			return err
		}
		newer += liveAfter(changes, watermark)
		at = changes[len(changes)-1].Seq
	}
	f.opened = max(at, last)
	total, ok, err := f.total(ctx, f.opened)
	if err != nil {
		return err
	}
	if !ok || watermark == 0 {
		newer = total
	}
	if ok && f.words != nil {
		if err := f.readWords(ctx, total); err != nil {
			return err
		}
	}
	return f.trust(ctx, watermark, total-newer)
}

// liveAfter counts the records after a sequence number that are not withdrawn.
func liveAfter(changes []change, seq int64) int {
	n := 0
	for _, r := range changes {
		if r.Seq > seq && !r.Withdrawn {
			n++
		}
	}
	return n
}

// trust sets where to go on from: the watermark, or the beginning where vectors
// are missing or the watermark speaks of writes that are not there.
func (f *follower) trust(ctx context.Context, watermark int64, live int) error {
	waiting, refused, err := f.failures(ctx)
	if err != nil {
		return err
	}
	failed := waiting + refused
	f.failing.Store(failed > 0)
	have, err := f.vectors.Count(ctx, nil)
	if err != nil {
		return err
	}
	if have+failed < live {
		f.log.Warn("vectors are missing and will be made again", "have", have, "expected", live-failed)
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
	defer f.pages.close()
	f.shapes = true
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
	if leads, err := f.lead(ctx); err != nil {
		return 0, err
	} else if !leads {
		return f.listen(ctx)
	}
	f.reshape(ctx)
	changes, err := f.pages.next(ctx, f.applied.Load())
	if err != nil {
		return 0, err
	}
	if len(changes) == 0 {
		if err := f.secureLocked(ctx); err != nil {
			return 0, err
		}
		return f.retry(ctx)
	}
	if err := f.apply(ctx, changes, false); err != nil {
		return 0, err
	}
	last := changes[len(changes)-1].Seq
	f.applied.Store(last)
	f.release(last)
	err = f.keepBehind(ctx)
	if last-f.secured >= secureEvery || time.Since(f.lately) >= securePeriod || f.claim != nil { // others wait for the watermark
		err = errors.Join(err, f.secureVectors(ctx))
	}
	return len(changes), err
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
	changes, err := f.read(ctx, at) // in turn: step may have applied newer ones of the same records
	if err != nil || len(changes) == 0 {
		return 0, at, err
	}
	if err := f.apply(ctx, changes, true); err != nil {
		return 0, at, err
	}
	return len(changes), changes[len(changes)-1].Seq, nil
}
