package instance

import (
	"context"
	"sync"
	"time"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/postgres"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// OpenStore opens the records alone, without what makes them searchable: for what
// reads and writes labels, of which no index knows. Those on a server are opened
// whoever has the folder open.
func OpenStore(ctx context.Context, c Config) (store.Store, error) {
	if c.Store != "" {
		return postgres.Open(ctx, c.Store, postgres.Options{Clock: c.Now, ReadOnly: c.ReadOnly})
	}
	return OpenRecords(ctx, c)
}

// OpenRecords opens the records as Open does, with the folder's lock and its progress.
func OpenRecords(ctx context.Context, c Config) (store.Store, error) {
	in := &Instance{}
	err := in.openStore(ctx, c)
	return in.Store, err
}

// openRecords opens the store, in read-only mode beside its owner.
func openRecords(ctx context.Context, c Config) (store.Store, error) {
	if c.Store != "" {
		return openServed(ctx, c)
	}
	o := sqlite.Options{Clock: c.Now}
	if !c.ReadOnly {
		return sqlite.Open(ctx, c.Data, o)
	}
	s, err := sqlite.OpenReadOnly(ctx, c.Data, o)
	if err != nil {
		return nil, err
	}
	return &observer{Store: s, marks: map[string]int64{}}, nil
}

// observer lets a catalog run on a store that it must not write: what the catalog
// notes of its progress stays in memory. What the owner of the folder has not
// embedded yet is embedded here as well, and forgotten at the end.
type observer struct {
	store.Store
	mu    sync.Mutex
	marks map[string]int64
}

func (o *observer) Watermark(ctx context.Context, follower string) (int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if seq, ok := o.marks[follower]; ok {
		return seq, nil
	}
	return o.Store.Watermark(ctx, follower)
}

func (o *observer) SetWatermark(_ context.Context, follower string, seq int64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.marks[follower] = seq
	return nil
}

func (o *observer) PutFailures(context.Context, []store.Failure) error       { return nil }
func (o *observer) MakeDue(context.Context, string, time.Time) (int, error)  { return 0, nil }
func (o *observer) ClearFailures(context.Context, string, []match.Ref) error { return nil }

// unwritten is an index on a server that another process keeps up to date.
type unwritten struct{ index.Index }

func (unwritten) Upsert(context.Context, []index.Point) error { return nil }
func (unwritten) Delete(context.Context, []string) error      { return nil }
func (unwritten) Flush(context.Context) error                 { return nil }
