package retrieve_test

import (
	"testing"

	"github.com/duijie/duijie/internal/match"
)

// BenchmarkMatchOfTheSample answers a demand of the sample with ten hits: without
// explanations, with explanations of records that were explained before, and of
// records that were not.
func BenchmarkMatchOfTheSample(b *testing.B) {
	in, s := open(b, nil)
	for _, c := range []struct {
		name           string
		explain, fresh bool
	}{{"plain", false, false}, {"explained", true, false}, {"explained_anew", true, true}} {
		b.Run(c.name, func(b *testing.B) {
			i := 0
			for b.Loop() {
				req := request(match.DemandKind, s.Demands[i%len(s.Demands)].ID, 10)
				req.Explain = c.explain
				if i++; c.fresh {
					in.Engine.Explainer.Forget()
				}
				if _, err := in.Engine.Match(b.Context(), req); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
