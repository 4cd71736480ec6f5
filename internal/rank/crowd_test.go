package rank_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/sample"
)

func TestACrowdIsMeasuredAsEachOfItAlone(t *testing.T) {
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := rank.NewFusion(lexicon(t))
	prepare := func(r match.Record, i int) rank.Prepared {
		return f.Prepare(&r, rank.Vectors{Title: []float32{float32(i%7) / 7, 0.5}, Text: []float32{0.25, float32(i%5) / 5}})
	}
	demands := []rank.Prepared{prepare(match.NewDemand("", match.Demand{}), 0)}
	for i, d := range s.Demands[:20] {
		demands = append(demands, prepare(match.NewDemand("", d), i))
	}
	together, oneByOne := f.MeasureTogether(demands)
	patents := []match.Patent{{}, {Title: s.Demands[3].Title}}
	for range 2 { // words are remembered the second time
		for i, p := range append(patents, s.Patents[:40]...) {
			patent := prepare(match.NewPatent("", p), i)
			if diff := cmp.Diff(oneByOne(patent), together(patent)); diff != "" {
				t.Fatalf("patent %d, %q (-one by one +together):\n%s", i, p.Title, diff)
			}
		}
	}
}
