package instance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/cache"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/explain"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/pilot"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
)

// Config says where data lives and which parts to use. The zero value but for Data
// is a working configuration.
type Config struct {
	// Data is the folder for records and, with the built-in index, vectors. It is
	// made where it is missing.
	Data string
	// Store is where records are kept: "" is in the folder, else the URL of a PostgreSQL
	// database such as postgres://user@host/duijie, which several instances may share,
	// each with a folder of its own. Those that share an Index too divide the embedding.
	Store string
	// Index is where vectors are kept: "" is built in, else a URL such as
	// qdrant://host:6334.
	Index string
	// QdrantKey is the API key of a Qdrant that asks for one.
	QdrantKey string
	// Embedder makes vectors; nil is the built-in model. Where it is not the live model of
	// the folder, it is built to become that.
	Embedder embed.Embedder
	// Follow wishes for no model: the live one of the folder stays, and what was being
	// built is built. Embedder is for a folder without a live model alone, and in place of
	// a built-in model that another version of the program had.
	Follow bool
	// Same refuses, with an error of kind match.Conflict, an Embedder that is neither the
	// live model nor the one that is being built.
	Same bool
	// Way is how Embedder is opened; it is noted in the folder. Its Dim is not used.
	Way Way
	// Other opens another model by the way that was noted for it, so that its vectors
	// can answer until those of Embedder are made, and after a rollback; nil cannot.
	Other func(ctx context.Context, way Way) (embed.Embedder, error)
	// Hold leaves the live model as it is, whatever Embedder is: what is to be built is
	// asked for (Rollback, Reembed).
	Hold bool
	// CacheBytes is the largest size on disk of the vectors that Embedder has made,
	// so that it is not asked twice for a text; 0 is no cache, also in memory. The
	// built-in model has none: it is faster than a disk.
	CacheBytes int64
	// ReadOnly opens the folder beside the process that has it open for writing, and
	// writes nothing. Records that are written later are found as well.
	ReadOnly bool
	// Now tells the time; nil is the clock.
	Now func() time.Time
	Log *slog.Logger
	// Version is the version of the program.
	Version string
}

// Instance is a running Duijie without a server.
type Instance struct {
	Store   store.Store
	Catalog *catalog.Catalog
	Engine  *retrieve.Engine
	// Embedder is the one that answered when the folder was opened: that of the
	// configuration, or the folder's own until the vectors of that one are made.
	Embedder embed.Embedder
	// Cache tells of the cache before Embedder; nil where there is none.
	Cache *cache.Embedder

	// Registry says which rankers are in production, and Router chooses among them.
	Registry *registry.Registry
	Router   *pilot.Router

	sectors    learnedSectors
	succession *succession    // nil beside the owner of the folder
	closers    []func() error // in the order of opening
}

// Open opens the parts. An error leaves none of them open.
func Open(ctx context.Context, c Config) (_ *Instance, err error) {
	in := &Instance{Embedder: c.Embedder}
	defer func() {
		if err != nil {
			err = errors.Join(err, in.Close())
		}
	}()
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	sentences, err := static.Builtin()
	if err != nil {
		return nil, fmt.Errorf("opening the built-in model: %w", err)
	}
	if in.Embedder == nil {
		in.Embedder = sentences
	}
	if err := in.openStore(ctx, c); err != nil {
		return nil, err
	}
	if err := in.openCache(c); err != nil {
		return nil, err
	}
	s := newSuccession(in, c, in.Embedder, sentences)
	in.closers = append(in.closers, s.close)
	if in.Embedder, err = s.live(ctx); err != nil {
		return nil, err
	}
	if cached, ok := in.Embedder.(*cache.Embedder); ok {
		in.Cache = cached
	}
	vectors, words, err := in.openIndexes(ctx, c)
	if err != nil {
		return nil, err
	}
	s.words = words
	in.Catalog, err = catalog.Open(ctx, catalog.Config{
		Store: in.Store, Embedder: in.Embedder, Vectors: vectors, Words: words, ReadOnly: c.ReadOnly, Log: c.Log, Now: c.Now,
	})
	if err != nil {
		return nil, err
	}
	in.closers = append(in.closers, in.Catalog.Close)
	in.Router = &pilot.Router{}
	in.Engine = in.engineOf(c, in.Embedder, vectors, words, sentences)
	if err := in.openRegistry(ctx, c); err != nil {
		return nil, err
	}
	if c.ReadOnly {
		return in, nil
	}
	in.succession = s
	in.closers = append(in.closers, s.stop)
	if err := s.begin(ctx, vectors); err != nil {
		return nil, err
	}
	return in, nil
}

