package evaluation

import (
	"context"
	"fmt"

	"github.com/duijie/duijie/evaluation/statistic"
)

// Evaluate measures the models on the judged queries of d. The first model is the
// baseline of comparisons. It refuses what does not fit together: runs of another
// dataset, scores that are not finite, pairs that occur twice, levels off the
// scale, a compared metric that does not exist.
func Evaluate(d *Dataset, models []Model, options Options) (*Result, error) {
	return EvaluateContext(context.Background(), d, models, options)
}

// EvaluateContext is [Evaluate] that ends early, with ctx's error, when ctx ends.
func EvaluateContext(ctx context.Context, d *Dataset, models []Model, options Options) (*Result, error) {
	if err := validate(d, models); err != nil {
		return nil, err
	}
	o, err := options.withDefaults(d)
	if err != nil {
		return nil, err
	}
	e := &evaluation{d: d, o: o, models: models, measures: catalog(d, o), ctx: ctx}
	if err := e.chooseCompared(); err != nil {
		return nil, err
	}
	var result *Result
	for _, step := range []func(){e.score, e.resample, func() { result = e.result() }} {
		step()
		if err := ctx.Err(); err != nil { // what was made is not complete
			return nil, fmt.Errorf("evaluation: %w", err)
		}
	}
	return result, nil
}

// Metrics lists what Evaluate measures of d with these options, in its order. An error is
// that of options that do not fit d.
func Metrics(d *Dataset, options Options) ([]Definition, error) {
	o, err := options.withDefaults(d)
	if err != nil {
		return nil, err
	}
	return definitions(catalog(d, o), wholeMeasures(o)), nil
}

func definitions(measures []measure, whole []wholeMeasure) (out []Definition) {
	for _, m := range measures {
		out = append(out, m.Definition)
	}
	for _, w := range whole {
		out = append(out, w.Definition)
	}
	return out
}

// evaluation is the state of one call of Evaluate.
type evaluation struct {
	ctx      context.Context // of the call
	d        *Dataset
	o        Options
	models   []Model
	measures []measure
	compared []int // indices of measures
	sheets   []*sheet
	clusters statistic.Clusters // of the judged queries
	all      []draws            // of each model, over all queries
}

// chooseCompared finds the compared metrics, and gives them their full names.
func (e *evaluation) chooseCompared() error {
	var names []string
	for _, name := range e.o.Compare {
		i, err := resolve(len(e.measures), func(i int) string { return e.measures[i].Name }, name)
		if err != nil {
			return fmt.Errorf("compare: %w", err)
		}
		e.compared = append(e.compared, i)
		names = append(names, e.measures[i].Name)
	}
	e.o.Compare = names
	return nil
}

func (e *evaluation) score() {
	var reverse *Dataset
	for _, m := range e.models {
		if m.Reverse != nil {
			reverse = e.d.Reverse()
			break
		}
	}
	auc := e.index(e.o.rel("auc"))
	for _, m := range e.models {
		pool := newPairPool(e.d, e.o.Relevant)
		s := newSheet(e.d, e.o, m, e.measures)
		s.fill(e.ctx, e.d, reverse, e.o, pool)
		if e.ctx.Err() != nil {
			return
		}
		pool.project(s, auc, e.o.Workers)
		e.sheets = append(e.sheets, s)
	}
}

func (e *evaluation) index(name string) int {
	for i, m := range e.measures {
		if m.Name == name {
			return i
		}
	}
	panic("evaluation: no measure " + name)
}

func (e *evaluation) resample() {
	e.clusters = e.clustersOf(func(q int32) bool { return len(e.d.judged[q]) > 0 })
	e.all = e.draw(e.clusters)
}

func (e *evaluation) clustersOf(keep func(int32) bool) statistic.Clusters {
	all := statistic.Singles(e.d.Queries())
	if e.o.Clusters != nil {
		all = statistic.GroupBy(e.o.Clusters)
	}
	return all.Restrict(keep)
}

func (e *evaluation) result() *Result {
	r := &Result{Summary: e.summary(), Options: e.o, dataset: e.d}
	whole := wholeMeasures(e.o)
	r.Metrics = definitions(e.measures, whole)
	for i, s := range e.sheets {
		r.Models = append(r.Models, e.modelResult(s, e.all[i], whole))
	}
	r.warnUnjudged()
	r.Comparisons = e.compareAll()
	r.Slices = e.slices()
	r.Worth = e.worthJudging()
	r.Folds = e.folds()
	return r
}

func (e *evaluation) modelResult(s *sheet, drawn draws, whole []wholeMeasure) ModelResult {
	m := ModelResult{Name: s.model.Name, Shown: s.shown, Warnings: s.model.Warnings, sheet: s}
	for i := range e.measures {
		m.Estimates = append(m.Estimates, e.estimate(s, i, drawn))
	}
	for _, w := range whole {
		m.Estimates = append(m.Estimates, w.estimate(e, s))
	}
	sums := s.sums()
	part := func(name string) []float64 {
		i := e.index(name)
		if s.reasons[i] != "" {
			return nil
		}
		return sums[s.at[i] : s.at[i]+s.measures[i].size]
	}
	if cells := part("kappa"); cells != nil {
		m.Confusion = square(cells, e.d.scale.Levels())
	}
	if cells := part(e.o.rel("ece")); cells != nil {
		m.Reliability = binsOf(cells)
	}
	for q, list := range e.d.judged {
		if len(list) > 0 && len(s.model.Run.Hits[q]) > 0 {
			m.Answered++
		}
	}
	return m
}

func (e *evaluation) summary() Summary {
	s := Summary{Name: e.d.Name, Clusters: len(e.clusters), Documents: e.d.Documents(), PerLevel: make([]int, e.d.scale.Levels())}
	for _, list := range e.d.judged {
		if len(list) == 0 {
			continue
		}
		s.Queries++
		s.Judgements += len(list)
		above := false
		for _, j := range list {
			s.PerLevel[int(j.Level)-e.d.scale.Min]++
			above = above || int(j.Level) > e.d.scale.Min
		}
		if above && len(list) >= e.o.MinJudged {
			s.Rankable++
		}
	}
	return s
}
