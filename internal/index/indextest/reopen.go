package indextest

import (
	"context"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

func (s *suite) reopens(t *testing.T) {
	t.Helper()
	if s.Reopen == nil {
		t.Skip("this implementation keeps nothing: no Options.Reopen")
	}
}

// mustReopen closes ix and opens it again.
func (s *suite) mustReopen(t *testing.T, ix index.Index, spec index.Spec) index.Index {
	t.Helper()
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	ix, err := s.Reopen(t, spec)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

func (s *suite) reopen(t *testing.T) {
	s.reopens(t)
	r, ctx := random(11), context.Background()
	ix, want := s.open(t, s.spec()), reference{}
	for round := range 3 {
		points := s.points(r, 200*(3-round), 0)
		points[0].Vectors["claims"] = unit(r, s.Dim, nil, 1)
		points[1].Vectors = nil
		upsert(t, ix, points...)
		want.upsert(points)
		gone := []string{points[2].Key, points[7].Key, "unknown"}
		if err := ix.Delete(ctx, gone); err != nil {
			t.Fatal(err)
		}
		for _, key := range gone {
			delete(want, key)
		}
		if err := ix.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		ix = s.mustReopen(t, ix, s.spec())
		for _, name := range s.spec().Vectors {
			for _, f := range filters {
				s.compare(t, ix, want, index.Query{Name: name, Vector: unit(r, s.Dim, nil, 1), Conditions: f.conditions, Limit: 20})
			}
		}
		s.counts(t, ix, len(want), nil)
	}
	got, err := ix.Vectors(ctx, []string{"p00000", "p00001", "p00002"})
	if err != nil {
		t.Fatal(err)
	}
	s.same(t, got, want["p00000"], want["p00001"], index.Point{Key: "p00002"})
	if err := ix.Close(); err != nil {
		t.Error(err)
	}
}

func (s *suite) otherSpec(t *testing.T) {
	s.reopens(t)
	ix := s.open(t, s.spec())
	upsert(t, ix, text("a", s.axis(0)))
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*index.Spec)
		named  []string
	}{
		"another model":   {func(p *index.Spec) { p.Model = "other/2" }, []string{"model", "suite/1", "other/2"}},
		"another dim":     {func(p *index.Spec) { p.Dim++ }, []string{"dim"}},
		"another vector":  {func(p *index.Spec) { p.Vectors = []string{"text", "title"} }, []string{"vectors", "claims", "title"}},
		"one vector less": {func(p *index.Spec) { p.Vectors = []string{"text"} }, []string{"vectors", "claims"}},
		"one vector more": {func(p *index.Spec) { p.Vectors = append(p.Vectors, "title") }, []string{"vectors", "title"}},
	} {
		spec := s.spec()
		c.change(&spec)
		if s.ModelsApart && spec.Model != s.spec().Model {
			s.apart(t, spec)
			continue
		}
		_, err := s.Reopen(t, spec)
		if err == nil || match.KindOf(err) != match.Conflict {
			t.Errorf("%s: got %v, want an error of kind conflict", name, err)
			continue
		}
		for _, word := range c.named {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %q does not name %q", name, err, word)
			}
		}
	}
	spec := s.spec()
	spec.Vectors = []string{"claims", "text"} // their order is none
	ix, err := s.Reopen(t, spec)
	if err != nil {
		t.Fatal(err)
	}
	upsert(t, ix, text("b", s.between(0.5)))
	ix = closing(t, s.mustReopen(t, ix, s.spec()))
	hits := search(t, ix, index.Query{Name: "text", Vector: s.axis(0), Limit: 5})
	s.expect(t, hits, index.Hit{Key: "a", Score: 1}, index.Hit{Key: "b", Score: 0.5})
}
