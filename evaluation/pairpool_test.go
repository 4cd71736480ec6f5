package evaluation

import (
	order "cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/duijie/duijie/evaluation/metric"
	"github.com/google/go-cmp/cmp"
)

// spreads are ways in which the scores of a run may lie.
var spreads = []struct {
	name  string
	pairs int
	score func(*rand.Rand) float64
}{
	{"few pairs", 50, func(r *rand.Rand) float64 { return float64(r.IntN(10)) }},
	{"even", 30000, func(r *rand.Rand) float64 { return r.Float64() - 0.5 }},
	{"many ties", 30000, func(r *rand.Rand) float64 { return float64(r.IntN(3)) }},
	{"one tie", 10000, func(*rand.Rand) float64 { return 7 }},
	{"zeros of both signs", 3000, func(r *rand.Rand) float64 { return math.Copysign(0, r.Float64()-0.5) }},
	{"of all sizes", 30000, func(r *rand.Rand) float64 { return math.Exp(1400*r.Float64()-700) * (r.Float64() - 0.5) }},
	{"the largest and least", 3000, func(r *rand.Rand) float64 { return []float64{-math.MaxFloat64, 0, math.MaxFloat64}[r.IntN(3)] }},
	{"some left out", 3000, func(r *rand.Rand) float64 { return []float64{math.Inf(-1), r.Float64()}[r.IntN(2)] }},
	{"all left out", 3000, func(*rand.Rand) float64 { return math.Inf(-1) }},
	{"left out, and one tie", 3000, func(r *rand.Rand) float64 { return []float64{math.Inf(-1), 1}[r.IntN(2)] }},
	{"one far off", 3000, func(r *rand.Rand) float64 { return []float64{r.Float64(), 1e12}[r.IntN(1000)/999] }},
}

func TestThePoolCountsTheSameWithAnyNumberOfGoroutines(t *testing.T) {
	for _, c := range spreads {
		t.Run(c.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 1))
			drawn, scored, n1 := make([]poolPair, c.pairs), make([]metric.Scored, c.pairs), 0
			hits := make([]int, 40)
			for i := range drawn {
				score, query, level := c.score(random), random.Int32N(40), int8(1+random.IntN(4))
				drawn[i], scored[i] = poolPair{score, query, level >= 3}, metric.Scored{Score: score, Level: level}
				if level >= 3 {
					n1++
					hits[query]++
				}
			}
			metric.SortScored(scored)
			var first []int64
			for _, workers := range []int{1, 2, 3, 7} {
				p := &pairPool{pairs: slices.Clone(drawn), hits: hits, level: 3}
				won, wins := p.place(c.pairs-n1, workers)
				if !slices.IsSortedFunc(p.pairs, func(a, b poolPair) int { return order.Compare(b.score, a.score) }) {
					t.Fatal("the pairs are not in order")
				}
				auc := float64(wins) / 2 / float64(n1) / float64(c.pairs-n1)
				if want := metric.AUC(scored, 3); auc < want-1e-12 || auc > want+1e-12 {
					t.Errorf("the AUC is %v with %d goroutines, want %v", auc, workers, want)
				}
				if first == nil {
					first = won
				}
				if diff := cmp.Diff(first, won); diff != "" {
					t.Errorf("%d goroutines count otherwise than one: %s", workers, diff)
				}
			}
		})
	}
}

func TestPartsOfTheSortedPoolBeginWithinNoTie(t *testing.T) {
	for _, c := range spreads {
		random := rand.New(rand.NewPCG(2, 2))
		p := &pairPool{pairs: make([]poolPair, c.pairs)}
		for i := range p.pairs {
			p.pairs[i] = poolPair{score: c.score(random)}
		}
		bounds := p.sort(5)
		if len(bounds) != 6 || bounds[0] != 0 || bounds[5] != c.pairs || !slices.IsSorted(bounds) {
			t.Errorf("%s: parts begin at %v", c.name, bounds)
		}
		for _, b := range bounds[1:5] {
			if b > 0 && b < c.pairs && p.pairs[b].score == p.pairs[b-1].score {
				t.Errorf("%s: a part begins within the tie at %d", c.name, b)
			}
		}
	}
}
