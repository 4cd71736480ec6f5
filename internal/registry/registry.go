package registry

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/tune"
)

// Config says what a registry is made of. Store, Embedder and Builtin are required.
type Config struct {
	Store interface {
		store.Registry
		store.Records
		store.Labels
	}
	// Embedder is the one that answers at the time of asking.
	Embedder func() embed.Embedder
	// Builtin gives the ranker that answers where no version does, and whom the first
	// candidate is compared with. It depends on the embedder.
	Builtin func() rank.Ranker

	Log *slog.Logger
	// Every is the time between two looks at what others have changed; 0 is 250 ms.
	Every time.Duration
	// Workers is how many goroutines measure candidates; 0 is 1, for answers come first.
	Workers int
}

// Registry keeps versions and what is in production. It is safe for concurrent use.
type Registry struct {
	config Config
	lineup atomic.Pointer[Lineup]
	loaded models

	reading sync.Mutex // held by who makes a new lineup
	cancel  context.CancelFunc
	ended   chan struct{}
}

// Open reads what is in production, and follows it until Close. A version that cannot be
// used is no error: the lineup says so, and the next alias counts.
func Open(ctx context.Context, config Config) (*Registry, error) {
	config.Every = cmp.Or(config.Every, 250*time.Millisecond)
	config.Workers = cmp.Or(config.Workers, 1)
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	r := &Registry{config: config, ended: make(chan struct{})}
	if err := r.refresh(ctx, true); err != nil {
		return nil, err
	}
	ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go r.follow(ctx)
	return r, nil
}

// follow looks for changes that others have made.
func (r *Registry) follow(ctx context.Context) {
	defer close(r.ended)
	tick := time.NewTicker(r.config.Every)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := r.refresh(ctx, false)
		if err != nil && !failing && ctx.Err() == nil {
			r.config.Log.Error("what is in production cannot be read; the last answer to that counts", "error", err)
		}
		failing = err != nil
	}
}

// Close ends the following.
func (r *Registry) Close() error {
	r.cancel()
	<-r.ended
	return nil
}

// Lineup is what is in production. It never changes: ask again for a newer one.
func (r *Registry) Lineup() *Lineup { return r.lineup.Load() }

// refresh makes a new lineup where something has changed since the last.
func (r *Registry) refresh(ctx context.Context, always bool) error {
	r.reading.Lock()
	defer r.reading.Unlock()
	last, embedder := r.lineup.Load(), r.config.Embedder().Identity()
	if !always && last.Embedder == embedder {
		seq, err := r.config.Store.SettingSeq(ctx)
		if err != nil || seq == last.Seq {
			return err
		}
	}
	settings, seq, err := r.config.Store.Settings(ctx)
	if err != nil {
		return err
	}
	r.lineup.Store(r.lineupOf(ctx, settings, seq))
	return nil
}

// models remembers the models that were read last: those in production, and those that a
// rollback would bring back.
type models struct {
	mu    sync.Mutex
	byID  map[string]*tune.Model
	order []string // the last used last
}

// keptModels is how many are remembered besides those that a lineup holds.
const keptModels = 4

func (m *models) get(id string) *tune.Model {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.byID[id]
}

func (m *models) put(id string, model *tune.Model) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byID == nil {
		m.byID = map[string]*tune.Model{}
	}
	if m.byID[id] == nil {
		m.order = append(m.order, id)
	}
	m.byID[id] = model
}

// keep forgets all but those in use and the last few.
func (m *models) keep(used map[string]rank.Ranker) {
	m.mu.Lock()
	defer m.mu.Unlock()
	spare := 0
	var kept []string
	for i := len(m.order) - 1; i >= 0; i-- {
		id := m.order[i]
		if used[id] == nil {
			if spare++; spare > keptModels {
				delete(m.byID, id)
				continue
			}
		}
		kept = append([]string{id}, kept...)
	}
	m.order = kept
}
