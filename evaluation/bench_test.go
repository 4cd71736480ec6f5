package evaluation

import "testing"

// BenchmarkEvaluate is 1,000 queries of 1,000 judged candidates, all metrics and
// 1,000 bootstrap samples. `go run ./evaluation/bench` measures whole files.
func BenchmarkEvaluate(b *testing.B) {
	d := synthetic(1000, 1000, 1)
	run := noisyRun(d, 1, 1)
	models := []Model{{Name: "m", Run: run, Levels: levelsOf(d, run)}}
	b.ReportMetric(1e6, "pairs/op")
	for b.Loop() {
		if _, err := Evaluate(d, models, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
