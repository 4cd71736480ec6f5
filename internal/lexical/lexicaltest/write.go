package lexicaltest

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

func emptyIndexAnswers(t *testing.T, x lexical.Index) {
	if hits := search(t, x, "电池", 5); len(hits) != 0 {
		t.Errorf("hits %v", hits)
	}
	if d := cmp.Diff([]lexical.Hit{{Key: "a", QueryTerms: 1}}, score(t, x, "电池", "a")); d != "" {
		t.Errorf("Score (-want +got):\n%s", d)
	}
	upsert(t, x)
	remove(t, x)
	if n := count(t, x); n != 0 {
		t.Errorf("Count is %d", n)
	}
}

func emptyDocuments(t *testing.T, x lexical.Index) {
	upsert(t, x, lexical.Doc{Key: "empty"}, lexical.Doc{Key: "marks", Text: "，。"})
	if hits := search(t, x, "电池，。", 5); len(hits) != 0 {
		t.Errorf("hits %v", hits)
	}
	if n := count(t, x); n != 2 {
		t.Errorf("Count is %d, want 2", n)
	}
	r := reference{"empty": {Key: "empty"}, "marks": {Key: "marks", Text: "，。"}, "a": {Key: "a", Text: "电池"}}
	upsert(t, x, r["a"]) // they count for N and the mean length
	if d := cmp.Diff([]lexical.Hit{r.hit(r.statistics(), "电池", "a")}, search(t, x, "电池", 5), rounding); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	remove(t, x, "a")
	if hits := search(t, x, "电池", 5); len(hits) != 0 {
		t.Errorf("hits %v", hits)
	}
}

func lastOfABatchStays(t *testing.T, x lexical.Index) {
	upsert(t, x, lexical.Doc{Key: "a", Text: "电池"}, lexical.Doc{Key: "a", Text: "风机"})
	if n := count(t, x); n != 1 {
		t.Errorf("Count is %d, want 1", n)
	}
	if first, last := search(t, x, "电池", 5), search(t, x, "风机", 5); len(first) != 0 || len(last) != 1 {
		t.Errorf("the first one is found as %v, the last one as %v", first, last)
	}
}

func deletingUnknownKeys(t *testing.T, x lexical.Index) {
	upsert(t, x, lexical.Doc{Key: "a", Text: "电池"})
	remove(t, x, "b", "a", "a", "")
	if n := count(t, x); n != 0 {
		t.Errorf("Count is %d, want 0", n)
	}
}

func inputIsNotKept(t *testing.T, x lexical.Index) {
	sectors := []string{"s1"}
	doc := lexical.Doc{Key: "a", Text: "电池", Payload: match.Payload{Tokens: map[string][]string{match.FieldSector: sectors}}}
	docs := []lexical.Doc{doc}
	upsert(t, x, docs...)
	sectors[0], docs[0] = "s2", lexical.Doc{}
	clear(doc.Payload.Tokens)
	for range 300 { // long enough for the index to tidy up
		upsert(t, x, lexical.Doc{Key: "b", Text: "风机"})
	}
	condition := match.Condition{Field: match.FieldSector, AnyOf: []string{"s1"}}
	if hits := search(t, x, "电池", 5, condition); len(hits) != 1 || hits[0].Key != "a" {
		t.Errorf("the hits are %v, want a", hits)
	}
}

func keylessDocumentsAreRefused(t *testing.T, x lexical.Index) {
	err := x.Upsert(context.Background(), []lexical.Doc{{Key: "a", Text: "电池"}, {Text: "风机"}})
	if match.KindOf(err) != match.Invalid {
		t.Errorf("the error is %v, want one of kind Invalid", err)
	}
	if n := count(t, x); n != 0 {
		t.Errorf("Count is %d after a refused batch, want 0", n)
	}
}

func lowLimitsAreRefused(t *testing.T, x lexical.Index) {
	for _, limit := range []int{0, -1} {
		_, err := x.Search(context.Background(), lexical.Query{Text: "电池", Limit: limit})
		if match.KindOf(err) != match.Invalid {
			t.Errorf("limit %d: the error is %v, want one of kind Invalid", limit, err)
		}
	}
}

func cancelledCallsEnd(t *testing.T, x lexical.Index) {
	upsert(t, x, lexical.Doc{Key: "a", Text: "电池"})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, call := range map[string]func() error{
		"Upsert": func() error { return x.Upsert(ctx, []lexical.Doc{{Key: "b", Text: "风机"}}) },
		"Delete": func() error { return x.Delete(ctx, []string{"a"}) },
		"Search": func() error { _, err := x.Search(ctx, lexical.Query{Text: "电池", Limit: 1}); return err },
		"Score":  func() error { _, err := x.Score(ctx, "电池", []string{"a"}); return err },
		"Terms":  func() error { _, err := x.Terms(ctx, "电池", "a"); return err },
		"Count":  func() error { _, err := x.Count(ctx); return err },
	} {
		if err := call(); match.KindOf(err) != match.Canceled {
			t.Errorf("%s: the error is %v, want one of kind Canceled", name, err)
		}
	}
	if hits := search(t, x, "电池，风机", 5); len(hits) != 1 || hits[0].Key != "a" {
		t.Errorf("the hits are %v afterwards, want a", hits)
	}
}

func flushesChangeNothing(t *testing.T, x lexical.Index) {
	rnd, r := rand.New(rand.NewPCG(13, 13)), reference{}
	if mark := x.Mark(); mark != 0 {
		t.Errorf("the mark of an empty index is %d", mark)
	}
	for n := range int64(10) {
		docs := randomDocs(rnd, 30, 60)
		r.upsert(docs...)
		upsert(t, x, docs...)
		gone := docs[0].Key
		delete(r, gone)
		remove(t, x, gone)
		if err := x.Flush(context.Background(), n+1); err != nil {
			t.Fatalf("Flush: %v", err)
		}
		agree(t, x, r, rnd, 3)
	}
	query := randomText(rnd, 20)
	q := lexical.Query{Text: query, Limit: 10}
	some := search(t, x, query, 10)
	q.Exact = true
	all, err := x.Search(context.Background(), q)
	if d := cmp.Diff(some, all, cmpopts.EquateEmpty()); d != "" || err != nil {
		t.Errorf("in so small a collection Exact makes a difference: %v\n%s", err, d)
	}
}
