package retrieve_test

import (
	"context"
	"math"
	"testing"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/tune"
	"github.com/google/go-cmp/cmp"
)

// tuned is a ranker that was trained on some labels of the sample.
func tuned(t testing.TB, in *instance.Instance, s *sample.Catalog) *tune.Model {
	t.Helper()
	set := &tune.Set{}
	demands, patents := map[string]int32{}, map[string]int32{}
	for i, d := range s.Demands {
		demands[d.ID] = int32(i)
		set.Demands = append(set.Demands, tune.Record{ID: d.ID, Title: d.Title, Text: d.Text})
	}
	for i, p := range s.Patents {
		patents[p.Number] = int32(i)
		set.Patents = append(set.Patents, tune.Record{ID: p.Number, Title: p.Title, Text: p.Abstract})
	}
	for _, l := range s.Labels {
		if demands[l.Demand] < 10 {
			set.Labels = append(set.Labels, tune.Label{Demand: demands[l.Demand], Patent: patents[l.Patent], Level: int8(l.Level)})
		}
	}
	m, err := tune.Train(context.Background(), "mine", set, in.Embedder, tune.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestATunedModelScoresHitsAndNamedPairsAlike(t *testing.T) {
	in, s := open(t, nil)
	in.Engine.Ranker = tuned(t, in, s)
	for _, d := range []string{s.Demands[0].ID, s.Demands[30].ID} { // with labels, and without
		a := ask(t, in, request(match.DemandKind, d, 20))
		if a.Versions.Ranker != in.Engine.Ranker.Identity() || len(a.Hits) != 20 {
			t.Fatalf("%d hits by %s", len(a.Hits), a.Versions.Ranker)
		}
		var pairs []match.Pair
		last := math.Inf(1)
		for _, h := range a.Hits {
			pairs = append(pairs, match.Pair{Demand: ref(match.DemandKind, d), Patent: h.Record.Ref})
			sum := h.Score.Bias
			for _, leg := range h.Score.Legs {
				sum += leg.Contribution
			}
			if sum != h.Score.Logit || h.Score.Logit > last+1e-9 {
				t.Errorf("%s: contributions add up to %v, the logit is %v after %v", h.Record.ID, sum, h.Score.Logit, last)
			}
			last = h.Score.Logit
		}
		named, err := in.Engine.ScorePairs(t.Context(), pairs, retrieve.PairOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i, h := range a.Hits {
			if got := named.Results[i].Score.Logit; got != h.Score.Logit {
				t.Errorf("%s: %v as a pair, %v as a hit", h.Record.ID, got, h.Score.Logit)
			}
		}
		back := request(match.PatentKind, a.Hits[0].Record.ID, match.MaxLimit)
		for _, h := range ask(t, in, back).Hits {
			if h.Record.ID == d && h.Score.Logit != a.Hits[0].Score.Logit {
				t.Errorf("%s from the patent's side: %v, from its own %v", d, h.Score.Logit, a.Hits[0].Score.Logit)
			}
		}
	}
}

func TestAnUpdateOfEitherSideChangesTheScoreAtOnce(t *testing.T) {
	in, s := open(t, nil)
	req := request(match.DemandKind, "D-BAT1", 20)
	before := ask(t, in, req)
	if diff := cmp.Diff(before.Hits, ask(t, in, req).Hits); diff != "" {
		t.Fatalf("the same request again (-first +second):\n%s", diff)
	}
	first := before.Hits[0]
	patent := *first.Record.Patent
	patent.Abstract = s.Patents[len(s.Patents)-1].Abstract
	put(t, in, match.NewPatent(match.DefaultTenant, patent))
	score := func() float64 {
		a, err := in.Engine.ScorePairs(t.Context(), []match.Pair{{Demand: ref(match.DemandKind, "D-BAT1"), Patent: first.Record.Ref}}, retrieve.PairOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range ask(t, in, req).Hits {
			if h.Record.ID == first.Record.ID && h.Score.Logit != a.Results[0].Score.Logit {
				t.Errorf("%v as a pair, %v as a hit", a.Results[0].Score.Logit, h.Score.Logit)
			}
		}
		return a.Results[0].Score.Logit
	}
	other := score()
	if other == first.Score.Logit {
		t.Error("another abstract leaves the score as it was")
	}
	for _, d := range s.Demands {
		if d.ID == "D-BAT1" {
			d.Text = s.Demands[len(s.Demands)-1].Text
			put(t, in, match.NewDemand(match.DefaultTenant, d))
		}
	}
	if score() == other {
		t.Error("another text of the demand leaves the score as it was")
	}
}

func BenchmarkMatchWithATunedModel(b *testing.B) {
	in, s := open(b, nil)
	in.Engine.Ranker = tuned(b, in, s)
	req := request(match.DemandKind, s.Demands[0].ID, 10)
	for b.Loop() {
		ask(b, in, req)
	}
}
