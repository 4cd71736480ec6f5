package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var eventTests = []test{
	{"come back as they were put, in the order of their numbers", func(t *testing.T, s store.Store) {
		full := match.Event{ID: "e/1", Tenant: tenant, Request: "r1", Demand: "D1", Patent: "CN1", Rank: 3, Side: match.DemandKind,
			Type: match.Rejection, Reason: match.RejectedForOther, Rating: 2, Note: "已另找到 ü", At: time.Date(2026, 3, 4, 5, 6, 7, 89_000, time.UTC), Proof: match.ShownProof}
		least := match.Event{ID: "e2", Tenant: tenant, Demand: "D1", Patent: "CN1", Side: match.PatentKind, Type: match.Reply, At: time.Unix(0, 0).UTC()}
		outcomes := putEvents(t, s, full, least)
		for i, o := range outcomes {
			if o.Change != store.Created || o.Err != nil || o.Seq < 1 {
				t.Errorf("outcome %d is %+v", i, o)
			}
		}
		full.Seq, least.Seq = outcomes[0].Seq, outcomes[1].Seq
		diff(t, "events", []match.Event{full, least}, events(t, s, store.EventQuery{Tenant: tenant}, 10))
		diff(t, "another tenant's", 0, len(events(t, s, store.EventQuery{Tenant: "another"}, 10)))
	}},
	{"one without a time gets that of the store", func(t *testing.T, s store.Store) {
		began := time.Now().Add(-time.Second)
		putEvents(t, s, match.Event{ID: "e1", Tenant: tenant, Demand: "D1", Patent: "CN1", Side: match.DemandKind, Type: match.Contact})
		if got := events(t, s, store.EventQuery{Tenant: tenant}, 1)[0].At; got.Before(began) || got.After(time.Now().Add(time.Second)) {
			t.Errorf("its time is %v", got)
		}
	}},
	{"one that was written before is unchanged, and another under its id is refused", func(t *testing.T, s store.Store) {
		e := event("e1", match.View)
		first := putEvents(t, s, e)[0]
		bare := e
		bare.At, bare.Rank, bare.Proof = time.Time{}, 0, "" // what was filled in need not be said again
		other := e
		other.Type = match.Save
		theirs := e
		theirs.Tenant = "another"
		bad := event("e3", match.Rejection)
		got := putEvents(t, s, e, bare, other, theirs, event("e2", match.View), event("e2", match.View), event("e2", match.Save), bad)
		want := []store.Change{store.Unchanged, store.Unchanged, store.Refused, store.Created, store.Created, store.Unchanged, store.Refused, store.Refused}
		for i, o := range got {
			if o.Change != want[i] || (o.Err != nil) != (want[i] == store.Refused) {
				t.Errorf("event %d: %+v, want %s", i, o, want[i])
			}
		}
		diff(t, "number", first.Seq, got[0].Seq)
		wantKind(t, got[2].Err, match.Conflict)
		wantKind(t, got[6].Err, match.Conflict)
		wantKind(t, got[7].Err, match.Invalid)
		diff(t, "field", "reason", fieldOf(got[7].Err))
		diff(t, "events", 2, len(events(t, s, store.EventQuery{Tenant: tenant}, 10)))
		nameless := putEvents(t, s, event("", match.View))[0]
		wantKind(t, nameless.Err, match.Invalid)
	}},
	{"are found by request, demand, patent and type, page by page", func(t *testing.T, s store.Store) {
		var all []match.Event
		for i := range 24 {
			e := event(fmt.Sprint("e", i), []match.EventType{match.Impression, match.View, match.Save}[i%3])
			e.Request, e.Demand, e.Patent = fmt.Sprint("r", i%2), fmt.Sprint("D", i%4), fmt.Sprint("CN", i/8)
			all = append(all, e)
		}
		for i, o := range putEvents(t, s, all...) {
			all[i].Seq = o.Seq
		}
		for _, q := range []store.EventQuery{{}, {Request: "r1"}, {Demand: "D2"}, {Patent: "CN2"}, {Type: match.View}, {Demand: "D3", Type: match.Save},
			{Request: "r0", Demand: "D2", Patent: "CN0"}, {Patent: "CN"}, {Patent: "CN1", Demand: "D1"}, {Request: "\xff"}} {
			var want []match.Event
			for _, e := range all {
				if (q.Request == "" || q.Request == e.Request) && (q.Demand == "" || q.Demand == e.Demand) &&
					(q.Patent == "" || q.Patent == e.Patent) && (q.Type == "" || q.Type == e.Type) {
					want = append(want, e)
				}
			}
			q.Tenant = tenant
			for _, limit := range []int{1, 5, 100} {
				diff(t, fmt.Sprintf("%+v", q), want, events(t, s, q, limit))
			}
		}
	}},
	{"ratings count at once, the newest one of each side of a pair", func(t *testing.T, s store.Store) {
		rated := func(id, demand, patent string, side match.Kind, stars, day int) match.Event {
			return match.Event{ID: id, Tenant: tenant, Demand: demand, Patent: patent, Side: side, Type: match.Contact, Rating: stars,
				At: time.Date(2026, 5, day, 0, 0, 0, 0, time.UTC)}
		}
		ref := func(kind match.Kind, id string) match.Ref { return match.Ref{Tenant: tenant, Kind: kind, ID: id} }
		refs := []match.Ref{ref(match.PatentKind, "CN1"), ref(match.DemandKind, "D1"), ref(match.PatentKind, "CN9"), ref(match.DemandKind, "CN1"),
			{Tenant: "another", Kind: match.PatentKind, ID: "CN1"}}
		want := func(patent, demand *match.Rating) {
			t.Helper()
			got, err := s.Ratings(t.Context(), refs)
			if err != nil {
				t.Fatal(err)
			}
			diff(t, "ratings", []*match.Rating{patent, demand, nil, nil, nil}, got)
		}
		want(nil, nil)
		putEvents(t, s, rated("e1", "D1", "CN1", match.DemandKind, 5, 3), rated("e2", "D2", "CN1", match.DemandKind, 2, 3), rated("e3", "D1", "CN1", match.PatentKind, 4, 3))
		want(&match.Rating{Mean: 3.5, Count: 2}, &match.Rating{Mean: 4, Count: 1})
		putEvents(t, s, rated("e1", "D1", "CN1", match.DemandKind, 5, 3)) // again
		want(&match.Rating{Mean: 3.5, Count: 2}, &match.Rating{Mean: 4, Count: 1})
		putEvents(t, s, rated("e4", "D1", "CN1", match.DemandKind, 1, 4), rated("e5", "D2", "CN1", match.DemandKind, 5, 2), event("e6", match.View)) // newer, older, none
		want(&match.Rating{Mean: 1.5, Count: 2}, &match.Rating{Mean: 4, Count: 1})
	}},
	{"any sequence of batches gives the ratings that its events give", func(t *testing.T, s store.Store) {
		round := 0
		rapid.Check(t, func(rt *rapid.T) {
			round++
			own := fmt.Sprint("tenant", round)
			for range rapid.IntRange(1, 4).Draw(rt, "batches") {
				var batch []match.Event
				for range rapid.IntRange(1, 6).Draw(rt, "events") {
					batch = append(batch, match.Event{ID: fmt.Sprint("e", rapid.IntRange(0, 20).Draw(rt, "id")), Tenant: own,
						Demand: fmt.Sprint("D", rapid.IntRange(0, 1).Draw(rt, "demand")), Patent: fmt.Sprint("CN", rapid.IntRange(0, 1).Draw(rt, "patent")),
						Side: rapid.SampledFrom([]match.Kind{match.DemandKind, match.PatentKind}).Draw(rt, "side"), Type: match.Reply,
						Rating: rapid.IntRange(0, 5).Draw(rt, "stars"), At: time.Unix(int64(rapid.IntRange(0, 3).Draw(rt, "time")), 0).UTC()})
				}
				putEvents(t, s, batch...)
			}
			wantRatings(t, s, own)
		})
	}},
	{"many that write at once lose nothing and repeat no number", func(t *testing.T, s store.Store) {
		writeEventsAtOnce(t, []store.Store{s})
	}},
	{"a canceled context and a limit below 1 are errors", func(t *testing.T, s store.Store) {
		_, err := s.PutEvents(canceled(t), []match.Event{event("e1", match.View)})
		wantKind(t, err, match.Canceled)
		_, err = s.ListEvents(t.Context(), store.EventQuery{Tenant: tenant})
		wantKind(t, err, match.Invalid)
		_, err = s.Ratings(canceled(t), []match.Ref{patent("CN1", "").Ref})
		wantKind(t, err, match.Canceled)
		diff(t, "events", 0, len(events(t, s, store.EventQuery{Tenant: tenant}, 10)))
	}},
}

