package indextest

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/quant"
)

func (s *suite) named(t *testing.T) {
	r := random(6)
	ix, want := s.new(t), reference{}
	points := s.points(r, 400, 0)
	for i := range points {
		points[i].Vectors["claims"] = unit(r, s.Dim, nil, 1)
	}
	upsert(t, ix, points...)
	want.upsert(points)
	for _, name := range []string{"text", "claims"} {
		for _, f := range filters {
			s.compare(t, ix, want, index.Query{Name: name, Vector: unit(r, s.Dim, nil, 1), Conditions: f.conditions, Limit: 20})
		}
	}
}

func (s *suite) lacking(t *testing.T) {
	r := random(7)
	ix, want := s.new(t), reference{}
	points := s.points(r, 600, 0)
	for i := range points {
		switch {
		case i%5 == 0:
			points[i].Vectors["claims"] = unit(r, s.Dim, nil, 1)
		case i%5 == 1:
			points[i].Vectors = nil
		}
	}
	upsert(t, ix, points...)
	want.upsert(points)
	for _, name := range []string{"text", "claims"} {
		s.compare(t, ix, want, index.Query{Name: name, Vector: unit(r, s.Dim, nil, 1), Limit: 1000})
	}
	s.counts(t, ix, 600, nil)
}

func (s *suite) zero(t *testing.T) {
	ix := s.new(t)
	nothing := make([]float32, s.Dim)
	upsert(t, ix, text("zero", nothing), text("a", s.axis(0)), text("opposite", s.between(-1)))
	hits := search(t, ix, index.Query{Name: "text", Vector: s.axis(0), Limit: 5})
	s.expect(t, hits, index.Hit{Key: "a", Score: 1}, index.Hit{Key: "opposite", Score: -1})
	if hits := search(t, ix, index.Query{Name: "text", Vector: nothing, Limit: 5}); len(hits) > 0 {
		t.Errorf("the zero query found %v", hits)
	}
	s.counts(t, ix, 3, nil)
}

func (s *suite) vectors(t *testing.T) {
	r := random(8)
	ix, ctx := s.new(t), context.Background()
	points := s.points(r, 50, 0)
	points[3].Vectors["claims"] = unit(r, s.Dim, nil, 1)
	points[4].Vectors["text"] = make([]float32, s.Dim)
	upsert(t, ix, points...)
	got, err := ix.Vectors(ctx, []string{"p00009", "unknown", "p00003", "p00004", "p00009"})
	if err != nil {
		t.Fatal(err)
	}
	s.same(t, got, points[9], index.Point{Key: "unknown"}, points[3], points[4], points[9])
	if got, err := ix.Vectors(ctx, nil); err != nil || len(got) != 0 {
		t.Errorf("no keys: %v, %v", got, err)
	}
}

// same compares keys and vectors; want is rounded before.
func (s *suite) same(t *testing.T, got []index.Point, want ...index.Point) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d points, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i].Key != want[i].Key || len(got[i].Vectors) != len(want[i].Vectors) {
			t.Fatalf("point %d is %q with %d vectors, want %q with %d",
				i, got[i].Key, len(got[i].Vectors), want[i].Key, len(want[i].Vectors))
		}
		for name, v := range want[i].Vectors {
			if diff := cmp.Diff(quant.Round(v), got[i].Vectors[name]); diff != "" {
				t.Fatalf("point %q, vector %q (-want +got):\n%s", want[i].Key, name, diff)
			}
		}
	}
}

func (s *suite) ownership(t *testing.T) {
	ix, ctx := s.new(t), context.Background()
	p := text("a", s.axis(0))
	p.Payload = payload(random(9))
	upsert(t, ix, p)
	p.Vectors["text"][0] = 7 // a caller may use its buffers again
	got, err := ix.Vectors(ctx, []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	s.same(t, got, text("a", s.axis(0)))
	got[0].Vectors["text"][0] = 9
	hits := search(t, ix, index.Query{Name: "text", Vector: s.axis(0), Limit: 1})
	s.expect(t, hits, index.Hit{Key: "a", Score: 1})
}

func (s *suite) count(t *testing.T) {
	ix, want := s.new(t), reference{}
	points := s.points(random(10), 700, 0)
	for i := range points {
		if i%7 == 0 {
			points[i].Vectors = nil // counted all the same
		}
	}
	upsert(t, ix, points...)
	want.upsert(points)
	for _, f := range filters {
		n := 0
		for _, p := range want {
			if p.Payload.Satisfies(f.conditions) {
				n++
			}
		}
		s.counts(t, ix, n, f.conditions)
	}
}

func (s *suite) empty(t *testing.T) {
	ix := s.new(t)
	for _, f := range filters {
		s.compare(t, ix, reference{}, index.Query{Name: "claims", Vector: s.axis(1), Conditions: f.conditions, Limit: 3})
		s.counts(t, ix, 0, f.conditions)
	}
	if err := ix.Flush(context.Background()); err != nil {
		t.Error(err)
	}
}
