package qdrant_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	client "github.com/qdrant/go-client/qdrant"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/index/qdrant/qdranttest"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/lexical/lexicaltest"
	"github.com/duijie/duijie/internal/match"
)

func TestWordsConform(t *testing.T) {
	addr := qdranttest.Addr(t)
	lexicaltest.Run(t, func(t *testing.T) lexical.Index {
		w := openWords(t, fresh(t, addr))
		w.RebaseAfter(1) // at each Flush
		return w
	})
}

func openWords(t testing.TB, cfg qdrant.Config) *qdrant.Words {
	t.Helper()
	w, err := qdrant.OpenWords(context.Background(), cfg, "patents")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// closing closes w at the end of the test.
func closing(t testing.TB, w *qdrant.Words) *qdrant.Words {
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

var phrases = []string{
	"锂离子电池", "正极材料", "石墨烯", "散热膜", "的制备方法", "一种", "包括", "聚四氟乙烯", "铜合金", "导电", "循环水", "养殖",
	"LiFePO4", "100/120", "steel", "冲击韧性", "不低于", "%", "，", "。", "氧化", "还原", "催化剂", "𠀀𠀁",
}

func phrase(r *rand.Rand, most int) string {
	var b strings.Builder
	for range 1 + r.IntN(most) {
		b.WriteString(phrases[r.IntN(len(phrases))])
	}
	return b.String()
}

func randomDocs(r *rand.Rand, n, keys int) []lexical.Doc {
	out := make([]lexical.Doc, n)
	for i := range out {
		out[i] = lexical.Doc{Key: fmt.Sprintf("default/CN%d", r.IntN(keys)), Text: phrase(r, 40), Payload: randomPayload(r)}
	}
	return out
}

// agreeWith compares answers of two indexes, which must be the same to the last bit.
func agreeWith(t *testing.T, want, got lexical.Index, r *rand.Rand, queries int) {
	t.Helper()
	for i := range queries {
		q := lexical.Query{Text: phrase(r, 30), Limit: 1 + r.IntN(40), Exact: i%2 == 0}
		if i%3 > 0 {
			q.Conditions = randomConditions(r)
		}
		a, err := want.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		b, err := got.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(a, b, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("%q, %v, limit %d (-built in +qdrant):\n%s", q.Text, q.Conditions, q.Limit, d)
		}
		if len(a) == 0 {
			continue
		}
		x, err := want.Terms(t.Context(), q.Text, a[0].Key)
		if err != nil {
			t.Fatal(err)
		}
		y, err := got.Terms(t.Context(), q.Text, a[0].Key)
		if d := cmp.Diff(x, y); d != "" || err != nil {
			t.Fatalf("terms of %q in %s: %v (-built in +qdrant):\n%s", q.Text, a[0].Key, err, d)
		}
	}
}

func TestWordsOnQdrantAndBuiltInGiveTheSameHitsToTheLastBit(t *testing.T) {
	addr := qdranttest.Addr(t)
	for _, shards := range []int{1, 4} {
		t.Run(fmt.Sprintf("%d shards", shards), func(t *testing.T) {
			cfg := fresh(t, addr)
			cfg.Settings.Shards = shards
			w, local := closing(t, openWords(t, cfg)), bigram.New()
			r := rand.New(rand.NewPCG(5, 6))
			for range 4 { // the mean length changes from one to the next
				docs := randomDocs(r, 400, 900)
				gone := []string{docs[0].Key, docs[1].Key, "default/unknown"}
				for _, x := range []lexical.Index{w, local} {
					if err := x.Upsert(t.Context(), docs); err != nil {
						t.Fatal(err)
					}
					if err := x.Delete(t.Context(), gone); err != nil {
						t.Fatal(err)
					}
				}
			}
			agreeWith(t, local, w, r, 60)
		})
	}
}

func TestWordsAreThereWithTheirMarkWhenReopened(t *testing.T) {
	cfg, local := fresh(t, qdranttest.Addr(t)), bigram.New()
	r := rand.New(rand.NewPCG(7, 8))
	for round := range int64(6) {
		w := openWords(t, cfg)
		w.RebaseAfter(150)
		if got := w.Mark(); got != 10*round {
			t.Errorf("mark %d, want %d", got, 10*round)
		}
		if err := w.Lead(t.Context()); err != nil {
			t.Fatal(err)
		}
		docs := randomDocs(r, 100, 200)
		for _, x := range []lexical.Index{w, local} {
			if err := x.Upsert(t.Context(), docs); err != nil {
				t.Fatal(err)
			}
			if err := x.Delete(t.Context(), []string{docs[0].Key}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(t.Context(), 10*(round+1)); err != nil {
			t.Fatal(err)
		}
		agreeWith(t, local, w, r, 8)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A reader sees what a writer has written after each Refresh, whatever bases the writer
// has made meanwhile and however often it looks.
func TestAnotherProcessSeesAllWritesAfterRefresh(t *testing.T) {
	cfg, local := fresh(t, qdranttest.Addr(t)), bigram.New()
	writer, often, seldom := closing(t, openWords(t, cfg)), closing(t, openWords(t, cfg)), closing(t, openWords(t, cfg))
	writer.RebaseAfter(120)
	r := rand.New(rand.NewPCG(9, 10))
	for round := range 12 {
		docs := randomDocs(r, 60, 150)
		for _, x := range []lexical.Index{writer, local} {
			if err := x.Upsert(t.Context(), docs); err != nil {
				t.Fatal(err)
			}
			if err := x.Delete(t.Context(), []string{docs[0].Key, docs[1].Key}); err != nil {
				t.Fatal(err)
			}
		}
		if err := writer.Flush(t.Context(), int64(round+1)); err != nil {
			t.Fatal(err)
		}
		readers := []*qdrant.Words{often}
		if round%5 == 4 {
			readers = append(readers, seldom)
		}
		for _, x := range readers {
			if err := x.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			agreeWith(t, local, x, r, 4)
			if x.Mark() != int64(round+1) {
				t.Errorf("mark %d after flush %d", x.Mark(), round+1)
			}
		}
	}
	if n := writer.Recent(); n >= 240 {
		t.Errorf("%d documents since the base: no new one was made", n)
	}
}

// A writer that is killed between any two of its messages leaves counts and documents in
// agreement: here the messages of a process are cut off after every number of them.
func TestACrashAnywhereLeavesTheStatisticsRight(t *testing.T) {
	addr := qdranttest.Addr(t)
	proxy := newProxy(t, addr)
	cfg, direct := fresh(t, proxy.addr), fresh(t, addr)
	direct.Prefix = cfg.Prefix
	r := rand.New(rand.NewPCG(11, 12))
	stored := map[string]lexical.Doc{}
	for messages := range 24 {
		w := openWords(t, cfg)
		w.RebaseAfter(40)
		if err := w.Lead(t.Context()); err != nil {
			t.Fatal(err)
		}
		docs := randomDocs(r, 60, 120)
		proxy.cutAfter(messages)
		ctx, cancel := context.WithCancel(t.Context())
		proxy.onCut(cancel) // a killed process makes no second try
		err := w.Upsert(ctx, docs[:30])
		if err == nil {
			err = w.Delete(ctx, []string{docs[0].Key, docs[40].Key})
		}
		if err == nil {
			err = w.Flush(ctx, int64(messages))
		}
		if err == nil {
			err = w.Upsert(ctx, docs[30:])
		}
		if err == nil {
			_ = w.Flush(ctx, int64(messages))
		}
		cancel()
		proxy.heal()
		_ = w.Close()

		// What is there now is whatever the server says; the counts must be of that.
		next := openWords(t, direct)
		bare := connect(t, addr)
		documents, _ := next.Names()
		for _, d := range docs {
			stored[d.Key] = d
		}
		n, terms := liveTerms(t, bare, documents)
		all, having := next.Counted("电池")
		if all != n || having != terms["电池"] {
			t.Fatalf("after %d messages the statistics have %d documents, %d with 电池; there are %d and %d", messages, all, having, n, terms["电池"])
		}
		if err := next.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if len(stored) == 0 {
		t.Fatal("nothing was written at all")
	}
}

// liveTerms counts documents, and those whose sparse vectors speak of a term, behind
// the back of the statistics.
func liveTerms(t *testing.T, c *client.Client, collection string) (n int, having map[string]int) {
	t.Helper()
	having = map[string]int{}
	points, err := c.Scroll(t.Context(), &client.ScrollPoints{
		CollectionName: collection, Limit: client.PtrOf(uint32(10_000)),
		WithPayload: client.NewWithPayload(true), WithVectors: client.NewWithVectors(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	dimension := qdrant.DimensionOf("电池")
	for _, p := range points {
		if p.GetPayload()["gone"].GetStringValue() != "" {
			continue
		}
		n++
		if slices.Contains(p.GetVectors().GetVectors().GetVectors()["terms"].GetSparse().GetIndices(), dimension) {
			having["电池"]++
		}
	}
	return n, having
}

func TestStatisticsThatDoNotFitAreMadeAgainByWhoLeads(t *testing.T) {
	addr := qdranttest.Addr(t)
	cfg, local := fresh(t, addr), bigram.New()
	w := openWords(t, cfg)
	r := rand.New(rand.NewPCG(13, 14))
	docs := randomDocs(r, 200, 1000)
	for _, x := range []lexical.Index{w, local} {
		if err := x.Upsert(t.Context(), docs); err != nil {
			t.Fatal(err)
		}
	}
	w.RebaseAfter(1)
	if err := w.Flush(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	documents, notes := w.Names()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	bare := connect(t, addr)
	damages := map[string]func() error{
		"a document that is gone without a trace": func() error {
			gone := docs[3].Key
			if err := local.Delete(t.Context(), []string{gone}); err != nil {
				return err
			}
			_, err := bare.Delete(t.Context(), &client.DeletePoints{CollectionName: documents, Wait: client.PtrOf(true),
				Points: client.NewPointsSelectorFilter(&client.Filter{Must: []*client.Condition{client.NewMatchKeyword("key", gone)}})})
			return err
		},
		"lost blocks": func() error {
			_, err := bare.Delete(t.Context(), &client.DeletePoints{CollectionName: notes, Wait: client.PtrOf(true),
				Points: client.NewPointsSelectorFilter(&client.Filter{MustNot: []*client.Condition{client.NewIsEmpty("data")}})})
			return err
		},
		"a damaged block": func() error {
			_, err := bare.SetPayload(t.Context(), &client.SetPayloadPoints{CollectionName: notes, Wait: client.PtrOf(true),
				Payload:        map[string]*client.Value{"data": client.NewValueString("AQIDBAUG")},
				PointsSelector: client.NewPointsSelectorFilter(&client.Filter{MustNot: []*client.Condition{client.NewIsEmpty("data")}})})
			return err
		},
		"all statistics lost": func() error {
			_, err := bare.Delete(t.Context(), &client.DeletePoints{CollectionName: notes, Wait: client.PtrOf(true),
				Points: client.NewPointsSelectorFilter(&client.Filter{})})
			return err
		},
	}
	for _, name := range slices.Sorted(maps.Keys(damages)) {
		t.Run(name, func(t *testing.T) {
			if err := damages[name](); err != nil {
				t.Fatal(err)
			}
			w, err := qdrant.OpenWords(t.Context(), cfg, "patents")
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			if err := w.Lead(t.Context()); err != nil {
				t.Fatal(err)
			}
			agreeWith(t, local, w, r, 6)
		})
	}
}

func TestDiscardedWordsAreEmptyWhenOpenedAgain(t *testing.T) {
	cfg := fresh(t, qdranttest.Addr(t))
	w := openWords(t, cfg)
	if err := w.Upsert(t.Context(), []lexical.Doc{{Key: "a", Text: "电池"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := qdrant.DiscardWords(t.Context(), cfg, "patents"); err != nil {
		t.Fatal(err)
	}
	w = closing(t, openWords(t, cfg))
	n, err := w.Count(t.Context())
	if err != nil || n != 0 || w.Mark() != 0 {
		t.Errorf("%d documents, mark %d, %v", n, w.Mark(), err)
	}
}

func TestWordsOfAnotherCollectionAreRefused(t *testing.T) {
	addr := qdranttest.Addr(t)
	cfg := fresh(t, addr)
	if err := connect(t, addr).CreateCollection(t.Context(), &client.CreateCollection{
		CollectionName: cfg.Prefix + "_patents_words",
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := qdrant.OpenWords(t.Context(), cfg, "patents"); match.KindOf(err) != match.Conflict {
		t.Errorf("got %v", err)
	}
}
