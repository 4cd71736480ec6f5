package quantity

import (
	"maps"
	"slices"
)

// changes are verbs that make a number a difference.
var changes = map[string]Change{
	"提高": Increase, "提升": Increase, "增加": Increase, "增长": Increase, "上升": Increase, "升高": Increase, "增大": Increase,
	"延长": Increase, "扩大": Increase, "增强": Increase, "增产": Increase, "提速": Increase, "增效": Increase, "改善": Increase,
	"降低": Decrease, "减少": Decrease, "下降": Decrease, "缩短": Decrease, "减小": Decrease, "减轻": Decrease, "节约": Decrease,
	"节省": Decrease, "节能": Decrease, "节水": Decrease, "减重": Decrease, "减排": Decrease, "降耗": Decrease, "缩小": Decrease,
	"削减": Decrease, "降本": Decrease, "节电": Decrease,
}

// changeVerbs are the verbs of changes, each of two code points.
var changeVerbs = wordsOf(slices.Sorted(maps.Keys(changes))...)

var englishChanges = map[string]Change{
	"increase": Increase, "increased": Increase, "increases": Increase, "improve": Increase, "improved": Increase, "raise": Increase,
	"reduce": Decrease, "reduced": Decrease, "reduces": Decrease, "decrease": Decrease, "decreased": Decrease, "cut": Decrease, "lower": Decrease,
}

// maxProperty is the number of code points before a quantity that are looked at.
const maxProperty = 20

// about finds the property that ends at i, where the words of comparison begin, and
// the change that it undergoes.
func (p *parser) about(i int, level bool, q *Quantity) (string, Span, Change) {
	if change, start, ok := p.englishChange(i); ok && !level {
		return "", Span{start, start}, change
	}
	verb, from, change := p.verbBefore(i, level, q)
	if change != "" && from+verb < i { // 降低整机重量20%
		if text, span := p.phrase(i, from+verb); text != "" {
			return text, span, change
		}
	}
	end := i
	if change != "" {
		end = from
	} else if v, _, ok := p.verbAt(i); ok { // 提高到80%
		end = i - v
	}
	text, span := p.phrase(end, end-maxProperty)
	return text, span, change
}

// verbBefore looks for a verb of change in the clause before i. One that stands apart
// from the number counts for relative units alone, and not where a level is reached.
func (p *parser) verbBefore(i int, level bool, q *Quantity) (length, from int, change Change) {
	if level {
		return 0, i, ""
	}
	if length, change, ok := p.verbAt(i); ok {
		return length, i - length, change
	}
	if !q.Unit.Comparable(one) && q.Unit.Kind != "倍" || q.Comparison == Range {
		return 0, i, ""
	}
	for j := i - 1; j >= max(0, i-12); j-- {
		if stopsClause(p.runes[j]) || levels(p.runes[j]) {
			break
		}
		if n := changeVerbs.at(p.runes, j); n > 0 && j+n <= i {
			return n, j, changes[string(p.runes[j:j+n])]
		}
	}
	return 0, i, ""
}

// verbAt gives the verb of change that ends at i, with 了 behind it allowed.
func (p *parser) verbAt(i int) (length int, change Change, ok bool) {
	if n := changeVerbs.at(p.runes, i-2); n > 0 && i <= len(p.runes) {
		return n, changes[string(p.runes[i-n:i])], true
	}
	return 0, "", false
}

// englishChange reads "reduce energy use by" before a number.
func (p *parser) englishChange(i int) (Change, int, bool) {
	if !hasAt(p.runes, i, " by") {
		return "", i, false
	}
	end := i
	for words := 0; words < 6 && end > 0; words++ {
		for end > 0 && p.runes[end-1] == ' ' {
			end--
		}
		start := end
		for start > 0 && end-start < 12 && isLetter(p.runes[start-1]) {
			start--
		}
		if start == end {
			return "", i, false
		}
		if c, ok := englishChanges[lowered(p.runes[start:end])]; ok {
			return c, start, true
		}
		end = start
	}
	return "", i, false
}

func lowered(word []rune) string {
	if len(word) > 0 && word[0] < 'a' {
		return string(word[0]+'a'-'A') + string(word[1:])
	}
	return string(word)
}

func stopsClause(r rune) bool {
	switch r {
	case '，', ',', '、', ':', '(', ')':
		return true
	}
	return ends(r)
}

// levels tells of words that make what follows a level.
func levels(r rune) bool {
	switch r {
	case '到', '至', '达', '为', '在', '由', '从', '是', '≥', '≤', '<', '>', '=':
		return true
	}
	return isDigit(r)
}

// cuts are words that a property does not hold; it begins behind the last of them.
var cuts = wordsOf(
	"要求", "控制", "保证", "确保", "提高", "降低", "达到", "实现", "具有", "目标", "采用", "使用", "满足", "保持", "解决", "其中", "以及", "需要", "能够", "可以",
	"的", "将", "使", "其", "可", "能", "和", "与", "及", "或", "在", "对", "把", "由", "从", "且", "并", "而", "为", "是", "用", "以", "于", "了", "后", "时", "下", "应", "须", "需", "则", "各", "每", "有", "要", "当", "仅", "约", "到", "至",
)

// phrase gives the noun that ends at i and does not begin before from.
func (p *parser) phrase(i, from int) (string, Span) {
	end := i
	for end > 0 && end > from && isTrailing(p.runes[end-1]) {
		end--
	}
	start := end
	for start > max(0, from) && inNoun(p.runes[start-1]) {
		start--
	}
	if start > 0 && start == max(0, from) && start < end && isLetter(p.runes[start]) { // no half of a Latin word
		for start < end && isLetter(p.runes[start]) && isLetter(p.runes[start-1]) {
			start++
		}
	}
	start = p.cut(start, end)
	for start < end && (p.runes[start] == ' ' || p.runes[start] == '-' || p.runes[start] == '.') {
		start++
	}
	if end-start < 2 {
		return "", Span{end, end}
	}
	return string(p.runes[start:end]), Span{start, end}
}

// cut moves the beginning behind the last word that is no part of a noun.
func (p *parser) cut(start, end int) int {
	out := start
	for at := start; at < end; at++ {
		if n := cuts.at(p.runes, at); n > 0 && at+n < end-1 && at+n > out && !p.insideWord(at, n) {
			out = at + n
		}
	}
	return out
}

// insideWord tells whether a cut of n code points is a part of a longer noun: 功能,
// 应力, 使用寿命.
func (p *parser) insideWord(at, n int) bool {
	for start := max(0, at-3); start <= at; start++ {
		if length := nounsWithCuts.at(p.runes, start); start+length >= at+n {
			return true
		}
	}
	return false
}

var nounsWithCuts = wordsOf(
	"使用寿命", "功能", "性能", "能耗", "能量", "能力", "耗能", "产能", "节能", "储能", "应力", "应变", "响应时间", "响应", "有效", "用量", "用水", "用电", "利用率", "作用",
	"实用", "有机物", "含有", "时间", "及时", "后期", "下限", "下降", "上下", "电能", "动能", "热能", "可靠性", "目的", "直流", "对比", "在线", "地下", "水下", "湿度", "适应", "反应", "反应器",
)

func isTrailing(r rune) bool {
	switch r {
	case ' ', ':', '(', '的', '=':
		return true
	}
	return false
}

func inNoun(r rune) bool {
	return isHan(r) || isLetter(r) || r == '-' || r == '/' || r == ' ' || r == '.' || isGreek(r)
}
