package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var labelTests = []test{
	{"come back as they were put", func(t *testing.T, s store.Store) {
		at := time.Date(2026, 3, 4, 5, 6, 7, 89_000_000, time.FixedZone("CST", 8*3600))
		full := match.Label{Tenant: tenant, Demand: "D1", Patent: "CN1", Level: match.StrongFit, Rater: "张三", At: at,
			Reason: "指标满足", Source: match.ExpertSource, DemandRevision: 2, PatentRevision: 3}
		least := match.Label{Tenant: tenant, Demand: "D2", Patent: "CN1", Level: match.NoFit}
		derived := match.Label{Tenant: tenant, Demand: "D3", Patent: "CN1", Level: match.WeakFit, Rater: "events", Source: match.EventSource, Relevance: 0.37, Weight: 0.5}
		putLabels(t, s, full, least, derived)
		got := labels(t, s, tenant, 10)
		if len(got) == 3 && got[0].At.Location() != time.UTC {
			t.Errorf("time is in %v, want UTC", got[0].At.Location())
		}
		diff(t, "labels", []match.Label{full, least, derived}, got) // cmp compares times by instant
	}},
	{"a second one of the same rater, source and pair replaces the first", func(t *testing.T, s store.Store) {
		first := label("D1", "CN1", "a", match.ExpertSource)
		first.Reason = "first"
		second := label("D1", "CN1", "a", match.ExpertSource)
		second.Level = match.StrongFit
		other := label("D1", "CN1", "b", match.ExpertSource)
		model := label("D1", "CN1", "a", match.ModelSource)
		putLabels(t, s, first, other, model)
		putLabels(t, s, second)
		diff(t, "labels", []match.Label{second, model, other}, labels(t, s, tenant, 10))
		putLabels(t, s, first, second, first)
		diff(t, "in one call", []match.Label{first, model, other}, labels(t, s, tenant, 10))
	}},
	{"are paged in the order of demand, patent, rater and source", func(t *testing.T, s store.Store) {
		var want []match.Label
		for _, d := range []string{"需求2", "D10", "D1"} {
			for _, p := range []string{"CN2", "CN1", "专利"} {
				for _, rater := range []string{"", "李四", "b"} {
					want = append(want, label(d, p, rater, match.ModelSource), label(d, p, rater, ""))
				}
			}
		}
		putLabels(t, s, want...)
		slices.SortFunc(want, compareLabels)
		for _, limit := range []int{1, 4, 100} {
			diff(t, numbered("pages of ", limit), want, labels(t, s, tenant, limit))
		}
	}},
	{"one bad label keeps all from being written, and is named", func(t *testing.T, s store.Store) {
		bad := label("D3", "CN1", "a", match.ExpertSource)
		bad.Level = 5
		err := s.PutLabels(t.Context(), []match.Label{label("D1", "CN1", "a", ""), label("D2", "CN1", "a", ""), bad})
		wantKind(t, err, match.Invalid)
		if err != nil && (!strings.Contains(err.Error(), "2") || !strings.Contains(err.Error(), "level")) {
			t.Errorf("error %q does not name index 2 and the level", err)
		}
		diff(t, "labels", 0, len(labels(t, s, tenant, 10)))
	}},
	{"are separate for each tenant", func(t *testing.T, s store.Store) {
		theirs := label("D1", "CN1", "a", match.ExpertSource)
		theirs.Tenant = "another"
		putLabels(t, s, theirs, label("D2", "CN1", "a", match.ExpertSource))
		diff(t, "theirs", []match.Label{theirs}, labels(t, s, "another", 10))
		diff(t, "nobody's", 0, len(labels(t, s, "nobody", 10)))
	}},
	{"are found by demand, patent, rater and source, page by page", func(t *testing.T, s store.Store) {
		var all []match.Label
		for _, d := range []string{"D1", "D2", "D3"} {
			for _, p := range []string{"CN1", "CN2"} {
				for _, rater := range []string{"a", "b"} {
					all = append(all, label(d, p, rater, ""), label(d, p, rater, match.ExpertSource), label(d, p, rater, match.ModelSource))
				}
			}
		}
		putLabels(t, s, all...)
		for _, q := range []store.LabelQuery{
			{Demand: "D2"}, {Patent: "CN2"}, {Rater: "b"}, {Source: match.ModelSource}, {Source: match.ExpertSource},
			{Demand: "D2", Patent: "CN1"}, {Demand: "D3", Rater: "a", Source: match.ExpertSource}, {Demand: "D"}, {Patent: "CN", Demand: "D1"},
		} {
			var want []match.Label
			for _, l := range all {
				source := l.Source
				if q.Source != "" && source == "" {
					source = match.ExpertSource
				}
				if (q.Demand == "" || q.Demand == l.Demand) && (q.Patent == "" || q.Patent == l.Patent) &&
					(q.Rater == "" || q.Rater == l.Rater) && (q.Source == "" || q.Source == source) {
					want = append(want, l)
				}
			}
			for _, q.Limit = range []int{1, 5, 100} {
				q.Tenant = tenant
				diff(t, fmt.Sprintf("%+v", q), want, found(t, s, q))
			}
		}
		past := label("D3", "CN1", "a", "")
		diff(t, "a demand before the page", 0, len(found(t, s, store.LabelQuery{Tenant: tenant, Demand: "D1", After: &past, Limit: 9})))
	}},
	{"are withdrawn by their whole name", func(t *testing.T, s store.Store) {
		none, expert, model := label("D1", "CN1", "a", ""), label("D1", "CN1", "a", match.ExpertSource), label("D1", "CN1", "a", match.ModelSource)
		other := label("D1", "CN1", "b", match.ExpertSource)
		putLabels(t, s, none, expert, model, other)
		withdraw := func(want int, list ...match.Label) {
			t.Helper()
			if n, err := s.WithdrawLabels(t.Context(), list); err != nil || n != want {
				t.Errorf("%d are withdrawn, %v; want %d", n, err, want)
			}
		}
		theirs := expert
		theirs.Tenant = "another"
		withdraw(0, theirs, label("D1", "CN1", "", match.ExpertSource), label("D1", "CN", "a", match.ExpertSource))
		withdraw(1, model, model)
		diff(t, "left", []match.Label{none, expert, other}, labels(t, s, tenant, 10))
		withdraw(2, expert)
		withdraw(0)
		diff(t, "left", []match.Label{other}, labels(t, s, tenant, 10))
		_, err := s.WithdrawLabels(canceled(t), []match.Label{other})
		wantKind(t, err, match.Canceled)
	}},
	{"those that name records that do not exist are counted", func(t *testing.T, s store.Store) {
		there := []store.Item{{Record: match.NewDemand(tenant, match.Demand{ID: "D1", Title: "t"})}, {Record: match.NewPatent(tenant, match.Patent{Number: "CN1", Title: "t"})}}
		if _, err := s.Put(t.Context(), store.Batch{Tenant: tenant, Items: there}); err != nil {
			t.Fatal(err)
		}
		theirs := label("D1", "CN1", "a", "")
		theirs.Tenant = "another"
		n, unknown, err := store.Unknown(t.Context(), s, []match.Label{
			label("D1", "CN1", "a", ""), label("D1", "CN9", "a", ""), label("D9", "CN9", "a", ""), label("D9", "CN1", "a", ""), theirs})
		if err != nil || n != 4 {
			t.Errorf("%d labels, %v, want 4", n, err)
		}
		diff(t, "unknown", []match.Ref{
			{Tenant: tenant, Kind: match.PatentKind, ID: "CN9"}, {Tenant: tenant, Kind: match.DemandKind, ID: "D9"},
			{Tenant: "another", Kind: match.DemandKind, ID: "D1"}, {Tenant: "another", Kind: match.PatentKind, ID: "CN1"}}, unknown)
		if n, unknown, err := store.Unknown(t.Context(), s, nil); n != 0 || unknown != nil || err != nil {
			t.Errorf("no labels: %d, %v, %v", n, unknown, err)
		}
	}},
	{"a canceled context and a limit below 1 are errors", func(t *testing.T, s store.Store) {
		wantKind(t, s.PutLabels(canceled(t), []match.Label{label("D1", "CN1", "a", "")}), match.Canceled)
		_, err := s.ListLabels(canceled(t), store.LabelQuery{Tenant: tenant, Limit: 1})
		wantKind(t, err, match.Canceled)
		_, err = s.ListLabels(t.Context(), store.LabelQuery{Tenant: tenant})
		wantKind(t, err, match.Invalid)
		diff(t, "labels", 0, len(labels(t, s, tenant, 10)))
	}},
}

