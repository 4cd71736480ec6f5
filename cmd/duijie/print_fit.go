package main

import (
	"fmt"
	"strings"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

// writeSupply says where nothing that was found is likely to serve the demand, or that there
// are no hits at all.
func writeSupply(b *strings.Builder, s *match.Supply, hits bool, lang langFlag) {
	if s == nil || !s.NoneGood {
		return
	}
	b.WriteString(lang.pick(match.LocalText{ZH: "注意：", EN: "Note: "}) + lang.pick(s.Reason) + "\n")
	if !hits {
		return // the rates are those of lists
	}
	b.WriteString(lang.pick(match.LocalText{
		ZH: fmt.Sprintf("      （有合适专利的需求中 %.0f%% 也会得到此提示；没有合适专利的需求中 %.0f%% 不会得到。）\n", 100*s.FalseAlarm, 100*s.Missed),
		EN: fmt.Sprintf("      (so said of %.0f%% of demands that do have one; not said of %.0f%% of those that have none)\n", 100*s.FalseAlarm, 100*s.Missed),
	}))
}

// writeFit says of which level a hit is, how likely, and how the two sides suit each
// other. It writes nothing for a ranker that knows neither.
func writeFit(b *strings.Builder, s *match.Score, lang langFlag) {
	if line := levelLine(s, lang); line != "" {
		fmt.Fprintf(b, "            %s\n", line)
	}
	if s.TwoSided != nil {
		fmt.Fprintf(b, "            %s\n", twoSidedLine(s.TwoSided, lang))
	}
}

// levelLine is the level in words with its chances; empty where there are none.
func levelLine(s *match.Score, lang langFlag) string {
	if len(s.Levels) == 0 {
		return ""
	}
	words := vocabulary.LevelWords(s.Level)
	line := match.LocalText{
		ZH: fmt.Sprintf("等级：%s；3 级或 4 级的概率 %s", words.ZH, percent(s.Value)),
		EN: fmt.Sprintf("level: %s; chance of level 3 or 4: %s", words.EN, percent(s.Value)),
	}
	if s.InCatalog > 0 { // else the ranker does not know it
		line.ZH += fmt.Sprintf("（按整个目录计 %s）", percent(s.InCatalog))
		line.EN += fmt.Sprintf(" (of a pair out of the whole catalog: %s)", percent(s.InCatalog))
	}
	return lang.pick(line)
}

// twoSidedLine is the fit of either side, with what is thought of it.
func twoSidedLine(t *match.TwoSidedFit, lang langFlag) string {
	return lang.pick(match.LocalText{
		ZH: fmt.Sprintf("双向：专利合于需求 %.2f，需求合于专利 %.2f，综合 %.2f；评价：专利%s，需求%s",
			t.Forward, t.Reverse, t.Mutual, ratingWords(t.Patent).ZH, ratingWords(t.Demand).ZH),
		EN: fmt.Sprintf("two-sided: forward %.2f, reverse %.2f, mutual %.2f; ratings: patent %s, demand %s",
			t.Forward, t.Reverse, t.Mutual, ratingWords(t.Patent).EN, ratingWords(t.Demand).EN),
	})
}

func ratingWords(r match.ShrunkRating) match.LocalText {
	if r.Count == 0 {
		return match.LocalText{ZH: fmt.Sprintf("暂无（按 %.1f 计）", r.Shrunk), EN: fmt.Sprintf("none yet (counts as %.1f)", r.Shrunk)}
	}
	return match.LocalText{
		ZH: fmt.Sprintf(" %.1f，共 %d 次（按 %.1f 计）", r.Mean, r.Count, r.Shrunk),
		EN: fmt.Sprintf("%.1f of %d (counts as %.1f)", r.Mean, r.Count, r.Shrunk),
	}
}

// percent shows a chance; one near 0 or 1 with as many places as it needs, and what is not
// certain never as 100%.
func percent(p float64) string {
	switch {
	case p >= 0.9995 && p < 1:
		return ">99.9%"
	case p >= 0.995 && p < 1:
		return fmt.Sprintf("%.1f%%", 100*p)
	case p >= 0.0995 || p == 0:
		return fmt.Sprintf("%.0f%%", 100*p)
	case p >= 0.00095:
		return fmt.Sprintf("%.1f%%", 100*p)
	}
	return "<0.1%"
}

// calibrationLine says what the chances of levels mean.
func calibrationLine(c *match.Calibration, lang langFlag) string {
	line := match.LocalText{
		ZH: fmt.Sprintf("等级概率的依据：%s；%d 对，校准误差 %.3f [%.3f, %.3f]", c.Population.ZH, c.Pairs, c.ECE, c.ECELow, c.ECEHigh),
		EN: fmt.Sprintf("Chances of levels hold for: %s; %s, calibration error %.3f [%.3f, %.3f]", c.Population.EN, match.Counted(c.Pairs, "pair"), c.ECE, c.ECELow, c.ECEHigh),
	}
	if c.CatalogSize > 0 {
		line.ZH += fmt.Sprintf("；目录共 %d 件专利", c.CatalogSize)
		line.EN += fmt.Sprintf("; the catalog has %s", match.Counted(c.CatalogSize, "patent"))
	}
	return lang.pick(match.LocalText{ZH: line.ZH + "。", EN: line.EN + "."})
}
