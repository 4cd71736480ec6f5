package lexicaltest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/duijie/duijie/internal/lexical"
)

// concurrentUse lets writers work on keys of their own while readers check what
// holds at every moment; then the index must be what the writes make it.
func concurrentUse(t *testing.T, x lexical.Index) {
	const writers, readers, rounds = 3, 3, 40
	var group sync.WaitGroup
	stored := make([]reference, writers)
	for w := range writers {
		group.Go(func() { stored[w] = writeForAWhile(t, x, uint64(w), rounds) })
	}
	for i := range readers {
		group.Go(func() { readForAWhile(t, x, uint64(i), rounds) })
	}
	group.Wait()
	if t.Failed() {
		return
	}
	r := reference{}
	for _, part := range stored {
		for _, d := range part {
			r.upsert(d)
		}
	}
	agree(t, x, r, rand.New(rand.NewPCG(10, 10)), 5)
}

func writeForAWhile(t *testing.T, x lexical.Index, writer uint64, rounds int) reference {
	rnd, r := rand.New(rand.NewPCG(writer, 11)), reference{}
	for range rounds {
		docs := randomDocs(rnd, 5, 20)
		for i := range docs {
			docs[i].Key = fmt.Sprintf("W%d-%s", writer, docs[i].Key)
		}
		gone := docs[rnd.IntN(len(docs))].Key
		r.upsert(docs...)
		delete(r, gone)
		if err := x.Upsert(context.Background(), docs); err != nil {
			t.Errorf("Upsert: %v", err)
		}
		if err := x.Delete(context.Background(), []string{gone}); err != nil {
			t.Errorf("Delete: %v", err)
		}
	}
	return r
}

func readForAWhile(t *testing.T, x lexical.Index, reader uint64, rounds int) {
	rnd := rand.New(rand.NewPCG(reader, 12))
	ctx := context.Background()
	for range rounds {
		query := randomText(rnd, 15)
		hits, err := x.Search(ctx, lexical.Query{Text: query, Limit: 10})
		if err != nil {
			t.Errorf("Search: %v", err)
			return
		}
		if !slices.IsSortedFunc(hits, inOrder) || len(hits) > 10 {
			t.Errorf("hits out of order or too many: %v", hits)
		}
		for _, h := range hits {
			if h.Score <= 0 || h.Shared < 1 {
				t.Errorf("a hit that shares nothing: %+v", h)
			}
			if _, err := x.Terms(ctx, query, h.Key); err != nil {
				t.Errorf("Terms: %v", err)
			}
		}
		if _, err := x.Score(ctx, query, []string{"W0-K1", "W1-K2"}); err != nil {
			t.Errorf("Score: %v", err)
		}
		if _, err := x.Count(ctx); err != nil {
			t.Errorf("Count: %v", err)
		}
	}
}

func writesAreSeen(t *testing.T, x lexical.Index) {
	var group sync.WaitGroup
	for w := range 4 {
		group.Go(func() {
			key := fmt.Sprintf("W%d", w)
			for i := range 50 {
				word := fmt.Sprintf("w%dround%d", w, i)
				if err := x.Upsert(context.Background(), []lexical.Doc{{Key: key, Text: word}}); err != nil {
					t.Errorf("Upsert: %v", err)
				}
				hits, err := x.Search(context.Background(), lexical.Query{Text: word, Limit: 5})
				if err != nil || len(hits) != 1 || hits[0].Key != key {
					t.Errorf("%s after its Upsert returned: %v, %v", word, hits, err)
					return
				}
			}
		})
	}
	group.Wait()
}