func (in *Instance) openStore(ctx context.Context, c Config) error {
	if !c.ReadOnly {
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return &match.Error{Kind: match.Denied, Record: c.Data, Reason: "the data folder cannot be made", Err: err}
		}
	}
	s, err := openRecords(ctx, c)
	if err != nil {
		return err
	}
	in.Store = s
	in.closers = append(in.closers, s.Close)
	return nil
}

// openCache comes after the store, whose lock makes this process the only one that
// writes to the folder.
func (in *Instance) openCache(c Config) error {
	if c.CacheBytes <= 0 || c.Embedder == nil {
		return nil
	}
	cached, err := cache.New(c.Embedder, cache.Config{
		Dir: filepath.Join(c.Data, "embedded"), ReadOnly: c.ReadOnly, DiskBytes: c.CacheBytes,
	})
	if err != nil {
		return fmt.Errorf("opening the cache of embedded texts: %w", err)
	}
	in.Embedder, in.Cache = cached, cached
	in.closers = append(in.closers, cached.Close)
	return nil
}

func (in *Instance) openIndexes(ctx context.Context, c Config) (map[match.Kind]index.Index, map[match.Kind]lexical.Index, error) {
	vectors, words := map[match.Kind]index.Index{}, map[match.Kind]lexical.Index{}
	for _, kind := range Kinds {
		v, err := openSound(ctx, c, VectorSpec(kind, in.Embedder), c.Log)
		if err != nil {
			return nil, nil, fmt.Errorf("opening the vectors of %ss: %w", kind, err)
		}
		in.closers = append(in.closers, v.Close)
		if words[kind], err = in.openWords(ctx, c, kind); err != nil {
			return nil, nil, fmt.Errorf("opening the words of %ss: %w", kind, err)
		}
		vectors[kind] = v
		in.closers = append(in.closers, words[kind].Close)
	}
	return vectors, words, nil
}

func (in *Instance) engineOf(c Config, e embed.Embedder, vectors map[match.Kind]index.Index, words map[match.Kind]lexical.Index, builtin *static.Model) *retrieve.Engine {
	sides := map[match.Kind]retrieve.Side{}
	for kind := range vectors {
		sides[kind] = retrieve.Side{
			Vectors: vectors[kind], Words: words[kind],
			Applied: func() int64 { return in.Catalog.Applied(kind) },
			Behind:  func() (done, total int64) { return in.Catalog.Behind(kind) },
			State: func(ctx context.Context, r *match.Record) (match.State, string, error) {
				return in.Catalog.State(ctx, r)
			},
		}
	}
	return &retrieve.Engine{
		Records: store.Rated{Store: in.Store}, Embedder: e, Sides: sides, Lexicon: builtin,
		Explainer: &explain.Explainer{Embedder: builtin}, Now: c.Now, Version: c.Version, Router: in.Router,
	}
}

// Close closes the parts, the last one opened first, and joins their errors.
func (in *Instance) Close() error {
	var errs []error
	for i := len(in.closers) - 1; i >= 0; i-- {
		errs = append(errs, in.closers[i]())
	}
	in.closers = nil
	return errors.Join(errs...)
}
