package explain

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// mostTold is how many legs are told one by one; of more, the strongest are, and the rest
// in a sum.
const mostTold = 6

// summary says in one sentence what carried the score.
func summary(score match.Score, x *match.Explanation) match.LocalText {
	var zh, en []string
	legs, rest := told(score.Legs)
	for _, leg := range legs {
		words, value := leg.Name.Words(), valueOf(leg)
		zh = append(zh, fmt.Sprintf("%s %s（贡献 %+.2f）", words.ZH, value.ZH, leg.Contribution))
		en = append(en, fmt.Sprintf("%s %s (contributes %+.2f)", words.EN, value.EN, leg.Contribution))
	}
	if len(rest) > 0 {
		sum := 0.0
		for _, leg := range rest {
			sum += leg.Contribution
		}
		zh = append(zh, fmt.Sprintf("其余 %d 项合计 %+.2f", len(rest), sum))
		en = append(en, fmt.Sprintf("%s together %+.2f", match.Counted(len(rest), "other feature"), sum))
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
	against := against(x.Elements)
	out.ZH, out.EN = out.ZH+against.ZH, out.EN+against.EN
	return out
}

// against says what of the demand the patent contradicts, which no score counts; nothing where
// there is none.
func against(elements []match.ElementMatch) (out match.LocalText) {
	var texts []string
	for _, e := range elements {
		if e.Verdict == match.Contradicted {
			texts = append(texts, e.Demand.Text)
		}
	}
	if n := len(texts); n > 0 {
		zh, en := listed(texts)
		out = match.LocalText{
			ZH: fmt.Sprintf("注意：有%d项要求与专利不符（%s），得分未计入这一点。", n, zh),
			EN: fmt.Sprintf(" Note: the patent says otherwise on %s (%s), which the score does not count.", match.Counted(n, "requirement"), en),
		}
	}
	return out
}

// told are the legs that take part in the score: all of a few in their order, else the
// strongest first, and the rest.
func told(legs []match.Leg) (first, rest []match.Leg) {
	for _, l := range legs {
		if l.Weight != 0 || l.Contribution != 0 {
			first = append(first, l)
		}
	}
	if len(first) <= mostTold {
		return first, nil
	}
	slices.SortStableFunc(first, func(a, b match.Leg) int {
		return cmp.Compare(math.Abs(b.Contribution), math.Abs(a.Contribution))
	})
	return first[:mostTold], first[mostTold:]
}

// valueOf writes a leg's score.
func valueOf(l match.Leg) match.LocalText {
	if l.Unknown {
		return match.LocalText{ZH: "（无）", EN: "(none)"}
	}
	value := fmt.Sprintf("%.2f", l.Score)
	return match.LocalText{ZH: value, EN: value}
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
	var all []reason
	for _, l := range score.Legs {
		switch {
		case l.Standing != nil && l.Weight != 0:
			all = append(all, standing(l)...)
		case l.Weight == 0 && math.Abs(l.Contribution) >= leastTold:
			all = append(all, learned(l))
		}
	}
	slices.SortStableFunc(all, func(a, b reason) int { return cmp.Compare(b.strength, a.strength) })
	out := make([]match.LocalText, min(len(all), mostTold))
	for i := range out {
		out[i] = all[i].text
	}
	return out
}

type reason struct {
	text     match.LocalText
	strength float64
}

// standing is the reason of a leg by where it stands in the reference sample; none where it
// stands in the middle.
func standing(l match.Leg) []reason {
	words, below := l.Name.Words(), l.Standing.Patents
	strength := math.Abs(l.Contribution) * math.Abs(below-0.5)
	switch {
	case below >= lifts:
		return []reason{{match.LocalText{
			ZH: fmt.Sprintf("%s %.2f，高于参考样本中%s%%的专利，抬高得分（贡献%+.2f）。", words.ZH, l.Score, percent(below), l.Contribution),
			EN: fmt.Sprintf("%s %.2f: above %s %% of the reference sample's patents, lifts the pair (contributes %+.2f).", capital(words.EN), l.Score, percent(below), l.Contribution),
		}, strength}}
	case below <= pulls:
		return []reason{{match.LocalText{
			ZH: fmt.Sprintf("%s %.2f，低于参考样本中%s%%的专利，相对拉低得分（只贡献%+.2f）。", words.ZH, l.Score, percent(1-below), l.Contribution),
			EN: fmt.Sprintf("%s %.2f: below %s %% of the reference sample's patents, holds the pair back (contributes only %+.2f).", capital(words.EN), l.Score, percent(1-below), l.Contribution),
		}, strength}}
	}
	return nil
}

// percent writes a share, and never all.
func percent(share float64) string { return fmt.Sprintf("%.0f", min(99, math.Floor(100*share))) }

// capital begins an English sentence.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
