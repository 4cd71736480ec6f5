package storetest

import (
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var putTests = []test{
	{"creates, leaves unchanged, updates, withdraws and revives, and counts revisions", func(t *testing.T, s store.Store) {
		first, second := patent("CN1", "一"), patent("CN1", "二")
		for i, step := range []struct {
			item store.Item
			want result
		}{
			{write(first), result{Change: store.Created, Revision: 1}},
			{write(first), result{Change: store.Unchanged, Revision: 1}},
			{write(second), result{Change: store.Updated, Revision: 2}},
			{write(second), result{Change: store.Unchanged, Revision: 2}},
			{write(first), result{Change: store.Updated, Revision: 3}},
			{withdraw(first.Ref), result{Change: store.Withdrawn, Revision: 4}},
			{withdraw(first.Ref), result{Change: store.Unchanged, Revision: 4}},
			{write(first), result{Change: store.Updated, Revision: 5}}, // live again, with equal content
			{write(first), result{Change: store.Unchanged, Revision: 5}},
		} {
			got := results(put(t, s, step.item))
			diff(t, numbered("step ", i), []result{step.want}, got)
		}
	}},
	{"returns every field as it was given", func(t *testing.T, s store.Store) {
		for _, r := range []match.Record{fullPatent("CN1"), fullDemand("D1"), patent("CN2", "x"), demand("D2", "x")} {
			o := put(t, s, write(r))[0]
			want := stored(t, s, r, o)
			diff(t, r.Ref.String(), &want, get(t, s, r.Ref)[0])
		}
	}},
	{"ignores the revision, the sequence number and the times that it is given", func(t *testing.T, s store.Store) {
		r := patent("CN1", "一")
		r.Revision, r.Seq, r.CreatedAt = 77, 9999, r.CreatedAt.AddDate(1, 0, 0)
		diff(t, "outcome", []result{{Change: store.Created, Revision: 1}}, results(put(t, s, write(r))))
		got := get(t, s, r.Ref)[0]
		if got.Revision != 1 || got.Seq >= 9999 {
			t.Errorf("revision %d, seq %d were taken from the caller", got.Revision, got.Seq)
		}
		checkTime(t, "CreatedAt", got.CreatedAt)
	}},
	{"a large batch may change and withdraw what it created itself", func(t *testing.T, s store.Store) {
		var items []store.Item
		var want []result
		for i := range 150 {
			r, again := patent(numbered("CN", i), "一"), patent(numbered("CN", i), "二")
			items, want = append(items, write(r)), append(want, result{Change: store.Created, Revision: 1})
			if i%49 == 30 {
				items = append(items, write(r), write(again), withdraw(r.Ref))
				want = append(want, result{Change: store.Unchanged, Revision: 1}, result{Change: store.Updated, Revision: 2}, result{Change: store.Withdrawn, Revision: 3})
			}
		}
		outcomes := put(t, s, items...)
		diff(t, "outcomes", want, results(outcomes))
		for i, item := range items {
			got, err := s.Revision(t.Context(), item.Record.Ref, outcomes[i].Revision)
			if err != nil || got.Seq != outcomes[i].Seq || got.Withdrawn != item.Record.Withdrawn {
				t.Fatalf("%s: %+v, %v; want the outcome %+v", item.Record.Ref, got, err, outcomes[i])
			}
		}
		n, err := s.Count(t.Context(), match.DefaultTenant, match.PatentKind)
		if n != 147 || err != nil {
			t.Errorf("%d live records, %v; want 147", n, err)
		}
	}},
	{"a change of visibility is an update", func(t *testing.T, s store.Store) {
		r := patent("CN1", "一")
		put(t, s, write(r))
		r.Visibility = match.Private
		diff(t, "outcome", []result{{Change: store.Updated, Revision: 2}}, results(put(t, s, write(r))))
		diff(t, "visibility", match.Private, get(t, s, r.Ref)[0].Visibility)
	}},
	{"keeps all revisions readable and unchanged", func(t *testing.T, s store.Store) {
		want := []match.Record{}
		for _, title := range []string{"一", "二", "三"} {
			r := patent("CN1", title)
			want = append(want, stored(t, s, r, put(t, s, write(r))[0]))
		}
		o := put(t, s, withdraw(want[0].Ref))[0]
		last := want[2]
		last.Revision, last.Seq, last.Withdrawn = o.Revision, o.Seq, true
		last.UpdatedAt = get(t, s, last.Ref)[0].UpdatedAt
		want = append(want, last)
		for _, w := range want {
			got, err := s.Revision(t.Context(), w.Ref, w.Revision)
			if err != nil {
				t.Fatal(err)
			}
			diff(t, numbered("revision ", int(w.Revision)), &w, got)
		}
	}},
	{"a revision that is not there is not found", func(t *testing.T, s store.Store) {
		r := patent("CN1", "一")
		put(t, s, write(r))
		for _, revision := range []int64{-1, 0, 2} {
			_, err := s.Revision(t.Context(), r.Ref, revision)
			wantKind(t, err, match.NotFound)
		}
		_, err := s.Revision(t.Context(), match.Ref{Tenant: tenant, Kind: match.DemandKind, ID: "CN1"}, 1)
		wantKind(t, err, match.NotFound)
	}},
	{"keeps the time of creation, and moves that of the update", func(t *testing.T, s store.Store) {
		r := patent("CN1", "一")
		put(t, s, write(r))
		first := get(t, s, r.Ref)[0]
		put(t, s, write(patent("CN1", "二")))
		second := get(t, s, r.Ref)[0]
		checkTime(t, "CreatedAt", first.CreatedAt)
		checkTime(t, "UpdatedAt", second.UpdatedAt)
		diff(t, "creation", first.CreatedAt, second.CreatedAt)
		diff(t, "first update", first.CreatedAt, first.UpdatedAt)
		if second.UpdatedAt.Before(first.UpdatedAt) {
			t.Errorf("updated at %v, before %v", second.UpdatedAt, first.UpdatedAt)
		}
	}},
	{"withdrawing keeps the last content and its visibility", func(t *testing.T, s store.Store) {
		r := fullDemand("D1")
		put(t, s, write(r))
		item := withdraw(r.Ref)
		item.Record.Visibility, item.Record.Demand = match.Public, &match.Demand{ID: "other", Text: "is ignored"}
		o := put(t, s, item)[0]
		want := stored(t, s, r, o)
		want.Withdrawn = true
		diff(t, "withdrawn record", &want, get(t, s, r.Ref)[0])
	}},
	{"gives outcomes and sequence numbers in the order of the batch", func(t *testing.T, s store.Store) {
		outcomes := put(t, s, write(patent("CN3", "三")), write(demand("D1", "一")), write(patent("CN1", "一")), write(demand("D0", "零")))
		var last int64
		for i, o := range outcomes {
			if o.Seq <= last {
				t.Errorf("item %d has seq %d after %d", i, o.Seq, last)
			}
			last = o.Seq
		}
		if next := put(t, s, write(patent("CN0", "零")))[0]; next.Seq <= last {
			t.Errorf("the next batch has seq %d after %d", next.Seq, last)
		}
	}},
	{"writes two items of one record in their order", func(t *testing.T, s store.Store) {
		a, b := patent("CN1", "一"), patent("CN1", "二")
		got := put(t, s, write(a), write(a), write(b), withdraw(a.Ref), writeIf(b, -1), writeIf(a, 4))
		diff(t, "outcomes", []result{
			{Change: store.Created, Revision: 1},
			{Change: store.Unchanged, Revision: 1},
			{Change: store.Updated, Revision: 2},
			{Change: store.Withdrawn, Revision: 3},
			{Change: store.Updated, Revision: 4},
			{Change: store.Updated, Revision: 5},
		}, results(got))
		want := stored(t, s, a, got[5])
		diff(t, "newest", &want, get(t, s, a.Ref)[0])
	}},
	{"an unchanged record keeps its sequence number", func(t *testing.T, s store.Store) {
		r := patent("CN1", "一")
		first := put(t, s, write(r))[0]
		put(t, s, write(patent("CN2", "二")))
		again := put(t, s, write(r))[0]
		diff(t, "seq", first.Seq, again.Seq)
	}},
	{"takes an empty batch", func(t *testing.T, s store.Store) {
		diff(t, "outcomes", 0, len(put(t, s)))
	}},
	{"takes a batch of a thousand", func(t *testing.T, s store.Store) {
		var items []store.Item
		for i := range 1000 {
			items = append(items, write(patent(numbered("CN", i), "题目")))
		}
		for i, o := range put(t, s, items...) {
			if o.Change != store.Created {
				t.Fatalf("item %d was %s", i, o.Change)
			}
		}
		n, err := s.Count(t.Context(), tenant, match.PatentKind)
		if n != 1000 || err != nil {
			t.Errorf("Count = %d, %v", n, err)
		}
	}},
	{"writes nothing when its context is canceled", func(t *testing.T, s store.Store) {
		r := patent("CN1", "一")
		_, err := s.Put(canceled(t), store.Batch{Tenant: tenant, Items: []store.Item{write(r)}})
		wantKind(t, err, match.Canceled)
		if got := get(t, s, r.Ref)[0]; got != nil {
			t.Errorf("%v was written", got)
		}
	}},
}
