package evaluation

import (
	"fmt"
	"math"

	"github.com/duijie/duijie/evaluation/ident"
	"github.com/duijie/duijie/evaluation/statistic"
)

// FoldsResult is the compared metrics by fold. A query whose pairs lie in several
// folds is scored in each by itself, over the pairs of that fold: scores of
// different folds may come from different trainings, and are never pooled.
type FoldsResult struct {
	Name    string // how folds were made
	Metrics []string
	Folds   []FoldResult
	// Estimates are of all queries in all folds, by model, by metric: the mean over
	// queries and folds of a metric that is a mean. Intervals draw clusters of queries.
	Estimates [][]Estimate
	// Deviations are the standard deviations over folds, by model, by metric.
	Deviations  [][]Value
	Comparisons []Comparison // without p-values
}

const untestedFolds = "folds are not tested"

// FoldResult is one fold.
type FoldResult struct {
	Queries, Judgements int
	Values              [][]Value // by model, by metric

	part *evaluation
}

// PerQuery is the value of a metric, by its place in FoldsResult.Metrics, for each
// query of the dataset in this fold; NaN outside its population. It is nil for
// metrics that single queries do not have.
func (f *FoldResult) PerQuery(model, metric int) []float64 {
	return f.part.sheets[model].perQuery(metric)
}

// folds measures each fold, and adds up what they score.
func (e *evaluation) folds() *FoldsResult {
	if e.o.Folds == nil {
		return nil
	}
	out := &FoldsResult{Name: e.o.Folds.Name, Metrics: e.o.Compare}
	var together *evaluation
	for fold := range e.o.Folds.Count {
		part := e.fold(fold)
		out.Folds = append(out.Folds, part.foldResult())
		together = together.and(part)
		if e.ctx.Err() != nil {
			return nil
		}
	}
	drawn := together.draw(e.clusters)
	for i, s := range together.sheets {
		var row []Estimate
		var deviations []Value
		for m := range together.measures {
			row = append(row, together.estimate(s, m, drawn[i]))
			deviations = append(deviations, out.deviation(i, m))
		}
		out.Estimates, out.Deviations = append(out.Estimates, row), append(out.Deviations, deviations)
	}
	for _, pair := range together.pairsOfModels() {
		for m := range together.measures {
			c := together.compare(pair, m, e.clusters, drawn)
			c.P, c.PHolm = Null(untestedFolds), Null(untestedFolds)
			out.Comparisons = append(out.Comparisons, c)
		}
	}
	return out
}

// fold scores the compared measures on the pairs of one fold.
func (e *evaluation) fold(fold int) *evaluation {
	of := e.o.Folds.Of
	part := &evaluation{d: e.d.Select(func(q int32, i int) bool { return of[q][i] == fold }), o: e.o, models: e.models, ctx: e.ctx}
	for _, m := range e.compared {
		measure := e.measures[m]
		if lacks := measure.lacks; measure.unfit != "" {
			measure.lacks = func(m Model) string {
				if lacks != nil && lacks(m) != "" {
					return lacks(m)
				}
				return measure.unfit
			}
		}
		part.measures = append(part.measures, measure)
	}
	var reverse *Dataset
	for _, m := range e.models {
		if m.Reverse != nil && reverse == nil {
			reverse = e.d.Reverse()
		}
		m.Run = e.residual(m.Run, fold)
		s := newSheet(part.d, part.o, m, part.measures)
		s.fill(e.ctx, part.d, reverse, part.o, newPairPool(part.d, part.o.Relevant))
		part.sheets = append(part.sheets, s)
	}
	return part
}

// residual is the run without the hits that are judged in other folds: they would
// pass for hits that nobody judged.
func (e *evaluation) residual(run *Run, fold int) *Run {
	if e.o.Candidates == CandidatesJudged {
		return run
	}
	out := &Run{Hits: make([][]Hit, len(run.Hits))}
	var elsewhere ident.Set
	for q, hits := range run.Hits {
		any := false
		elsewhere.Reset(len(e.d.judged[q]))
		for i, j := range e.d.judged[q] {
			if e.o.Folds.Of[q][i] != fold {
				_, added := elsewhere.Add(j.Document)
				any = any || added
			}
		}
		out.Hits[q] = hits
		if any {
			out.Hits[q] = nil
			for _, h := range hits {
				if elsewhere.Find(h.Document) < 0 {
					out.Hits[q] = append(out.Hits[q], h)
				}
			}
		}
	}
	return out
}

func (e *evaluation) foldResult() FoldResult {
	out := FoldResult{part: e}
	for _, list := range e.d.judged {
		if len(list) > 0 {
			out.Queries++
			out.Judgements += len(list)
		}
	}
	once := *e
	once.o.Samples = -1
	all := once.draw(statistic.Singles(e.d.Queries()).Restrict(func(q int32) bool { return len(e.d.judged[q]) > 0 }))
	for i, s := range e.sheets {
		var row []Value
		for m := range e.measures {
			row = append(row, once.estimate(s, m, all[i]).Value)
		}
		out.Values = append(out.Values, row)
	}
	return out
}

// and adds the cells of another fold: a metric is the finish of sums of cells.
func (e *evaluation) and(fold *evaluation) *evaluation {
	if e == nil {
		e = &evaluation{d: fold.d, o: fold.o, models: fold.models, measures: fold.measures, ctx: fold.ctx}
		for _, s := range fold.sheets {
			same := *s
			same.reasons = append([]string(nil), s.reasons...)
			same.cells = append([]float64(nil), s.cells...)
			e.sheets = append(e.sheets, &same)
		}
		return e
	}
	for i, s := range fold.sheets {
		for j, c := range s.cells {
			e.sheets[i].cells[j] += c
		}
		for m, reason := range s.reasons {
			if e.sheets[i].reasons[m] == "" && reason != "" {
				e.sheets[i].reasons[m] = reason
			}
		}
	}
	return e
}

// deviation is the standard deviation of a metric over folds.
func (r *FoldsResult) deviation(model, metric int) Value {
	n, sum, squares := 0.0, 0.0, 0.0
	for fold, f := range r.Folds {
		v := f.Values[model][metric]
		if !v.Known() {
			return Null(fmt.Sprintf("fold %d: %s", fold+1, v.Reason()))
		}
		n++
		sum += v.Float()
	}
	for _, f := range r.Folds {
		d := f.Values[model][metric].Float() - sum/n
		squares += d * d
	}
	return Number(math.Sqrt(squares / (n - 1)))
}