func compareLabels(a, b match.Label) int {
	return cmp.Or(strings.Compare(a.Demand, b.Demand), strings.Compare(a.Patent, b.Patent),
		strings.Compare(a.Rater, b.Rater), cmp.Compare(a.Source, b.Source))
}

func label(demand, patent, rater string, source match.LabelSource) match.Label {
	return match.Label{Tenant: tenant, Demand: demand, Patent: patent, Rater: rater, Source: source, Level: match.WeakFit}
}

func putLabels(t *testing.T, s store.Store, labels ...match.Label) {
	t.Helper()
	if err := s.PutLabels(t.Context(), labels); err != nil {
		t.Fatalf("PutLabels: %v", err)
	}
}

// labels follows the pages of a tenant to the end.
func labels(t *testing.T, s store.Store, tenant string, limit int) []match.Label {
	t.Helper()
	return found(t, s, store.LabelQuery{Tenant: tenant, Limit: limit})
}

// found follows the pages to the end.
func found(t *testing.T, s store.Store, q store.LabelQuery) []match.Label {
	t.Helper()
	var all []match.Label
	for {
		page, err := s.ListLabels(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		if len(page) > q.Limit || q.After != nil && compareLabels(page[0], *q.After) <= 0 {
			t.Fatalf("after %v, at most %d: got %v", q.After, q.Limit, page)
		}
		all = append(all, page...)
		q.After = &page[len(page)-1]
	}
}
