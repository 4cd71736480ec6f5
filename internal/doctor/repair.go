package doctor

import (
	"context"
	"errors"
	"fmt"
	"os"

	vectors "github.com/duijie/duijie/internal/index/segment"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// do repairs: what is kept about records first, and then, by opening the folder as
// every command does, the vectors.
func (w *work) do(ctx context.Context, c instance.Config) error {
	for _, dir := range w.remove {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	if err := w.notes(ctx, c); err != nil {
		return err
	}
	for _, kind := range w.words {
		if err := instance.DiscardWords(ctx, c, kind); err != nil {
			return err
		}
	}
	for path, kind := range w.logs {
		if _, err := vectors.SetAside(path, kind); err != nil {
			return err
		}
	}
	in, err := instance.Open(ctx, c) // moves damaged logs aside, and makes lost vectors again
	if err != nil {
		return fmt.Errorf("opening the folder to repair it: %w", err)
	}
	err = w.points(ctx, in)
	return errors.Join(err, in.Close())
}

func (w *work) notes(ctx context.Context, c instance.Config) error {
	if c.Store != "" {
		return w.servedNotes(ctx, c)
	}
	s, err := sqlite.Open(ctx, c.Data, sqlite.Options{Clock: c.Now})
	if err != nil {
		return err
	}
	if w.recount {
		err = s.Recount(ctx)
	}
	for _, follower := range w.marks {
		err = errors.Join(err, s.SetWatermark(ctx, follower, 0))
	}
	if len(w.stray) > 0 {
		err = errors.Join(err, w.clear(ctx, s))
	}
	return errors.Join(err, s.Close())
}

// clear takes away the notes about unknown records, whoever made them.
func (w *work) clear(ctx context.Context, s *sqlite.Store) error {
	stray := map[match.Ref]bool{}
	for _, d := range w.stray {
		stray[d.Ref] = true
	}
	all, err := s.Failures(ctx, "", 1<<20)
	if err != nil {
		return err
	}
	for _, f := range all {
		if stray[f.Ref] {
			err = errors.Join(err, s.ClearFailures(ctx, f.Follower, []match.Ref{f.Ref}))
		}
	}
	return err
}

func (w *work) points(ctx context.Context, in *instance.Instance) error {
	for kind, keys := range w.drop {
		if err := in.Catalog.Drop(ctx, kind, keys); err != nil {
			return err
		}
	}
	if err := in.Catalog.Await(ctx); err != nil {
		return err
	}
	return in.Catalog.Remake(ctx, w.remake)
}
