package report

import (
	"regexp"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
)

var verbs = regexp.MustCompile(`%[ds]`)

func TestEverySentenceHasTheSameVerbsInBothLanguages(t *testing.T) {
	for _, p := range sentences {
		if zh, en := verbs.FindAllString(p.zh, -1), verbs.FindAllString(p.en, -1); len(zh) != len(en) {
			t.Errorf("%q has %d verbs, %q has %d", p.zh, len(zh), p.en, len(en))
		}
	}
	for key, p := range words {
		if p.zh == "" || p.en == "" {
			t.Errorf("word %s lacks a language: %+v", key, p)
		}
	}
	for _, id := range sectionOrder {
		if _, ok := words[id]; !ok {
			t.Errorf("section %s has no heading", id)
		}
	}
}

// TestWhatTheHarnessSaysIsTranslated fails when a definition or a reason of
// package evaluation changes: then words_definition.go or words_sentence.go must
// follow.
func TestWhatTheHarnessSaysIsTranslated(t *testing.T) {
	for _, candidates := range []evaluation.Candidates{evaluation.CandidatesJudged, evaluation.CandidatesAll} {
		r := tiny(t, candidates)
		for _, d := range r.Metrics {
			for _, text := range []string{d.Text, d.Population} {
				if _, ok := chinese(text); !ok {
					t.Errorf("%s: not translated: %q", d.Name, text)
				}
			}
			if families[familyOf(d.Name)] == (phrase{}) {
				t.Errorf("%s has no family", d.Name)
			}
		}
		for _, e := range r.Models[0].Estimates {
			for _, reason := range []string{e.Value.Reason(), e.IntervalReason} {
				if _, ok := chinese(reason); reason != "" && !ok {
					t.Errorf("not translated: %q", reason)
				}
			}
		}
	}
}

func tiny(t *testing.T, candidates evaluation.Candidates) *evaluation.Result {
	t.Helper()
	d := evaluation.NewDataset(metric.Levels4)
	q, _ := d.AddQuery(evaluation.Query{ID: "q"})
	doc, _ := d.AddDocument(evaluation.Document{ID: "d"})
	if err := d.Judge(q, doc, 1); err != nil {
		t.Fatal(err)
	}
	r, err := evaluation.Evaluate(d, []evaluation.Model{{Name: "m", Run: evaluation.NewRun(d)}}, evaluation.Options{Candidates: candidates})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestATranslationCarriesItsNumbers(t *testing.T) {
	for english, want := range map[string]string{
		"3 of 10 judged pairs have no predicted level":                                                "3 对（共 10 对已标注）没有预测等级",
		"bm25: the model predicts no levels":                                                          "bm25：模型不预测等级",
		"no query is in the population: all judged pairs":                                             "没有需求属于该指标的总体：全部已标注配对",
		"ndcg@10 is better by 0.0005, required at least 0.01; corrected p is 1e-05, required below 0": "ndcg@10 提高 0.0005，要求至少 0.01；校正后 p 为 1e-05，要求低于 0",
		"ndcg@10 is worse by 0.0217, required more than 0; corrected p is 0.25, required below 0.05":  "ndcg@10 变差 0.0217，要求变好大于 0；校正后 p 为 0.25，要求低于 0.05",
		"ndcg@10 is worse by 0.0217, required at least 0.01":                                          "ndcg@10 变差 0.0217，要求变好至少 0.01",
		"too small to decide: 3 groups of demands, 10 are needed; ndcg@10 is better by 0.1000, required more than 0; corrected p is 0.25, required below 0.05":                                  "样本太小，无法判定：3 组需求，至少需要 10 组；ndcg@10 提高 0.1000，要求大于 0；校正后 p 为 0.25，要求低于 0.05",
		"too small to decide: 2 clusters of queries, 10 are needed; the estimate is -0.0500, a loss of more than 0.02: an override must name this check":                                        "样本太小，无法判定：2 个需求簇，至少需要 10 个；估计值 -0.0500；损失超过 0.02：放行时须点名此检查",
		"too small to decide: no frozen dataset has demands of sector/battery":                                                                                                                  "样本太小，无法判定：没有冻结数据集含 sector/battery 的需求",
		"not measured now; failed when it was last measured (gain -0.1000 [-0.2000, -0.0500] over 12 queries; the loss may reach 0.2000, the margin is 0.02): an override must name this check": "此次未评测；上次评测未通过（增益 -0.1000 [-0.2000, -0.0500]，基于 12 个需求；损失最多可达 0.2000，界限为 0.02）：放行时须点名此检查",
		"never heard of": "never heard of",
	} {
		if got := translated(english); got.zh != want || got.en != english {
			t.Errorf("%q is %+v, want %q", english, got, want)
		}
	}
}

func TestWidthsCountColumnsOfATerminal(t *testing.T) {
	for text, want := range map[string]int{"": 0, "bm25": 4, "模型": 4, "，": 2, "e\u0301": 1, "Ａ": 2, "–": 1, "ｱ": 1} {
		if got := columns(text); got != want {
			t.Errorf("%q takes %d columns, want %d", text, got, want)
		}
	}
	for _, c := range []struct {
		text string
		n    int
		want string
	}{{"模型名称", 8, "模型名称"}, {"模型名称", 7, "模型名…"}, {"模型名称", 6, "模型…"}, {"abc", 2, "a…"}} {
		if got := clip(c.text, c.n); got != c.want || columns(got) > c.n {
			t.Errorf("clip(%q, %d) is %q, want %q", c.text, c.n, got, c.want)
		}
	}
}

func TestFiguresAreRoundedToWhatTheyAreWorth(t *testing.T) {
	for want, got := range map[string]string{
		"0.6543": figure("0–1", 0.65432), "−0.0100": figure("0–1", -0.01), "+0.0100": signed("0–1", 0.01), "0.0000": signed("0–1", 0),
		"1.23": figure("ms", 1.2345), "1235": figure("ms", 1234.5678), "7,376": count(7376), "1,000,000": count(1000000), "12": count(12),
		"12.5%": percent(1, 8), "<0.001": chance(evaluation.Number(0.0002)), "0.040": chance(evaluation.Number(0.04)), "–": chance(evaluation.Null("x")),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
