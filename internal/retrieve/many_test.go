package retrieve_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/sample"
)

// conditions are those of a filter on the sample's day.
func conditions(t *testing.T, kind match.Kind, f match.Filter) []match.Condition {
	t.Helper()
	out, err := f.Conditions(kind, match.DefaultTenant, match.DateOf(sample.Now()))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// stored reads all records of a kind that are in a catalog.
func stored(t *testing.T, in *instance.Instance, s *sample.Catalog, kind match.Kind) (out []*match.Record) {
	t.Helper()
	var refs []match.Ref
	for _, r := range s.Records() {
		if r.Kind == kind {
			refs = append(refs, ref(kind, r.ID))
		}
	}
	out, err := in.Store.Get(t.Context(), refs)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestManyRecordsAtOnceHaveTheHitsAndScoresOfEachAlone(t *testing.T) {
	in, s := open(t, nil)
	for _, ranker := range []rank.Ranker{nil, tuned(t, in, s)} {
		in.Engine.Ranker = ranker
		for _, kind := range []match.Kind{match.DemandKind, match.PatentKind} {
			for _, limit := range []int{7, 60} { // 60 are more than a shallow search nominates
				sameLists(t, in, stored(t, in, s, kind), limit)
			}
		}
	}
}

// sameLists compares what many records have at once with what each has alone.
func sameLists(t *testing.T, in *instance.Instance, records []*match.Record, limit int) {
	t.Helper()
	kind, filter := records[0].Kind, match.Filter{}
	if kind == match.DemandKind {
		filter.TransferModes = []match.TransferMode{match.Licence}
	}
	answers, err := in.Engine.MatchMany(t.Context(), retrieve.Many{
		Kind: kind, Records: records, Conditions: conditions(t, kind.Other(), filter), Limit: limit,
	})
	if err != nil || len(answers) != len(records) {
		t.Fatalf("%d answers, %v", len(answers), err)
	}
	for i, r := range records {
		req := request(kind, r.ID, limit)
		req.Filter = filter
		alone := ask(t, in, req)
		var want, got []string
		for _, h := range alone.Hits {
			want = append(want, fmt.Sprint(h.Record.ID, h.Score.Logit, h.Score.Value))
		}
		for _, h := range answers[i].Hits {
			got = append(got, fmt.Sprint(h.Ref.ID, h.Score.Logit, h.Score.Value))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s, %d hits by %s (-alone +among many):\n%s", r.ID, limit, alone.Versions.Ranker, diff)
		}
	}
}

func TestFiftyOfEachVectorNominateNearlyTheSame(t *testing.T) {
	in, s := open(t, nil)
	records := stored(t, in, s, match.DemandKind)
	answers, err := in.Engine.MatchMany(t.Context(), retrieve.Many{Kind: match.DemandKind, Records: records, Conditions: conditions(t, match.PatentKind, match.Filter{}), Limit: 10, Depth: 50, VectorsOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	same, all := 0, 0
	for i, r := range records {
		want := ids(ask(t, in, request(match.DemandKind, r.ID, 10)))
		all += len(want)
		var pairs []match.Pair
		for _, h := range answers[i].Hits {
			for _, id := range want {
				if h.Ref.ID == id {
					same++
				}
			}
			pairs = append(pairs, match.Pair{Demand: r.Ref, Patent: h.Ref})
		}
		named, err := in.Engine.ScorePairs(t.Context(), pairs, retrieve.PairOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for j, h := range answers[i].Hits {
			if got := named.Results[j].Score; got.Logit != h.Score.Logit || got.Value != h.Score.Value {
				t.Errorf("%v: %v as a pair, %v among many", pairs[j], got.Logit, h.Score.Logit)
			}
		}
	}
	if share := float64(same) / float64(all); share < 0.97 {
		t.Errorf("%.3f of the hits are the same", share)
	}
}

// forgetful refuses texts with a word, and has no vectors when it is down.
type forgetful struct {
	embed.Embedder
	word string
	down bool
}

func (f *forgetful) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	if f.down {
		return nil, &match.Error{Kind: match.Unavailable, Reason: "is down"}
	}
	got, err := f.Embedder.Embed(ctx, role, texts)
	failed := map[int]error{}
	for i, text := range texts {
		if strings.Contains(text, f.word) {
			failed[i], got[i] = match.Invalidf("text", "cannot be read"), nil
		}
	}
	if len(failed) > 0 {
		return got, &embed.PartialError{Errs: failed}
	}
	return got, err
}

func TestARecordWithoutVectorsIsMatchedByItsWords(t *testing.T) {
	model, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	e := &forgetful{Embedder: model, word: "不可读"}
	in, s := open(t, e)
	d := s.Demands[0]
	d.ID, d.Title = "D-UNREAD", d.Title+"不可读"
	put(t, in, match.NewDemand(match.DefaultTenant, d))
	records, err := in.Store.Get(t.Context(), []match.Ref{ref(match.DemandKind, s.Demands[0].ID), ref(match.DemandKind, d.ID)})
	if err != nil {
		t.Fatal(err)
	}
	many := retrieve.Many{Kind: match.DemandKind, Records: records, Conditions: conditions(t, match.PatentKind, match.Filter{}), Limit: 5, VectorsOnly: true}
	for _, e.down = range []bool{false, true} {
		answers, err := in.Engine.MatchMany(t.Context(), many)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []bool{false, true} { // the first one's vectors are stored
			if len(answers[i].Hits) != 5 || (answers[i].Degraded != "") != want {
				t.Errorf("down %t, %s: %d hits, degraded %q", e.down, records[i].ID, len(answers[i].Hits), answers[i].Degraded)
			}
		}
	}
}
