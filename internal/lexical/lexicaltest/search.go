package lexicaltest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

func tiesGoByKey(t *testing.T, x lexical.Index) {
	rnd := rand.New(rand.NewPCG(7, 7))
	var docs []lexical.Doc
	for _, i := range rnd.Perm(200) {
		docs = append(docs, lexical.Doc{Key: fmt.Sprintf("K%03d", i), Text: []string{"铜合金", "铜合金，钢"}[i%2]})
	}
	upsert(t, x, docs...)
	hits := search(t, x, "铜合金", everything)
	if len(hits) != 200 || !slices.IsSortedFunc(hits, inOrder) {
		t.Errorf("%d hits, or not in order", len(hits))
	}
	for i, h := range hits {
		if want := fmt.Sprintf("K%03d", i%100*2+i/100); h.Key != want {
			t.Fatalf("hit %d is %s, want %s", i, h.Key, want)
		}
	}
	if hits[0].Score != hits[99].Score || hits[99].Score <= hits[100].Score {
		t.Error("equal texts have different scores, or different ones the same")
	}
}

func limitGivesTheHead(t *testing.T, x lexical.Index) {
	rnd := rand.New(rand.NewPCG(8, 8))
	upsert(t, x, randomDocs(rnd, 300, 200)...)
	for range 10 {
		query := randomText(rnd, 10)
		all := search(t, x, query, everything)
		if !slices.IsSortedFunc(all, inOrder) {
			t.Fatalf("query %q: hits out of order", query)
		}
		for _, limit := range []int{1, 2, 7, len(all) - 1, len(all), len(all) + 1} {
			if limit < 1 {
				continue
			}
			head := all[:min(limit, len(all))]
			if d := cmp.Diff(head, search(t, x, query, limit), cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("query %q, limit %d (-want +got):\n%s", query, limit, d)
			}
		}
	}
}

func filtersAreInside(t *testing.T, x lexical.Index) {
	rnd, r := rand.New(rand.NewPCG(9, 9)), reference{}
	for range 3 {
		docs := randomDocs(rnd, 200, 150)
		r.upsert(docs...)
		upsert(t, x, docs...)
	}
	for range 60 {
		query, conditions := randomText(rnd, 15), randomConditions(rnd)
		var want []lexical.Hit
		for _, h := range search(t, x, query, everything) {
			if r[h.Key].Payload.Satisfies(conditions) {
				want = append(want, h)
			}
		}
		for _, limit := range []int{5, everything} {
			head := want[:min(limit, len(want))]
			if d := cmp.Diff(head, search(t, x, query, limit, conditions...), cmpopts.EquateEmpty()); d != "" {
				t.Fatalf("query %q, conditions %+v, limit %d (-want +got):\n%s", query, conditions, limit, d)
			}
		}
	}
}

func randomConditions(rnd *rand.Rand) []match.Condition {
	two := int64(2)
	all := []match.Condition{
		{Field: match.FieldRegion, AnyOf: []string{"44", "31"}},
		{Field: match.FieldRegion, NoneOf: []string{"11"}},
		{Field: match.FieldRegion, AnyOf: []string{"4403"}, NoneOf: []string{"31"}, OrAbsent: true},
		{Field: match.FieldSector, AnyOf: []string{"s1"}},
		{Field: match.FieldSector, AnyOf: []string{"nothing has it"}},
		{Field: match.FieldFee, Min: &two},
		{Field: match.FieldFee, Max: &two, OrAbsent: true},
		{Field: match.FieldFee, Min: &two, Max: &two},
	}
	rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:rnd.IntN(4)]
}

func filtersFollowUpdates(t *testing.T, x lexical.Index) {
	in := func(sector string) match.Payload {
		return match.Payload{Tokens: map[string][]string{match.FieldSector: {sector}}}
	}
	of := func(sector string) match.Condition {
		return match.Condition{Field: match.FieldSector, AnyOf: []string{sector}}
	}
	upsert(t, x, lexical.Doc{Key: "a", Text: "电池", Payload: in("old")}, lexical.Doc{Key: "b", Text: "电池", Payload: in("old")})
	upsert(t, x, lexical.Doc{Key: "a", Text: "电池", Payload: in("new")})
	for _, c := range []struct{ sector, want string }{{"old", "b"}, {"new", "a"}} {
		if hits := search(t, x, "电池", 5, of(c.sector)); len(hits) != 1 || hits[0].Key != c.want {
			t.Errorf("in sector %s: %v, want %s", c.sector, hits, c.want)
		}
	}
	remove(t, x, "b")
	if hits := search(t, x, "电池", 5, of("old")); len(hits) != 0 {
		t.Errorf("a deleted document is found: %v", hits)
	}
}

// filtersOnRareTerms asks for what two of many documents have, which an index may
// look up in another way than common terms.
func filtersOnRareTerms(t *testing.T, x lexical.Index) {
	var docs []lexical.Doc
	for i := range 1000 {
		docs = append(docs, lexical.Doc{
			Key:     fmt.Sprintf("K%03d", i),
			Text:    fmt.Sprintf("common pair%d", i/2),
			Payload: match.Payload{Tokens: map[string][]string{match.FieldSector: {fmt.Sprintf("s%d", i%5)}}},
		})
	}
	upsert(t, x, docs...)
	found := func(conditions ...match.Condition) (keys []string) {
		for _, h := range search(t, x, "pair21", 5, conditions...) {
			keys = append(keys, h.Key)
		}
		return keys
	}
	most := match.Condition{Field: match.FieldSector, NoneOf: []string{"s2"}}
	if d := cmp.Diff([]string{"K042", "K043"}, found()); d != "" {
		t.Errorf("without a filter (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"K043"}, found(most)); d != "" {
		t.Errorf("with a filter (-want +got):\n%s", d)
	}
	remove(t, x, "K043")
	if d := cmp.Diff([]string{"K042"}, found()); d != "" {
		t.Errorf("after a delete (-want +got):\n%s", d)
	}
}

func emptyQueriesFindNothing(t *testing.T, x lexical.Index) {
	upsert(t, x, lexical.Doc{Key: "a", Text: "电池"})
	for _, query := range []string{"", " \n", "，。！", "\xff"} {
		if hits := search(t, x, query, 5); len(hits) != 0 {
			t.Errorf("%q finds %v", query, hits)
		}
		want := []lexical.Hit{{Key: "a", DocTerms: 1}}
		if d := cmp.Diff(want, score(t, x, query, "a")); d != "" {
			t.Errorf("Score(%q) (-want +got):\n%s", query, d)
		}
		if list := terms(t, x, query, "a"); len(list) != 0 {
			t.Errorf("%q has the terms %v", query, list)
		}
	}
}

func unknownTermsFindNothing(t *testing.T, x lexical.Index) {
	upsert(t, x, lexical.Doc{Key: "a", Text: "电池"}, lexical.Doc{Key: "b", Text: "风机 turbine"})
	remove(t, x, "b")
	for _, query := range []string{"叶片", "风机", "turbine", "polytetrafluoroethylene"} {
		if hits := search(t, x, query, 5); len(hits) != 0 {
			t.Errorf("%q finds %v", query, hits)
		}
	}
}
