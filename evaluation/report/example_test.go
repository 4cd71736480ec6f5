package report_test

import (
	"fmt"
	"os"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/report"
)

func ExampleText() {
	d := evaluation.NewDataset(metric.Levels4)
	d.Name = "example"
	for q := range 8 {
		_, _ = d.AddQuery(evaluation.Query{ID: fmt.Sprint("q", q), Title: "烟化炉渣余热"})
		for i := range 5 {
			doc, _ := d.AddDocument(evaluation.Document{ID: fmt.Sprint("d", q, i), Title: "余热回收"})
			_ = d.Judge(int32(q), doc, 1+(i+q)%4)
		}
	}
	byID, _, _ := evaluation.Rank(d, evaluation.CandidatesJudged, 0, 1, func(_, document int32) (float64, error) { return float64(document), nil })
	models := []evaluation.Model{{Name: "by-id", Run: byID}}
	result, err := evaluation.Evaluate(d, models, evaluation.Options{Compare: []string{"ndcg@10", "official"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = report.Text(os.Stdout, result, report.Options{Language: report.English, Dataset: d, Models: models})
	// Output:
	// Offline evaluation: example
	// 8 demands (8 clusters), 40 documents, 40 judged pairs; candidates judged, seed 0
	//
	// Model                  nDCG@10  1/(1+MAE)
	// ─────────────────────────────────────────
	// by-id  0.7331 [0.6639, 0.8139]  –
	//   – 1/(1+MAE) of by-id: the model predicts no levels
}
