package explain

import (
	"fmt"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// summary says in one sentence what carried the score.
func summary(score match.Score, x *match.Explanation) match.LocalText {
	var zh, en []string
	for _, leg := range score.Legs {
		words, ok := legWords[leg.Name]
		if !ok || leg.Weight == 0 {
			continue
		}
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

var legWords = map[match.LegName]match.LocalText{
	match.TitleLeg:    {ZH: "标题相似度", EN: "title similarity"},
	match.TextLeg:     {ZH: "全文相似度", EN: "text similarity"},
	match.CoverageLeg: {ZH: "需求用语覆盖率", EN: "share of the demand's wording covered"},
}
