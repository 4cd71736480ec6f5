package tune

import (
	"fmt"

	"github.com/duijie/duijie/internal/match"
)

// Warning is a reason to trust a model less. Kind is one of few-labels, few-demands,
// one-sided, leaking, one-rater, no-gain.
type Warning struct {
	Kind string          `json:"kind"`
	Text match.LocalText `json:"text"`
}

func warning(kind, zh, en string, args ...any) Warning {
	return Warning{kind, match.LocalText{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}}
}

// Limits from which labels are enough.
const (
	fewLabels  = 300
	fewDemands = 10
	oneSided   = 0.9 // share of one level
)

// dataWarnings are those that the labels alone give reason for.
func (w *work) dataWarnings() []Warning {
	var out []Warning
	n := len(w.set.Labels)
	if n < fewLabels {
		out = append(out, warning("few-labels",
			"只有 %d 条标注，少于 %d 条：只用线性模型和高斯过程，区间很宽",
			"there are only %d labels, fewer than %d: a linear model and a Gaussian process alone are used, and intervals are wide", n, fewLabels))
	}
	demands := map[int32]bool{}
	raters := map[string]bool{}
	var count [levels]int
	for i, l := range w.set.Labels {
		demands[l.Demand] = true
		count[l.Level-1]++
		if i < len(w.set.Raters) {
			raters[w.set.Raters[i]] = true
		}
	}
	if len(demands) < fewDemands {
		out = append(out, warning("few-demands", "标注只涉及 %d 个需求，少于 %d 个：对新需求的效果无法可靠估计",
			"the labels are of %d demands only, fewer than %d: what the model does on new ones is hardly known", len(demands), fewDemands))
	}
	for l, k := range count {
		if float64(k) > oneSided*float64(n) {
			out = append(out, warning("one-sided", "%d%% 的标注是等级 %d：模型学不到区别",
				"%d %% of the labels are of level %d: there is little to tell apart", 100*k/n, l+1))
		}
	}
	if count[2]+count[3] == 0 {
		out = append(out, warning("one-sided", "没有等级 3 或 4 的标注", "no label is of level 3 or 4"))
	}
	if len(w.set.Raters) > 0 && len(raters) == 1 {
		out = append(out, warning("one-rater", "全部标注出自一人：一致性无从检验，个人习惯会被学进模型",
			"all labels are of one rater: agreement cannot be checked, and the model learns that person's habits"))
	}
	return append(out, w.leaks()...)
}

// leaks tells of repeated titles and near twins. They are kept in one fold, so
// figures do not leak; measuring elsewhere must do the same.
func (w *work) leaks() []Warning {
	var out []Warning
	groups, twins, demands := map[int32]bool{}, map[int32]bool{}, map[int32]bool{}
	for i, l := range w.set.Labels {
		groups[w.groups[i]] = true
		demands[l.Demand], twins[w.twins[l.Demand]] = true, true
	}
	if k := len(w.set.Labels) - len(groups); k > 0 {
		out = append(out, warning("leaking", "%d 条标注与同一需求下已标注的成果同名；交叉验证已把它们放在同一折，另行评测时也须如此",
			"%d labels repeat a title that is labelled for the same demand; cross-validation keeps them in one fold, and so must any other split", k))
	}
	if k := len(demands) - len(twins); k > 0 {
		out = append(out, warning("leaking", "%d 个需求与另一需求几乎相同；对新需求的评测已把它们放在同一折",
			"%d demands are near twins of others; figures for unseen demands keep them in one fold", k))
	}
	return out
}

// gainWarnings are those that the measurement gives reason for.
func gainWarnings(r *Report) []Warning {
	var out []Warning
	if r.Seen == nil || r.Seen.Low <= 0 {
		out = append(out, warning("no-gain", "在有标注的需求上没有显著优于零样本融合：不建议上线",
			"on demands with labels it is not significantly better than the zero-shot fusion: better not use it"))
	}
	if r.Unseen != nil && r.Unseen.High < 0 {
		out = append(out, warning("no-gain", "在新需求上显著差于零样本融合", "on unseen demands it is significantly worse than the zero-shot fusion"))
	}
	return out
}
