package storetest

import (
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var changeTests = []test{
	{"lists each record once, at its newest place, in the order of writing", func(t *testing.T, s store.Store) {
		put(t, s, write(patent("CN3", "三")), write(patent("CN1", "一")), write(demand("D1", "一")), write(patent("CN2", "二")))
		diff(t, "after creation", []string{"CN3", "CN1", "CN2"}, feed(t, s, 0, 10))
		put(t, s, write(patent("CN3", "新")), withdraw(patent("CN1", "").Ref), write(patent("CN2", "二")))
		diff(t, "after changes", []string{"CN2", "CN3", "CN1"}, feed(t, s, 0, 10))
		diff(t, "in pages", []string{"CN2", "CN3", "CN1"}, feed(t, s, 0, 1))
	}},
	{"begins after a number and keeps to its limit", func(t *testing.T, s store.Store) {
		outcomes := put(t, s, write(patent("CN1", "一")), write(patent("CN2", "二")), write(patent("CN3", "三")))
		page, err := s.Changes(t.Context(), match.PatentKind, outcomes[0].Seq, 1)
		if err != nil {
			t.Fatal(err)
		}
		want := stored(t, s, patent("CN2", "二"), outcomes[1])
		diff(t, "page", []match.Record{want}, page)
		diff(t, "at the end", []string{}, feed(t, s, outcomes[2].Seq, 10))
	}},
	{"covers all tenants", func(t *testing.T, s store.Store) {
		theirs := patent("CN2", "二")
		theirs.Tenant = "another"
		put(t, s, write(patent("CN1", "一")))
		putBatch(t, s, store.Batch{Tenant: "another", Items: []store.Item{write(theirs)}})
		diff(t, "ids", []string{"CN1", "CN2"}, feed(t, s, 0, 10))
	}},
	{"LastSeq is that of the newest write of its kind", func(t *testing.T, s store.Store) {
		diff(t, "empty store", int64(0), lastSeq(t, s))
		outcomes := put(t, s, write(patent("CN1", "一")), write(demand("D1", "一")), write(patent("CN2", "")))
		patents, err := s.LastSeq(t.Context(), match.PatentKind)
		if err != nil {
			t.Fatal(err)
		}
		demands, err := s.LastSeq(t.Context(), match.DemandKind)
		if err != nil {
			t.Fatal(err)
		}
		diff(t, "patents and demands", []int64{outcomes[0].Seq, outcomes[1].Seq}, []int64{patents, demands})
		o := put(t, s, withdraw(patent("CN1", "").Ref))[0]
		diff(t, "after a withdrawal", o.Seq, lastSeq(t, s))
	}},
	{"a reader that follows a writer misses nothing", followsWriter},
}

// feed follows the changes of patents to the end and gives the ids.
func feed(t *testing.T, s store.Store, after int64, limit int) []string {
	t.Helper()
	out := []string{}
	for {
		page, err := s.Changes(t.Context(), match.PatentKind, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return out
		}
		if len(page) > limit || page[0].Seq <= after {
			t.Fatalf("after %d, at most %d: got %d records from %d", after, limit, len(page), page[0].Seq)
		}
		out = append(out, ids(page)...)
		after = page[len(page)-1].Seq
	}
}

// followsWriter pages through the feed while a writer adds and changes records. At
// the end the follower knows the newest revision of every record.
func followsWriter(t *testing.T, s store.Store) {
	const rounds, size, records = 40, 10, 60
	done := make(chan error, 1)
	go func() {
		for round := range rounds {
			var items []store.Item
			for i := range size {
				items = append(items, write(patent(numbered("CN", (round*7+i*3)%records), numbered("", round))))
			}
			if _, err := s.Put(t.Context(), store.Batch{Tenant: tenant, Items: items}); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()

	seen, after, finished := map[match.Ref]match.Record{}, int64(0), false
	for {
		page, err := s.Changes(t.Context(), match.PatentKind, after, 7)
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
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			finished = true
		default:
		}
	}
	for ref, r := range seen {
		diff(t, ref.String(), get(t, s, ref)[0], &r)
	}
	n, err := s.Count(t.Context(), tenant, match.PatentKind)
	if err != nil || n != len(seen) {
		t.Errorf("followed %d records, %d are stored (%v)", len(seen), n, err)
	}
	diff(t, "last seq", lastSeq(t, s), after)
}
