package evaluation_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/gate"
	"github.com/duijie/duijie/evaluation/metric"
)

// tiny is forty demands with six judged patents each, of which every demand wants
// those with its own number in the title.
func tiny() *evaluation.Dataset {
	d := evaluation.NewDataset(metric.Levels4)
	for q := range 40 {
		query, _ := d.AddQuery(evaluation.Query{ID: fmt.Sprint("demand", q), Title: fmt.Sprintf("第%d号需求", q),
			Attributes: map[string]string{"sector": []string{"材料", "机械"}[q%2]}})
		for i := range 6 {
			title := fmt.Sprintf("第%d号专利", q+i%3)
			document, _ := d.AddDocument(evaluation.Document{ID: fmt.Sprintf("patent%d-%d", q, i), Title: title})
			level := 1
			if i%3 == 0 {
				level = 4
			}
			_ = d.Judge(query, document, level)
		}
	}
	return d
}

// A model is anything that yields a run, here from a scoring function.
func Example() {
	d := tiny()
	overlap := func(query, document int32) (float64, error) {
		n := 0.0
		for _, r := range d.Query(query).Title {
			if strings.ContainsRune(d.Document(document).Title, r) {
				n++
			}
		}
		return n, nil
	}
	var models []evaluation.Model
	for _, m := range []struct {
		name   string
		scorer evaluation.Scorer
	}{{"random", evaluation.Random(d, 1)}, {"overlap", overlap}} {
		run, _, err := evaluation.Rank(d, evaluation.CandidatesAuto, 0, 2, m.scorer)
		if err != nil {
			log.Fatal(err)
		}
		models = append(models, evaluation.Model{Name: m.name, Run: run})
	}
	require, _ := gate.ParseRequirement("ndcg@10 +0.01 p<0.05")
	harmless, _ := gate.ParseNonInferiority("sector:0.02")
	rules := gate.Rules{Require: []gate.Requirement{require}, NonInferior: []gate.NonInferiority{harmless}}

	result, err := evaluation.Evaluate(d, models, evaluation.Options{
		Compare: rules.Metrics(),
		Slices:  []evaluation.Slice{evaluation.ByAttribute(d, "sector")},
	})
	if err != nil {
		log.Fatal(err)
	}
	for i, m := range models {
		fmt.Printf("%s: nDCG@10 %.2f, official score %s\n", m.Name, result.Estimate(i, "nDCG@10").Value.Float(), result.Estimate(i, "official").Value)
	}
	decision, err := gate.Decide(result, "random", "overlap", rules)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range decision.Checks {
		fmt.Println(c.Verdict, c.Name)
	}
	fmt.Println(decision.Verdict)
	// Output:
	// random: nDCG@10 0.67, official score n/a (the model predicts no levels)
	// overlap: nDCG@10 0.96, official score n/a (the model predicts no levels)
	// pass ndcg@10 +0.01 p<0.05
	// pass sector=机械/ndcg@10:0.02
	// pass sector=材料/ndcg@10:0.02
	// pass
}
