package explain

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// summary says in one sentence what carried the score.
func summary(score match.Score, x *match.Explanation) match.LocalText {
	var zh, en []string
	for _, leg := range score.Legs {
		if !told(leg.Name) || leg.Weight == 0 {
			continue
		}
		words := leg.Name.Words()
		zh = append(zh, fmt.Sprintf("%s %.2f（贡献 %+.2f）", words.ZH, leg.Score, leg.Contribution))
		en = append(en, fmt.Sprintf("%s %.2f (contributes %+.2f)", words.EN, leg.Score, leg.Contribution))
	}
	out := match.LocalText{ZH: strings.Join(zh, "，"), EN: strings.Join(en, ", ")}
	if len(x.Terms) > 0 {
		names := make([]string, 0, 4)
		for _, t := range x.Terms[:min(4, len(x.Terms))] {
			names = append(names, t.Text)
		}
		out.ZH += "；共同用语：" + strings.Join(names, "、")
		out.EN += "; shared wording: " + strings.Join(names, ", ")
	}
	out.ZH += "。"
	out.EN += "."
	return out
}

// told tells whether a leg is one that people are told of: the search for words nominates, and
// re-ranking orders, but neither is a part of the score.
func told(leg match.LegName) bool {
	return leg != match.LexicalLeg && leg != match.RerankLeg && leg.Words().EN != string(leg)
}

// A leg lifts a pair that stands above most of the reference sample in it, and pulls
// down one that stands below most.
const (
	lifts = 0.6
	pulls = 0.4
)

// why tells what lifts the pair and what pulls it down compared with a typical one, the
// strongest first: by what a leg contributes, and how far it is from the middle.
func why(score match.Score) []match.LocalText {
	type reason struct {
		text     match.LocalText
		strength float64
	}
	var all []reason
	for _, l := range score.Legs {
		if !told(l.Name) || l.Weight == 0 || l.Standing == nil {
			continue
		}
		words := l.Name.Words()
		below := l.Standing.Patents
		strength := math.Abs(l.Contribution) * math.Abs(below-0.5)
		switch {
		case below >= lifts:
			all = append(all, reason{match.LocalText{
				ZH: fmt.Sprintf("%s %.2f，高于参考样本中%s%%的专利，抬高得分（贡献%+.2f）。", words.ZH, l.Score, percent(below), l.Contribution),
				EN: fmt.Sprintf("%s %.2f: above %s %% of the reference sample's patents, lifts the pair (contributes %+.2f).", capital(words.EN), l.Score, percent(below), l.Contribution),
			}, strength})
		case below <= pulls:
			all = append(all, reason{match.LocalText{
				ZH: fmt.Sprintf("%s %.2f，低于参考样本中%s%%的专利，拉低得分（贡献%+.2f）。", words.ZH, l.Score, percent(1-below), l.Contribution),
				EN: fmt.Sprintf("%s %.2f: below %s %% of the reference sample's patents, pulls the pair down (contributes %+.2f).", capital(words.EN), l.Score, percent(1-below), l.Contribution),
			}, strength})
		}
	}
	slices.SortStableFunc(all, func(a, b reason) int { return cmp.Compare(b.strength, a.strength) })
	out := make([]match.LocalText, len(all))
	for i, r := range all {
		out[i] = r.text
	}
	return out
}

// percent writes a share, and never all.
func percent(share float64) string { return fmt.Sprintf("%.0f", min(99, math.Floor(100*share))) }

// capital begins an English sentence.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
