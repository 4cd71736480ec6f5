package report

import (
	"regexp"
	"strings"

	"github.com/duijie/duijie/evaluation"
)

// title is a metric's title in both languages.
func title(d evaluation.Definition) phrase {
	p := translated(d.Title)
	return phrase{strings.ReplaceAll(p.zh, ">=", "≥"), strings.ReplaceAll(p.en, ">=", "≥")}
}

// base is the name without cutoff and level: "recall" of "recall@10(rel>=3)".
func base(name string) string {
	return name[:len(name)-len(strings.TrimLeft(name, "abcdefghijklmnopqrstuvwxyz_"))]
}

// familyOf is the group of the table in which a metric stands.
func familyOf(name string) string {
	switch b := base(name); b {
	case "auc", "auc_query", "spearman", "kendall":
		return "association"
	case "official", "mae", "accuracy", "kappa":
		return "level"
	case "ece", "brier":
		return "calibration"
	case "unjudged":
		return "judging"
	case "mutual", "reverse_rank":
		return "two-sided"
	case "coverage", "gini", "never_shown":
		return "exposure"
	case "latency_p":
		return "latency"
	default:
		if strings.HasPrefix(b, "condensed_") {
			return "condensed"
		}
		return "ranking"
	}
}

var cutoff = regexp.MustCompile(`^recall@([0-9]+)`)

// metricRow is a metric with its cells, one a model; or the one reason why no
// model has it.
type metricRow struct {
	Family phrase // set on the first row of a group
	Def    evaluation.Definition
	Title  phrase
	Cells  []metricCell
	Reason phrase
}

type metricCell struct {
	Value, Interval string
	Reason          phrase // why there is no value
	Best            bool
}

func (s *subject) metricRows() []metricRow {
	var rows []metricRow
	last := ""
	for i, def := range s.r.Metrics {
		row := metricRow{Def: def, Title: title(def)}
		if family := familyOf(def.Name); family != last {
			row.Family, last = families[family], family
		}
		if row.Reason = s.commonReason(i); row.Reason == (phrase{}) {
			row.Cells = s.cells(i, def)
		}
		rows = append(rows, row)
	}
	return rows
}

// commonReason is the reason that all models share for having no value.
func (s *subject) commonReason(metric int) phrase {
	reason := ""
	for i, m := range s.r.Models {
		own := m.Estimates[metric].Value.Reason()
		if own == "" || i > 0 && own != reason {
			return phrase{}
		}
		reason = own
	}
	if reason == "" {
		return phrase{}
	}
	return translated(reason)
}

func (s *subject) cells(metric int, def evaluation.Definition) []metricCell {
	best := s.best(metric, def.Lower)
	var out []metricCell
	for i, m := range s.r.Models {
		e := m.Estimates[metric]
		c := metricCell{Reason: reasonOf(e.Value), Best: i == best}
		if e.Value.Known() {
			c.Value, c.Interval = figure(def.Unit, e.Value.Float()), interval(def.Unit, e.Interval, figure)
		}
		out = append(out, c)
	}
	return out
}

// best is the model with the best value; -1 when the best is shared, or alone.
func (s *subject) best(metric int, lower bool) int {
	best, ties, known := -1, 0, 0
	var top float64
	for i, m := range s.r.Models {
		v := m.Estimates[metric].Value
		if !v.Known() {
			continue
		}
		x := v.Float()
		if lower {
			x = -x
		}
		switch known++; {
		case best < 0 || x > top:
			best, top, ties = i, x, 0
		case x == top:
			ties++
		}
	}
	if known < 2 || ties > 0 {
		return -1
	}
	return best
}
