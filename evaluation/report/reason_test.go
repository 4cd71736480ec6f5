package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/report"
)

// few is a result of two models and two folds on demands with the given numbers of
// judged documents.
func few(t *testing.T, judged ...int) *evaluation.Result {
	t.Helper()
	d := evaluation.NewDataset(metric.Levels4)
	for q, n := range judged {
		_, _ = d.AddQuery(evaluation.Query{ID: fmt.Sprint("q", q)})
		for i := range n {
			doc, _ := d.AddDocument(evaluation.Document{ID: fmt.Sprintf("d%d-%d", q, i)})
			if err := d.Judge(int32(q), doc, 1+i%4); err != nil {
				t.Fatal(err)
			}
		}
	}
	models := []evaluation.Model{{Name: "a", Run: noisy(d, 1, 1)}, {Name: "b", Run: noisy(d, 1, 2)}}
	of := make([][]int, len(judged))
	for q, n := range judged {
		of[q] = make([]int, n)
		for i := range n {
			of[q][i] = q % 2
		}
	}
	r, err := evaluation.Evaluate(d, models, evaluation.Options{Samples: 20, Permutations: 20, Folds: &evaluation.Folding{Name: "demand", Count: 2, Of: of}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhyThereIsNoNDCGIsSaidOnceWithTheRule(t *testing.T) {
	r := few(t, 4, 4, 3)
	for l, want := range map[report.Language]string{
		report.English: "nDCG counts the demands with at least 5 judged documents, one of them above the lowest level: 0 of 3, so that there is no nDCG\n",
		report.Chinese: "nDCG 只计入至少有 5 个已标注文档、且其中一个高于最低等级的需求：3 个中的 0 个，因此没有 nDCG\n",
	} {
		got := text(t, r, report.Options{Language: l})
		if strings.Count(got, want) != 1 || strings.Contains(got, "nDCG@10 of") || strings.Contains(got, "的 nDCG@10") {
			t.Errorf("%s: want %q, and no word about each model:\n%s", l, want, got)
		}
	}
}

func TestTheNumberOfDemandsThatCountStandsBesideThatOfAll(t *testing.T) {
	r := few(t, 8, 8, 8, 3)
	got := text(t, r, report.Options{Language: report.English})
	for _, want := range []string{"lowest level: 3 of 4\n", "Demands (counted/judged)", "2/2", "1/2", "3/4"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if page := html(t, r, report.Options{Language: report.English}); !strings.Contains(page, "Demands (counted/judged)") || !strings.Contains(page, ">3/4<") {
		t.Error("the page does not say how many demands of a fold count")
	}
}
