package evaluation

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/statistic"
)

func mustEvaluate(t testing.TB, d *Dataset, models []Model, o Options) *Result {
	t.Helper()
	r, err := Evaluate(d, models, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestMetricsThatAModelCannotHaveAreNullWithAReason(t *testing.T) {
	d := synthetic(20, 8, 1)
	run := noisyRun(d, 1, 1)
	levels := levelsOf(d, run)
	levels.Predictions[3] = levels.Predictions[3][1:]
	hard := levelsOf(d, run)
	for _, list := range hard.Predictions {
		for i := range list {
			list[i].P = nil
		}
	}
	r := mustEvaluate(t, d, []Model{{Name: "run", Run: run}, {Name: "partial", Run: run, Levels: levels}, {Name: "hard", Run: run, Levels: hard}},
		Options{Samples: 50, Permutations: 50})
	for _, c := range []struct {
		model        int
		name, reason string
	}{
		{0, "official", "the model predicts no levels"},
		{0, "mutual@10", "the model has no reverse run"},
		{0, "latency_p50", "no latency was measured"},
		{0, "condensed_ndcg@10", "only judged candidates are ranked: equal to the metric of the same name"},
		{1, "mae", "1 of 160 judged pairs have no predicted level"},
		{2, "brier", "the model predicts no probabilities of levels"},
		{2, "official", ""},
	} {
		if got := r.Estimate(c.model, c.name).Value.Reason(); got != c.reason {
			t.Errorf("%s of model %d: reason %q, want %q", c.name, c.model, got, c.reason)
		}
	}
}

func TestMetricsOfAWholeRunHaveNoValuesOfQueries(t *testing.T) {
	d := synthetic(5, 8, 1)
	r := mustEvaluate(t, d, []Model{{Name: "m", Run: noisyRun(d, 1, 1)}}, Options{Samples: -1})
	if r.PerQuery(0, "coverage@10") != nil || r.PerQuery(0, "auc") != nil || len(r.PerQuery(0, "map")) != 5 {
		t.Error("values of queries of the coverage or the AUC of all pairs, or none of MAP")
	}
}

func TestEveryNumberHasAnIntervalThatHoldsItOrAReason(t *testing.T) {
	d := synthetic(80, 12, 2)
	run := noisyRun(d, 1, 1)
	r := mustEvaluate(t, d, []Model{{Name: "m", Run: run, Levels: levelsOf(d, run), Latencies: latenciesOf(d), Reverse: reverseOf(d, run)}},
		Options{Samples: 300})
	for i, e := range r.Models[0].Estimates {
		name := r.Metrics[i].Name
		switch {
		case e.Interval == nil && e.IntervalReason == "":
			t.Errorf("%s has neither interval nor reason", name)
		case e.Interval != nil && !(e.Interval.Low <= e.Value.Float() && e.Value.Float() <= e.Interval.High) && !strings.HasPrefix(name, "ece"):
			t.Errorf("%s: %v is not in %v", name, e.Value, *e.Interval)
		case !e.Value.Known() && !strings.HasPrefix(name, "condensed"):
			t.Errorf("%s is %v", name, e.Value)
		}
	}
}

func TestIntervalsOfTinyDatasetsStayWithinTheMetricsBounds(t *testing.T) {
	bounds := map[string][2]float64{"0–1": {0, 1}, "-1–1": {-1, 1}, "levels": {0, 3}}
	for queries := 2; queries <= 6; queries++ {
		for seed := range uint64(12) {
			d := synthetic(queries, 5, seed)
			run, other := noisyRun(d, 3, seed), noisyRun(d, 0.1, seed)
			r := mustEvaluate(t, d, []Model{{Name: "noisy", Run: run, Levels: levelsOf(d, run)}, {Name: "good", Run: other, Levels: levelsOf(d, other)}},
				Options{Samples: 200, Permutations: 10, Compare: []string{"auc", "map"}})
			for _, m := range r.Models {
				for i, e := range m.Estimates {
					b, bounded := bounds[r.Metrics[i].Unit]
					if e.Interval != nil && bounded && (e.Interval.Low < b[0] || e.Interval.High > b[1]) {
						t.Errorf("%d queries, seed %d: %s of %s is %v in %v, outside %v", queries, seed, r.Metrics[i].Name, m.Name, e.Value, *e.Interval, b)
					}
				}
			}
			for _, c := range r.Comparisons {
				if c.Interval != nil && (c.Interval.Low < -1 || c.Interval.High > 1) {
					t.Errorf("%d queries, seed %d: the difference in %s is in %v", queries, seed, c.Metric, *c.Interval)
				}
			}
		}
	}
}

// reverseOf ranks, for each document, the queries that rank it.
func reverseOf(d *Dataset, run *Run) *Run {
	r := NewRun(d.Reverse())
	for q, hits := range run.Hits {
		for _, h := range hits {
			r.Hits[h.Document] = append(r.Hits[h.Document], Hit{Document: int32(q), Score: h.Score})
		}
	}
	return r
}

func TestMutualRanksByHand(t *testing.T) {
	d := NewDataset(metric.Levels4)
	for _, id := range []string{"a", "b", "c"} {
		_, _ = d.AddQuery(Query{ID: id})
		_, _ = d.AddDocument(Document{ID: "d" + id})
	}
	for q := range int32(3) {
		_ = d.Judge(q, q, 4)
	}
	forward := &Run{Hits: [][]Hit{{{0, 1, 2}, {1, 2, 1}}, {{1, 1, 1}}, {}}}
	reverse := &Run{Hits: [][]Hit{{{1, 1, 9}, {0, 2, 5}}, {{1, 1, 1}}, {}}}
	r := mustEvaluate(t, d, []Model{{Name: "m", Run: forward, Reverse: reverse}}, Options{
		Candidates: CandidatesAll, Cutoffs: Cutoffs{Shown: []int{1, 2}}, Samples: -1})
	// a is shown da (which ranks it second) and db (which does not rank it); b is
	// shown db, which ranks it first; c is shown nothing.
	for name, want := range map[string]float64{"mutual@1": 0.5, "mutual@2": 0.75, "reverse_rank@1": 0.75, "reverse_rank@2": 0.625,
		"coverage@1": 2.0 / 3, "never_shown@1": 1.0 / 3, "unjudged@2": 0.25} {
		if got := r.Estimate(0, name).Value.Float(); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

// The AUC's interval rests on a projection; exact resampling must say nearly the
// same.
func TestTheProjectedAUCResamplesAsTheExactOne(t *testing.T) {
	d := synthetic(60, 15, 3)
	run := noisyRun(d, 2, 3)
	run.Hits[5] = run.Hits[5][:4] // the others are tied at the bottom
	r := mustEvaluate(t, d, []Model{{Name: "m", Run: run}}, Options{Samples: 400})
	got := r.Estimate(0, "auc")
	pairs := func(weights []uint16) float64 {
		var all []metric.Scored
		for q, w := range weights {
			for _, j := range d.judged[q] {
				s := metric.Scored{Score: math.Inf(-1), Level: j.Level}
				if i := slices.IndexFunc(run.Hits[q], func(h Hit) bool { return h.Document == j.Document }); i >= 0 {
					s.Score = run.Hits[q][i].Score
				}
				all = append(all, slices.Repeat([]metric.Scored{s}, int(w))...)
			}
		}
		metric.SortScored(all)
		return metric.AUC(all, 3)
	}
	exact := pairs(slices.Repeat([]uint16{1}, 60))
	if math.Abs(got.Value.Float()-exact) > 1e-12 {
		t.Errorf("AUC is %v, want %v", got.Value, exact)
	}
	interval, _ := statistic.Percentile(statistic.Bootstrap(statistic.Singles(60), 60, 400, 0, pairs))
	if math.Abs(interval.Low-got.Interval.Low) > 0.003 || math.Abs(interval.High-got.Interval.High) > 0.003 {
		t.Errorf("projected %v, exact %v", *got.Interval, interval)
	}
}

func TestOnlyJudgedCandidatesAreRankedWhereTheLowestLevelIsJudged(t *testing.T) {
	build := func(lowest bool) *Dataset {
		d := synthetic(1, 6, 1)
		d.judged[0] = nil
		for i := range int32(5) {
			level := 4 - int(i)%3
			if lowest && i == 4 {
				level = 1
			}
			_ = d.Judge(0, i, level)
		}
		return d
	}
	run := &Run{Hits: [][]Hit{{{5, 1, 9}, {0, 2, 8}}}}
	judged := mustEvaluate(t, build(true), []Model{{Name: "m", Run: run}}, Options{Samples: -1})
	all := mustEvaluate(t, build(false), []Model{{Name: "m", Run: run}}, Options{Samples: -1})
	if judged.Estimate(0, "mrr").Value.Float() != 1 || all.Estimate(0, "mrr").Value.Float() != 0.5 {
		t.Errorf("MRR is %v judged, %v of all", judged.Estimate(0, "mrr").Value, all.Estimate(0, "mrr").Value)
	}
	if all.Estimate(0, "unjudged@10").Value.Float() != 0.5 || judged.Estimate(0, "unjudged@10").Value.Float() != 0.5 {
		t.Error("unjudged@10 must be taken before hits are dropped")
	}
	if w := all.Worth; len(w) != 1 || w[0].Document != "d0000005" || w[0].Worth != 1 {
		t.Errorf("worth judging: %+v", w)
	}
}

func TestTiesFollowTrecEvalOrOurOwnRanks(t *testing.T) {
	d := synthetic(1, 3, 1)
	hits := []Hit{{0, 2, 1}, {1, 1, 1 + 1e-12}, {2, 3, 1}}
	order := func(ties Ties) string {
		h := slices.Clone(hits)
		d.Order(h, ties)
		return fmt.Sprint(h[0].Document, h[1].Document, h[2].Document)
	}
	if got := order(TiesTrec); got != "2 1 0" {
		t.Errorf("trec: %s", got)
	}
	if got := order(TiesRank); got != "1 0 2" {
		t.Errorf("rank: %s", got)
	}
}

func TestSideBySideShowsWhereEachDocumentStandsInTheOther(t *testing.T) {
	d := synthetic(1, 6, 1)
	d.judged[0] = d.judged[0][:5]
	d.judged[0][0].Level = 1
	a, b := &Run{Hits: [][]Hit{{{0, 1, 9}, {1, 2, 8}, {5, 3, 7}, {2, 4, 6}}}}, &Run{Hits: [][]Hit{{{2, 1, 9}, {0, 2, 8}}}}
	r := mustEvaluate(t, d, []Model{{Name: "a", Run: a}, {Name: "b", Run: b}}, Options{Samples: -1})
	left, right := r.SideBySide(a, b, 0, 3)
	if fmt.Sprint(left[0].Other, left[1].Other, left[2].Other, left[2].Document) != "2 0 1 2" || len(right) != 2 || right[0].Other != 3 {
		t.Errorf("left %+v, right %+v", left, right)
	}
}
