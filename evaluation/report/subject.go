package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/statistic"
)

// subject is a result with the choices of a report made: the metric and the
// baseline in the foreground, and comparisons turned so that the baseline is one.
type subject struct {
	r     *evaluation.Result
	o     Options
	main  evaluation.Definition
	duels []duel
}

// duel is a comparison of two models, by index, with the metric's definition.
type duel struct {
	evaluation.Comparison
	def                 evaluation.Definition
	baseline, candidate int
}

// BaselineIndex and CandidateIndex are the models' places, for templates.
func (d duel) BaselineIndex() int  { return d.baseline }
func (d duel) CandidateIndex() int { return d.candidate }

func newSubject(r *evaluation.Result, o Options) (*subject, error) {
	o = o.withDefaults(r)
	if err := o.check(r); err != nil {
		return nil, err
	}
	s := &subject{r: r, o: o}
	if o.Metric != "" {
		def, err := r.Resolve(o.Metric)
		if err != nil {
			return nil, err
		}
		s.main = def
	}
	if compared := r.Options.Compare; len(compared) > 0 && !slices.Contains(compared, s.main.Name) {
		return nil, fmt.Errorf("report: metric %q is not among those compared: %v", s.main.Name, compared)
	}
	s.duels = s.turned(r.Comparisons)
	return s, nil
}

// turned puts the chosen baseline on the baseline's side, its comparisons first.
func (s *subject) turned(all []evaluation.Comparison) []duel {
	var out []duel
	for _, c := range all {
		if c.Candidate == s.o.Baseline {
			c = flipped(c)
		}
		out = append(out, duel{c, s.definition(c.Metric), s.r.Model(c.Baseline), s.r.Model(c.Candidate)})
	}
	slices.SortStableFunc(out, func(a, b duel) int { return cmp.Compare(s.distance(a), s.distance(b)) })
	return out
}

func (s *subject) distance(d duel) int {
	if d.Baseline == s.o.Baseline {
		return 0
	}
	return 1
}

func (s *subject) definition(name string) evaluation.Definition {
	def, err := s.r.Resolve(name)
	if err != nil {
		return evaluation.Definition{Name: name, Title: name}
	}
	return def
}

// flipped is the comparison with the two models exchanged.
func flipped(c evaluation.Comparison) evaluation.Comparison {
	c.Baseline, c.Candidate = c.Candidate, c.Baseline
	if c.Difference.Known() {
		c.Difference = evaluation.Number(-c.Difference.Float())
	}
	if c.Interval != nil {
		c.Interval = &evaluation.Interval{Low: -c.Interval.High, High: -c.Interval.Low}
	}
	c.Record = statistic.Record{Win: c.Record.Loss, Tie: c.Record.Tie, Loss: c.Record.Win}
	return c
}

// mainDuels are the comparisons on the main metric.
func (s *subject) mainDuels() []duel {
	return slices.DeleteFunc(slices.Clone(s.duels), func(d duel) bool { return d.Metric != s.main.Name })
}

// gain is what a candidate won or lost on one query; above 0 is better, whatever
// the metric.
type gain struct {
	query               int32
	baseline, candidate float64
	gain                float64
}

// gains are those of all queries in the population, the largest first; nil for a
// metric that single queries do not have.
func (s *subject) gains(d duel) []gain {
	a, b := s.r.PerQuery(d.baseline, d.Metric), s.r.PerQuery(d.candidate, d.Metric)
	if a == nil || b == nil {
		return nil
	}
	var out []gain
	for q := range a {
		g := gain{int32(q), a[q], b[q], b[q] - a[q]}
		if d.Lower {
			g.gain = -g.gain
		}
		if !math.IsNaN(g.gain) {
			out = append(out, g)
		}
	}
	slices.SortStableFunc(out, func(x, y gain) int {
		return cmp.Or(cmp.Compare(y.gain, x.gain), cmp.Compare(x.query, y.query))
	})
	return out
}

// extremes are the largest gains and the largest losses, at most n each.
func (s *subject) extremes(all []gain, n int) (won, lost []gain) {
	margin := s.r.Options.Margin
	for _, g := range all[:min(len(all), max(n, 0))] {
		if g.gain > margin {
			won = append(won, g)
		}
	}
	for _, g := range slices.Backward(all) {
		if len(lost) < n && g.gain < -margin {
			lost = append(lost, g)
		}
	}
	return won, lost
}
