package verdict

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quantity"
)

// note says a verdict in words; f is nil where there is no place.
func (c *trial) note(v match.Verdict, f *Finding, p *Record) match.LocalText {
	if c.wanted.figure != nil && c.wanted.Kind == match.QuantityElement {
		return c.figureNote(v, f, p)
	}
	if v == match.Missing {
		return match.LocalText{ZH: "专利未提及。", EN: "The patent does not speak of it."}
	}
	quote := clipped(p.slice(p.fieldNamed(f.In), f.At))
	words := verdictNotes[v]
	if c.wanted.excluded || len(c.wanted.barred) > 0 {
		words = exclusionNotes[v]
	}
	return match.LocalText{ZH: fmt.Sprintf(words.ZH, quote), EN: fmt.Sprintf(words.EN, quote)}
}

var verdictNotes = map[match.Verdict]match.LocalText{
	match.Covered:      {ZH: "专利写明“%s”。", EN: "The patent says “%s”."},
	match.Partly:       {ZH: "专利仅部分涉及：“%s”。", EN: "The patent gives a part or something near: “%s”."},
	match.Contradicted: {ZH: "专利与此不符或有限制：“%s”。", EN: "The patent says otherwise or limits it: “%s”."},
}

var exclusionNotes = map[match.Verdict]match.LocalText{
	match.Covered:      {ZH: "需求排除此项，专利相符：“%s”。", EN: "Ruled out by the demand, and the patent agrees: “%s”."},
	match.Partly:       {ZH: "需求排除此项，专利部分相符：“%s”。", EN: "Ruled out by the demand, and the patent agrees in part: “%s”."},
	match.Contradicted: {ZH: "需求排除此项，专利却涉及：“%s”。", EN: "Ruled out by the demand, but in the patent: “%s”."},
}

var outcomeWords = map[match.Verdict]match.LocalText{
	match.Covered:      {ZH: "满足", EN: "met"},
	match.Partly:       {ZH: "仅部分满足或条件不同", EN: "met in part, or under other conditions"},
	match.Contradicted: {ZH: "不满足", EN: "not met"},
}

// figureNote tells what is required and what the patent states.
func (c *trial) figureNote(v match.Verdict, f *Finding, p *Record) match.LocalText {
	need := Amount(&c.wanted.figure.Quantity)
	needs := match.LocalText{ZH: "要求" + need.ZH, EN: "Required " + need.EN}
	switch {
	case v == match.Missing && c.shows(): // one that may be about something else
		return match.LocalText{ZH: needs.ZH + "，专利未明确给出该指标。", EN: needs.EN + "; the patent does not clearly give this figure."}
	case v == match.Missing:
		return match.LocalText{ZH: needs.ZH + "，专利未给出该指标。", EN: needs.EN + "; the patent gives no such figure."}
	case c.shows():
		have := Amount(&c.answer.figure.Quantity)
		return match.LocalText{
			ZH: fmt.Sprintf("%s，专利为%s，%s。", needs.ZH, have.ZH, outcomeWords[v].ZH),
			EN: fmt.Sprintf("%s; the patent states %s: %s.", needs.EN, have.EN, outcomeWords[v].EN),
		}
	}
	quote := clipped(p.slice(p.fieldNamed(f.In), f.At))
	return match.LocalText{
		ZH: fmt.Sprintf("%s，专利未给出可比数值，只写“%s”，%s。", needs.ZH, quote, outcomeWords[v].ZH),
		EN: fmt.Sprintf("%s; the patent gives no figure to compare, but says “%s”: %s.", needs.EN, quote, outcomeWords[v].EN),
	}
}

// Amount writes a quantity for people: ≥95%, 115–125℃, 提高30%.
func Amount(q *quantity.Quantity) match.LocalText {
	if strings.HasPrefix(q.Unit.Kind, classKind) {
		return match.LocalText{ZH: q.Unit.Symbol, EN: q.Unit.Symbol}
	}
	value := number(q.Low)
	switch {
	case q.Comparison == quantity.Within:
		value = "±" + number(q.Tolerance)
	case q.High != q.Low:
		value += "–" + number(q.High)
	case q.Tolerance != 0:
		value += "±" + number(q.Tolerance)
	}
	sign, unit := signs[q.Comparison], q.Unit.Symbol
	if unit == "1" {
		unit = ""
	}
	space := ""
	if unit != "" && !strings.ContainsAny(unit[:1], "%‰°℃") && unit != "℃" {
		space = " "
	}
	zh, en := sign+value+unit, sign+value+space+inEnglish(unit)
	switch q.Change {
	case quantity.Increase:
		zh, en = "提高"+zh, "up by "+en
	case quantity.Decrease:
		zh, en = "降低"+zh, "down by "+en
	}
	return match.LocalText{ZH: zh, EN: en}
}

// inEnglish writes a unit that Chinese has a character for.
func inEnglish(unit string) string {
	parts := strings.Split(unit, "/")
	for i, p := range parts {
		english := englishUnits[p]
		switch {
		case english != "" && i > 0:
			parts[i] = strings.TrimSuffix(english, "s")
		case english != "":
			parts[i] = english
		}
	}
	return strings.Join(parts, "/")
}

var englishUnits = map[string]string{
	"元": "CNY", "美元": "USD", "欧元": "EUR", "年": "years", "个月": "months", "月": "months", "周": "weeks", "天": "d", "亩": "mu", "斤": "jin", "次": "times", "倍": "times",
	"人": "people", "台": "units", "套": "sets", "件": "pieces", "个": "pieces", "只": "pieces", "片": "pieces", "条": "pieces", "根": "pieces", "张": "sheets", "户": "households",
	"批": "batches", "头": "head", "级": "grade", "目": "mesh", "点": "points", "层": "layers", "路": "channels", "帧": "frames", "成": "tenths",
}

var signs = map[quantity.Comparison]string{
	quantity.AtLeast: "≥", quantity.Above: ">", quantity.AtMost: "≤", quantity.Below: "<", quantity.About: "≈",
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 10, 64) }

// maxQuote is the number of code points of a patent that a note quotes.
const maxQuote = 60

// clipped cuts a quotation and takes out what no text has.
func clipped(s string) string {
	runes := []rune(strings.Join(strings.Fields(s), " "))
	out := runes[:0]
	for _, r := range runes {
		if !unicode.IsControl(r) {
			out = append(out, r)
		}
	}
	if len(out) > maxQuote {
		return string(out[:maxQuote]) + "…"
	}
	return string(out)
}
