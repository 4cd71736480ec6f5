package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

var modelTests = []test{
	{"any sequence of writes gives what the model gives", func(t *testing.T, s store.Store) {
		tenants := 0
		rapid.Check(t, func(rt *rapid.T) {
			tenants++ // what earlier runs wrote is out of sight
			m := &model{tenant: fmt.Sprint("tenant-", tenants), seq: lastSeq(t, s)}
			start := m.seq
			for range rapid.IntRange(1, 6).Draw(rt, "batches") {
				m.step(rt, t, s)
			}
			m.compare(rt, t, s, start)
		})
	}},
}

// model is a store of one tenant in memory: every revision in the order of writing.
type model struct {
	tenant string
	seq    int64
	log    []match.Record
}

func (m *model) newest(ref match.Ref) *match.Record {
	for i := len(m.log) - 1; i >= 0; i-- {
		if m.log[i].Ref == ref {
			return &m.log[i]
		}
	}
	return nil
}

// step puts a random batch into both and compares the outcomes.
func (m *model) step(rt *rapid.T, t *testing.T, s store.Store) {
	batch := store.Batch{Tenant: m.tenant, Items: rapid.SliceOfN(rapid.Custom(m.item), 0, 6).Draw(rt, "items")}
	got, err := s.Put(t.Context(), batch)
	if err != nil {
		rt.Fatal(err)
	}
	for i, item := range batch.Items {
		want := m.put(item, got[i].Seq)
		g := store.Outcome{Ref: got[i].Ref, Change: got[i].Change, Revision: got[i].Revision, Seq: got[i].Seq}
		if want.Change == store.Refused {
			g.Revision, g.Seq = 0, 0
		}
		if d := cmp.Diff(want, g); d != "" {
			rt.Fatalf("item %d (-want +got):\n%s", i, d)
		}
		if wrote := g.Change != store.Refused && g.Change != store.Unchanged; wrote && g.Seq <= m.seq {
			rt.Fatalf("item %d has seq %d after %d", i, g.Seq, m.seq)
		}
		m.seq = max(m.seq, g.Seq)
	}
}

func (m *model) item(rt *rapid.T) store.Item {
	id := rapid.SampledFrom([]string{"甲", "乙", "c"}).Draw(rt, "id")
	text := rapid.SampledFrom([]string{"一", "二", ""}).Draw(rt, "text") // an empty one is refused
	r := match.NewPatent(m.tenant, match.Patent{Number: id, Title: text})
	if rapid.Bool().Draw(rt, "demand") {
		r = match.NewDemand(m.tenant, match.Demand{ID: id, Text: text})
	}
	r.Visibility = rapid.SampledFrom([]match.Visibility{match.Public, match.Private}).Draw(rt, "visibility")
	r.Withdrawn = rapid.IntRange(0, 3).Draw(rt, "withdrawn") == 0
	return store.Item{Record: r, IfRevision: rapid.Int64Range(-1, 3).Draw(rt, "if revision")}
}

// put gives the outcome of an item. Numbers may have gaps, so seq is what the store
// gave if it wrote.
func (m *model) put(item store.Item, seq int64) store.Outcome {
	r, old := item.Record, m.newest(item.Record.Ref)
	refused := store.Outcome{Ref: r.Ref, Change: store.Refused}
	live := old != nil && !old.Withdrawn
	switch {
	case r.Withdrawn && old == nil, !r.Withdrawn && r.Validate() != nil,
		item.IfRevision == -1 && live,
		item.IfRevision > 0 && (old == nil || old.Revision != item.IfRevision):
		return refused
	case old != nil && r.Withdrawn == old.Withdrawn && (r.Withdrawn || cmp.Equal(content(r), content(*old))):
		return store.Outcome{Ref: r.Ref, Change: store.Unchanged, Revision: old.Revision, Seq: old.Seq}
	}
	change := store.Updated
	switch {
	case old == nil:
		change, r.Revision = store.Created, 1
	case r.Withdrawn:
		change = store.Withdrawn
		r.Patent, r.Demand, r.Visibility = old.Patent, old.Demand, old.Visibility
		fallthrough
	default:
		r.Revision = old.Revision + 1
	}
	r.Seq = seq
	m.log = append(m.log, r)
	return store.Outcome{Ref: r.Ref, Change: change, Revision: r.Revision, Seq: r.Seq}
}

func content(r match.Record) match.Record {
	return match.Record{Visibility: r.Visibility, Patent: r.Patent, Demand: r.Demand}
}

// compare reads everything in every way.
func (m *model) compare(rt *rapid.T, t *testing.T, s store.Store, start int64) {
	same := func(what string, want, got any, err error) {
		if err != nil {
			rt.Fatalf("%s: %v", what, err)
		}
		if d := cmp.Diff(want, got); d != "" {
			rt.Fatalf("%s (-want +got):\n%s", what, d)
		}
	}
	for _, want := range m.log {
		got, err := s.Revision(t.Context(), want.Ref, want.Revision)
		if err != nil {
			rt.Fatal(err)
		}
		same(want.Ref.String(), want, timeless(*got)[0], nil)
	}
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		changes, live, all := m.views(kind)
		got, err := s.Changes(t.Context(), kind, start, 100)
		same("changes", changes, timeless(got...), err)
		got, err = s.List(t.Context(), store.ListQuery{Tenant: m.tenant, Kind: kind, Limit: 100})
		same("list", live, timeless(got...), err)
		got, err = s.List(t.Context(), store.ListQuery{Tenant: m.tenant, Kind: kind, Limit: 100, Withdrawn: true})
		same("list with withdrawn", all, timeless(got...), err)
		n, err := s.Count(t.Context(), m.tenant, kind)
		same("count", len(live), n, err)
	}
}

// views gives newest revisions in the order of writing, and live ones and all in
// the order of ids.
func (m *model) views(kind match.Kind) (changes, live, all []match.Record) {
	changes, live, all = []match.Record{}, []match.Record{}, []match.Record{}
	for _, r := range m.log {
		if r.Kind == kind && m.newest(r.Ref).Seq == r.Seq {
			changes = append(changes, r)
		}
	}
	all = append(all, changes...)
	slices.SortFunc(all, func(a, b match.Record) int { return strings.Compare(a.ID, b.ID) })
	for _, r := range all {
		if !r.Withdrawn {
			live = append(live, r)
		}
	}
	return changes, live, all
}

// timeless drops the times, which the model does not know.
func timeless(records ...match.Record) []match.Record {
	out := []match.Record{}
	for _, r := range records {
		r.CreatedAt, r.UpdatedAt = time.Time{}, time.Time{}
		out = append(out, r)
	}
	return out
}
