package report

import (
	"time"

	"github.com/duijie/duijie/evaluation"
)

// fact is a line of "what was measured".
type fact struct{ Label, Value phrase }

func (s *subject) facts() []fact {
	sum := s.r.Summary
	facts := []fact{{phrase{"数据集", "Dataset"}, same(sum.Name)}}
	add := func(label, value phrase) { facts = append(facts, fact{label, value}) }
	if s.o.Data != "" {
		add(phrase{"数据说明", "Data"}, same(s.o.Data))
	}
	add(phrase{"规模", "Size"}, say(phrase{"%s 个有标注的需求，%s 个文档，%s 对标注", "%s judged demands, %s documents, %s judged pairs"},
		count(sum.Queries), count(sum.Documents), count(sum.Judgements)))
	add(phrase{"nDCG 的总体", "Population of nDCG"}, say(phrase{"%s 个需求（至少 %s 个已标注文档、且有一个高于最低等级）", "%s demands (at least %s judged documents and one above the lowest level)"},
		count(sum.Rankable), count(s.r.Options.MinJudged)))
	if sum.Clusters != sum.Queries {
		add(phrase{"近似重复", "Near duplicates"}, say(phrase{"需求归为 %s 簇；同簇的一起重抽样、一起检验", "demands form %s clusters, resampled and tested together"}, count(sum.Clusters)))
	}
	facts = append(facts, s.rules()...)
	facts = append(facts, s.doubts()...)
	if s.o.Command != "" {
		add(phrase{"命令", "Command"}, same(s.o.Command))
	}
	if !s.o.Time.IsZero() {
		add(phrase{"时间", "Time"}, same(s.o.Time.UTC().Format(time.RFC3339)))
	}
	return facts
}

// rules are the choices that figures depend on.
func (s *subject) rules() []fact {
	o := s.r.Options
	candidates := phrase{"全部：未标注的结果不得分，但占名次", "all: a hit that nobody judged gains nothing and takes its place"}
	if o.Candidates == evaluation.CandidatesJudged {
		candidates = phrase{"已标注候选：只衡量每个需求已标注文档的先后", "judged candidates: the order of each demand's judged documents"}
	}
	ties := phrase{"按 trec_eval：得分降序，再按文档号降序", "as trec_eval: score, then document id, both descending"}
	if o.Ties == evaluation.TiesRank {
		ties = phrase{"按模型自己的名次", "the model's own ranks"}
	}
	population := phrase{"指标有定义的需求", "demands on which the metric is defined"}
	if o.Population == evaluation.PopulationTrec {
		population = phrase{"全部有标注的需求，无定义处记 0（同 trec_eval -c）", "every judged demand, 0 where the metric is not defined (as trec_eval -c)"}
	}
	chance := say(phrase{"%s 个自助样本，%s 次随机置换，种子 %d", "%s bootstrap samples, %s permutations, seed %d"},
		count(max(o.Samples, 0)), count(o.Permutations), o.Seed)
	return []fact{
		{phrase{"候选", "Candidates"}, candidates}, {phrase{"并列", "Ties"}, ties},
		{phrase{"总体", "Population"}, population},
		{phrase{"相关", "Relevant"}, say(phrase{"%d 级或以上", "level %d or above"}, o.Relevant)},
		{phrase{"统计", "Statistics"}, chance},
		{phrase{"模型", "Models"}, s.answered()},
	}
}

func (s *subject) answered() phrase {
	var all []phrase
	for _, m := range s.r.Models {
		p := same(m.Name)
		if m.Name == s.o.Baseline {
			p = say(phrase{"%s（基线）", "%s (baseline)"}, m.Name)
		}
		if m.Answered < s.r.Summary.Queries {
			p = say(phrase{"%s，只回答 %s 个需求", "%s, answers only %s demands"}, p, count(m.Answered))
		}
		all = append(all, p)
	}
	return join(all, phrase{"；", "; "})
}
