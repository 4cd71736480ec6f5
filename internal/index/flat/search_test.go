package flat

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
)

var ctx = context.Background()

func specOf(dim int) index.Spec {
	return index.Spec{Collection: "patents", Model: "m", Dim: dim, Vectors: []string{"text", "claims"}}
}

func point(key string, v []float32, pool int) index.Point {
	return index.Point{
		Key: key, Vectors: map[string][]float32{"text": v},
		Payload: match.Payload{Tokens: map[string][]string{match.FieldPool: {fmt.Sprint(pool)}}},
	}
}

// randomPoints has vectors of which many are close or equal to others.
func randomPoints(r *rand.Rand, n, dim int) []index.Point {
	out := make([]index.Point, n)
	for i := range out {
		v := randomUnit(r, dim)
		if i > 0 && r.IntN(2) == 0 {
			v = slices.Clone(out[r.IntN(i)].Vectors["text"])
			if r.IntN(2) == 0 {
				v[r.IntN(dim)] += 1e-3
				v = normalised(v)
			}
		}
		out[i] = point(fmt.Sprintf("k%d", r.IntN(4*n)), v, r.IntN(4))
	}
	return out
}

// bruteForce is what Search must equal bit for bit.
func bruteForce(points map[string]index.Point, q index.Query) []index.Hit {
	var hits []index.Hit
	for key, p := range points {
		if v := p.Vectors[q.Name]; v != nil && p.Payload.Satisfies(q.Conditions) {
			hits = append(hits, index.Hit{Key: key, Score: index.Dot(q.Vector, quant.Round(v))})
		}
	}
	slices.SortFunc(hits, compareHits)
	return hits[:min(q.Limit, len(hits))]
}

func TestSearchIsBruteForceBitForBitWithAnyNumberOfWorkers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, dim := range []int{3, 48, 700} {
		ix := mustOpen(t, "", specOf(dim))
		points := randomPoints(r, 3000, dim)
		if err := ix.Upsert(ctx, points); err != nil {
			t.Fatal(err)
		}
		stored := map[string]index.Point{}
		for _, p := range points {
			stored[p.Key] = p
		}
		for n := range 40 {
			q := index.Query{Name: "text", Vector: points[r.IntN(len(points))].Vectors["text"], Limit: 1 + r.IntN(200)}
			if n%3 == 1 {
				q.Vector = randomUnit(r, dim)
			}
			if n%4 == 1 {
				q.Conditions = []match.Condition{{Field: match.FieldPool, AnyOf: []string{"1"}}}
			}
			want := bruteForce(stored, q)
			for _, ix.workers = range []int{1, 2, 3, 9} {
				got, err := ix.Search(ctx, q)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Fatalf("%d dimensions, query %d, %d workers (-want +got):\n%s", dim, n, ix.workers, d)
				}
			}
		}
	}
}

func TestUpsertsAndDeletesEqualAnIndexBuiltAnew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const dim = 5
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		grown, _ := Open("", specOf(dim))
		stored := map[string]index.Point{}
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
			points := randomPoints(r, rapid.IntRange(0, 700).Draw(t, "points"), dim)
			for i := range points {
				points[i].Key = fmt.Sprintf("k%d", r.IntN(900))
				stored[points[i].Key] = points[i]
			}
			var gone []string
			for key := range stored {
				if r.IntN(4) == 0 {
					gone = append(gone, key)
					delete(stored, key)
				}
			}
			if grown.Upsert(ctx, points) != nil || grown.Delete(ctx, gone) != nil {
				t.Fatal("refused")
			}
		}
		rebuilt, _ := Open("", specOf(dim))
		for _, p := range stored {
			if err := rebuilt.Upsert(ctx, []index.Point{p}); err != nil {
				t.Fatal(err)
			}
		}
		sameAnswers(t, rebuilt, grown, r)
		if grown.table.facets.Slots() > repackAt && 2*len(stored) < grown.table.facets.Slots() {
			t.Errorf("%d slots for %d points", grown.table.facets.Slots(), len(stored))
		}
	})
}

// sameAnswers compares two indexes on random queries.
func sameAnswers(t interface{ Fatalf(string, ...any) }, want, got *Index, r *rand.Rand) {
	for n := range 12 {
		q := index.Query{Name: "text", Vector: randomUnit(r, want.spec.Dim), Limit: 1 + n*n}
		if n%2 == 0 {
			q.Conditions = []match.Condition{{Field: match.FieldPool, NoneOf: []string{"0", "3"}}}
		}
		a, err1 := want.Search(ctx, q)
		b, err2 := got.Search(ctx, q)
		if d := cmp.Diff(a, b); err1 != nil || err2 != nil || d != "" {
			t.Fatalf("query %d: %v, %v (-want +got):\n%s", n, err1, err2, d)
		}
		c, _ := want.Count(ctx, q.Conditions)
		d, _ := got.Count(ctx, q.Conditions)
		if c != d {
			t.Fatalf("counts %d and %d", c, d)
		}
	}
}

// stopAfter is a context that ends after it was asked n times.
type stopAfter struct {
	context.Context
	asked, n int
}

func (c *stopAfter) Err() error {
	if c.asked++; c.asked > c.n {
		return context.Canceled
	}
	return nil
}

func TestSearchStopsBetweenBlocksAndLeavesNoGoroutine(t *testing.T) {
	ix := mustOpen(t, "", specOf(8))
	if err := ix.Upsert(ctx, randomPoints(rand.New(rand.NewPCG(2, 2)), 3000, 8)); err != nil {
		t.Fatal(err)
	}
	q := index.Query{Name: "text", Vector: []float32{1, 0, 0, 0, 0, 0, 0, 0}, Limit: 3}
	ix.workers = 1
	for n := range 6 {
		c := &stopAfter{ctx, 0, n}
		if _, err := ix.Search(c, q); match.KindOf(err) != match.Canceled || c.asked > n+2 {
			t.Errorf("stopped after %d: asked %d times, %v", n, c.asked, err)
		}
	}
	before := runtime.NumGoroutine()
	ix.workers = 8
	for range 100 {
		expired, cancel := context.WithTimeout(ctx, 20*time.Microsecond)
		_, _ = ix.Search(expired, q)
		cancel()
	}
	if after := runtime.NumGoroutine(); after > before+2 {
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

func TestNothingAnswersAfterClose(t *testing.T) {
	ix := mustOpen(t, t.TempDir(), specOf(1))
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := ix.Search(ctx, index.Query{Name: "text", Vector: []float32{1}, Limit: 1})
	for _, err := range []error{err, ix.Upsert(ctx, nil), ix.Flush(ctx)} {
		if match.KindOf(err) != match.Unavailable {
			t.Errorf("got %v, want an error of kind unavailable", err)
		}
	}
	if err := ix.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}
