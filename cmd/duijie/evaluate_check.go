package main

import (
	"slices"
	"strings"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/gate"
	"github.com/duijie/duijie/internal/contender"
	"github.com/duijie/duijie/internal/match"
)

// checkModels refuses a name that two models have, and the names of models that are not
// measured.
func (c *evaluateCmd) checkModels() error {
	var names []string
	for _, ref := range c.refs() {
		name, _ := contender.Parse(ref)
		if slices.Contains(names, name) {
			return match.Invalidf("--model", "two models are named %q; name one of them otherwise: NAME=REF", name)
		}
		names = append(names, name)
	}
	for _, named := range []struct{ flag, name string }{{"--baseline", c.Baseline}, {"--candidate", c.Candidate}} {
		if named.name != "" && !slices.Contains(names, named.name) {
			return match.Invalidf(named.flag, "%q is not measured; the models are %s", named.name, strings.Join(names, ", "))
		}
	}
	return nil
}

// checkOptions refuses values that the dataset has nothing for, before models are run.
func (c *evaluateCmd) checkOptions(d *evaluation.Dataset, o evaluation.Options, rules *gate.Rules) error {
	if s := d.Scale(); c.Relevant <= s.Min || c.Relevant > s.Max {
		return match.Invalidf("--relevant", "%d is not in %d to %d", c.Relevant, s.Min+1, s.Max)
	}
	if c.Samples < 1 {
		return match.Invalidf("--samples", "is below 1")
	}
	if rules == nil {
		return nil
	}
	metrics, err := evaluation.Metrics(d, o)
	if err != nil {
		return err
	}
	known := evaluation.Result{Metrics: metrics}
	check := func(flag, metric string) error {
		if _, err := known.Resolve(metric); err == nil {
			return nil
		}
		names := make([]string, len(metrics))
		for i, m := range metrics {
			names[i] = m.Name
		}
		return match.Invalidf(flag, "%q is no metric, or stands for several; there are %s", metric, strings.Join(names, ", "))
	}
	for _, r := range rules.Require {
		if err := check("--require", r.Metric); err != nil {
			return err
		}
	}
	for _, r := range rules.NonInferior {
		if err := check("--non-inferior", r.Metric); err != nil {
			return err
		}
	}
	return nil
}
