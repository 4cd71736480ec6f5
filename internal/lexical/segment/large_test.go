package segment_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/lexical/segment"
	"github.com/duijie/duijie/internal/match"
)

// written stores the same in an index on disk and in one in memory: n documents, of
// which many are updated and deleted, in several files.
func written(t *testing.T, n int) (*segment.Index, *bigram.Index) {
	t.Helper()
	ctx, g := context.Background(), newGenerator(t, 7)
	onDisk, inMemory := open(t, t.TempDir()), bigram.New()
	t.Cleanup(func() { onDisk.Close() })
	each := func(do func(x lexical.Index) error) {
		t.Helper()
		for _, x := range []lexical.Index{onDisk, inMemory} {
			if err := do(x); err != nil {
				t.Fatal(err)
			}
		}
	}
	for step := range 12 {
		docs := make([]lexical.Doc, n/10)
		for i := range docs {
			docs[i] = g.patent(g.rnd.IntN(n))
		}
		each(func(x lexical.Index) error { return x.Upsert(ctx, docs) })
		each(func(x lexical.Index) error { return x.Delete(ctx, []string{docs[0].Key, docs[7].Key}) })
		if step < 11 { // the last ones stay in memory
			each(func(x lexical.Index) error { return x.Flush(ctx, int64(step)) })
		}
	}
	if err := onDisk.Settle(); err != nil {
		t.Fatal(err)
	}
	return onDisk, inMemory
}

func TestLongListsAnswerAsTheIndexInMemory(t *testing.T) {
	onDisk, inMemory := written(t, 3000)
	if n := onDisk.Segments(); n < 2 {
		t.Fatalf("%d files are no test of several", n)
	}
	agreeOnDemands(t, onDisk, inMemory)
	if err := onDisk.MergeAll(); err != nil {
		t.Fatal(err)
	}
	if n := onDisk.Segments(); n != 1 {
		t.Fatalf("%d files after merging all", n)
	}
	agreeOnDemands(t, onDisk, inMemory)
}

func agreeOnDemands(t *testing.T, onDisk, inMemory lexical.Index) {
	t.Helper()
	ctx, g := context.Background(), newGenerator(t, 8)
	for i := range 30 {
		q := lexical.Query{Text: g.demand(i).Text, Limit: []int{1, 10, 50, 5000}[i%4]}
		if i%5 == 1 {
			q.Text = string([]rune(q.Text)[:2+i%7]) // few terms
		}
		q.Conditions = [][]match.Condition{
			nil, {{Field: match.FieldIPC, AnyOf: []string{"A", "C01"}}}, {{Field: match.FieldRegion, NoneOf: []string{"4403"}}, {Field: match.FieldFee, Max: new(int64(20_000))}},
		}[i%3]
		want, err := inMemory.Search(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := onDisk.Search(ctx, q)
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Fatalf("query %d: %v (-in memory +on disk):\n%s", i, err, d)
		}
	}
}

// A long query that is taken by its most telling terms finds nearly all of what the
// full evaluation finds, with the same scores.
func TestALongQueryLosesLittle(t *testing.T) {
	x := open(t, t.TempDir())
	defer x.Close()
	ctx, g := context.Background(), newGenerator(t, 9)
	docs := make([]lexical.Doc, 20_000)
	for i := range docs {
		docs[i] = g.patent(i)
	}
	if err := x.Upsert(ctx, docs); err != nil {
		t.Fatal(err)
	}
	if err := x.Flush(ctx, 1); err != nil {
		t.Fatal(err)
	}
	found, wanted, pruned := 0, 0, 0
	for i := range 40 {
		q := lexical.Query{Text: g.demand(i).Text, Limit: 50}
		got, lossy, err := x.SearchPruned(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		if lossy {
			pruned++
		}
		q.Exact = true
		want, err := x.Search(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		scores := map[string]float64{}
		for _, h := range want {
			scores[h.Key] = h.Score
		}
		for _, h := range got {
			if score, ok := scores[h.Key]; ok && score != h.Score {
				t.Errorf("query %d: %s scores %v, in full %v", i, h.Key, h.Score, score)
			}
		}
		found, wanted = found+common(got, want), wanted+len(want)
	}
	if overlap := float64(found) / float64(wanted); overlap < 0.95 || pruned < 30 {
		t.Errorf("%d of 40 queries are pruned, with an overlap of %.3f; want at least 0.95", pruned, overlap)
	}
}

func common(a, b []lexical.Hit) (n int) {
	keys := map[string]bool{}
	for _, h := range b {
		keys[h.Key] = true
	}
	for _, h := range a {
		if keys[h.Key] {
			n++
		}
	}
	return n
}

// Writers, searches, flushes and merges at once leave what the writes make it.
func TestMergesGoOnBesideWritesAndSearches(t *testing.T) {
	x, ctx := open(t, t.TempDir()), context.Background()
	inMemory, rnd := bigram.New(), rand.New(rand.NewPCG(3, 3))
	stop, searched := make(chan struct{}), make(chan error, 1)
	go func() {
		var err error
		for n := 0; err == nil; n++ {
			select {
			case <-stop:
				searched <- nil
				return
			default:
				_, err = x.Search(ctx, lexical.Query{Text: fmt.Sprint("电池 w", n%50), Limit: 5})
			}
		}
		searched <- err
	}()
	for step := range 150 {
		docs := make([]lexical.Doc, 10)
		for i := range docs {
			docs[i] = lexical.Doc{Key: fmt.Sprint("k", rnd.IntN(400)), Text: fmt.Sprint("电池材料 w", step, " w", rnd.IntN(50))}
		}
		for _, y := range []lexical.Index{x, inMemory} {
			if err := y.Upsert(ctx, docs); err != nil {
				t.Fatal(err)
			}
			if err := y.Delete(ctx, []string{docs[3].Key}); err != nil {
				t.Fatal(err)
			}
		}
		if err := x.Flush(ctx, int64(step)); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	if err := <-searched; err != nil {
		t.Fatal(err)
	}
	if err := x.Settle(); err != nil {
		t.Fatal(err)
	}
	if n := x.Segments(); n > 30 {
		t.Errorf("%d files after 150 flushes: nothing was merged", n)
	}
	for n := range 50 {
		q := lexical.Query{Text: fmt.Sprint("电池 w", n), Limit: 500}
		want, _ := inMemory.Search(ctx, q)
		got, err := x.Search(ctx, q)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Fatalf("%v (-in memory +on disk):\n%s", err, d)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
}
