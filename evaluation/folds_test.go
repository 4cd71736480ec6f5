package evaluation

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// folded puts pairs into folds: whole queries, or each pair by chance.
func folded(d *Dataset, count int, whole bool) *Folding {
	random := rand.New(rand.NewPCG(3, 3))
	f := &Folding{Name: "demand", Count: count, Of: make([][]int, d.Queries())}
	for q := range f.Of {
		for range d.judged[q] {
			fold := q % count
			if !whole {
				fold = random.IntN(count)
			}
			f.Of[q] = append(f.Of[q], fold)
		}
	}
	return f
}

func TestFoldsOfWholeQueriesAddUpToTheFigureOfAll(t *testing.T) {
	d := synthetic(40, 12, 1)
	models := []Model{{Name: "a", Run: noisyRun(d, 1, 1)}, {Name: "b", Run: noisyRun(d, 2, 2)}}
	r := mustEvaluate(t, d, models, Options{Samples: 100, Permutations: 100, Folds: folded(d, 4, true)})
	for m := range models {
		for i, name := range r.Folds.Metrics {
			if diff := cmp.Diff(r.Estimate(m, name), r.Folds.Estimates[m][i], cmp.AllowUnexported(Value{}), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
				t.Errorf("%s of %s: %s", name, models[m].Name, diff)
			}
		}
	}
	for i, c := range r.Folds.Comparisons {
		if got, want := c.Difference.Float(), r.Comparisons[i].Difference.Float(); math.Abs(got-want) > 1e-12 || c.P.Known() {
			t.Errorf("%s: difference %v with p %v, want %v without p", c.Metric, got, c.P, want)
		}
	}
}

func TestEachFoldIsWhatItsPairsAloneGive(t *testing.T) {
	d := synthetic(30, 20, 2)
	models := []Model{{Name: "a", Run: noisyRun(d, 1, 1)}}
	folds := folded(d, 3, false)
	r := mustEvaluate(t, d, models, Options{Samples: -1, Permutations: 10, Folds: folds, Candidates: CandidatesJudged})
	sum, n, squares := 0.0, 0.0, 0.0
	var values []float64
	for fold, f := range r.Folds.Folds {
		alone := d.Select(func(q int32, i int) bool { return folds.Of[q][i] == fold })
		want := mustEvaluate(t, alone, models, Options{Samples: -1, Permutations: 10, Candidates: CandidatesJudged})
		if got := f.Values[0][0].Float(); math.Abs(got-want.Estimate(0, "ndcg@10").Value.Float()) > 1e-12 {
			t.Errorf("fold %d: %v, want %v", fold, got, want.Estimate(0, "ndcg@10").Value)
		}
		if f.Queries != want.Summary.Queries || f.Judgements != want.Summary.Judgements {
			t.Errorf("fold %d has %d queries and %d pairs, want %+v", fold, f.Queries, f.Judgements, want.Summary)
		}
		values = append(values, f.Values[0][0].Float())
		for _, v := range f.PerQuery(0, 0) {
			if !math.IsNaN(v) {
				sum, n = sum+v, n+1
			}
		}
	}
	if got := r.Folds.Estimates[0][0]; math.Abs(got.Value.Float()-sum/n) > 1e-12 {
		t.Errorf("together %v, want the mean over queries and folds %v", got.Value, sum/n)
	}
	mean := (values[0] + values[1] + values[2]) / 3
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	if got := r.Folds.Deviations[0][0].Float(); math.Abs(got-math.Sqrt(squares/2)) > 1e-12 {
		t.Errorf("the deviation is %v, want %v", got, math.Sqrt(squares/2))
	}
}

