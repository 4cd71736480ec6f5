package lexicaltest

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/lexical"
)

func contributionsAddUp(t *testing.T, x lexical.Index) {
	rnd := rand.New(rand.NewPCG(4, 4))
	upsert(t, x, randomDocs(rnd, 100, 100)...)
	for range 20 {
		query := randomText(rnd, 20)
		for _, h := range search(t, x, query, 10) {
			list := terms(t, x, query, h.Key)
			sum := 0.0
			for _, term := range list {
				sum += term.Contribution
			}
			if !near(sum, h.Score) || len(list) != h.Shared {
				t.Fatalf("query %q, %s: %d terms add up to %v, want %d and %v", query, h.Key, len(list), sum, h.Shared, h.Score)
			}
			if !slices.IsSortedFunc(list, byContribution) {
				t.Fatalf("query %q, %s: terms out of order: %v", query, h.Key, list)
			}
		}
	}
}

func byContribution(a, b lexical.Term) int {
	return cmp.Or(cmp.Compare(b.Contribution, a.Contribution), cmp.Compare(a.Text, b.Text))
}

func contributionsAreOfTheFormula(t *testing.T, x lexical.Index) {
	rnd, r := rand.New(rand.NewPCG(5, 5)), reference{}
	docs := randomDocs(rnd, 40, 40)
	r.upsert(docs...)
	upsert(t, x, docs...)
	for _, key := range sortedKeys(r) {
		query := randomText(rnd, 20)
		got := map[string]float64{}
		for _, term := range terms(t, x, query, key) {
			got[term.Text] = term.Contribution
		}
		if d := gocmp.Diff(r.contributions(r.statistics(), query, key), got, rounding); d != "" {
			t.Fatalf("query %q, %s (-want +got):\n%s", query, key, d)
		}
	}
}

func countsAreOfDistinctTerms(t *testing.T, x lexical.Index) {
	upsert(t, x, lexical.Doc{Key: "a", Text: "电池电池 5G 5G 叶片"}) // 电池 池电 5g 叶片
	got := search(t, x, "5g，5G。电池电池！风机", 1)                    // 5g 电池 池电 风机
	want := []lexical.Hit{{Key: "a", Shared: 3, QueryTerms: 4, DocTerms: 4}}
	if len(got) > 0 {
		want[0].Score = got[0].Score
	}
	if d := gocmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func repeatedQueryTermsCountOnce(t *testing.T, x lexical.Index) {
	rnd := rand.New(rand.NewPCG(6, 6))
	upsert(t, x, randomDocs(rnd, 50, 50)...)
	once := search(t, x, "电池，steel", everything)
	if d := gocmp.Diff(once, search(t, x, "电池，电池，steel，电池，STEEL", everything)); d != "" {
		t.Errorf("(-once +repeated):\n%s", d)
	}
	if len(once) == 0 {
		t.Error("no hits at all")
	}
}

func textIsFolded(t *testing.T, x lexical.Index) {
	upsert(t, x, lexical.Doc{Key: "a", Text: "ＬｉＦｅＰＯ４正极"}, lexical.Doc{Key: "b", Text: "负极"})
	for _, query := range []string{"lifepo4", "LiFePO4", "ＬＩＦＥＰＯ４"} {
		if hits := search(t, x, query, 5); len(hits) != 1 || hits[0].Key != "a" {
			t.Errorf("%q finds %v, want a", query, hits)
		}
	}
	if list := terms(t, x, "LiFePO4", "a"); len(list) != 1 || list[0].Text != "lifepo4" {
		t.Errorf("the terms are %v, want the folded one", list)
	}
}

func searchFindsWhatShares(t *testing.T, x lexical.Index) {
	upsert(t, x,
		lexical.Doc{Key: "bigram", Text: "锂离子电池"}, lexical.Doc{Key: "one character", Text: "电，池"},
		lexical.Doc{Key: "turned", Text: "池电"}, lexical.Doc{Key: "word", Text: "a BATTERY pack"},
		lexical.Doc{Key: "part of a word", Text: "batteries"}, lexical.Doc{Key: "long word", Text: strings.Repeat("z", 50)})
	for query, want := range map[string][]string{
		"电池": {"bigram"}, "电": {"one character"}, "battery": {"word"}, "池电": {"turned"},
		"电池 battery": {"bigram", "word"}, strings.Repeat("z", 45): {"long word"},
	} {
		var got []string
		for _, h := range search(t, x, query, 10) {
			got = append(got, h.Key)
		}
		slices.Sort(got)
		if d := gocmp.Diff(want, got); d != "" {
			t.Errorf("query %q (-want +got):\n%s", query, d)
		}
	}
}
