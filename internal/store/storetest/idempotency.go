package storetest

import (
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var idempotencyTests = []test{
	{"a repeated batch returns the first outcomes and writes nothing", func(t *testing.T, s store.Store) {
		batch := mixedBatch("key-1")
		first := putBatch(t, s, batch)
		put(t, s, write(patent("CN1", "newer")))
		before := lastSeq(t, s)
		again := putBatch(t, s, batch)
		diff(t, "outcomes", describe(first), describe(again))
		diff(t, "last seq", before, lastSeq(t, s))
		diff(t, "title", "newer", get(t, s, patent("CN1", "").Ref)[0].Patent.Title)
	}},
	{"the same key with other items is a conflict that writes nothing", func(t *testing.T, s store.Store) {
		putBatch(t, s, mixedBatch("key-1"))
		before := lastSeq(t, s)
		for name, change := range map[string]func(*store.Batch){
			"other content":   func(b *store.Batch) { b.Items[0] = write(patent("CN1", "other")) },
			"other condition": func(b *store.Batch) { b.Items[0].IfRevision = 1 },
			"other order":     func(b *store.Batch) { b.Items[0], b.Items[2] = b.Items[2], b.Items[0] },
			"one item less":   func(b *store.Batch) { b.Items = b.Items[:len(b.Items)-1] },
			"withdrawn":       func(b *store.Batch) { b.Items[0] = withdraw(b.Items[0].Record.Ref) },
			"visibility":      func(b *store.Batch) { b.Items[0].Record.Visibility = match.Private },
			"no items":        func(b *store.Batch) { b.Items = nil },
		} {
			batch := mixedBatch("key-1")
			change(&batch)
			_, err := s.Put(t.Context(), batch)
			if match.KindOf(err) != match.Conflict {
				t.Errorf("%s: error %v, want a conflict", name, err)
			}
		}
		diff(t, "last seq", before, lastSeq(t, s))
	}},
	{"what a caller cannot set does not count as other content", func(t *testing.T, s store.Store) {
		batch := mixedBatch("key-1")
		first := putBatch(t, s, batch)
		batch = mixedBatch("key-1")
		batch.Items[0].Record.Revision, batch.Items[0].Record.Seq = 5, 6
		diff(t, "outcomes", describe(first), describe(putBatch(t, s, batch)))
	}},
	{"keys are separate for each tenant, and without a key nothing is remembered", func(t *testing.T, s store.Store) {
		other := patent("CN1", "一")
		other.Tenant = "another"
		putBatch(t, s, store.Batch{Tenant: tenant, IdempotencyKey: "k", Items: []store.Item{write(patent("CN1", "一"))}})
		got := putBatch(t, s, store.Batch{Tenant: "another", IdempotencyKey: "k", Items: []store.Item{write(other)}})
		diff(t, "other tenant", []result{{Change: store.Created, Revision: 1}}, results(got))
		got = put(t, s, write(patent("CN1", "一")))
		diff(t, "no key", []result{{Change: store.Unchanged, Revision: 1}}, results(got))
	}},
	{"a call that failed does not use up its key", func(t *testing.T, s store.Store) {
		batch := mixedBatch("key-1")
		_, err := s.Put(canceled(t), batch)
		wantKind(t, err, match.Canceled)
		diff(t, "change", store.Created, putBatch(t, s, batch)[0].Change)
	}},
	{"an empty batch can carry a key", func(t *testing.T, s store.Store) {
		for range 2 {
			diff(t, "outcomes", 0, len(putBatch(t, s, store.Batch{Tenant: tenant, IdempotencyKey: "k"})))
		}
	}},
}

// mixedBatch has every kind of outcome but Updated.
func mixedBatch(key string) store.Batch {
	return store.Batch{Tenant: tenant, IdempotencyKey: key, Items: []store.Item{
		write(patent("CN1", "一")), write(patent("CN1", "一")), write(fullDemand("D1")),
		write(patent("CN2", "")), writeIf(patent("CN3", "三"), 7), withdraw(fullDemand("D1").Ref),
		withdraw(patent("CN4", "").Ref),
	}}
}

// described is an outcome whose error is spelled out.
type described struct {
	Outcome store.Outcome
	Result  result
	Text    string
}

func describe(outcomes []store.Outcome) []described {
	out := make([]described, len(outcomes))
	for i, o := range outcomes {
		out[i] = described{Outcome: o, Result: results(outcomes[i : i+1])[0]}
		if o.Err != nil {
			out[i].Outcome.Err, out[i].Text = nil, o.Err.Error()
		}
	}
	return out
}

// lastSeq is the larger one of both kinds.
func lastSeq(t *testing.T, s store.Store) int64 {
	t.Helper()
	var last int64
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		seq, err := s.LastSeq(t.Context(), kind)
		if err != nil {
			t.Fatal(err)
		}
		last = max(last, seq)
	}
	return last
}
