package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// RunShared tests stores that several processes have open at once. Each call of open
// gives stores over one empty set of data, which the suite closes.
func RunShared(t *testing.T, open func(t *testing.T, n int) []store.Store) {
	for _, tt := range []struct {
		name string
		run  func(t *testing.T, s []store.Store)
	}{
		{"who follows one store misses nothing that others write at once", followsWriters},
		{"each sees at once what another has written", func(t *testing.T, s []store.Store) {
			for i := range 20 {
				r := patent(numbered("CN", i%3), numbered("", i))
				o := put(t, s[i%len(s)], write(r))[0]
				other := s[(i+1)%len(s)]
				want := stored(t, other, r, o)
				diff(t, "elsewhere", &want, get(t, other, r.Ref)[0])
				diff(t, "last seq", o.Seq, lastSeq(t, other))
			}
		}},
		{"a key that all send is written once", func(t *testing.T, s []store.Store) {
			outcomes := make([][]store.Outcome, 3*len(s))
			var all sync.WaitGroup
			for i := range outcomes {
				all.Go(func() {
					var err error
					if outcomes[i], err = s[i%len(s)].Put(t.Context(), mixedBatch("key-1")); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			for _, got := range outcomes[1:] {
				diff(t, "outcomes", describe(outcomes[0]), describe(got))
			}
		}},
		{"settings that all change lose no change", changeSettingsAtOnce},
		{"events that all write are followed without a gap", writeEventsAtOnce},
		{"a condition holds against all of them", func(t *testing.T, s []store.Store) {
			put(t, s[0], write(patent("CN1", "一")))
			var updated atomic.Int32
			var all sync.WaitGroup
			for i := range 4 * len(s) {
				all.Go(func() {
					outcomes, err := s[i%len(s)].Put(t.Context(), store.Batch{Tenant: tenant, Items: []store.Item{writeIf(patent("CN1", numbered("", i)), 1)}})
					switch {
					case err != nil:
						t.Error(err)
					case outcomes[0].Change == store.Updated:
						updated.Add(1)
					case match.KindOf(outcomes[0].Err) != match.Conflict:
						t.Error(outcomes[0].Err)
					}
				})
			}
			all.Wait()
			diff(t, "updates", int32(1), updated.Load())
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stores := open(t, 3)
			for i := range stores {
				closing(t, stores[i])
			}
			tt.run(t, stores)
		})
	}
}

// followsWriters pages through the feed of one store while writers add and change
// records through the others, one of them in large batches and one in small ones, whose
// transactions therefore end in another order than they begin.
func followsWriters(t *testing.T, s []store.Store) {
	const records = 50
	var writers sync.WaitGroup
	var running atomic.Int32
	for w, size := range []int{1, 2, 40, 300} {
		running.Add(1)
		writers.Go(func() {
			defer running.Add(-1)
			for round := range max(6, 60/size) {
				var items []store.Item
				for i := range size {
					items = append(items, write(patent(numbered("CN", (round*7+i*3)%records), fmt.Sprint(w, round, i))))
				}
				if _, err := s[1+w%(len(s)-1)].Put(t.Context(), store.Batch{Tenant: tenant, Items: items}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	seen, after := map[match.Ref]match.Record{}, int64(0)
	for finished := false; ; {
		page, err := s[0].Changes(t.Context(), match.PatentKind, after, 7)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			if r.Seq <= after {
				t.Fatalf("seq %d after %d", r.Seq, after)
			}
			after, seen[r.Ref] = r.Seq, r
		}
		if len(page) == 0 && finished {
			break
		}
		finished = running.Load() == 0
	}
	writers.Wait()
	for ref, r := range seen {
		diff(t, ref.String(), get(t, s[0], ref)[0], &r)
	}
	n, err := s[0].Count(t.Context(), tenant, match.PatentKind)
	if err != nil || n != len(seen) {
		t.Errorf("followed %d records, %d are stored (%v)", len(seen), n, err)
	}
	diff(t, "last seq", lastSeq(t, s[0]), after)
}
