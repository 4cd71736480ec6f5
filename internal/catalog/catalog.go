package catalog

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Config says what a catalog is made of. All fields but Log and Now are required.
type Config struct {
	Store    store.Store
	Embedder embed.Embedder
	Vectors  map[match.Kind]index.Index
	Words    map[match.Kind]lexical.Index
	Log      *slog.Logger
	Now      func() time.Time
}

// Catalog writes records and keeps them searchable. It is safe for concurrent use.
// It does not own the store and the indexes: close them after it.
type Catalog struct {
	store     store.Store
	followers map[match.Kind]*follower
	cancel    context.CancelFunc
	done      sync.WaitGroup
}

// Open starts the followers. It returns when everything whose vectors are on disk
// is searchable; newer writes follow in the background.
func Open(ctx context.Context, c Config) (*Catalog, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	out := &Catalog{store: c.Store, followers: map[match.Kind]*follower{}}
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		f := newFollower(c, kind)
		if err := f.catchUp(ctx); err != nil {
			return nil, fmt.Errorf("opening the catalog of %ss: %w", kind, err)
		}
		out.followers[kind] = f
	}
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	out.cancel = cancel
	for _, f := range out.followers {
		out.done.Go(func() { f.run(background) })
	}
	return out, nil
}

// Write stores a batch; see store.Records. It returns when the batch is on disk.
func (c *Catalog) Write(ctx context.Context, b store.Batch) ([]store.Outcome, error) {
	outcomes, err := c.store.Put(ctx, b)
	if err != nil {
		return nil, err
	}
	for _, f := range c.followers {
		f.wake()
	}
	return outcomes, nil
}

// Await returns when every write so far has been followed: its record is
// searchable, or noted as failed. It gives up with the reason where followers
// cannot go on for now: a full disk, an index that does not answer.
func (c *Catalog) Await(ctx context.Context) error {
	for kind, f := range c.followers {
		last, err := c.store.LastSeq(ctx, kind)
		if err != nil {
			return err
		}
		if err := f.await(ctx, last); err != nil {
			return fmt.Errorf("waiting for %ss to be searchable: %w", kind, err)
		}
	}
	return nil
}

// Applied is the sequence number of the newest write of a kind that was followed.
func (c *Catalog) Applied(kind match.Kind) int64 { return c.followers[kind].applied.Load() }

// Status counts the records of a kind.
type Status struct {
	Stored     int   // not withdrawn, of the tenant
	Searchable int   // with vectors, of all tenants
	Pending    int64 // writes that are not followed yet, at most
	Failed     int   // noted as failed
}

// Status returns the counts of a kind.
func (c *Catalog) Status(ctx context.Context, tenant string, kind match.Kind) (Status, error) {
	f := c.followers[kind]
	stored, err := c.store.Count(ctx, tenant, kind)
	if err != nil {
		return Status{}, err
	}
	last, err := c.store.LastSeq(ctx, kind)
	if err != nil {
		return Status{}, err
	}
	searchable, err := f.vectors.Count(ctx, nil)
	if err != nil {
		return Status{}, err
	}
	failed, err := c.store.Failures(ctx, f.name, failureLimit)
	if err != nil {
		return Status{}, err
	}
	return Status{Stored: stored, Searchable: searchable, Pending: max(0, last-f.applied.Load()), Failed: len(failed)}, nil
}

const failureLimit = 100_000

// State tells how far a record is, and for a failed one why.
func (c *Catalog) State(ctx context.Context, r *match.Record) (match.State, string, error) {
	f := c.followers[r.Kind]
	if r.Seq > f.applied.Load() {
		return match.Accepted, "", nil
	}
	if f.failing.Load() == 0 {
		return match.Indexed, "", nil
	}
	failures, err := c.store.Failures(ctx, f.name, failureLimit)
	if err != nil {
		return "", "", err
	}
	for _, failure := range failures {
		if failure.Ref == r.Ref {
			return match.Failed, failure.Reason, nil
		}
	}
	return match.Indexed, "", nil
}

// Failures lists records that are not searchable and why, at most limit.
func (c *Catalog) Failures(ctx context.Context, limit int) ([]store.Failure, error) {
	return c.store.Failures(ctx, "", limit)
}

// Reindex embeds and indexes every stored record again while matches go on, and
// calls progress with the records done and to do.
func (c *Catalog) Reindex(ctx context.Context, progress func(done, total int64)) error {
	var total, done int64
	for kind := range c.followers {
		last, err := c.store.LastSeq(ctx, kind)
		if err != nil {
			return err
		}
		total += last
	}
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		err := c.followers[kind].again(ctx, func(n int64) {
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
	c.cancel()
	c.done.Wait()
	for kind, f := range c.followers {
		if err := f.secure(context.Background()); err != nil {
			return fmt.Errorf("closing the catalog of %ss: %w", kind, err)
		}
	}
	return nil
}
