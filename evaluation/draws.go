package evaluation

import (
	"math"

	"github.com/duijie/duijie/evaluation/statistic"
)

// draws is the measures of one model on the given queries and on each bootstrap
// sample of them. The same sample number is the same queries for all models.
type draws struct {
	value   []float64   // by measure, NaN where null
	samples [][]float64 // by measure, by sample; nil where null
}

// draw measures all models on the queries of clusters and on samples of them.
func (e *evaluation) draw(clusters statistic.Clusters) []draws {
	n := max(e.o.Samples, 0)
	all := make([]draws, len(e.sheets))
	for i, s := range e.sheets {
		all[i] = s.newDraws(n)
	}
	once := make([]uint16, e.d.Queries())
	for _, group := range clusters {
		for _, q := range group {
			once[q] = 1
		}
	}
	for i, s := range e.sheets {
		sums := make([]float64, s.width)
		s.sums(once, sums)
		s.each(func(m int) { all[i].value[m] = s.value(m, sums) })
	}
	parallel(e.o.Workers, n, func(next func() (int, bool)) {
		weights := make([]uint16, e.d.Queries())
		for sample, ok := next(); ok; sample, ok = next() {
			clusters.Draw(e.o.Seed, sample, weights)
			for i, s := range e.sheets {
				sums := make([]float64, s.width)
				s.sums(weights, sums)
				s.each(func(m int) { all[i].samples[m][sample] = s.value(m, sums) })
			}
		}
	})
	return all
}

// each calls do with every measure that is not null.
func (s *sheet) each(do func(measure int)) {
	for i, reason := range s.reasons {
		if reason == "" {
			do(i)
		}
	}
}

func (s *sheet) newDraws(samples int) draws {
	d := draws{value: make([]float64, len(s.measures)), samples: make([][]float64, len(s.measures))}
	for i := range d.value {
		d.value[i] = math.NaN()
	}
	s.each(func(i int) { d.samples[i] = make([]float64, samples) })
	return d
}

const noSamples = "no bootstrap samples were asked for"

// estimate is measure i with its interval.
func (e *evaluation) estimate(s *sheet, i int, drawn draws) Estimate {
	if s.reasons[i] != "" {
		return Estimate{Value: Null(s.reasons[i]), IntervalReason: s.reasons[i]}
	}
	out := Estimate{Value: Number(drawn.value[i]), Queries: s.population(i)}
	if out.Queries == 0 {
		out.Value = Null("no query is in the population: " + s.measures[i].Population)
	}
	out.Interval, out.IntervalReason = e.interval(out.Value, drawn.samples[i])
	return out
}

// interval is that of samples, or the reason why there is none.
func (e *evaluation) interval(value Value, samples []float64) (*Interval, string) {
	switch {
	case !value.Known():
		return nil, value.Reason()
	case len(samples) == 0:
		return nil, noSamples
	}
	interval, ok := statistic.Percentile(samples)
	if !ok {
		return nil, "the metric is not defined on more than 5 % of the bootstrap samples"
	}
	return &interval, ""
}
