// Package instance puts the parts of Duijie together: a store, an embedder, the
// indexes, the catalog that keeps them in step and the engine that answers.
//
// Which part is which is told by Config; nothing here reads the environment.
package instance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/explain"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
)

// Config says where data lives and which parts to use. The zero value but for Data
// is a working configuration.
type Config struct {
	// Data is the folder for records and, with the built-in index, vectors. It is
	// made where it is missing.
	Data string
	// Index is where vectors are kept: "" is built in, else a URL such as
	// qdrant://host:6334.
	Index string
	// QdrantKey is the API key of a Qdrant that asks for one.
	QdrantKey string
	// Embedder makes vectors; nil is the built-in model.
	Embedder embed.Embedder
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
	Store    store.Store
	Catalog  *catalog.Catalog
	Engine   *retrieve.Engine
	Embedder embed.Embedder

	closers []func() error // in the order of opening
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
	vectors, words, err := in.openIndexes(ctx, c)
	if err != nil {
		return nil, err
	}
	in.Catalog, err = catalog.Open(ctx, catalog.Config{
		Store: in.Store, Embedder: in.Embedder, Vectors: vectors, Words: words, Log: c.Log, Now: c.Now,
	})
	if err != nil {
		return nil, err
	}
	in.closers = append(in.closers, in.Catalog.Close)
	in.Engine = in.engine(c, vectors, words, sentences)
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

func (in *Instance) openIndexes(ctx context.Context, c Config) (map[match.Kind]index.Index, map[match.Kind]lexical.Index, error) {
	vectors, words := map[match.Kind]index.Index{}, map[match.Kind]lexical.Index{}
	for _, kind := range Kinds {
		v, err := openSound(ctx, c, VectorSpec(kind, in.Embedder), c.Log)
		if err != nil {
			return nil, nil, fmt.Errorf("opening the vectors of %ss: %w", kind, err)
		}
		vectors[kind], words[kind] = v, bigram.New()
		in.closers = append(in.closers, v.Close, words[kind].Close)
	}
	return vectors, words, nil
}

func (in *Instance) engine(c Config, vectors map[match.Kind]index.Index, words map[match.Kind]lexical.Index, sentences embed.Embedder) *retrieve.Engine {
	sides := map[match.Kind]retrieve.Side{}
	for kind := range vectors {
		sides[kind] = retrieve.Side{
			Vectors: vectors[kind], Words: words[kind],
			Applied: func() int64 { return in.Catalog.Applied(kind) },
		}
	}
	return &retrieve.Engine{
		Records: in.Store, Embedder: in.Embedder, Sides: sides, Ranker: rank.ZeroShot(),
		Explainer: &explain.Explainer{Embedder: sentences}, Now: c.Now, Version: c.Version,
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
