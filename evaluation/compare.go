package evaluation

import (
	"math"

	"github.com/duijie/duijie/evaluation/statistic"
)

// pairsOfModels are the indices of baseline and candidate of each comparison.
func (e *evaluation) pairsOfModels() [][2]int {
	var pairs [][2]int
	for a := range e.sheets {
		for b := a + 1; b < len(e.sheets); b++ {
			if a == 0 || e.o.AllPairs {
				pairs = append(pairs, [2]int{a, b})
			}
		}
	}
	return pairs
}

// compareAll compares over all queries and corrects the p-values together.
func (e *evaluation) compareAll() []Comparison {
	pairs := e.pairsOfModels()
	out := make([]Comparison, len(pairs)*len(e.compared))
	parallel(e.ctx, e.o.Workers, len(out), func(next func() (int, bool)) {
		for i, ok := next(); ok; i, ok = next() {
			pair, m := pairs[i/len(e.compared)], e.compared[i%len(e.compared)]
			out[i] = e.compare(pair, m, e.clusters, e.all)
			out[i].P = e.test(pair, m, out[i].Difference)
		}
	})
	if e.ctx.Err() != nil {
		return nil
	}
	correct(out)
	return out
}

func correct(all []Comparison) {
	p := make([]float64, len(all))
	for i := range all {
		p[i] = all[i].P.Float()
	}
	for i, corrected := range statistic.Holm(p) {
		all[i].PHolm = all[i].P
		if all[i].P.Known() {
			all[i].PHolm = Number(corrected)
		}
	}
}

// compare is the difference of two models on measure m over the queries of
// clusters, on which drawn rests.
func (e *evaluation) compare(pair [2]int, m int, clusters statistic.Clusters, drawn []draws) Comparison {
	a, b := e.sheets[pair[0]], e.sheets[pair[1]]
	def := e.measures[m].Definition
	c := Comparison{Metric: def.Name, Lower: def.Lower, Baseline: a.model.Name, Candidate: b.model.Name}
	for _, s := range []*sheet{a, b} {
		if s.reasons[m] != "" {
			c.Difference = Null(s.model.Name + ": " + s.reasons[m])
			c.Detectable, c.P, c.PHolm = c.Difference, c.Difference, c.Difference
			return c
		}
	}
	c.Difference = Number(drawn[pair[1]].value[m] - drawn[pair[0]].value[m])
	samples := subtract(drawn[pair[1]].samples[m], drawn[pair[0]].samples[m])
	c.Interval, _ = e.interval(c.Difference, samples)
	c.Detectable = Null(noSamples)
	if c.Interval != nil {
		c.Detectable = Number(statistic.DetectableEffect(statistic.Deviation(samples)))
	}
	c.Queries, c.Clusters = a.support(m, clusters)
	c.P, c.PHolm = Null("slices are not tested"), Null("slices are not tested")
	if d := e.differences(pair, m); d != nil {
		c.Record = statistic.WinTieLoss(e.oriented(m, within(d, clusters)), e.o.Margin)
	}
	return c
}

func subtract(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] - b[i]
	}
	return out
}

// support counts the queries and clusters in the population of measure m.
func (s *sheet) support(m int, clusters statistic.Clusters) (queries, groups int) {
	for _, group := range clusters {
		before := queries
		for _, q := range group {
			if s.measures[m].inPopulation(s.row(q, m)) {
				queries++
			}
		}
		if queries > before {
			groups++
		}
	}
	return queries, groups
}

// differences is candidate minus baseline of cell 0 of each query, NaN outside
// the population; nil for pooled measures. Both models have the same population,
// for it depends on the judgements alone.
func (e *evaluation) differences(pair [2]int, m int) []float64 {
	a, b := e.sheets[pair[0]], e.sheets[pair[1]]
	if e.measures[m].kind == pooled || a.reasons[m] != "" || b.reasons[m] != "" {
		return nil
	}
	out := make([]float64, e.d.Queries())
	for q := range out {
		x, y := a.row(int32(q), m), b.row(int32(q), m)
		out[q] = y[0] - x[0]
		if x[1] == 0 && y[1] == 0 {
			out[q] = math.NaN()
		}
	}
	return out
}

// oriented negates differences where low cells are good.
func (e *evaluation) oriented(m int, differences []float64) []float64 {
	if !e.measures[m].lowerCells() {
		return differences
	}
	out := make([]float64, len(differences))
	for i, d := range differences {
		out[i] = -d
	}
	return out
}

// within keeps the differences of the queries of clusters.
func within(differences []float64, clusters statistic.Clusters) []float64 {
	var out []float64
	for _, group := range clusters {
		for _, q := range group {
			out = append(out, differences[q])
		}
	}
	return out
}

// test is the p-value of a comparison over all queries.
func (e *evaluation) test(pair [2]int, m int, difference Value) Value {
	if !difference.Known() {
		return difference
	}
	d := e.differences(pair, m)
	if d == nil {
		return Null("a pooled metric has no value of single queries to test")
	}
	return Number(statistic.PairedTest(d, e.clusters, e.o.Permutations, e.o.Seed))
}
