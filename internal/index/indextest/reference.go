package indextest

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/quant"
)

// reference is an index by brute force in float64, with vectors as every index keeps them.
type reference map[string]index.Point

func (r reference) upsert(points []index.Point) {
	for _, p := range points {
		p.Vectors = maps.Clone(p.Vectors)
		for name, v := range p.Vectors {
			p.Vectors[name] = quant.Round(v)
		}
		r[p.Key] = p
	}
}

type scored struct {
	key   string
	score float64
}

// search returns all points that q may find, best first.
func (r reference) search(q index.Query) []scored {
	var out []scored
	for key, p := range r {
		v := p.Vectors[q.Name]
		if length(v) > 0 && p.Payload.Satisfies(q.Conditions) {
			out = append(out, scored{key, dot(q.Vector, v) / length(v) / length(q.Vector)})
		}
	}
	slices.SortFunc(out, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.key, b.key))
	})
	return out
}

func dot(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func length(v []float32) float64 { return math.Sqrt(dot(v, v)) }

// search searches exactly and fails the test on an error.
func search(t *testing.T, ix index.Index, q index.Query) []index.Hit {
	t.Helper()
	q.Exact = true
	hits, err := ix.Search(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

// compare checks a search against the reference: as many hits; at each rank the
// score that belongs there; each hit with its own true score, once; in order.
func (s *suite) compare(t *testing.T, ix index.Index, r reference, q index.Query) {
	t.Helper()
	s.compareHits(t, search(t, ix, q), r, q)
}

func (s *suite) compareHits(t *testing.T, got []index.Hit, r reference, q index.Query) {
	t.Helper()
	all := r.search(q)
	truth := make(map[string]float64, len(all))
	for _, x := range all {
		truth[x.key] = x.score
	}
	if want := min(q.Limit, len(all)); len(got) != want {
		t.Fatalf("%d hits for limit %d and %d matches, want %d", len(got), q.Limit, len(all), want)
	}
	for i, hit := range got {
		score, ok := truth[hit.Key]
		switch {
		case !ok:
			t.Fatalf("rank %d: %q does not meet the query, or is there twice", i, hit.Key)
		case math.Abs(float64(hit.Score)-score) > s.Tolerance:
			t.Fatalf("rank %d: %q has score %v, want %v", i, hit.Key, hit.Score, score)
		case math.Abs(score-all[i].score) > s.Tolerance:
			t.Fatalf("rank %d: %q with %v, but %q has %v", i, hit.Key, score, all[i].key, all[i].score)
		}
		delete(truth, hit.Key)
	}
	ordered(t, got)
}

// ordered checks that hits are best first and ties in the order of keys.
func ordered(t *testing.T, hits []index.Hit) {
	t.Helper()
	for i := 1; i < len(hits); i++ {
		a, b := hits[i-1], hits[i]
		if a.Score < b.Score || (a.Score == b.Score && a.Key >= b.Key) {
			t.Fatalf("hits %d and %d are out of order: %v, %v", i-1, i, a, b)
		}
	}
}
