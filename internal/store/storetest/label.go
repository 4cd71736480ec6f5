package storetest

import (
	"cmp"
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
		putLabels(t, s, full, least)
		got := labels(t, s, tenant, 10)
		if len(got) == 2 && got[0].At.Location() != time.UTC {
			t.Errorf("time is in %v, want UTC", got[0].At.Location())
		}
		diff(t, "labels", []match.Label{full, least}, got) // cmp compares times by instant
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
	{"a canceled context and a limit below 1 are errors", func(t *testing.T, s store.Store) {
		wantKind(t, s.PutLabels(canceled(t), []match.Label{label("D1", "CN1", "a", "")}), match.Canceled)
		_, err := s.ListLabels(canceled(t), tenant, nil, 1)
		wantKind(t, err, match.Canceled)
		_, err = s.ListLabels(t.Context(), tenant, nil, 0)
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

// labels follows the pages to the end.
func labels(t *testing.T, s store.Store, tenant string, limit int) []match.Label {
	t.Helper()
	var all []match.Label
	var after *match.Label
	for {
		page, err := s.ListLabels(t.Context(), tenant, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		if len(page) > limit || after != nil && compareLabels(page[0], *after) <= 0 {
			t.Fatalf("after %v, at most %d: got %v", after, limit, page)
		}
		all = append(all, page...)
		after = &page[len(page)-1]
	}
}
