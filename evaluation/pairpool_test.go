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

// drawPool is a pool of pairs of 40 queries, some of them without any, and all its pairs.
func drawPool(pairs int, random *rand.Rand, score func(*rand.Rand) float64) (*pairPool, []metric.Scored) {
	const queries = 40
	all := make([][]metric.Scored, queries)
	for range pairs {
		q := random.IntN(queries - 3)
		all[q] = append(all[q], metric.Scored{Score: score(random), Level: int8(1 + random.IntN(4))})
	}
	p := &pairPool{level: 3, from: []int{0}, hits: make([]int, queries)}
	for q, own := range all {
		metric.SortScored(own)
		for _, s := range own {
			p.scores, p.relevant = append(p.scores, s.Score), append(p.relevant, s.Level >= 3)
			if s.Level >= 3 {
				p.hits[q]++
			}
		}
		p.from = append(p.from, len(p.scores))
	}
	scored := slices.Concat(all...)
	metric.SortScored(scored)
	return p, scored
}

func TestThePoolCountsTheSameWithAnyNumberOfGoroutines(t *testing.T) {
	for _, c := range spreads {
		t.Run(c.name, func(t *testing.T) {
			p, scored := drawPool(c.pairs, rand.New(rand.NewPCG(1, 1)), c.score)
			n1 := 0
			for _, n := range p.hits {
				n1 += n
			}
			var first []int64
			for _, workers := range []int{1, 2, 3, 7} {
				won, wins := p.place(c.pairs-n1, workers)
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

func TestWhatAQueryWinsIsWhatItsPairsWinOneByOne(t *testing.T) {
	for _, c := range spreads {
		p, _ := drawPool(min(c.pairs, 600), rand.New(rand.NewPCG(3, 3)), c.score)
		n0, want := p.size(), make([]int64, 2*len(p.hits))
		for q, n := range p.hits {
			n0 -= n
			for i := p.from[q]; i < p.from[q+1]; i++ {
				for k, other := range p.relevant {
					higher := int64(order.Compare(p.scores[i], p.scores[k]))
					switch {
					case p.relevant[i] && !other:
						want[2*q] += higher + 1
					case !p.relevant[i] && other:
						want[2*q+1] += 1 - higher
					}
				}
			}
		}
		if won, _ := p.place(n0, 4); cmp.Diff(want, won) != "" {
			t.Errorf("%s: %s", c.name, cmp.Diff(want, won))
		}
	}
}

func TestPairsAreSortedHoweverTheirScoresLie(t *testing.T) {
	var memory sorter
	for _, c := range spreads {
		random := rand.New(rand.NewPCG(2, 2))
		pairs := make([]poolPair, c.pairs)
		for i := range pairs {
			pairs[i] = poolPair{score: c.score(random), query: int32(i)}
		}
		got := slices.Clone(memory.sort(pairs))
		if !slices.IsSortedFunc(got, func(a, b poolPair) int { return order.Compare(b.score, a.score) }) {
			t.Errorf("%s: the pairs are not in order", c.name)
		}
		slices.SortFunc(got, func(a, b poolPair) int { return order.Compare(a.query, b.query) })
		if !slices.Equal(got, pairs) {
			t.Errorf("%s: other pairs come out", c.name)
		}
	}
}
