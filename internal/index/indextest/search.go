package indextest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

func (s *suite) random(t *testing.T)    { s.againstReference(t, 0) }
func (s *suite) clustered(t *testing.T) { s.againstReference(t, 8) }

func (s *suite) againstReference(t *testing.T, clusters int) {
	r := random(uint64(clusters))
	ix, want := s.new(t), reference{}
	points := s.points(r, s.Points, clusters)
	upsert(t, ix, points...)
	want.upsert(points)
	for _, f := range filters {
		t.Run(f.name, func(t *testing.T) {
			for range s.Queries {
				near := points[r.IntN(len(points))].Vectors["text"]
				if r.IntN(3) == 0 {
					near = nil
				}
				s.compare(t, ix, want, index.Query{
					Name: "text", Vector: unit(r, s.Dim, near, 0.3),
					Conditions: f.conditions, Limit: 1 + r.IntN(60),
				})
			}
		})
	}
}

func (s *suite) churn(t *testing.T) {
	r := random(3)
	ix, want := s.new(t), reference{}
	for round := range 6 {
		points := s.points(r, s.Points/4, round%2*5) // the same keys each time
		upsert(t, ix, points...)
		want.upsert(points)
		var gone []string
		for _, p := range points {
			if r.IntN(3) == 0 {
				gone = append(gone, p.Key)
				delete(want, p.Key)
			}
		}
		if err := ix.Delete(context.Background(), gone); err != nil {
			t.Fatal(err)
		}
		for _, f := range filters {
			s.compare(t, ix, want, index.Query{
				Name: "text", Vector: unit(r, s.Dim, nil, 1), Conditions: f.conditions, Limit: 10,
			})
		}
		s.counts(t, ix, len(want), nil)
	}
}

// selective puts the few that meet the filter where the query is not: an index
// that filters after its search comes back with too few.
func (s *suite) selective(t *testing.T) {
	r := random(4)
	ix := s.new(t)
	points := make([]index.Point, s.Points)
	for i := range points {
		points[i] = text(fmt.Sprintf("p%05d", i), unit(r, s.Dim, s.axis(0), 0.2))
		pool := "near"
		if i%100 == 0 {
			points[i].Vectors["text"], pool = unit(r, s.Dim, s.axis(1), 0.2), "far"
		}
		points[i].Payload.Tokens = map[string][]string{match.FieldPool: {pool}}
	}
	upsert(t, ix, points...)
	few := (s.Points + 99) / 100
	for _, limit := range []int{1, few / 2, few, few + 5} {
		if limit < 1 {
			continue
		}
		query := index.Query{
			Name: "text", Vector: s.axis(0), Limit: limit,
			Conditions: []match.Condition{{Field: match.FieldPool, AnyOf: []string{"far"}}},
		}
		for _, query.Exact = range []bool{true, false} {
			hits, err := ix.Search(context.Background(), query)
			if want := min(limit, few); err != nil || len(hits) != want {
				t.Errorf("limit %d, exact %t: %d hits, %v, want %d", limit, query.Exact, len(hits), err, want)
			}
		}
	}
}

func (s *suite) ties(t *testing.T) {
	ix := s.new(t)
	var points []index.Point
	var keys []string
	for i := range 40 {
		key := fmt.Sprintf("k%02d", i*7%40) // not in the order of keys
		points = append(points, text(key, s.between(0.5)))
		keys = append(keys, key)
	}
	slices.Sort(keys)
	upsert(t, ix, append(points, text("best", s.axis(0)), text("a worse one", s.axis(1)))...)
	for _, limit := range []int{42, 41, 40, 8, 2} {
		hits := search(t, ix, index.Query{Name: "text", Vector: s.axis(0), Limit: limit})
		if len(hits) != limit || hits[0].Key != "best" {
			t.Fatalf("limit %d: %v", limit, hits)
		}
		ordered(t, hits)
		for i, hit := range hits[1:] {
			if i < len(keys) && hit.Key != keys[i] && (limit > len(keys) || !s.LooseCut) {
				t.Fatalf("limit %d: rank %d is %q, want %q", limit, i+1, hit.Key, keys[i])
			}
		}
	}
}

func (s *suite) largeLimit(t *testing.T) {
	r := random(5)
	ix, want := s.new(t), reference{}
	points := s.points(r, 300, 0)
	upsert(t, ix, points...)
	want.upsert(points)
	for _, limit := range []int{299, 300, 301, 5000} {
		s.compare(t, ix, want, index.Query{Name: "text", Vector: s.axis(0), Limit: limit})
	}
}
