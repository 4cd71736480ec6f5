package report_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/evaluation/gate"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/report"
	"github.com/duijie/duijie/evaluation/split"
)

// small is a result of 24 demands and three models, of which one is better, one
// like the baseline, and one predicts levels; with everything that a report may
// be given.
func small(t testing.TB) (*evaluation.Result, report.Options) {
	t.Helper()
	d := demands(24, 8, "Demand", "Patent")
	models := []evaluation.Model{{Name: "plain", Run: noisy(d, 6, 1)}, {Name: "sharp", Run: noisy(d, 0.4, 2)}, {Name: "like", Run: noisy(d, 6, 5)}}
	models[1].Levels = levels(d, models[1].Run)
	folds, err := split.ByQuery(d, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	r, err := evaluation.Evaluate(d, models, evaluation.Options{Folds: folds.Folding(), Samples: 200, Permutations: 500, Seed: 1, AllPairs: true,
		Candidates: evaluation.CandidatesAll, Slices: []evaluation.Slice{evaluation.ByAttribute(d, "sector"), evaluation.ByLength(d)}})
	if err != nil {
		t.Fatal(err)
	}
	r.Leakage = []evaluation.Leakage{{Between: "folds", RepeatedQueryTitles: 2}, {Between: "test, train", Queries: 1}}
	r.Agreement = &evaluation.Agreement{Raters: 2, Pairs: 30, Alpha: evaluation.Number(0.71),
		Kappa: evaluation.Null("not defined on this data"), Equal: evaluation.Number(0.8)}
	decision, err := gate.Decide(r, "plain", "like", gate.Rules{
		Require:     []gate.Requirement{{Text: "ndcg@10 +0.01 p<0.05", Metric: "ndcg@10", Gain: 0.01, P: 0.05}},
		NonInferior: []gate.NonInferiority{{Text: "sector:0.02", Attribute: "sector", Metric: "ndcg@10", Margin: 0.02}},
		Overrides:   []gate.Override{{Check: "sector=steel/ndcg@10:0.02", By: "an analyst", Reason: "a small sector"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r, report.Options{Title: "Three models", Command: "duijie evaluate --data small", Data: "made up", Dataset: d, Models: models,
		Gate: &decision, Examples: 1,
		Warnings: format.Warnings{{Kind: format.BlankLine, File: "qrels.tsv", Line: 7, Count: 3}}}
}

// demands is a dataset whose texts start with the given words. Every eighth
// document of a demand is not judged.
func demands(queries, documents int, query, document string) *evaluation.Dataset {
	random := rand.New(rand.NewPCG(1, 1))
	d := evaluation.NewDataset(metric.Levels4)
	d.Name = "small"
	for q := range queries {
		sector := []string{"steel", "food", "energy"}[q%3]
		_, _ = d.AddQuery(evaluation.Query{ID: fmt.Sprint("q", q), Title: fmt.Sprint(query, " ", q), Text: query + " in full",
			Attributes: map[string]string{"sector": sector}})
		for i := range documents {
			doc, _ := d.AddDocument(evaluation.Document{ID: fmt.Sprintf("d%d-%d", q, i), Title: fmt.Sprint(document, " ", q, "-", i)})
			if i < documents-1 {
				_ = d.Judge(int32(q), doc, 1+min(random.IntN(5), 3))
			}
		}
	}
	return d
}

// noisy ranks all documents of a demand by level with noise.
func noisy(d *evaluation.Dataset, noise float64, seed uint64) *evaluation.Run {
	random := rand.New(rand.NewPCG(seed, 2))
	run := evaluation.NewRun(d)
	per := int32(d.Documents() / d.Queries())
	for q := range run.Hits {
		score := map[int32]float64{}
		for _, j := range d.Judgements(int32(q)) {
			score[j.Document] = float64(j.Level)
		}
		for doc := int32(q) * per; doc < int32(q+1)*per; doc++ {
			run.Hits[q] = append(run.Hits[q], evaluation.Hit{Document: doc, Score: score[doc] + noise*random.Float64()})
		}
		d.Order(run.Hits[q], evaluation.TiesRank)
		for i := range run.Hits[q] {
			run.Hits[q][i].Rank = int32(i + 1)
		}
	}
	return run
}

// levels predicts a level and probabilities from each score.
func levels(d *evaluation.Dataset, run *evaluation.Run) *evaluation.Levels {
	l := &evaluation.Levels{Predictions: make([][]evaluation.Prediction, d.Queries())}
	for q, hits := range run.Hits {
		for _, h := range hits {
			level := max(1, min(4, int(h.Score)))
			p := []float64{0.1, 0.1, 0.1, 0.1}
			p[level-1] = 0.7
			l.Predictions[q] = append(l.Predictions[q], evaluation.Prediction{Document: h.Document, Level: int8(level), P: p})
		}
	}
	return l
}
