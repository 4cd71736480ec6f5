package gate

import (
	"errors"
	"fmt"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/statistic"
)

// Rules of a gate.
type Rules struct {
	Require     []Requirement
	NonInferior []NonInferiority
	MinClusters int // clusters of queries that a slice needs to be decided; 10
	Overrides   []Override
}

// Override lets one undecided check pass. It must say by whom and why, and stands
// in the decision. A failed check cannot be overridden.
type Override struct {
	Check  string `json:"check"` // Check.Name
	By     string `json:"by"`
	Reason string `json:"reason"`
}

// Check is the outcome of one rule, or of one rule on one slice.
type Check struct {
	Name     string            `json:"name"` // "ndcg@10 +0.01 p<0.05", "sector=化工/ndcg@10:0.02"
	Verdict  statistic.Verdict `json:"verdict"`
	Reason   string            `json:"reason"`
	Override *Override         `json:"override,omitempty"`
}

// Decision is the outcome of a gate. Verdict is fail if any check fails, else
// undecided if any is undecided without an override, else pass.
type Decision struct {
	Baseline  string            `json:"baseline"`
	Candidate string            `json:"candidate"`
	Verdict   statistic.Verdict `json:"verdict"`
	Checks    []Check           `json:"checks"`
}

// Metrics lists the metrics that the result must compare: set them as
// [evaluation.Options.Compare], and p-values are corrected for these alone.
func (r Rules) Metrics() []string {
	var names []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, one := range r.Require {
		if one.Fixed == "" {
			add(one.Metric)
		}
	}
	for _, one := range r.NonInferior {
		add(one.Metric)
	}
	return names
}

// Decide applies the rules. It is an error if there are none, if the result does
// not compare the two models on a metric that a rule names, or lacks the slices;
// all else is in the decision.
func Decide(result *evaluation.Result, baseline, candidate string, rules Rules) (Decision, error) {
	g := decider{result, baseline, candidate, rules}
	if err := g.check(); err != nil {
		return Decision{}, err
	}
	d := Decision{Baseline: baseline, Candidate: candidate, Verdict: statistic.Pass}
	for _, r := range rules.Require {
		c, err := g.require(r)
		if err != nil {
			return Decision{}, err
		}
		d.Checks = append(d.Checks, c)
	}
	for _, r := range rules.NonInferior {
		checks, err := g.nonInferior(r)
		if err != nil {
			return Decision{}, err
		}
		d.Checks = append(d.Checks, checks...)
	}
	for i := range d.Checks {
		g.override(&d.Checks[i])
		d.Verdict = worse(d.Verdict, d.Checks[i].Verdict)
	}
	return d, nil
}

type decider struct {
	result              *evaluation.Result
	baseline, candidate string
	rules               Rules
}

func (g decider) check() error {
	if len(g.rules.Require)+len(g.rules.NonInferior) == 0 {
		return errors.New("gate: there are no rules")
	}
	for _, name := range []string{g.baseline, g.candidate} {
		if g.result.Model(name) < 0 {
			return fmt.Errorf("gate: the result has no model %q", name)
		}
	}
	for _, o := range g.rules.Overrides {
		if o.By == "" || o.Reason == "" {
			return fmt.Errorf("gate: the override of %q does not say by whom and why", o.Check)
		}
	}
	return nil
}

func (g decider) override(c *Check) {
	for _, o := range g.rules.Overrides {
		if o.Check == c.Name && c.Verdict == statistic.Undecided {
			c.Verdict, c.Override = statistic.Pass, &o
		}
	}
}

func worse(a, b statistic.Verdict) statistic.Verdict {
	for _, v := range []statistic.Verdict{statistic.Fail, statistic.Undecided} {
		if a == v || b == v {
			return v
		}
	}
	return statistic.Pass
}
