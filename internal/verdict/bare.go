package verdict

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/quantity"
	"github.com/duijie/duijie/internal/text"
)

// Figures without a unit, which package quantity leaves out: classes such as IP68 and
// B1级, numbers right behind a property that has no dimension (摩擦系数0.14), and sums of
// money as people talk (一套一万五以内, 成本降到120).
var (
	classes = regexp.MustCompile(`(?:^|[^a-z0-9])(ip|p|d|c|sil|v-|ei)[ -]?([0-9]{1,3})(?:[^a-z0-9.%]|$)`)
	burning = regexp.MustCompile(`(?:^|[^a-z])([ab])[12]? ?级`)
	ratios  = regexp.MustCompile(`(?:系数|倍数|指数|比|相关|cop|pue|gwp|rsrp|硬度)(?:为|达|达到|可达|做到|约)?(不高于|不大于|不超过|≤|<|小于|低于|不低于|不小于|≥|>|大于|高于)?(-?[0-9]+(?:\.[0-9]+)?)(以上|以下|左右)?(?:[^0-9a-z.%‰×~～℃:：]|$)`)
	sums    = regexp.MustCompile(`(?:钱|价|成本|费|预算|投资|硬件|设备|一套|一台|单台|每台|一箱).{0,8}?(?:(?:不超|别超|不超过|降到|控制在)?([0-9]+|[一二两三四五六七八九十百千万]{2,})(?:以内|以下|左右)|(?:不超|别超|不超过|降到|控制在)([0-9]+)(?:[^0-9a-z.%]|$))`)
)

// signed are the comparisons of ratios.
var signed = map[string]quantity.Comparison{
	"": quantity.Equal, "不高于": quantity.AtMost, "不大于": quantity.AtMost, "不超过": quantity.AtMost, "≤": quantity.AtMost, "<": quantity.Below,
	"小于": quantity.Below, "低于": quantity.Below, "不低于": quantity.AtLeast, "不小于": quantity.AtLeast, "≥": quantity.AtLeast, ">": quantity.Above,
	"大于": quantity.Above, "高于": quantity.Above, "以上": quantity.AtLeast, "以下": quantity.AtMost, "左右": quantity.About,
}

var one, _ = quantity.ParseUnit("1")

// bare finds such figures of a field outside of those already found.
func (r *Record) bare(field int, found []quantity.Quantity) []quantity.Quantity {
	folded := string(r.fields[field].folded)
	var out []quantity.Quantity
	add := func(from, to int, q quantity.Quantity) {
		q.Start = utf8.RuneCountInString(folded[:from])
		q.End = q.Start + utf8.RuneCountInString(folded[from:to])
		taken := func(o quantity.Quantity) bool { return o.Start < q.End && q.Start < o.End }
		if !slices.ContainsFunc(found, taken) && !slices.ContainsFunc(out, taken) && r.reads(field, q.Start) {
			out = append(out, q)
		}
	}
	for _, m := range classes.FindAllStringSubmatchIndex(folded, -1) {
		add(m[2], m[5], class(folded[m[2]:m[5]], folded[m[2]:m[3]], folded[m[4]:m[5]]))
	}
	for _, m := range burning.FindAllStringSubmatchIndex(folded, -1) {
		level := "1"
		if folded[m[2]:m[3]] == "a" {
			level = "2"
		}
		add(m[2], m[1], class(folded[m[2]:m[1]], "of fire", level))
	}
	for _, m := range ratios.FindAllStringSubmatchIndex(folded, -1) {
		q := quantity.Quantity{Unit: one, Comparison: signed[captured(folded, m, 1)+captured(folded, m, 3)]}
		q.Low, _ = strconv.ParseFloat(captured(folded, m, 2), 64)
		q.High = q.Low
		add(m[4], m[5], q)
	}
	for _, m := range sums.FindAllStringSubmatchIndex(folded, -1) {
		if read := quantity.Parse("不超过" + spoken(captured(folded, m, 1)+captured(folded, m, 2)) + "元"); len(read) == 1 {
			add(max(m[2], m[4]), max(m[3], m[5]), read[0])
		}
	}
	return out
}

// spoken writes out what is left unsaid at the end of a number: 一万五 is 一万五千.
func spoken(number string) string {
	for _, short := range [][2]string{{"万", "千"}, {"千", "百"}, {"百", "十"}} {
		if head, digit, ok := strings.Cut(number, short[0]); ok && head != "" && utf8.RuneCountInString(digit) == 1 && strings.Contains("一二三四五六七八九", digit) {
			return number + short[1]
		}
	}
	return number
}

// class is a class of which a higher one is better, with what is written as its symbol.
func class(written, kind, level string) quantity.Quantity {
	q := quantity.Quantity{Unit: one, Comparison: quantity.AtLeast}
	q.Unit.Symbol, q.Unit.Kind = strings.ToUpper(written), classKind+kind
	q.Low, _ = strconv.ParseFloat(level, 64)
	q.High = q.Low
	return q
}

// captured is the n-th group of a match; empty where it takes no part.
func captured(s string, m []int, n int) string {
	if m[2*n] < 0 {
		return ""
	}
	return s[m[2*n]:m[2*n+1]]
}

// classKind begins the kinds of classes.
const classKind = "class "

// reads tells whether a place of a field is among the parts of it that are read.
func (r *Record) reads(field, at int) bool {
	within := r.fields[field].within
	return within == nil || slices.ContainsFunc(within, func(w text.Range) bool { return w.Start <= at && at < w.End })
}
