package instance

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/pilot"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
)

// openRegistry reads what is in production, and has answers follow it.
func (in *Instance) openRegistry(ctx context.Context, c Config) (err error) {
	in.Registry, err = registry.Open(ctx, registry.Config{
		Store: in.Store, Log: c.Log, Builtin: func() rank.Ranker { return in.Engine.Live().Own() },
		Embedder: func() embed.Embedder { return in.Engine.Live().Embedder },
	})
	if err != nil {
		return fmt.Errorf("opening the registry of models: %w", err)
	}
	in.closers = append(in.closers, in.Registry.Close)
	in.Router.Registry = in.Registry
	in.sectors.turn = make(chan struct{}, 1)
	learning, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		in.learnSectors(learning, c.Log)
	}()
	in.closers = append(in.closers, func() error {
		stop()
		<-ended
		return nil
	})
	return nil
}

const (
	// learnEvery is the time between two looks at the sectors of the catalog, and
	// lookForSectors between two looks whether anybody needs them.
	learnEvery     = 30 * time.Minute
	lookForSectors = 2 * time.Second
	// learnFrom bounds the records that sectors are learned from: of each kind, and of
	// each sector.
	learnFrom       = 50_000
	learnFromSector = 500
)

// learnSectors learns, from time to time, to guess sectors, while some model is for a
// sector alone.
func (in *Instance) learnSectors(ctx context.Context, log *slog.Logger) {
	for ctx.Err() == nil {
		err := in.sectors.learn(ctx, in, func(l *learnedSectors) bool {
			return l.embedder != in.Engine.Live().Embedder.Identity() || time.Since(l.at) > learnEvery
		})
		if err != nil && ctx.Err() == nil {
			log.Error("the sectors of the catalog could not be learned; none is guessed until the next try", "error", err)
		}
		pause(ctx, lookForSectors)
	}
}

// AwaitSectors returns when sectors are guessed by what is searchable now, where some model
// is for a sector alone, so that whoever answers once answers by the model that a server
// would. An error is ctx's, or says why they cannot be learned; then answers do without.
func (in *Instance) AwaitSectors(ctx context.Context) error {
	return in.sectors.learn(ctx, in, func(l *learnedSectors) bool {
		live := in.Engine.Live()
		return l.embedder != live.Embedder.Identity() || l.failed || l.applied != appliedTo(live)
	})
}

// learnedSectors is what the sectors of the router were learned from.
type learnedSectors struct {
	turn chan struct{} // holds one while somebody learns: others wait for the result

	embedder string
	applied  [2]int64 // writes by then
	at       time.Time
	failed   bool
}

// learn has the router guess sectors by what is searchable, where that is needed and
// stale.
func (l *learnedSectors) learn(ctx context.Context, in *Instance, stale func(*learnedSectors) bool) error {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if !neededSectors(in.Registry.Lineup()) || !stale(l) {
		return nil
	}
	live := in.Engine.Live()
	applied := appliedTo(live) // before they are read
	s, err := LearnSectors(ctx, in.Store, live)
	if err == nil {
		in.Router.SetSectors(s)
	}
	l.embedder, l.applied, l.at, l.failed = live.Embedder.Identity(), applied, time.Now(), err != nil
	return err
}

// appliedTo is up to which writes records are searchable, by kind.
func appliedTo(e *retrieve.Engine) (out [2]int64) {
	for i, kind := range Kinds {
		out[i] = e.Sides[kind].Applied()
	}
	return out
}

// neededSectors tells whether any model or pilot is for a sector.
func neededSectors(l *registry.Lineup) bool {
	for alias := range l.Aliases {
		if strings.HasPrefix(alias, registry.SectorOf) {
			return true
		}
	}
	for _, p := range l.Pilots {
		if strings.HasPrefix(p.Where, registry.SectorOf) {
			return true
		}
	}
	return false
}

// LearnSectors learns from the records that name their sector; see pilot.NewSectors.
func LearnSectors(ctx context.Context, s store.Records, e *retrieve.Engine) (*pilot.Sectors, error) {
	var examples []pilot.Example
	for _, kind := range Kinds {
		q := store.ListQuery{Tenant: match.DefaultTenant, Kind: kind, Limit: 500}
		taken := map[string]int{}
		for read := 0; read < learnFrom; {
			page, err := s.List(ctx, q)
			if err != nil {
				return nil, err
			}
			read += len(page)
			some, err := examplesOf(ctx, page, e.Sides[kind], taken)
			if err != nil {
				return nil, err
			}
			examples = append(examples, some...)
			if len(page) < q.Limit {
				break
			}
			q.After = page[len(page)-1].ID
		}
	}
	return pilot.NewSectors(e.Embedder.Identity(), examples), nil
}

func examplesOf(ctx context.Context, page []match.Record, side retrieve.Side, taken map[string]int) (out []pilot.Example, err error) {
	var keys []string
	for i := range page {
		r := &page[i]
		if sector := r.Sector(); sector != "" && taken[sector] < learnFromSector {
			taken[sector]++
			x := pilot.Example{Sector: sector}
			if r.Patent != nil {
				x.IPC = r.Patent.IPC
			}
			out, keys = append(out, x), append(keys, r.Key())
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	points, err := side.Vectors.Vectors(ctx, keys)
	for i, p := range points {
		out[i].Text = p.Vectors[retrieve.TextVector]
	}
	return out, err
}
