package evaluation

import (
	"math"
	"slices"

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
	cells := make([]distinct, len(e.sheets))
	for i, s := range e.sheets {
		cells[i] = s.distinct()
		sums := cells[i].sums(once)
		s.each(func(m int) { all[i].value[m] = s.value(m, sums) })
	}
	parallel(e.ctx, e.o.Workers, n, func(next func() (int, bool)) {
		weights := make([]uint16, e.d.Queries())
		for sample, ok := next(); ok; sample, ok = next() {
			clusters.Draw(e.o.Seed, sample, weights)
			for i, s := range e.sheets {
				sums := cells[i].sums(weights)
				s.each(func(m int) { all[i].samples[m][sample] = s.value(m, sums) })
			}
		}
	})
	return all
}

// distinct is the columns of a sheet, each of several that are the same once: means over
// the same queries count the same ones.
type distinct struct {
	columns []int // of each column of the sheet, its place here
	width   int
	cells   []float64 // queries × width
}

func (s *sheet) distinct() distinct {
	d := distinct{columns: make([]int, s.width)}
	var kept []int
	for column := range d.columns {
		at := slices.IndexFunc(kept, func(other int) bool { return s.same(column, other) })
		if at < 0 {
			at = len(kept)
			kept = append(kept, column)
		}
		d.columns[column] = at
	}
	d.width = len(kept)
	d.cells = make([]float64, 0, s.queries*d.width)
	for q := range s.queries {
		for _, column := range kept {
			d.cells = append(d.cells, s.cells[q*s.width+column])
		}
	}
	return d
}

// same tells whether two columns have the same cells.
func (s *sheet) same(a, b int) bool {
	for row := 0; row < len(s.cells); row += s.width {
		if s.cells[row+a] != s.cells[row+b] {
			return false
		}
	}
	return true
}

// sums adds up the cells of all queries, each taken weights[q] times, for all columns of
// the sheet.
func (d *distinct) sums(weights []uint16) []float64 {
	sums := make([]float64, d.width+len(d.columns))
	own, all := sums[:d.width], sums[d.width:]
	for q, weight := range weights {
		if w := float64(weight); w != 0 {
			addTimes(own, d.cells[q*d.width:][:d.width], w)
		}
	}
	for column, at := range d.columns {
		all[column] = own[at]
	}
	return all
}

// addTimes adds w times row to out, four columns at a time. Each column has a sum of its
// own, so that the order of additions is that of the queries; products are rounded, so
// that no machine fuses them with sums.
func addTimes(out, row []float64, w float64) {
	for len(out) >= 4 && len(row) >= 4 {
		a, b, c, d := float64(w*row[0]), float64(w*row[1]), float64(w*row[2]), float64(w*row[3])
		out[0] += a
		out[1] += b
		out[2] += c
		out[3] += d
		out, row = out[4:], row[4:]
	}
	for i, c := range row {
		out[i] += float64(w * c)
	}
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
