package contender_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/internal/contender"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/tune"
)

// tunedModel trains on the labels of a dataset, and returns the model's file.
func tunedModel(t *testing.T, d *evaluation.Dataset) string {
	t.Helper()
	set := &tune.Set{}
	for q := range int32(d.Queries()) {
		x := d.Query(q)
		set.Demands = append(set.Demands, tune.Record{ID: x.ID, Title: x.Title, Text: x.Text})
		for _, j := range d.Judgements(q) {
			if q >= 10 {
				break // enough to learn something
			}
			set.Labels = append(set.Labels, tune.Label{Demand: q, Patent: j.Document, Level: j.Level})
		}
	}
	for i := range int32(d.Documents()) {
		x := d.Document(i)
		set.Patents = append(set.Patents, tune.Record{ID: x.ID, Title: x.Title, Text: x.Text})
	}
	e, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	m, err := tune.Train(context.Background(), "mine", set, e, tune.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "mine.duijie")
	if err := m.Save(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestATunedModelRanksAndPredictsTheLevelOfEveryCandidate(t *testing.T) {
	d, _ := sampleDataset(t)
	o := contender.Options{Candidates: evaluation.CandidatesJudged, Workers: 2}
	m, warned, err := contender.Open(context.Background(), d, tunedModel(t, d), o)
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "mine" {
		t.Errorf("the model is named %s", m.Name)
	}
	for q := range int32(d.Queries()) {
		if got, want := len(m.Run.Hits[q]), len(d.Judgements(q)); got != want || len(m.Levels.Predictions[q]) != want {
			t.Fatalf("%d hits, %d levels for %d candidates of %s", got, len(m.Levels.Predictions[q]), want, d.Query(q).ID)
		}
	}
	if len(warned) != 1 || warned[0].Model != "mine" || warned.Count(format.TrainedOn) == 0 {
		t.Errorf("measured on its training labels, it warns %v", warned)
	}
	r, err := evaluation.Evaluate(d, []evaluation.Model{m}, evaluation.Options{Samples: 10, Permutations: 10})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil || !strings.Contains(b.String(), "pairs were among the model's training labels") {
		t.Errorf("metrics.json does not say that the model was trained on what it is measured on (%v)", err)
	}
}
