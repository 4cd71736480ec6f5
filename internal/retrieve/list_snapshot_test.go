package retrieve_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
)

// restarted is an engine over the same data that keeps no list.
func restarted(in *instance.Instance) *instance.Instance {
	e := in.Engine
	return &instance.Instance{Engine: &retrieve.Engine{
		Records: e.Records, Embedder: e.Embedder, Sides: e.Sides, Ranker: e.Ranker, Lexicon: e.Lexicon, Explainer: e.Explainer, Now: e.Now, Version: e.Version,
	}}
}

func TestALaterPageGoesOnWithTheListOfTheFirstWhateverIsWritten(t *testing.T) {
	in, _ := open(t, nil)
	for _, shape := range []match.Shape{{}, {MaxPerHolder: 2, Collapse: true, Diversity: 0.3, Boosts: []match.Boost{{Filter: match.Filter{Tiers: []string{"A"}}, Level: match.StrongBoost}}}} {
		req := request(match.DemandKind, "D-BAT1", 10)
		req.Shape, req.Explain = shape, true
		first := ask(t, in, req)
		if first.Snapshot == "" || !first.More {
			t.Fatal("the first page names no list")
		}
		next := req
		next.Offset, next.Snapshot = 10, first.Snapshot
		want := ask(t, in, next)
		after := restarted(in)
		if d := cmp.Diff(ids(want), ids(ask(t, after, next))); d != "" {
			t.Error("after a restart without a write:", d)
		}

		// A better one comes in, one of the second page goes, another one changes.
		put(t, in, match.NewPatent(match.DefaultTenant, match.Patent{Number: fmt.Sprintf("CN-NEW%d", shape.MaxPerHolder), Title: "冷库叉车用铁锂电池低温放不出电",
			Abstract: "用于冷库和室外堆场叉车的铁锂电池，低温放电容量高，只动配方不动结构。", Tier: "A"}))
		withdrawn, changed := want.Hits[3].Record, want.Hits[5].Record
		withdrawn.Withdrawn = true
		patent := *changed.Patent
		patent.Title = "一种面包的烘焙方法"
		changed.Patent = &patent
		put(t, in, withdrawn, changed)

		got := ask(t, in, next)
		kept := slices.DeleteFunc(slices.Clone(want.Hits), func(h match.Hit) bool { return h.Record.ID == withdrawn.ID })
		if d := cmp.Diff(kept, got.Hits); d != "" {
			t.Errorf("page 2 (-first list +now):\n%s", d)
		}
		if len(got.Degraded) != 1 || !strings.HasPrefix(got.Degraded[0], "list: 1 hits") || got.Considered != first.Considered || got.Versions != first.Versions {
			t.Errorf("degraded %v, considered %d", got.Degraded, got.Considered)
		}
		_, err := restarted(in).Engine.Match(t.Context(), next)
		var e *match.Error
		if match.KindOf(err) != match.Stale || !errors.As(err, &e) || e.Field != "page_token" {
			t.Errorf("a list that is gone: %v, want an error of kind stale on page_token", err)
		}
	}
}

func TestALaterPageShowsNothingThatIsKeptBackSince(t *testing.T) {
	in, _ := open(t, nil)
	req := match.Request{Tenant: match.DefaultTenant, From: match.Ref{Tenant: match.DefaultTenant, Kind: match.PatentKind}, Limit: 5, Texts: match.Texts{Body: "锂离子电池电解液低温放电"}}
	first := ask(t, in, req)
	req.Offset, req.Snapshot, req.Explain = 5, first.Snapshot, true
	second := ask(t, in, req)
	r, err := in.Store.Get(t.Context(), []match.Ref{second.Hits[1].Record.Ref})
	if err != nil {
		t.Fatal(err)
	}
	demand := *r[0].Demand
	demand.Confidential = append(slices.Clone(demand.Confidential), "text")
	r[0].Demand = &demand
	put(t, in, *r[0])
	if again := ask(t, in, req); slices.Contains(ids(again), r[0].ID) || len(again.Hits) != len(second.Hits)-1 {
		t.Errorf("%s keeps its text back now and is in %v", r[0].ID, ids(again))
	}
}

func TestTheSameListHasTheSameName(t *testing.T) {
	in, _ := shared(t)
	req := request(match.DemandKind, "D-BAT1", 10)
	a, b := ask(t, in, req), ask(t, restarted(in), req)
	req.Limit, req.ID, req.Explain = 20, "other", true
	c := ask(t, in, req)
	req.Shape.Facets = true
	d := ask(t, in, req)
	if a.Snapshot == "" || a.Snapshot != b.Snapshot || a.Snapshot != c.Snapshot || a.Snapshot == d.Snapshot {
		t.Errorf("names %q, %q, %q and with a shape %q", a.Snapshot, b.Snapshot, c.Snapshot, d.Snapshot)
	}
}
