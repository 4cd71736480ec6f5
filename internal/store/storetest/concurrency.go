package storetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var concurrencyTests = []test{
	{"writers and readers do not disturb each other", func(t *testing.T, s store.Store) {
		const writers, rounds = 4, 12
		seqs := make([][]int64, writers)
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() { seqs[w] = writeRounds(t, s, w, rounds) })
			all.Go(func() { readRounds(t, s, w, rounds) })
		}
		all.Wait()
		seen := map[int64]bool{}
		for _, list := range seqs {
			for _, seq := range list {
				if seen[seq] {
					t.Errorf("seq %d was given twice", seq)
				}
				seen[seq] = true
			}
		}
		n, err := s.Count(t.Context(), tenant, match.PatentKind)
		if err != nil || n != writers*rounds {
			t.Errorf("Count = %d, %v; want %d", n, err, writers*rounds)
		}
	}},
	{"of many that would create a record one does", func(t *testing.T, s store.Store) {
		var created, refused atomic.Int32
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				outcomes, err := s.Put(t.Context(), store.Batch{Tenant: tenant, Items: []store.Item{writeIf(patent("CN1", numbered("", i)), -1)}})
				switch {
				case err != nil:
					t.Error(err)
				case outcomes[0].Change == store.Created:
					created.Add(1)
				case match.KindOf(outcomes[0].Err) == match.Conflict:
					refused.Add(1)
				}
			})
		}
		all.Wait()
		diff(t, "created, refused", []int32{1, 7}, []int32{created.Load(), refused.Load()})
	}},
	{"a batch that many send with one key is written once", func(t *testing.T, s store.Store) {
		outcomes := make([][]store.Outcome, 8)
		var all sync.WaitGroup
		for i := range outcomes {
			all.Go(func() {
				var err error
				if outcomes[i], err = s.Put(t.Context(), mixedBatch("key-1")); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, got := range outcomes[1:] {
			diff(t, "outcomes", describe(outcomes[0]), describe(got))
		}
	}},
	{"a reader sees a batch whole or not at all", func(t *testing.T, s store.Store) {
		a, b := patent("CN1", "").Ref, patent("CN2", "").Ref
		var writer sync.WaitGroup
		ctx, stop := context.WithCancel(t.Context())
		writer.Go(func() {
			for i := 0; ctx.Err() == nil && i < 1000; i++ {
				title := fmt.Sprint(i)
				if _, err := s.Put(t.Context(), store.Batch{Tenant: tenant, Items: []store.Item{write(patent("CN1", title)), write(patent("CN2", title))}}); err != nil {
					t.Error(err)
					return
				}
			}
		})
		for range 200 {
			got := get(t, s, a, b)
			if (got[0] == nil) != (got[1] == nil) || got[0] != nil && got[0].Patent.Title != got[1].Patent.Title {
				t.Errorf("half of a batch is visible: %v, %v", got[0], got[1])
				break
			}
		}
		stop()
		writer.Wait()
	}},
}

// writeRounds creates one record a round, each in a batch with one shared record,
// and gives the sequence numbers.
func writeRounds(t *testing.T, s store.Store, writer, rounds int) []int64 {
	var seqs []int64
	for round := range rounds {
		own := patent(fmt.Sprintf("CN%d-%d", writer, round), "题目")
		shared := demand("shared", fmt.Sprintf("%d-%d", writer, round))
		outcomes, err := s.Put(t.Context(), store.Batch{Tenant: tenant, Items: []store.Item{write(own), write(shared)}})
		if err != nil {
			t.Errorf("writer %d: %v", writer, err)
			return seqs
		}
		seqs = append(seqs, outcomes[0].Seq, outcomes[1].Seq)
		if got, err := s.Get(t.Context(), []match.Ref{own.Ref}); err != nil || got[0] == nil {
			t.Errorf("writer %d does not see its own write: %v, %v", writer, got, err)
		}
	}
	return seqs
}

func readRounds(t *testing.T, s store.Store, reader, rounds int) {
	var last int64
	for range rounds {
		seq, err := s.LastSeq(t.Context(), match.DemandKind)
		if err != nil || seq < last {
			t.Errorf("reader %d: last seq %d after %d, %v", reader, seq, last, err)
		}
		last = seq
		if _, err := s.List(t.Context(), store.ListQuery{Tenant: tenant, Kind: match.PatentKind, Limit: 20}); err != nil {
			t.Errorf("reader %d: %v", reader, err)
		}
	}
}
