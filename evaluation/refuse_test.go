package evaluation

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// The test of the tests through the whole harness: runs that differ only by noise.
func TestRunsThatDifferByNoiseAreRejectedInOneOfTwenty(t *testing.T) {
	d := synthetic(30, 10, 9)
	const runs, together = 2000, 40
	rejected := 0
	for batch := range runs / together {
		models := []Model{}
		for i := range together + 1 {
			models = append(models, Model{Name: fmt.Sprint(i), Run: noisyRun(d, 1.5, uint64(1+batch*100+i))})
		}
		for i := range together {
			r := mustEvaluate(t, d, models[i:i+2], Options{Samples: -1, Permutations: 299, Compare: []string{"ndcg@10"}, Pool: Pool{Size: -1}})
			if r.Comparisons[0].P.Float() < 0.05 {
				rejected++
			}
		}
	}
	t.Logf("rejected %.2f %%", 100*float64(rejected)/runs)
	if rejected < runs*4/100 || rejected > runs*6/100 {
		t.Errorf("%d of %d noise pairs were rejected", rejected, runs)
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	d := synthetic(3, 4, 1)
	run := noisyRun(d, 1, 1)
	change := func(do func(r *Run)) *Run {
		r := &Run{}
		for _, h := range run.Hits {
			r.Hits = append(r.Hits, slices.Clone(h))
		}
		do(r)
		return r
	}
	for want, models := range map[string][]Model{
		"no model":                     {},
		"has no name":                  {{Run: run}},
		"two models are named a":       {{Name: "a", Run: run}, {Name: "a", Run: run}},
		"not of this dataset":          {{Name: "a", Run: &Run{}}},
		"has score NaN":                {{Name: "a", Run: change(func(r *Run) { r.Hits[0][0].Score = math.NaN() })}},
		"occurs twice":                 {{Name: "a", Run: change(func(r *Run) { r.Hits[0][0] = r.Hits[0][1] })}},
		"no document 99":               {{Name: "a", Run: change(func(r *Run) { r.Hits[0][0].Document = 99 })}},
		"with probabilities [2 0 0 0]": {{Name: "a", Run: run, Levels: &Levels{[][]Prediction{{{0, 1, []float64{2, 0, 0, 0}}}, nil, nil}}}},
	} {
		if _, err := Evaluate(d, models, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	ok := []Model{{Name: "a", Run: run}}
	for want, o := range map[string]Options{"no metric \"xyz\"": {Compare: []string{"xyz"}}, "is ambiguous": {Compare: []string{""}},
		"relevant level 5": {Relevant: 5}, "clusters for 3 queries": {Clusters: []int{1}}, "below 1": {Cutoffs: Cutoffs{NDCG: []int{0}}}} {
		if _, err := Evaluate(d, ok, o); err == nil || !strings.Contains(err.Error(), want) && want != "is ambiguous" {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	_ = d.Judge(0, 0, 2)
	if _, err := Evaluate(d, ok, Options{}); err == nil || !strings.Contains(err.Error(), "judges document \"d0000000\" twice") {
		t.Error(err)
	}
}