func TestHitsThatAnotherFoldJudgesDoNotPassForUnjudged(t *testing.T) {
	d := NewDataset(Scale{Min: 1, Max: 4})
	_, _ = d.AddQuery(Query{ID: "q"})
	run := NewRun(d)
	folds := &Folding{Name: "random", Count: 2, Of: make([][]int, 1)}
	for i := range 20 {
		doc, _ := d.AddDocument(Document{ID: fmt.Sprintf("d%02d", i)})
		// The odd ones are of fold 1 and have the best ranks; d19 alone is good in fold 0.
		level, score := 1, float64(i%2)
		if i == 18 {
			level, score = 4, 0.5
		}
		if i == 19 {
			level = 4
		}
		_ = d.Judge(0, doc, level)
		folds.Of[0] = append(folds.Of[0], i%2)
		run.Hits[0] = append(run.Hits[0], Hit{Document: doc, Score: score})
	}
	r := mustEvaluate(t, d, []Model{{Name: "a", Run: run}}, Options{Samples: -1, Permutations: 10, Folds: folds, Candidates: CandidatesAll, Compare: []string{"mrr"}})
	if got := r.Folds.Folds[0].Values[0][0].Float(); got != 1 {
		t.Errorf("reciprocal rank in fold 0 is %v: hits of fold 1 stand before", got)
	}
}

func TestFoldsThatDoNotFitAreRefused(t *testing.T) {
	d := synthetic(4, 6, 1)
	models := []Model{{Name: "a", Run: noisyRun(d, 1, 1)}}
	short, off, one, few := folded(d, 2, true), folded(d, 2, true), folded(d, 2, true), folded(d, 2, true)
	short.Of[1] = short.Of[1][1:]
	off.Of[2][0] = 2
	one.Count = 1
	few.Of = few.Of[1:]
	for _, f := range []*Folding{short, off, one, few} {
		if _, err := Evaluate(d, models, Options{Folds: f}); err == nil || !strings.Contains(err.Error(), "fold") {
			t.Errorf("%+v: %v", f, err)
		}
	}
}

func TestAMetricThatIsNotDefinedInAFoldHasAReason(t *testing.T) {
	d := synthetic(8, 6, 1)
	r := mustEvaluate(t, d, []Model{{Name: "a", Run: noisyRun(d, 1, 1)}},
		Options{Samples: 20, Permutations: 10, Folds: folded(d, 2, true), Compare: []string{"auc", "official"}})
	for i, want := range []string{"use auc_query", "predicts no levels"} {
		if v := r.Folds.Estimates[0][i].Value; v.Known() || !strings.Contains(v.Reason(), want) {
			t.Errorf("%s is %v", r.Folds.Metrics[i], v)
		}
		if v := r.Folds.Deviations[0][i]; v.Known() || !strings.Contains(v.Reason(), want) {
			t.Errorf("deviation of %s is %v", r.Folds.Metrics[i], v)
		}
	}
}

func TestASliceByDocumentsIsWhatMostRelevantOnesHave(t *testing.T) {
	d := NewDataset(Scale{Min: 1, Max: 4})
	for q := range 3 {
		_, _ = d.AddQuery(Query{ID: fmt.Sprint(q)})
	}
	for i, c := range []struct {
		query int32
		ipc   string
		level int
	}{{0, "H", 3}, {0, "C", 4}, {0, "C", 3}, {0, "H", 1}, {0, "H", 2}, {1, "B", 4}, {1, "A", 3}, {1, "", 4}, {1, "", 4}, {2, "A", 2}} {
		doc, _ := d.AddDocument(Document{ID: fmt.Sprint("d", i), Attributes: map[string]string{"ipc": c.ipc}})
		_ = d.Judge(c.query, doc, c.level)
	}
	slice := ByDocuments(d, "ipc", 3)
	if got := slice.Of(0) + slice.Of(1) + slice.Of(2); got != "CA" {
		t.Errorf("the slices are %q", got)
	}
	queries, documents := d.Attributes()
	if len(queries) != 0 || len(documents) != 1 || documents[0] != "ipc" {
		t.Errorf("attributes %v and %v", queries, documents)
	}
}

func TestWorthTakesOtherRunsThanTheOnesThatWereMeasured(t *testing.T) {
	d := synthetic(3, 6, 1)
	run := noisyRun(d, 1, 1)
	run.Hits[0] = append(run.Hits[0], Hit{Document: 17, Score: 99, Rank: 1}) // of query 2
	got, err := Worth(d, []Model{{Name: "a", Run: run}}, Options{Candidates: CandidatesJudged, Pool: Pool{Size: 5}})
	if err != nil || len(got) != 1 || got[0].Query != "q00000" || got[0].Document != "d0000017" || got[0].Ranks[0] != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := Worth(d, []Model{{Name: "a", Run: &Run{}}}, Options{}); err == nil {
		t.Error("a run of another dataset was accepted")
	}
}
