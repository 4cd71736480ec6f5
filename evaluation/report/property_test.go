package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/report"
	"pgregory.net/rapid"
)

// TestEveryResultRenders draws small datasets with any texts, ties, missing
// documents, empty queries and partial levels.
func TestEveryResultRenders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawnDataset(t)
		var models []evaluation.Model
		for i := range rapid.IntRange(1, 3).Draw(t, "models") {
			models = append(models, drawnModel(t, d, i))
		}
		o := evaluation.Options{Samples: rapid.SampledFrom([]int{-1, 5}).Draw(t, "samples"), Permutations: 5, Workers: 1,
			AllPairs: rapid.Bool().Draw(t, "all pairs"), Candidates: evaluation.Candidates(rapid.IntRange(0, 2).Draw(t, "candidates")),
			MinJudged: rapid.IntRange(1, 3).Draw(t, "judged"), Slices: []evaluation.Slice{evaluation.ByLength(d), evaluation.ByAttribute(d, "sector")}}
		if rapid.Bool().Draw(t, "compare others") {
			o.Compare = rapid.SampledFrom([][]string{{"official", "ece"}, {"auc"}, {"mae", "spearman"}, {}}).Draw(t, "compare")
		}
		r, err := evaluation.Evaluate(d, models, o)
		if err != nil {
			t.Skip(err)
		}
		checkRenders(t, d, r, models)
	})
}

func checkRenders(t *rapid.T, d *evaluation.Dataset, r *evaluation.Result, models []evaluation.Model) {
	ro := report.Options{Title: strings.NewReplacer("%", "", "NaN", "").Replace(rapid.String().Draw(t, "title")), Baseline: models[rapid.IntRange(0, len(models)-1).Draw(t, "baseline")].Name,
		Language: rapid.SampledFrom([]report.Language{report.Both, report.Chinese, report.English}).Draw(t, "language")}
	if rapid.Bool().Draw(t, "with texts") {
		ro.Dataset, ro.Models = d, models
	}
	var page, text bytes.Buffer
	if err := report.HTML(&page, r, ro); err != nil {
		t.Fatal(err)
	}
	if err := report.Text(&text, r, ro); err != nil {
		t.Fatal(err)
	}
	checkMarkup(t, page.String())
	if bytes.Contains(page.Bytes(), []byte("NaN")) || bytes.Contains(page.Bytes(), []byte("%!")) || bytes.Contains(text.Bytes(), []byte("NaN")) {
		t.Fatal("a number or a phrase is broken")
	}
}

var plain = rapid.StringMatching(`[a-z<&"'> 炉渣]{0,12}`)

func drawnDataset(t *rapid.T) *evaluation.Dataset {
	d := evaluation.NewDataset(rapid.SampledFrom([]evaluation.Scale{metric.Levels4, {Min: 0, Max: 1}, {Min: 0, Max: 4}}).Draw(t, "scale"))
	documents := rapid.IntRange(1, 6).Draw(t, "documents")
	for i := range documents {
		_, _ = d.AddDocument(evaluation.Document{ID: fmt.Sprint("d", i), Title: plain.Draw(t, "title")})
	}
	for q := range rapid.IntRange(1, 5).Draw(t, "queries") {
		_, _ = d.AddQuery(evaluation.Query{ID: fmt.Sprint("q", q), Title: plain.Draw(t, "title"), Text: plain.Draw(t, "text"),
			Attributes: map[string]string{"sector": plain.Draw(t, "sector")}})
		for i := range documents {
			if level := rapid.IntRange(d.Scale().Min-1, d.Scale().Max).Draw(t, "level"); level >= d.Scale().Min {
				_ = d.Judge(int32(q), int32(i), level)
			}
		}
	}
	return d
}

func drawnModel(t *rapid.T, d *evaluation.Dataset, i int) evaluation.Model {
	m := evaluation.Model{Name: fmt.Sprint(plain.Draw(t, "name"), i), Run: evaluation.NewRun(d)}
	if rapid.Bool().Draw(t, "levels") {
		m.Levels = &evaluation.Levels{Predictions: make([][]evaluation.Prediction, d.Queries())}
	}
	for q := range m.Run.Hits {
		for doc := range d.Documents() {
			if score := rapid.IntRange(-1, 3).Draw(t, "score"); score >= 0 {
				m.Run.Hits[q] = append(m.Run.Hits[q], evaluation.Hit{Document: int32(doc), Score: float64(score)})
			}
			if m.Levels != nil && rapid.IntRange(0, 9).Draw(t, "predicted") > 0 {
				level := rapid.IntRange(d.Scale().Min, d.Scale().Max).Draw(t, "level")
				p := make([]float64, d.Scale().Levels())
				p[level-d.Scale().Min] = 1
				m.Levels.Predictions[q] = append(m.Levels.Predictions[q], evaluation.Prediction{Document: int32(doc), Level: int8(level), P: p})
			}
		}
		d.Order(m.Run.Hits[q], evaluation.TiesTrec)
		for rank := range m.Run.Hits[q] {
			m.Run.Hits[q][rank].Rank = int32(rank + 1)
		}
	}
	return m
}
