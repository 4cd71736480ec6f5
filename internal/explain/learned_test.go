package explain

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
)

// tuned is a score of a tuned model with eight features.
func tuned() match.Score {
	return match.Score{Bias: -1, Legs: []match.Leg{
		{Name: match.TitleLeg, Score: 0.62, Contribution: 0.1},
		{Name: match.TextLeg, Score: 0.5, Contribution: 0.02},
		{Name: "zero-shot", Score: 1.5, Contribution: 0.4},
		{Name: "kernel-shift", Score: -0.5, Contribution: -0.3},
		{Name: "nearest-high", Unknown: true, Contribution: -0.2},
		{Name: "near-vector", Score: 3.2, Contribution: 0.9},
		{Name: "own-mean", Score: 2, Contribution: 0.05},
		{Name: "telling", Score: 2, Contribution: 0.001},
		{Name: match.LexicalLeg, Score: 9},
	}}
}

func TestTheStrongestFeaturesOfATunedModelAreToldAndTheRestInASum(t *testing.T) {
	got := summary(tuned(), &match.Explanation{})
	want := match.LocalText{
		ZH: "该需求最相似（按向量）的已标注专利的平均等级 3.20（贡献 +0.90），无标注排序的打分 1.50（贡献 +0.40），相近配对的标注对等级的增减 -0.50（贡献 -0.30），与该需求标为 3、4 级的最近专利的相似度 （无）（贡献 -0.20），标题相似度 0.62（贡献 +0.10），该需求标注的平均等级 2.00（贡献 +0.05），其余 2 项合计 +0.02。",
		EN: "mean level of this demand's labelled patents nearest by vectors 3.20 (contributes +0.90), score of the ranking without labels 1.50 (contributes +0.40), what labels of similar pairs add to the level -0.50 (contributes -0.30), similarity to this demand's nearest patent labelled 3 or 4 (none) (contributes -0.20), title similarity 0.62 (contributes +0.10), mean level of this demand's labels 2.00 (contributes +0.05), 2 other features together +0.02.",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestReasonsOfATunedModelSayWhoseLabelsSpeakForOrAgainstThePair(t *testing.T) {
	var got []string
	for _, reason := range why(tuned()) {
		got = append(got, reason.EN)
		if lead, _, found := strings.Cut(reason.ZH, "："); !found || lead == "" {
			t.Errorf("%q", reason.ZH)
		}
	}
	want := []string{
		"Labels of this demand speak for such patents: mean level of this demand's labelled patents nearest by vectors 3.20 (contributes +0.90).",
		"The two texts lift the pair: score of the ranking without labels 1.50 (contributes +0.40).",
		"Labels of similar pairs speak against this one: what labels of similar pairs add to the level -0.50 (contributes -0.30).",
		"Labels of this demand speak against such patents: similarity to this demand's nearest patent labelled 3 or 4 (none) (contributes -0.20).",
		"The two texts lift the pair: title similarity 0.62 (contributes +0.10).",
		"Labels of this demand speak for such patents: mean level of this demand's labels 2.00 (contributes +0.05).",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
