package report_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/evaluation/gate"
	"github.com/duijie/duijie/evaluation/report"
)

// TestARealReport writes reports on real data into the folder DUIJIE_REPORT, to be
// looked at; it is skipped without the folder or the data.
func TestARealReport(t *testing.T) {
	out := os.Getenv("DUIJIE_REPORT")
	d := realData(t)
	if out == "" {
		t.Skip("set DUIJIE_REPORT to a folder to get reports on real data")
	}
	var models []evaluation.Model
	bm25 := bigramScorer(d, 0.75)
	for _, m := range []struct {
		name  string
		score evaluation.Scorer
	}{{"random", evaluation.Random(d, 1)}, {"bm25", bm25}, {"bm25-b0.6", bigramScorer(d, 0.6)}} {
		run, latencies, err := evaluation.Rank(d, evaluation.CandidatesAuto, 0, 2, m.score)
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, evaluation.Model{Name: m.name, Run: run, Latencies: latencies})
	}
	models[1].Levels = guessedLevels(d, models[1].Run)
	r, err := evaluation.Evaluate(d, models, evaluation.Options{AllPairs: true,
		Slices: []evaluation.Slice{evaluation.ByLength(d), evaluation.ByLabels(d)}})
	if err != nil {
		t.Fatal(err)
	}
	decision, err := gate.Decide(r, "bm25", "bm25-b0.6", realRules(t))
	if err != nil {
		t.Fatal(err)
	}
	o := report.Options{Dataset: d, Models: models, Gate: &decision, Command: "duijie evaluate --data bdci2019 --split train --model random --model bm25",
		Data: "CCF BDCI 2019, train", Time: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Title: "BM25 对随机顺序",
		Warnings: format.Warnings{{Kind: format.BlankLine, File: "qrels/train.tsv", Line: 12, Count: 3}}}
	writeReports(t, out, r, o)
}

func realRules(t *testing.T) gate.Rules {
	t.Helper()
	need, err := gate.ParseRequirement("ndcg@10 +0.01 p<0.05")
	if err != nil {
		t.Fatal(err)
	}
	same, err := gate.ParseNonInferiority("length:0.02")
	if err != nil {
		t.Fatal(err)
	}
	return gate.Rules{Require: []gate.Requirement{need}, NonInferior: []gate.NonInferiority{same}}
}

func writeReports(t *testing.T, dir string, r *evaluation.Result, o report.Options) {
	t.Helper()
	for _, l := range []report.Language{report.Both, report.Chinese, report.English} {
		o.Language = l
		writeFile(t, filepath.Join(dir, "report"+string(l)+".html"), func(f *os.File) error { return report.HTML(f, r, o) })
		writeFile(t, filepath.Join(dir, "report"+string(l)+".txt"), func(f *os.File) error { return report.Text(f, r, o) })
	}
}

func writeFile(t *testing.T, path string, write func(*os.File) error) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// realData is the train split of BDCI 2019, or skips the test where it is absent.
func realData(t *testing.T) *evaluation.Dataset {
	t.Helper()
	for _, dir := range []string{filepath.Join(os.Getenv("DUIJIE_DATA"), "bdci2019"), "../../../shared/data/bdci2019"} {
		if _, err := os.Stat(filepath.Join(dir, "qrels", "train.tsv")); err != nil {
			continue
		}
		d, _, err := format.ReadBEIR(dir, "train", format.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	t.Skip("real data is not here: set DUIJIE_DATA to a folder with bdci2019")
	return nil
}