// event is one of demand D1 and patent CN1, shown first in the answer r1.
func event(id string, kind match.EventType) match.Event {
	return match.Event{ID: id, Tenant: tenant, Request: "r1", Demand: "D1", Patent: "CN1", Rank: 1, Side: match.DemandKind, Type: kind,
		At: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Proof: match.ShownProof}
}

func putEvents(t *testing.T, s store.Store, list ...match.Event) []store.EventOutcome {
	t.Helper()
	out, err := s.PutEvents(t.Context(), list)
	if err != nil {
		t.Fatalf("PutEvents: %v", err)
	}
	for i, o := range out {
		if o.ID != list[i].ID {
			t.Errorf("outcome %d is of %q, want %q", i, o.ID, list[i].ID)
		}
	}
	return out
}

// events follows the pages to the end.
func events(t *testing.T, s store.Store, q store.EventQuery, limit int) []match.Event {
	t.Helper()
	q.Limit = limit
	var all []match.Event
	for {
		page, err := s.ListEvents(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		for _, e := range page {
			if e.Seq <= q.After {
				t.Fatalf("number %d comes after %d", e.Seq, q.After)
			}
			q.After = e.Seq
		}
		all = append(all, page...)
	}
}

// wantRatings makes the ratings anew of all events of a tenant.
func wantRatings(t *testing.T, s store.Store, tenant string) {
	t.Helper()
	type name struct {
		demand, patent string
		side           match.Kind
	}
	newest := map[name]match.Event{}
	for _, e := range events(t, s, store.EventQuery{Tenant: tenant}, 100) {
		n := name{e.Demand, e.Patent, e.Side}
		if old, ok := newest[n]; e.Rating > 0 && (!ok || !old.At.After(e.At)) {
			newest[n] = e
		}
	}
	sums := map[match.Ref][2]int{}
	for _, e := range newest {
		sum := sums[e.Rated()]
		sums[e.Rated()] = [2]int{sum[0] + e.Rating, sum[1] + 1}
	}
	for _, id := range []string{"D0", "D1", "CN0", "CN1"} {
		for _, kind := range []match.Kind{match.DemandKind, match.PatentKind} {
			ref := match.Ref{Tenant: tenant, Kind: kind, ID: id}
			var want *match.Rating
			if sum := sums[ref]; sum[1] > 0 {
				want = &match.Rating{Mean: float64(sum[0]) / float64(sum[1]), Count: sum[1]}
			}
			got, err := s.Ratings(t.Context(), []match.Ref{ref})
			if err != nil {
				t.Fatal(err)
			}
			diff(t, "rating of "+ref.String(), want, got[0])
		}
	}
}

// writeEventsAtOnce has goroutines write the same and other events through all stores.
func writeEventsAtOnce(t *testing.T, stores []store.Store) {
	var all sync.WaitGroup
	for w := range 6 {
		all.Go(func() {
			for round := range 8 {
				own, shared := event(fmt.Sprintf("e%d-%d", w, round), match.Contact), event(fmt.Sprint("shared", round), match.Contact)
				own.Demand, own.Rating = fmt.Sprint("D", w%2), 1+w%5
				if _, err := stores[w%len(stores)].PutEvents(t.Context(), []match.Event{own, shared}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	seen := map[int64]bool{}
	after, rest := int64(0), 6*8+8
	for rest > 0 && !t.Failed() {
		page, err := stores[0].ListEvents(t.Context(), store.EventQuery{Tenant: tenant, After: after, Limit: 5})
		if err != nil {
			t.Error(err)
		}
		for _, e := range page {
			if seen[e.Seq] {
				t.Errorf("number %d comes twice", e.Seq)
			}
			seen[e.Seq], after = true, e.Seq
			rest--
		}
	}
	all.Wait()
	diff(t, "left behind the last number", 0, len(events(t, stores[0], store.EventQuery{Tenant: tenant, After: after}, 10)))
	wantRatings(t, stores[0], tenant)
}
