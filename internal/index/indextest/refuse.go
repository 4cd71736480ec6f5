package indextest

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

func (s *suite) refusedPoints(t *testing.T) {
	ix, ctx := s.new(t), context.Background()
	upsert(t, ix, text("there", s.axis(0)))
	with := func(at int, x float64) []float32 {
		v := s.axis(0)
		v[at] = float32(x)
		return v
	}
	for _, c := range []struct {
		name  string
		bad   index.Point
		named string
	}{
		{"no key", text("", s.axis(0)), "points[1]"},
		{"unknown vector", index.Point{Key: "bad/一", Vectors: map[string][]float32{"titel": s.axis(0)}}, "bad/一"},
		{"too few dimensions", text("bad/一", s.axis(0)[:s.Dim-1]), "bad/一"},
		{"too many dimensions", text("bad/一", append(s.axis(0), 0)), "bad/一"},
		{"no dimensions", text("bad/一", nil), "bad/一"},
		{"not a number", text("bad/一", with(s.Dim-1, math.NaN())), "bad/一"},
		{"infinite", text("bad/一", with(1, math.Inf(-1))), "bad/一"},
		{"not normalised", text("bad/一", with(1, 0.5)), "bad/一"},
	} {
		t.Run(c.name, func(t *testing.T) {
			replaced := text("there", s.between(0.5))
			err := ix.Upsert(ctx, []index.Point{replaced, c.bad, text("after", s.axis(1))})
			if err == nil || match.KindOf(err) != match.Invalid {
				t.Fatalf("got %v, want an error of kind invalid", err)
			}
			if !strings.Contains(err.Error(), c.named) {
				t.Errorf("%q does not name the point %q", err, c.named)
			}
			hits := search(t, ix, index.Query{Name: "text", Vector: s.axis(0), Limit: 5})
			s.expect(t, hits, index.Hit{Key: "there", Score: 1})
			s.counts(t, ix, 1, nil)
		})
	}
}

func (s *suite) refusedQueries(t *testing.T) {
	ix := s.new(t)
	upsert(t, ix, text("a", s.axis(0)))
	nan := s.axis(0)
	nan[0] = float32(math.NaN())
	for name, q := range map[string]index.Query{
		"no limit":       {Name: "text", Vector: s.axis(0)},
		"negative limit": {Name: "text", Vector: s.axis(0), Limit: -1},
		"unknown vector": {Name: "titel", Vector: s.axis(0), Limit: 1},
		"no vector":      {Name: "text", Limit: 1},
		"too short":      {Name: "text", Vector: s.axis(0)[:1], Limit: 1},
		"not a number":   {Name: "text", Vector: nan, Limit: 1},
		"not normalised": {Name: "text", Vector: scaled(s.axis(0), 2), Limit: 1},
	} {
		if hits, err := ix.Search(context.Background(), q); err == nil || match.KindOf(err) != match.Invalid {
			t.Errorf("%s: got %v, %v, want an error of kind invalid", name, hits, err)
		}
	}
}

func scaled(v []float32, by float32) []float32 {
	for i := range v {
		v[i] *= by
	}
	return v
}

func (s *suite) cancelled(t *testing.T) {
	ix := s.new(t)
	upsert(t, ix, text("a", s.axis(0)))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, search := ix.Search(ctx, index.Query{Name: "text", Vector: s.axis(0), Limit: 1})
	_, vectors := ix.Vectors(ctx, []string{"a"})
	_, count := ix.Count(ctx, nil)
	for name, err := range map[string]error{
		"Search": search, "Vectors": vectors, "Count": count,
		"Upsert": ix.Upsert(ctx, []index.Point{text("b", s.axis(1))}),
		"Delete": ix.Delete(ctx, []string{"a"}),
	} {
		if match.KindOf(err) != match.Canceled {
			t.Errorf("%s: got %v, want an error of kind canceled", name, err)
		}
	}
	s.counts(t, ix, 1, nil)
}
