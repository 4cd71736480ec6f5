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

// Config says what a catalog is made of. All fields but Log and Now are required;
// Words may be nil in a catalog that is to succeed another one.
type Config struct {
	Store    store.Store
	Embedder embed.Embedder
	Vectors  map[match.Kind]index.Index
	Words    map[match.Kind]lexical.Index
	// ReadOnly is set where another process writes what Words hold on a server.
	ReadOnly bool
	Log      *slog.Logger
	Now      func() time.Time
}

// Catalog writes records and keeps them searchable. It is safe for concurrent use.
// It does not own the store and the indexes: close them after it.
type Catalog struct {
	store  store.Store
	own    map[match.Kind]*follower
	shared *sharedWords            // empty where words are in the folder
	next   atomic.Pointer[Catalog] // the one that took over; see Succeed
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// Open starts the followers. It returns when everything whose vectors are on disk is
// searchable, and the rest by its words; vectors follow in the background.
func Open(ctx context.Context, c Config) (*Catalog, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	out := &Catalog{store: c.Store, own: map[match.Kind]*follower{}, shared: &sharedWords{own: map[match.Kind]*follower{}}}
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		if f := newWordFollower(c, kind); f != nil {
			if err := f.catchUp(ctx); err != nil {
				return nil, fmt.Errorf("opening the words of %ss: %w", kind, err)
			}
			out.shared.own[kind] = f
		}
		f := newFollower(c, kind)
		if err := f.catchUp(ctx); err != nil {
			return nil, fmt.Errorf("opening the catalog of %ss: %w", kind, err)
		}
		out.own[kind] = f
	}
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	out.cancel = cancel
	for _, f := range out.own {
		out.done.Go(func() { f.run(background) })
	}
	out.shared.start(ctx)
	return out, nil
}

// Write stores a batch; see store.Records. It returns when the batch is on disk.
func (c *Catalog) Write(ctx context.Context, b store.Batch) ([]store.Outcome, error) {
	outcomes, err := c.store.Put(ctx, b)
	if err != nil {
		return nil, err
	}
	for _, f := range c.all() {
		f.wake()
	}
	return outcomes, nil
}

// Await returns when every write so far has been followed: its record is
// searchable, or noted as failed. It gives up with the reason where followers
// cannot go on for now: a full disk, an index that does not answer.
func (c *Catalog) Await(ctx context.Context) error {
	for _, f := range c.all() {
		last, err := c.store.LastSeq(ctx, f.kind)
		if err != nil {
			return err
		}
		if err := f.await(ctx, last); err != nil {
			return fmt.Errorf("waiting for %ss to be searchable: %w", f.kind, err)
		}
	}
	return nil
}

// Applied is the sequence number of the newest write of a kind that was followed.
func (c *Catalog) Applied(kind match.Kind) int64 {
	at := c.followers()[kind].applied.Load()
	if f := c.wordFollowers()[kind]; f != nil {
		at = min(at, f.applied.Load())
	}
	return at
}

// Behind tells how far vectors are on the way to the newest change that was there at
// the opening: done and total are sequence numbers. They are equal unless the
// embedder is a new one, vectors were lost, or the last process ended early.
func (c *Catalog) Behind(kind match.Kind) (done, total int64) {
	f := c.followers()[kind]
	return min(f.applied.Load(), f.opened), f.opened
}

// Status counts the records of a kind.
type Status struct {
	Stored     int   // not withdrawn, of the tenant
	Searchable int   // with vectors, of all tenants
	Pending    int64 // writes that are not followed yet, at most
	// EmbedPending ones wait for an embedder that is down, Failed ones were refused.
	// Both are tried again.
	EmbedPending, Failed int
}

// Status returns the counts of a kind.
func (c *Catalog) Status(ctx context.Context, tenant string, kind match.Kind) (Status, error) {
	f := c.followers()[kind]
	stored, err := c.store.Count(ctx, tenant, kind)
	if err != nil {
		return Status{}, err
	}
	last, err := c.store.LastSeq(ctx, kind)
	if err != nil {
		return Status{}, err
	}
	waiting, refused, err := f.failures(ctx)
	if err != nil {
		return Status{}, err
	}
	searchable, err := f.searchable(ctx, waiting+refused)
	if err != nil {
		return Status{}, err
	}
	return Status{
		Stored: stored, Searchable: searchable, Pending: max(0, last-c.Applied(kind)),
		EmbedPending: waiting, Failed: refused,
	}, nil
}

// failures counts the records that wait for the embedder, and those that it refused.
func (f *follower) failures(ctx context.Context) (waiting, refused int, err error) {
	stages, err := f.store.CountFailures(ctx, f.name)
	for stage, n := range stages {
		if stage == match.EmbedPending {
			waiting += n
		} else {
			refused += n
		}
	}
	return waiting, refused, err
}

// searchable counts the records with vectors. Where the index of the vectors does not
// answer, those are meant that have words in the folder and did not fail.
func (f *follower) searchable(ctx context.Context, failed int) (int, error) {
	n, err := f.vectors.Count(ctx, nil)
	if match.KindOf(err) != match.Unavailable {
		return n, err
	}
	if f.words == nil { // on the same server
		return 0, nil
	}
	words, err := f.words.Count(ctx)
	return max(0, words-failed), err
}

// State tells how far a record is, and for a failed one why.
func (c *Catalog) State(ctx context.Context, r *match.Record) (match.State, string, error) {
	got, err := c.States(ctx, []*match.Record{r})
	if err != nil {
		return "", "", err
	}
	return got[0].State, got[0].Reason, nil
}

// Failures lists records that are not searchable and why, at most limit.
func (c *Catalog) Failures(ctx context.Context, limit int) ([]store.Failure, error) {
	return c.store.Failures(ctx, "", limit)
}

// Reindex embeds and indexes every stored record again while matches go on, and
// calls progress with the records done and to do.
func (c *Catalog) Reindex(ctx context.Context, progress func(done, total int64)) error {
	var total, done int64
	for kind := range c.followers() {
		last, err := c.store.LastSeq(ctx, kind)
		if err != nil {
			return err
		}
		total += last
	}
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		if f := c.wordFollowers()[kind]; f != nil {
			if err := f.wordsAgain(ctx); err != nil {
				return fmt.Errorf("making the words of %ss again: %w", kind, err)
			}
		}
		err := c.followers()[kind].again(ctx, func(n int64) {
			done += n
			progress(done, max(total, done))
		})
		if err != nil {
			return fmt.Errorf("indexing %ss again: %w", kind, err)
		}
	}
	return nil
}

// Close stops the followers after the batch they are at and secures their work.
func (c *Catalog) Close() error {
	if next := c.next.Load(); next != nil {
		return next.Close()
	}
	c.cancel()
	c.done.Wait()
	all := c.shared.stop()
	for kind, f := range c.own {
		if err := f.secure(context.Background()); err != nil {
			all = errors.Join(all, fmt.Errorf("closing the catalog of %ss: %w", kind, err))
		}
		f.resign()
	}
	return all
}
