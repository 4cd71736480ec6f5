package lexicaltest

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/lexical"
)

// rounding treats scores as equal that differ by 1e-9 of their size.
var rounding = cmp.Options{cmp.Comparer(near), cmpopts.EquateEmpty()}

// agree compares whole rankings of x and the reference for random queries.
func agree(t *testing.T, x lexical.Index, r reference, rnd *rand.Rand, queries int) {
	t.Helper()
	for range queries {
		query := randomText(rnd, 20)
		got := map[string]lexical.Hit{}
		for _, h := range search(t, x, query, everything) {
			got[h.Key] = h
		}
		if d := cmp.Diff(r.ranking(query), got, rounding); d != "" {
			t.Fatalf("query %q (-want +got):\n%s", query, d)
		}
	}
	if n := count(t, x); n != len(r) {
		t.Fatalf("Count is %d, want %d", n, len(r))
	}
}

func scoresAreBM25(t *testing.T, x lexical.Index) {
	rnd, r := rand.New(rand.NewPCG(1, 1)), reference{}
	docs := randomDocs(rnd, 60, 1000)
	r.upsert(docs...)
	upsert(t, x, docs...)
	agree(t, x, r, rnd, 20)
}

func scoresFollowWrites(t *testing.T, x lexical.Index) {
	rnd, r := rand.New(rand.NewPCG(2, 2)), reference{}
	for range 40 {
		docs := randomDocs(rnd, 1+rnd.IntN(20), 50) // mostly updates
		r.upsert(docs...)
		upsert(t, x, docs...)
		for range rnd.IntN(6) {
			key := randomDoc(rnd, 50).Key
			delete(r, key)
			remove(t, x, key)
		}
		agree(t, x, r, rnd, 2)
	}
	keys := sortedKeys(r)
	remove(t, x, keys[1:]...)
	agree(t, x, reference{keys[0]: r[keys[0]]}, rnd, 5)
}

func scoresByHand(t *testing.T, x lexical.Index) {
	upsert(t, x,
		lexical.Doc{Key: "a", Text: "电池电池"}, // 电池 twice, 池电: length 3
		lexical.Doc{Key: "b", Text: "电池"},   // length 1
		lexical.Doc{Key: "c", Text: "风机风"})  // length 2; the average is 2
	idf := math.Log(1 + 1.5/2.5) // N = 3, n = 2
	want := []lexical.Hit{
		{Key: "a", Score: idf * 2 * 2.2 / (2 + 1.2*(0.25+0.75*1.5)), Shared: 1, QueryTerms: 1, DocTerms: 2},
		{Key: "b", Score: idf * 2.2 / (1 + 1.2*(0.25+0.75*0.5)), Shared: 1, QueryTerms: 1, DocTerms: 1},
	}
	if want[1].Score > want[0].Score {
		want[0], want[1] = want[1], want[0]
	}
	if d := cmp.Diff(want, search(t, x, "电池", 10), rounding); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func scoreAgreesWithSearch(t *testing.T, x lexical.Index) {
	rnd := rand.New(rand.NewPCG(3, 3))
	upsert(t, x, randomDocs(rnd, 300, 200)...)
	for range 20 {
		query := randomText(rnd, 20)
		hits := search(t, x, query, everything)
		rnd.Shuffle(len(hits), func(i, j int) { hits[i], hits[j] = hits[j], hits[i] })
		keys := make([]string, len(hits))
		for i, h := range hits {
			keys[i] = h.Key
		}
		// The very same number: a named pair must not rank otherwise than a found one.
		if d := cmp.Diff(hits, score(t, x, query, keys...), cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("query %q (-Search +Score):\n%s", query, d)
		}
	}
}

func unknownKeysScoreZero(t *testing.T, x lexical.Index) {
	upsert(t, x, lexical.Doc{Key: "a", Text: "电池"}, lexical.Doc{Key: "b", Text: "风机叶片"}, lexical.Doc{Key: "c", Text: "电池"})
	remove(t, x, "c")
	got := score(t, x, "锂电池", "x", "b", "c", "a", "x")
	want := []lexical.Hit{
		{Key: "x", QueryTerms: 2}, {Key: "b", QueryTerms: 2, DocTerms: 3}, {Key: "c", QueryTerms: 2},
		{Key: "a", Score: got[3].Score, Shared: 1, QueryTerms: 2, DocTerms: 1}, {Key: "x", QueryTerms: 2},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got[3].Score <= 0 {
		t.Errorf("a shares a term and scores %v", got[3].Score)
	}
	if list := terms(t, x, "锂电池", "x"); len(list) != 0 {
		t.Errorf("an unknown key has the terms %v", list)
	}
	if hits := score(t, x, "锂电池"); len(hits) != 0 {
		t.Errorf("no keys have the hits %v", hits)
	}
}
