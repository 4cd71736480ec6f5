package segment

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
)

var smallSpec = index.Spec{Collection: "patents", Model: "m", Dim: 16, Vectors: []string{"text", "title"}}

func randomUnit(r *rand.Rand, dim int) []float32 {
	v := make([]float32, dim)
	for i := range v {
		v[i] = float32(r.NormFloat64())
	}
	return normalised(v)
}

// randomPoint may lack vectors, or have the zero vector.
func randomPoint(r *rand.Rand, keys int) index.Point {
	p := index.Point{Key: fmt.Sprint("k", r.IntN(keys)), Vectors: map[string][]float32{}, Payload: match.Payload{
		Tokens:  map[string][]string{match.FieldPool: {fmt.Sprint(r.IntN(4)), "all"}},
		Numbers: map[string]int64{match.FieldFee: int64(r.IntN(20))},
	}}
	for _, name := range smallSpec.Vectors {
		switch r.IntN(12) {
		case 0:
		case 1:
			p.Vectors[name] = make([]float32, smallSpec.Dim)
		default:
			p.Vectors[name] = randomUnit(r, smallSpec.Dim)
		}
	}
	if r.IntN(5) == 0 {
		p.Payload = match.Payload{}
	}
	return p
}

// TestAnyOrderOfWritesMergesAndReopeningsAnswersAsTheFlatIndex drives an index and a flat
// one in memory with the same writes.
func TestAnyOrderOfWritesMergesAndReopeningsAnswersAsTheFlatIndex(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			r, ctx, dir := rand.New(rand.NewPCG(seed, 9)), t.Context(), t.TempDir()
			o := Options{SealAt: 20 + r.IntN(60), ClusterAt: 30 + r.IntN(400), SettleAfter: time.Millisecond, Workers: 1 + r.IntN(2)}
			ix := mustOpen(t, dir, smallSpec, o)
			want, err := flat.Open("", smallSpec)
			if err != nil {
				t.Fatal(err)
			}
			for range 60 {
				switch r.IntN(10) {
				case 0:
					err = errors.Join(ix.Close())
					ix = mustOpen(t, dir, smallSpec, o)
				case 1:
					err = ix.Settle(ctx)
				case 2, 3:
					var keys []string
					for range r.IntN(40) {
						keys = append(keys, fmt.Sprint("k", r.IntN(500)))
					}
					err = errors.Join(ix.Delete(ctx, keys), want.Delete(ctx, keys))
				default:
					var points []index.Point
					for range r.IntN(60) {
						points = append(points, randomPoint(r, 500))
					}
					err = errors.Join(ix.Upsert(ctx, points), want.Upsert(ctx, points))
				}
				if err != nil {
					t.Fatal(err)
				}
				same(t, r, want, ix)
			}
			if err := ix.Close(); err != nil {
				t.Fatal(err)
			}
			ro, err := OpenReadOnly(dir, smallSpec, o)
			if err != nil {
				t.Fatal(err)
			}
			same(t, r, want, ro)
			if err := ro.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

var smallFilters = [][]match.Condition{
	nil,
	{{Field: match.FieldPool, AnyOf: []string{"1"}}},
	{{Field: match.FieldPool, NoneOf: []string{"2"}, OrAbsent: true}},
	{{Field: match.FieldFee, Min: new(int64(3)), Max: new(int64(11))}},
	{{Field: match.FieldFee, Max: new(int64(11)), OrAbsent: true}, {Field: match.FieldPool, AnyOf: []string{"all"}}},
}

// same compares an exact search, to the bit, a count, the keys and their vectors.
func same(t *testing.T, r *rand.Rand, want *flat.Index, got *Index) {
	t.Helper()
	ctx := t.Context()
	q := index.Query{Name: smallSpec.Vectors[r.IntN(2)], Vector: randomUnit(r, smallSpec.Dim), Limit: 1 + r.IntN(40), Exact: true}
	q.Conditions = smallFilters[r.IntN(len(smallFilters))]
	a, err1 := want.Search(ctx, q)
	b, err2 := got.Search(ctx, q)
	if d := cmp.Diff(a, b, cmpopts.EquateEmpty()); d != "" || err1 != nil || err2 != nil {
		t.Fatalf("%+v: %v, %v (-want +got):\n%s", q, err1, err2, d)
	}
	n, err1 := want.Count(ctx, q.Conditions)
	m, err2 := got.Count(ctx, q.Conditions)
	if n != m || err1 != nil || err2 != nil {
		t.Fatalf("%+v: counts %d, %v, want %d, %v", q.Conditions, m, err2, n, err1)
	}
	x, err1 := want.Keys(ctx)
	y, err2 := got.Keys(ctx)
	if d := cmp.Diff(x, y, cmpopts.EquateEmpty()); d != "" || err1 != nil || err2 != nil {
		t.Fatalf("keys: %v, %v (-want +got):\n%s", err1, err2, d)
	}
	v, err1 := want.Vectors(ctx, x)
	w, err2 := got.Vectors(ctx, x)
	if d := cmp.Diff(v, w, cmpopts.EquateEmpty()); d != "" || err1 != nil || err2 != nil {
		t.Fatalf("vectors: %v, %v (-want +got):\n%s", err1, err2, d)
	}
}

func TestLogOfAFlatIndexIsTakenOver(t *testing.T) {
	dir, ctx, r := t.TempDir(), t.Context(), rand.New(rand.NewPCG(3, 9))
	old, err := flat.Open(dir, smallSpec)
	if err != nil {
		t.Fatal(err)
	}
	want, err := flat.Open("", smallSpec)
	if err != nil {
		t.Fatal(err)
	}
	for range 300 {
		p := []index.Point{randomPoint(r, 200)}
		if err := errors.Join(old.Upsert(ctx, p), want.Upsert(ctx, p)); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		ix := mustOpen(t, dir, smallSpec, Options{SealAt: 50})
		same(t, r, want, ix)
		if err := errors.Join(ix.Settle(ctx), ix.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReaderBesideAWriterSeesSomeMomentOfIt(t *testing.T) {
	dir, ctx, r := t.TempDir(), t.Context(), rand.New(rand.NewPCG(5, 9))
	ix := mustOpen(t, dir, smallSpec, Options{SealAt: 30, SettleAfter: time.Millisecond})
	for round := range 30 {
		var points []index.Point
		for i := range 40 {
			p := randomPoint(r, 500)
			p.Key = fmt.Sprint("k", round*20+i) // half of them were there before
			points = append(points, p)
		}
		if err := errors.Join(ix.Upsert(ctx, points), ix.Flush(ctx)); err != nil {
			t.Fatal(err)
		}
		ro, err := OpenReadOnly(dir, smallSpec, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := ro.Count(ctx, nil); n != round*20+40 || err != nil {
			t.Fatalf("%d points, %v; the writer has %d", n, err, round*20+40)
		}
		if err := ro.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 40 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
}

// byLists is an index of one segment that is searched by its lists, with points of gen.
func byLists(t *testing.T, gen *texts, n int) (*Index, []index.Point) {
	t.Helper()
	spec := index.Spec{Collection: "patents", Model: "m", Dim: 64, Vectors: benchSpec.Vectors}
	ix := mustOpen(t, t.TempDir(), spec, Options{SealAt: 2000, ClusterAt: 1000, SettleAfter: -1})
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	points := make([]index.Point, n)
	parallel(n, func(i int) { points[i] = gen.patent(i, n) })
	for from := 0; from < n; from += 500 {
		if err := ix.Upsert(t.Context(), points[from:from+500]); err != nil {
			t.Fatal(err)
		}
	}
	if err := ix.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	return ix, points
}

// TestWhatIsFoundDoesNotDependOnTheOrderOfReading reads the tasks of a search in several
// orders, as several workers would: the answer to a question must be the same each time.
func TestWhatIsFoundDoesNotDependOnTheOrderOfReading(t *testing.T) {
	const n = 6000
	gen, r := newTexts(64, n), rand.New(rand.NewPCG(3, 14))
	ix, _ := byLists(t, gen, n)
	type found struct {
		Row   uint32
		Upper float64
	}
	for i := range 60 {
		f := benchFilters[i%len(benchFilters)]
		q := index.Query{Name: ix.spec.Vectors[i%2], Vector: gen.demand(i, n), Limit: 20, Conditions: f.conditions}
		prepared, _ := quant.NewQuery(q.Vector)
		v, err := ix.view(q)
		if err != nil {
			t.Fatal(err)
		}
		var first []found
		for range 4 {
			s := v.scan(q, prepared)
			r.Shuffle(len(s.tasks), func(i, j int) { s.tasks[i], s.tasks[j] = s.tasks[j], s.tasks[i] })
			candidates, err := s.run(t.Context(), 1+r.IntN(3), -math.MaxFloat64)
			if err != nil {
				t.Fatal(err)
			}
			var got []found
			for _, c := range candidates {
				got = append(got, found{c.row, c.upper})
			}
			slices.SortFunc(got, func(a, b found) int { return int(a.Row) - int(b.Row) })
			if first == nil {
				first = got
			} else if !slices.Equal(got, first) {
				t.Fatalf("%s, %s, query %d: %d candidates, then %d others", q.Name, f.name, i, len(first), len(got))
			}
		}
		if err := v.release(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSearchByListsFindsNearlyAll holds approximate searches to the promised recall.
func TestSearchByListsFindsNearlyAll(t *testing.T) {
	const n = 6000
	ctx, gen := context.Background(), newTexts(64, n)
	ix, points := byLists(t, gen, n)
	spec := ix.spec
	truth, err := flat.Open("", spec)
	if err == nil {
		err = truth.Upsert(ctx, points)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range spec.Vectors {
		for _, f := range benchFilters {
			for _, limit := range []int{10, 50} {
				found, all := 0, 0
				for i := range 40 {
					q := index.Query{Name: name, Vector: gen.demand(i, n), Limit: limit, Conditions: f.conditions}
					want, err1 := truth.Search(ctx, q)
					got, err2 := ix.Search(ctx, q)
					if err1 != nil || err2 != nil || len(got) != len(want) {
						t.Fatalf("%s, %s: %d hits, want %d, %v, %v", name, f.name, len(got), len(want), err1, err2)
					}
					keys := map[string]bool{}
					for _, hit := range got {
						keys[hit.Key] = true
					}
					for _, hit := range want {
						if all++; keys[hit.Key] {
							found++
						}
					}
				}
				if recall := float64(found) / float64(all); recall < 0.98 {
					t.Errorf("%s, %s: recall@%d is %.4f", name, f.name, limit, recall)
				}
			}
		}
	}
}
