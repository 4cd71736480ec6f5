package bigram

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/lexical"
)

// stored returns an index of n documents that mostly share little.
func stored(t *testing.T, n int) *Index {
	t.Helper()
	x := New()
	docs := make([]lexical.Doc, n)
	for i := range docs {
		docs[i].Key = fmt.Sprintf("K%05d", i)
		docs[i].Text = fmt.Sprintf("n%d mod%d mod%d %s", i, i%7, i%11, strings.Repeat("part ", i%5))
	}
	if err := x.Upsert(context.Background(), docs); err != nil {
		t.Fatal(err)
	}
	return x
}

func TestBothWaysOfSearchingGiveTheSame(t *testing.T) {
	x := stored(t, 2000)
	c, ctx := x.contents, context.Background()
	for _, text := range []string{"n17", "n17 mod3", "mod1 mod2 part", "n1 n2 n3 mod0 mod1 mod2 mod3 part", "none"} {
		q, all := c.query(text), c.facets.Select(nil)
		byDocument, byPosting := newTop(50, c.documents), newTop(50, c.documents)
		if err := c.searchDocuments(ctx, q, all, byDocument); err != nil {
			t.Fatal(err)
		}
		if err := x.searchPostings(ctx, q, all, byPosting); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(byDocument.sorted(), byPosting.sorted(), cmp.AllowUnexported(candidate{})); d != "" {
			t.Errorf("%q (-by document +by posting):\n%s", text, d)
		}
	}
}

func TestASearchTakesTheShorterWay(t *testing.T) {
	c := stored(t, 2000).contents
	all, one := c.facets.Select(nil), facet.NewBitmap(2000)
	one.Set(17)
	for _, tc := range []struct {
		name, text string
		selected   facet.Bitmap
		want       int // documents that are scored alone, -1 for none
	}{
		{"a rare term", "n17", all, 1},
		{"a term that nothing has", "none", all, 0},
		{"a filter that leaves one", "mod1 mod2 part", one, 1},
		{"common terms", "mod1 mod2 part", all, -1},
	} {
		got := -1
		if few := c.few(c.query(tc.text), tc.selected); few != nil {
			got = few.Count()
		}
		if got != tc.want {
			t.Errorf("%s: %d documents, want %d", tc.name, got, tc.want)
		}
	}
}

func TestDeadSlotsAndTheirTermsGoAway(t *testing.T) {
	x, ctx := stored(t, 300), context.Background()
	var most []string
	for i := range 200 {
		most = append(most, fmt.Sprintf("K%05d", i))
	}
	if err := x.Delete(ctx, most); err != nil {
		t.Fatal(err)
	}
	c := x.contents
	if len(c.documents) != 100 || c.facets.Slots() != 100 {
		t.Errorf("%d slots, %d of facets, want 100", len(c.documents), c.facets.Slots())
	}
	if n := 100 + 11 + 1; c.dictionary.size() != n || len(c.postings) != n {
		t.Errorf("%d terms, %d lists of postings, want %d", c.dictionary.size(), len(c.postings), n)
	}
	hits, err := x.Search(ctx, lexical.Query{Text: "n250 n17", Limit: 5})
	if err != nil || len(hits) != 1 || hits[0].Key != "K00250" {
		t.Errorf("hits %v, error %v, want K00250", hits, err)
	}
}

func TestACancelledSearchLeavesNoTrace(t *testing.T) {
	x := stored(t, 2000)
	query := lexical.Query{Text: "mod1 mod2 part", Limit: 5}
	want, err := x.Search(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	for calls := range 5 {
		if _, err := x.Search(&patience{Context: context.Background(), calls: calls}, query); calls < 3 && err == nil {
			t.Errorf("cancelled at its check %d, a search gave an answer", calls)
		}
		got, err := x.Search(context.Background(), query)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("after it: %v\n%s", err, d)
		}
	}
}

// patience is a context that is cancelled when it has been asked a few times.
type patience struct {
	context.Context
	calls int
}

func (p *patience) Err() error {
	if p.calls--; p.calls < 0 {
		return context.Canceled
	}
	return nil
}

func TestAStreamGivesWhatWasAppended(t *testing.T) {
	want := [][2]uint32{{0, 1}, {0, 2}, {5, 1}, {maxNumber, 1}, {maxNumber, 1<<32 - 1}, {7, 300}}
	var s stream
	for _, pair := range want {
		s = s.append(pair[0], pair[1])
	}
	var got [][2]uint32
	for number, tf := range s.all() {
		got = append(got, [2]uint32{number, tf})
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
