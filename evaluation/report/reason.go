package report

import (
	"strings"

	"github.com/duijie/duijie/evaluation"
)

// rankable says over how many of the judged demands nDCG is taken, and by which rule.
func (s *subject) rankable() phrase {
	sum, o := s.r.Summary, s.r.Options
	rule := phrase{"nDCG 只计入至少有 %s 个已标注文档、且其中一个高于最低等级的需求：%s 个中的 %s 个",
		"nDCG counts the demands with at least %s judged documents, one of them above the lowest level: %[3]s of %[2]s"}
	switch {
	case sum.Rankable == 0:
		rule.zh, rule.en = rule.zh+"，因此没有 nDCG", rule.en+", so that there is no nDCG"
	case o.Population == evaluation.PopulationTrec:
		rule.zh, rule.en = rule.zh+"，其余记 0", rule.en+"; the others count 0"
	}
	return say(rule, count(o.MinJudged), count(sum.Queries), count(sum.Rankable))
}

// reasons say why a metric has no value: once where it is for the same reason with all
// models, and not at all where [subject.rankable] has said it.
func (t *terminal) reasons(d evaluation.Definition) {
	if t.s.r.Summary.Rankable == 0 && strings.HasPrefix(d.Name, "ndcg@") {
		return
	}
	var names []string
	var reasons []phrase
	alike := true
	for i, m := range t.s.r.Models {
		if v := t.s.r.Estimate(i, d.Name).Value; !v.Known() {
			names, reasons = append(names, m.Name), append(reasons, reasonOf(v))
			alike = alike && reasons[0] == reasons[len(reasons)-1]
		}
	}
	if alike && len(names) > 1 && len(names) == len(t.s.r.Models) {
		t.line(say(phrase{"  – %s：%s", "  – %s: %s"}, title(d), reasons[0]))
		return
	}
	for i, name := range names {
		t.line(say(phrase{"  – %s 的 %s：%s", "  – %[2]s of %[1]s: %[3]s"}, name, title(d), reasons[i]))
	}
}
