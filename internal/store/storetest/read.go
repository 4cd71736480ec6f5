package storetest

import (
	"slices"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var readTests = []test{
	{"Get answers in the order of the refs, with nil for what is unknown", func(t *testing.T, s store.Store) {
		put(t, s, write(patent("CN1", "一")), write(demand("CN1", "需求")), write(patent("CN2", "二")))
		put(t, s, withdraw(patent("CN2", "").Ref))
		refs := []match.Ref{
			patent("CN2", "").Ref, patent("missing", "").Ref, demand("CN1", "").Ref, patent("CN1", "").Ref, patent("CN1", "").Ref,
			{Tenant: "another", Kind: match.PatentKind, ID: "CN1"}, {}, {Tenant: tenant, Kind: "trademark", ID: "CN1"},
			{Tenant: tenant, Kind: match.PatentKind, ID: "CN1\x00"}, {Tenant: tenant, Kind: match.PatentKind, ID: "\xff"},
		}
		got := get(t, s, refs...)
		known := []bool{true, false, true, true, true, false, false, false, false, false}
		for i, r := range got {
			if (r != nil) != known[i] || r != nil && r.Ref != refs[i] {
				t.Errorf("entry %d is %v, want %v to be found: %v", i, r, refs[i], known[i])
			}
		}
		if !got[0].Withdrawn || got[3].Withdrawn {
			t.Errorf("withdrawn: %v, %v; want true, false", got[0].Withdrawn, got[3].Withdrawn)
		}
	}},
	{"an id with U+FFFD is not taken for one that is not UTF-8", func(t *testing.T, s store.Store) {
		put(t, s, write(patent("CN\ufffd", "一")))
		if got := get(t, s, patent("CN\xff", "").Ref)[0]; got != nil {
			t.Errorf("found %v", got.Ref)
		}
	}},
	{"Get of nothing is nothing", func(t *testing.T, s store.Store) {
		diff(t, "records", 0, len(get(t, s)))
	}},
	{"List pages through ids in the order of their bytes", func(t *testing.T, s store.Store) {
		want := []string{"10", "2", "CN1", "CN10", "CN2", "a", "a/b", "Ä", "中国专利1", "专利", "深圳-1", "😀", "％", "%", "_", "'"}
		for _, id := range want {
			put(t, s, write(patent(id, "题目")))
		}
		slices.Sort(want) // Go compares strings by bytes
		for _, limit := range []int{1, 3, 16, 100} {
			diff(t, numbered("pages of ", limit), want, listAll(t, s, store.ListQuery{Tenant: tenant, Kind: match.PatentKind, Limit: limit}))
		}
	}},
	{"List begins after an id that need not exist", func(t *testing.T, s store.Store) {
		put(t, s, write(patent("a", "题目")), write(patent("c", "题目")))
		got, err := s.List(t.Context(), store.ListQuery{Tenant: tenant, Kind: match.PatentKind, After: "b", Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		diff(t, "ids", []string{"c"}, ids(got))
	}},
	{"List gives whole records", func(t *testing.T, s store.Store) {
		r := fullPatent("CN1")
		want := stored(t, s, r, put(t, s, write(r))[0])
		got, err := s.List(t.Context(), store.ListQuery{Tenant: tenant, Kind: match.PatentKind, Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		diff(t, "page", []match.Record{want}, got)
	}},
	{"withdrawn records are listed only if asked for, and not counted", func(t *testing.T, s store.Store) {
		for _, id := range []string{"a", "b", "c", "d"} {
			put(t, s, write(demand(id, "文")))
		}
		put(t, s, withdraw(demand("a", "").Ref), withdraw(demand("c", "").Ref))
		wantListed(t, s, tenant, match.DemandKind, []string{"b", "d"}, []string{"a", "b", "c", "d"})
		put(t, s, write(demand("c", "文")), withdraw(demand("c", "").Ref), write(demand("a", "新")))
		wantListed(t, s, tenant, match.DemandKind, []string{"a", "b", "d"}, []string{"a", "b", "c", "d"})
	}},
	{"tenants and kinds are separate", func(t *testing.T, s store.Store) {
		theirs := patent("CN1", "theirs")
		theirs.Tenant = "another"
		put(t, s, write(patent("CN1", "ours")), write(demand("CN1", "需求")))
		putBatch(t, s, store.Batch{Tenant: "another", Items: []store.Item{write(theirs)}})
		got := get(t, s, theirs.Ref, patent("CN1", "").Ref)
		diff(t, "titles", []string{"theirs", "ours"}, []string{got[0].Patent.Title, got[1].Patent.Title})
		putBatch(t, s, store.Batch{Tenant: "another", Items: []store.Item{withdraw(theirs.Ref)}})
		wantListed(t, s, tenant, match.PatentKind, []string{"CN1"}, []string{"CN1"})
		wantListed(t, s, "another", match.PatentKind, []string{}, []string{"CN1"})
		wantListed(t, s, "another", match.DemandKind, []string{}, []string{})
		wantListed(t, s, tenant, match.DemandKind, []string{"CN1"}, []string{"CN1"})
	}},
	{"a limit below 1 and an unknown kind are invalid", func(t *testing.T, s store.Store) {
		_, err := s.List(t.Context(), store.ListQuery{Tenant: tenant, Kind: match.PatentKind})
		wantKind(t, err, match.Invalid)
		_, err = s.List(t.Context(), store.ListQuery{Tenant: tenant, Kind: "trademark", Limit: 1})
		wantKind(t, err, match.Invalid)
		_, err = s.Changes(t.Context(), match.PatentKind, 0, 0)
		wantKind(t, err, match.Invalid)
		_, err = s.Count(t.Context(), tenant, "trademark")
		wantKind(t, err, match.Invalid)
	}},
	{"a canceled context ends every read", func(t *testing.T, s store.Store) {
		ctx := canceled(t)
		_, err := s.Get(ctx, []match.Ref{patent("CN1", "").Ref})
		wantKind(t, err, match.Canceled)
		_, err = s.List(ctx, store.ListQuery{Tenant: tenant, Kind: match.PatentKind, Limit: 1})
		wantKind(t, err, match.Canceled)
		_, err = s.Changes(ctx, match.PatentKind, 0, 1)
		wantKind(t, err, match.Canceled)
		_, err = s.Count(ctx, tenant, match.PatentKind)
		wantKind(t, err, match.Canceled)
	}},
}

// listAll follows the pages of q to the end and gives the ids.
func listAll(t *testing.T, s store.Store, q store.ListQuery) []string {
	t.Helper()
	all := []string{}
	for {
		page, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return all
		}
		if len(page) > q.Limit || q.After != "" && page[0].ID <= q.After {
			t.Fatalf("after %q, at most %d: got %q", q.After, q.Limit, ids(page))
		}
		all = append(all, ids(page)...)
		q.After = page[len(page)-1].ID
	}
}

func wantListed(t *testing.T, s store.Store, tenant string, kind match.Kind, live, all []string) {
	t.Helper()
	diff(t, "live "+string(kind)+"s of "+tenant, live, listAll(t, s, store.ListQuery{Tenant: tenant, Kind: kind, Limit: 3}))
	diff(t, "all "+string(kind)+"s of "+tenant, all, listAll(t, s, store.ListQuery{Tenant: tenant, Kind: kind, Limit: 3, Withdrawn: true}))
	n, err := s.Count(t.Context(), tenant, kind)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "count", len(live), n)
}
