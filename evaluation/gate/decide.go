package gate

import (
	"cmp"
	"fmt"
	"math"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/statistic"
)

// require checks a requirement over all queries.
func (g decider) require(r Requirement) (Check, error) {
	def, err := g.result.Resolve(r.Metric)
	if err != nil {
		return Check{}, fmt.Errorf("gate: rule %q: %w", r.Text, err)
	}
	c := Check{Name: r.Text}
	if r.Fixed != "" {
		c.Verdict, c.Reason = g.bound(r, def)
		return c, nil
	}
	comparison, ok := g.find(g.result.Comparisons, def.Name)
	if !ok {
		return Check{}, fmt.Errorf("gate: rule %q: the result does not compare %s with %s on %s", r.Text, g.candidate, g.baseline, def.Name)
	}
	c.Verdict, c.Reason = better(r, comparison)
	return c, nil
}

// bound compares the candidate's own value with a fixed one.
func (g decider) bound(r Requirement, def evaluation.Definition) (statistic.Verdict, string) {
	v := g.result.Estimate(g.result.Model(g.candidate), def.Name).Value
	if !v.Known() {
		return statistic.Undecided, def.Name + " is null: " + v.Reason()
	}
	verdict := statistic.Fail
	if r.Fixed == ">=" && v.Float() >= r.Bound || r.Fixed == "<=" && v.Float() <= r.Bound {
		verdict = statistic.Pass
	}
	return verdict, fmt.Sprintf("%s is %.4f, required %s%g", def.Name, v.Float(), r.Fixed, r.Bound)
}

// better checks gain and significance. A gain that is large enough but may be
// chance does not pass, for the rule asks for evidence: it is a failure, not
// undecided, since the query set as a whole is what the rule was written for.
func better(r Requirement, c evaluation.Comparison) (statistic.Verdict, string) {
	if !c.Difference.Known() {
		return statistic.Undecided, c.Metric + " is null: " + c.Difference.Reason()
	}
	gain := gainOf(c)
	reason := fmt.Sprintf("%s is %s by %.4f, required %s", c.Metric, direction(gain), math.Abs(gain), amount(r.Gain))
	if r.P > 0 {
		if !c.PHolm.Known() {
			return statistic.Undecided, reason + "; no p-value: " + c.PHolm.Reason()
		}
		reason += fmt.Sprintf("; corrected p is %.4g, required below %g", c.PHolm.Float(), r.P)
	}
	if gain <= 0 || gain < r.Gain || r.P > 0 && c.PHolm.Float() >= r.P {
		return statistic.Fail, reason
	}
	return statistic.Pass, reason
}

func direction(gain float64) string {
	if gain < 0 {
		return "worse"
	}
	return "better"
}

func amount(gain float64) string {
	if gain == 0 {
		return "more than 0"
	}
	return fmt.Sprintf("at least %g", gain)
}

// gainOf is the difference, positive where the candidate is better.
func gainOf(c evaluation.Comparison) float64 {
	if c.Lower {
		return -c.Difference.Float()
	}
	return c.Difference.Float()
}

// find is the comparison of the two models on a metric, turned around where the
// result has it the other way.
func (g decider) find(all []evaluation.Comparison, metric string) (evaluation.Comparison, bool) {
	for _, c := range all {
		if c.Metric != metric {
			continue
		}
		if c.Baseline == g.baseline && c.Candidate == g.candidate {
			return c, true
		}
		if c.Baseline == g.candidate && c.Candidate == g.baseline {
			return turned(c), true
		}
	}
	return evaluation.Comparison{}, false
}

func turned(c evaluation.Comparison) evaluation.Comparison {
	c.Baseline, c.Candidate = c.Candidate, c.Baseline
	if c.Difference.Known() {
		c.Difference = evaluation.Number(-c.Difference.Float())
	}
	if c.Interval != nil {
		c.Interval = &evaluation.Interval{Low: -c.Interval.High, High: -c.Interval.Low}
	}
	c.Record.Win, c.Record.Loss = c.Record.Loss, c.Record.Win
	return c
}

// nonInferior checks every slice of the rule's attribute, or all queries.
func (g decider) nonInferior(r NonInferiority) ([]Check, error) {
	def, err := g.result.Resolve(r.Metric)
	if err != nil {
		return nil, fmt.Errorf("gate: rule %q: %w", r.Text, err)
	}
	var checks []Check
	one := func(where string, all []evaluation.Comparison) {
		c, ok := g.find(all, def.Name)
		if !ok {
			err = fmt.Errorf("gate: rule %q: the result does not compare %s with %s on %s", r.Text, g.candidate, g.baseline, def.Name)
			return
		}
		check := Check{Name: fmt.Sprintf("%s/%s:%g", where, def.Name, r.Margin)}
		check.Verdict, check.Reason = g.harmless(r, c)
		checks = append(checks, check)
	}
	if r.Attribute == "all" {
		one("all", g.result.Comparisons)
	}
	for _, s := range g.result.Slices {
		if s.Attribute == r.Attribute {
			one(s.Attribute+"="+s.Value, s.Comparisons)
		}
	}
	if err == nil && len(checks) == 0 {
		err = fmt.Errorf("gate: rule %q: the result has no slices by %q", r.Text, r.Attribute)
	}
	return checks, err
}

func (g decider) harmless(r NonInferiority, c evaluation.Comparison) (statistic.Verdict, string) {
	least := cmp.Or(g.rules.MinClusters, 10)
	switch {
	case !c.Difference.Known():
		return statistic.Undecided, c.Metric + " is null: " + c.Difference.Reason()
	case c.Clusters < least:
		return statistic.Undecided, fmt.Sprintf("too small to decide: %d clusters of queries, %d are needed; the estimate is %+.4f",
			c.Clusters, least, gainOf(c))
	case c.Interval == nil:
		return statistic.Undecided, "there is no interval"
	}
	interval := *c.Interval
	if c.Lower {
		interval = evaluation.Interval{Low: -interval.High, High: -interval.Low}
	}
	verdict := statistic.NonInferior(gainOf(c), interval, c.Clusters, least, r.Margin)
	return verdict, fmt.Sprintf("gain %+.4f [%+.4f, %+.4f] over %d queries; the loss may reach %.4f, the margin is %g",
		gainOf(c), interval.Low, interval.High, c.Queries, max(0, -interval.Low), r.Margin)
}
