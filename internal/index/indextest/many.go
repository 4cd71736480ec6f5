package indextest

import (
	"context"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// searchers is how many searches the suite makes at a time where an index has no way of
// its own to answer many.
const searchers = 4

func (s *suite) many(t *testing.T) {
	r := random(12)
	ix, want := s.new(t), reference{}
	points := s.points(r, s.Points, 5)
	upsert(t, ix, points...)
	want.upsert(points)
	for i, conditions := range [][]match.Condition{nil, filters[1].conditions, filters[5].conditions, filters[11].conditions, filters[16].conditions} {
		m := index.Many{Name: "text", Conditions: conditions, Limit: []int{1, 7, 40}[i%3], Exact: true}
		for j := range []int{1, 3, 130}[i%3] {
			near := points[r.IntN(len(points))].Vectors["text"]
			m.Vectors = append(m.Vectors, unit(r, s.Dim, near, 0.3))
			if j == 2 {
				m.Vectors[j] = make([]float32, s.Dim) // finds nothing
			}
		}
		got, err := index.SearchMany(context.Background(), ix, m, searchers)
		if err != nil || len(got) != len(m.Vectors) {
			t.Fatalf("%d answers, %v, want %d", len(got), err, len(m.Vectors))
		}
		for j, hits := range got {
			if length(m.Vectors[j]) == 0 {
				s.expect(t, hits)
				continue
			}
			s.compareHits(t, hits, want, m.Of(j))
		}
	}
	if got, err := index.SearchMany(context.Background(), ix, index.Many{Name: "text", Limit: 1}, searchers); len(got) != 0 || err != nil {
		t.Errorf("no queries: %v, %v", got, err)
	}
}

func (s *suite) refusedMany(t *testing.T) {
	ix := s.new(t)
	upsert(t, ix, text("a", s.axis(0)))
	for name, m := range map[string]index.Many{
		"no limit":       {Name: "text", Vectors: [][]float32{s.axis(0)}},
		"unknown vector": {Name: "titel", Vectors: [][]float32{s.axis(0)}, Limit: 1},
		"query 1":        {Name: "text", Vectors: [][]float32{s.axis(0), s.axis(0)[:1]}, Limit: 1},
	} {
		_, err := index.SearchMany(context.Background(), ix, m, searchers)
		if err == nil || match.KindOf(err) != match.Invalid || name == "query 1" && !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v, want an error of kind invalid", name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := index.SearchMany(ctx, ix, index.Many{Name: "text", Vectors: [][]float32{s.axis(0)}, Limit: 1}, searchers); match.KindOf(err) != match.Canceled {
		t.Errorf("got %v, want an error of kind canceled", err)
	}
}
