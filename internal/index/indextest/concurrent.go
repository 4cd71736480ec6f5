package indextest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/duijie/duijie/internal/index"
)

// concurrent has writers that see their own writes at once, while readers search.
func (s *suite) concurrent(t *testing.T) {
	const writers, rounds, keep = 3, 40, 5
	ix := s.new(t)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	errs := make([]error, 2*writers)
	var writing, reading sync.WaitGroup
	for w := range writers {
		writing.Go(func() { errs[2*w] = s.write(ctx, ix, w, rounds, keep) })
		reading.Go(func() { errs[2*w+1] = s.read(ctx, ix, uint64(w)) })
	}
	writing.Wait()
	stop()
	reading.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	s.counts(t, ix, writers*keep, nil)
}

// write upserts points of its own, looks for each, and deletes all but the last.
func (s *suite) write(ctx context.Context, ix index.Index, writer, rounds, keep int) error {
	r := random(uint64(100 + writer))
	for i := range rounds {
		p := text(fmt.Sprintf("writer %d/%d", writer, i), unit(r, s.Dim, nil, 1))
		p.Payload = payload(r)
		if err := ix.Upsert(ctx, []index.Point{p}); err != nil {
			return err
		}
		hits, err := ix.Search(ctx, index.Query{Name: "text", Vector: p.Vectors["text"], Limit: 1, Exact: true})
		if err != nil || len(hits) != 1 || hits[0].Key != p.Key {
			return fmt.Errorf("searching for %q, just written: %v, %v", p.Key, hits, err)
		}
		if i < keep {
			continue
		}
		if err := ix.Delete(ctx, []string{fmt.Sprintf("writer %d/%d", writer, i-keep)}); err != nil {
			return err
		}
		if i%10 == 0 {
			if err := ix.Flush(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// read searches until ctx ends; every answer must be possible at some moment.
func (s *suite) read(ctx context.Context, ix index.Index, seed uint64) error {
	r := random(200 + seed)
	for ctx.Err() == nil {
		f := filters[r.IntN(len(filters))]
		hits, err := ix.Search(ctx, index.Query{
			Name: "text", Vector: unit(r, s.Dim, nil, 1), Conditions: f.conditions, Limit: 6, Exact: true,
		})
		if err == nil {
			err = plausible(hits)
		}
		if err == nil {
			_, err = ix.Vectors(ctx, []string{"writer 0/0", "writer 1/39"})
		}
		if err == nil {
			_, err = ix.Count(ctx, f.conditions)
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

func plausible(hits []index.Hit) error {
	seen := map[string]bool{}
	for i, hit := range hits {
		if seen[hit.Key] || hit.Score > 1.0001 || (i > 0 && hit.Score > hits[i-1].Score) {
			return fmt.Errorf("no moment has these hits: %v", hits)
		}
		seen[hit.Key] = true
	}
	if len(hits) > 6 {
		return fmt.Errorf("%d hits for limit 6", len(hits))
	}
	return nil
}
