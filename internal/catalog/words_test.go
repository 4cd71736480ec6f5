package catalog_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/lexical/segment"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// counted counts what is written to words, and can lose what is flushed, as in a
// process that is killed before.
type counted struct {
	lexical.Index
	docs   int
	killed atomic.Bool
}

func (c *counted) Flush(ctx context.Context, mark int64) error {
	if c.killed.Load() {
		return nil
	}
	return c.Index.Flush(ctx, mark)
}

// kill ends a catalog and its words without what closing them secures.
func kill(t *testing.T, c *catalog.Catalog, words *counted) {
	t.Helper()
	words.killed.Store(true)
	closed(t, c)
	if err := words.Close(); err != nil {
		t.Fatal(err)
	}
}

func (c *counted) Upsert(ctx context.Context, docs []lexical.Doc) error {
	c.docs += len(docs)
	return c.Index.Upsert(ctx, docs)
}

// wordsIn opens a catalog whose words are in a folder.
func wordsIn(t *testing.T, f *fixture, dir string) (*catalog.Catalog, *counted) {
	t.Helper()
	x, err := segment.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	c := &counted{Index: x}
	f.words = map[match.Kind]lexical.Index{match.PatentKind: c, match.DemandKind: bigram.New()}
	out, err := catalog.Open(context.Background(), catalog.Config{Store: f.store, Embedder: f.embedder, Vectors: f.vectors, Words: f.words})
	if err != nil {
		t.Fatal(err)
	}
	return out, c
}

func TestOnlyTheWordsThatAreNotOnDiskAreReadAgain(t *testing.T) {
	f, dir := newFixture(t), t.TempDir()
	c, _ := wordsIn(t, f, dir)
	write(t, c, patent(1, "电池"), patent(2, "风机"))
	closed(t, c)
	if err := f.words[match.PatentKind].Close(); err != nil {
		t.Fatal(err)
	}
	c, read := wordsIn(t, f, dir)
	if read.docs != 0 {
		t.Errorf("%d texts are read again", read.docs)
	}
	write(t, c, patent(3, "叶片"))
	f.wantCounts(t, 3, 3)
	kill(t, c, read)
	c, read = wordsIn(t, f, dir)
	if read.docs != 1 {
		t.Errorf("%d texts are read again, want the 1 that was not flushed", read.docs)
	}
	f.wantCounts(t, 3, 3)
	closed(t, c)
}

func TestWordsOfOtherRecordsAreReadAgain(t *testing.T) {
	f, other := newFixture(t), newFixture(t)
	dir := t.TempDir()
	c, _ := wordsIn(t, other, dir)
	write(t, c, patent(1, "电池"))
	closed(t, c)
	if err := other.words[match.PatentKind].Close(); err != nil {
		t.Fatal(err)
	}
	c = f.open(t)
	write(t, c, patent(1, "风机"), patent(2, "叶片"), patent(3, "轮毂"))
	write(t, c, patent(1, "风机塔筒"))
	closed(t, c)
	// They have the mark 1 and are one text of three: the two others come by the mark.
	c, _ = wordsIn(t, f, dir)
	f.wantCounts(t, 3, 3)
	hits, err := f.words[match.PatentKind].Search(t.Context(), lexical.Query{Text: "电池 塔筒", Limit: 5})
	if err != nil || len(hits) != 1 || hits[0].Shared != 1 || hits[0].Key != "default/CN1" {
		t.Errorf("hits %v, %v; want the newest text", hits, err)
	}
	closed(t, c)
}

// Whatever is written and whenever it is killed, words on disk are those that an index
// in memory reads from the store.
func TestWordsOnDiskAreThoseOfTheStore(t *testing.T) {
	f, dir, rnd := newFixture(t), t.TempDir(), rand.New(rand.NewPCG(9, 9))
	for round := range 12 {
		c, _ := wordsIn(t, f, dir)
		for range rnd.IntN(4) {
			var items []store.Item
			for range 1 + rnd.IntN(300) {
				r := patent(rnd.IntN(400), fmt.Sprint("电池材料 w", rnd.IntN(60)))
				r.Withdrawn = rnd.IntN(6) == 0
				items = append(items, store.Item{Record: r})
			}
			if _, err := c.Write(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
				t.Fatal(err)
			}
			if err := c.Await(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		onDisk := f.words[match.PatentKind].(*counted)
		if rnd.IntN(2) == 0 {
			closed(t, c)
			sameWords(t, f, onDisk, round)
			if err := onDisk.Close(); err != nil {
				t.Fatal(err)
			}
			continue
		}
		sameWords(t, f, onDisk, round)
		kill(t, c, onDisk)
	}
}

func sameWords(t *testing.T, f *fixture, got lexical.Index, round int) {
	t.Helper()
	want := bigram.New()
	for at := int64(0); ; {
		changes, err := f.store.Changes(t.Context(), match.PatentKind, at, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) == 0 {
			break
		}
		for _, r := range changes {
			at = r.Seq
			if r.Withdrawn {
				continue
			}
			if err := want.Upsert(t.Context(), []lexical.Doc{{Key: r.Key(), Text: r.Texts().Full(), Payload: r.Payload()}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	q := lexical.Query{Text: "电池材料 w1 w2 w3", Limit: 1000}
	a, err := want.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	b, err := got.Search(t.Context(), q)
	if d := cmp.Diff(a, b); d != "" || err != nil {
		t.Fatalf("round %d: %v (-store +words):\n%s", round, err, d)
	}
}
