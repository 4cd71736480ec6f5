package catalog

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/google/go-cmp/cmp"
)

func newsOfSize(from int64, n int, kind match.Kind, text string) (store.Batch, []store.Outcome) {
	var b store.Batch
	var outcomes []store.Outcome
	for i := range n {
		id := strconv.FormatInt(from+int64(i), 10)
		r := match.NewPatent("t", match.Patent{Number: id, Title: "电池", Abstract: text})
		if kind == match.DemandKind {
			r = match.NewDemand("t", match.Demand{ID: id, Title: "电池", Text: text})
		}
		b.Items = append(b.Items, store.Item{Record: r})
		outcomes = append(outcomes, store.Outcome{Ref: r.Ref, Change: store.Created, Revision: 1, Seq: from + int64(i)})
	}
	return b, outcomes
}

func seqs(records []*match.Record) (out []int64) {
	for _, r := range records {
		out = append(out, r.Seq)
	}
	return out
}

// Whatever comes in whatever order, what is given after a number is all that there is
// after it, or nothing.
func TestFreshWritesHaveNoGaps(t *testing.T) {
	for seed := range uint64(300) {
		random, f := rand.New(rand.NewPCG(seed, 1)), &fresh{done: map[match.Kind]int64{}, read: make(chan struct{})}
		var all []store.Outcome // of all writes, also those of others
		next, at, given := int64(1), map[match.Kind]int64{}, 0
		for range 200 {
			kind := []match.Kind{match.PatentKind, match.DemandKind}[random.IntN(2)]
			if n := 1 + random.IntN(5); random.IntN(3) > 0 {
				b, outcomes := newsOfSize(next, n, kind, "")
				all, next = append(all, outcomes...), next+int64(n)
				if random.IntN(10) > 0 { // else it is another process's
					f.add(context.Background(), b, outcomes)
				}
				continue
			}
			limit := 1 + random.IntN(12)
			var want []int64
			for _, o := range all {
				if o.Ref.Kind == kind && o.Seq > at[kind] && len(want) < limit {
					want = append(want, o.Seq)
				}
			}
			got := seqs(f.after(kind, at[kind], limit))
			if len(got) > 0 {
				// A write of another process may be newer than all that is here.
				if diff := cmp.Diff(want[:min(len(got), len(want))], got); diff != "" {
					t.Fatalf("seed %d: after %d (-want +got):\n%s", seed, at[kind], diff)
				}
				given++
				want = got
			}
			if len(want) > 0 {
				at[kind] = want[len(want)-1]
				f.followed(kind, at[kind])
			}
		}
		if seed == 0 && given == 0 {
			t.Error("nothing was ever given")
		}
	}
}

func TestFreshWritesOfARecordAreItsNewest(t *testing.T) {
	f := newFresh(nil)
	b, outcomes := newsOfSize(1, 3, match.PatentKind, "")
	b.Items[2].Record = b.Items[0].Record
	f.add(t.Context(), b, outcomes)
	if diff := cmp.Diff([]int64{2, 3}, seqs(f.after(match.PatentKind, 0, 10))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int64{1, 2}, seqs(f.after(match.PatentKind, 0, 2))); diff != "" {
		t.Error(diff)
	}
}

// A follower that is slow holds writers up once, a moment, and memory stays bounded.
func TestFreshWritesAreBounded(t *testing.T) {
	for name, size := range map[string]struct {
		records int
		text    string
	}{"records": {500, ""}, "bytes": {10, string(make([]byte, 1<<20))}} {
		f, next, slow := newFresh(nil), int64(1), 0
		for range 100 {
			b, outcomes := newsOfSize(next, size.records, match.PatentKind, size.text)
			began := time.Now()
			f.add(t.Context(), b, outcomes)
			if time.Since(began) > freshWait/2 {
				slow++
			}
			next += int64(size.records)
			if f.count > freshMost || f.bytes > freshBytes {
				t.Fatalf("%s: %d records with %d bytes are kept", name, f.count, f.bytes)
			}
		}
		if slow != 1 {
			t.Errorf("%s: %d writes waited, want 1", name, slow)
		}
		if got := f.after(match.PatentKind, 0, 10); got != nil {
			t.Errorf("%s: what was dropped is given as %d records", name, len(got))
		}
		if got := f.after(match.PatentKind, next-2, 10); len(got) != 1 {
			t.Errorf("%s: %d records after the last but one", name, len(got))
		}
	}
}
