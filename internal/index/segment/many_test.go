package segment

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/index"
)

// manySpec has a number of dimensions that no block of a kernel divides.
var manySpec = index.Spec{Collection: "patents", Model: "m", Dim: 100, Vectors: []string{"text", "title"}}

func TestManyQueriesAtOnceFindNearlyAllHitsAndExactlyOnes(t *testing.T) {
	const n, asked, limit = 12_000, 700, 10 // more queries than one tile has
	gen, one := newTexts(manySpec.Dim, n), mustOpen(t, t.TempDir(), manySpec, Options{SealAt: 2500, ClusterAt: 2000, SettleAfter: -1, Workers: 1})
	defer one.Close()
	var points []index.Point
	for i := range n {
		points = append(points, gen.patent(i, n))
	}
	for from := 0; from < n; from += 1000 {
		if from == n-1000 { // the last ones stay in memory
			if err := one.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := one.Upsert(t.Context(), points[from:from+1000]); err != nil {
			t.Fatal(err)
		}
	}
	var gone []string
	for i := 0; i < n; i += 17 {
		gone = append(gone, points[i].Key)
	}
	if err := one.Delete(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	m := index.Many{Name: "title", Limit: limit, Conditions: usual}
	for i := range asked {
		m.Vectors = append(m.Vectors, gen.demand(i, n))
	}
	m.Vectors[3] = make([]float32, manySpec.Dim)
	answers := map[string][][]index.Hit{}
	for _, workers := range []int{1, 3} {
		for _, m.Exact = range []bool{false, true} {
			one.options.Workers = workers
			got, err := one.SearchMany(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			answers[fmt.Sprint(workers, m.Exact)] = got
		}
	}
	for _, exact := range []bool{false, true} {
		if d := cmp.Diff(answers[fmt.Sprint(1, exact)], answers[fmt.Sprint(3, exact)]); d != "" {
			t.Errorf("exact %t: (-one worker +three):\n%s", exact, d)
		}
	}
	found := 0
	for i, want := range answers["1 true"] {
		m.Exact = true
		alone, err := one.Search(t.Context(), m.Of(i))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(alone, want); d != "" {
			t.Fatalf("query %d: (-alone +with many):\n%s", i, d)
		}
		for _, hit := range answers["1 false"][i] {
			for _, w := range want {
				if w == hit {
					found++
				}
			}
		}
	}
	if recall := float64(found) / (asked - 1) / limit; recall < 0.995 {
		t.Errorf("recall is %.4f", recall)
	}
}
