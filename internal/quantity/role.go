package quantity

// headings are words that say what the text below them is.
var headings = map[rune][]struct {
	word string
	role Role
}{
	'现': {{"现有工作基础", Context}, {"现有基础", Context}, {"现状", Context}, {"现有条件", Context}},
	'工': {{"工作基础", Context}},
	'公': {{"公司简介", Context}, {"公司概况", Context}},
	'企': {{"企业简介", Context}, {"企业概况", Context}},
	'背': {{"背景", Context}},
	'项': {{"项目背景", Context}, {"项目内容", Requirement}},
	'研': {{"研究基础", Context}, {"研究目标", Requirement}, {"研究内容", Requirement}},
	'合': {{"合作方式", Context}},
	'需': {{"需求内容", Requirement}, {"需求", Requirement}},
	'预': {{"预期目标", Requirement}},
	'技': {{"技术指标", Requirement}, {"技术需求", Requirement}, {"技术要求", Requirement}, {"技术难题", Requirement}, {"技术参数", Requirement}},
	'目': {{"目标", Requirement}},
	'要': {{"要求如下", Requirement}, {"要求", Requirement}},
	'指': {{"指标", Requirement}, {"指标要求", Requirement}},
	'参': {{"参数", Requirement}},
	'希': {{"希望解决", Requirement}},
	'主': {{"主要技术指标", Requirement}, {"主要指标", Requirement}},
}

// heading notes a heading at i: one of its words, and little before the end of the
// line or a colon.
func (p *parser) heading(i int) {
	for _, h := range headings[p.runes[i]] {
		if !hasAt(p.runes, i, h.word) {
			continue
		}
		end := i + len([]rune(h.word))
		for j := end; j <= end+10; j++ {
			r := peek(p.runes, j)
			if r == ':' || r == '\n' || r == 0 && j >= len(p.runes) && i > 0 {
				p.section = h.role
				return
			}
			if !isHan(r) {
				return
			}
		}
	}
}

// contextCues speak for context in all of their sentence, sizeCues, which tell how large
// something is that there is, in their clause alone: 日产废水200吨，出水氨氮≤5mg/L.
var contextCues = wordsOf(
	"目前", "现有", "我国", "国内", "国外", "全球", "据统计", "经验", "市场", "原来", "原有", "现为",
	"有的", "通常", "往往", "过去的", "偏低", "偏高", "长达", "问题是", "难点", "以上是", "我厂", "也有", "每次", "赔", "停机", "经常", "违约",
	"从事", "现在", "当前", "已经", "已建", "已获", "销售收入", "利润总额", "常用", "传统", "存在", "公司年", "主要用在", "我公司", "本公司", "我司", "仅为", "双方", "年均",
	"currently", "at present", "today", "existing", "we buy", "tired of", "a year", "years ago",
)

var sizeCues = wordsOf("投资", "投入", "出资", "日产", "年产", "年处理", "占地", "建筑面积", "厂房", "仓库", "设计生产能力", "年设计", "存栏", "出栏", "注册资本", "员工", "成立", "拥有")

var requirementCues = wordsOf(
	"要求", "目标", "达到", "实现", "确保", "保证", "控制在", "拟开发", "希望", "提升至", "提升到", "提高", "降低", "适用", "满足", "需要", "必须", "需在", "应",
	"must", "shall", "should", "require", "target", "need",
)

// output is the unit of what a plant makes.
var output, _ = ParseUnit("t/年")

const (
	sentenceBefore = 48
	sentenceAfter  = 24
)

// roleOf weighs what speaks for a requirement against what speaks for context.
func (p *parser) roleOf(q *Quantity, start int) Role {
	score := 0.5
	switch p.section {
	case Requirement:
		score++
	case Context:
		score -= 3
	}
	switch {
	case isMoney(q.Unit) && !(q.Comparison == AtMost || q.Comparison == Below) && !isMoneyFor(q.Unit):
		score -= 2
	case q.Unit.Kind != "" && isHan([]rune(q.Unit.Kind)[0]) && q.Unit.Kind != "倍" && q.Unit.Kind != "级" && q.Unit.Kind != "目":
		score--
	}
	switch q.Comparison {
	case AtLeast, AtMost, Below, Range, Within:
		score += 1.5
	case Above:
		if peek(p.runes, q.Start-1) == '>' || peek(p.runes, q.Start-2) == '>' {
			score += 1.5
		} else {
			score -= .5
		}
	case About:
		score -= .5
	}
	if q.Unit.Comparable(output) { // the size of a plant that there is
		score--
	}
	if q.Change != "" {
		score++
	}
	if q.Comparison == Equal && q.Unit.Comparable(units["s"].unit) && hanDigits[peek(p.runes, q.Start)] != 0 { // 生产一天也停不了
		score--
	}
	if p.fromLevel(start) {
		score -= 4
	}
	from, to := p.sentence(q.Span)
	own, last := p.ownClause(q.Span, from, to)
	score -= 2 * min(1, float64(p.count(contextCues, from, to)+p.count(sizeCues, own, last)))
	score += 2 * min(1, float64(p.count(unmetCues, from, to)))
	if p.surveys(q.Start) {
		score -= 2
	} else {
		score += min(1, float64(p.count(requirementCues, from, to)))
	}
	if p.reached(start) {
		score += 2
	}
	if role, ok := p.aside(start); ok {
		return role
	}
	if score > 0 {
		return Requirement
	}
	return Context
}

func isMoney(u Unit) bool {
	return hasAt([]rune(u.Kind), 0, "元") || hasAt([]rune(u.Kind), 1, "元")
}

// isMoneyFor tells of a price for so much of something: 元/t. A demand states those of what
// it wants.
func isMoneyFor(u Unit) bool { return isMoney(u) && u.Dimension != [8]int8{} }

// unmetCues say that what there is falls short of the figure.
var unmetCues = wordsOf("不能满足", "无法满足", "难以满足", "达不到", "无法达到", "不能达到")

// aside gives the role of the quantity before, where this one stands in brackets
// behind it or follows it in a list.
func (p *parser) aside(start int) (Role, bool) {
	if len(p.out) == 0 {
		return "", false
	}
	last := p.out[len(p.out)-1]
	if gap := start - last.End; gap < 0 || gap > 4 {
		return "", false
	}
	for _, r := range p.runes[last.End:start] {
		if r != '(' && r != '、' && r != '和' && r != ' ' && r != '以' && r != '上' && r != '及' {
			return "", false
		}
	}
	bracket := start < len(p.runes) && p.runes[start] == '('
	return last.Role, bracket || start > last.End
}

// reachedWords go before the level that a change ends at.
var reachedWords = wordsOf("转为", "改为", "变为", "提升至", "提升到", "提高到", "提高至", "增加到", "增加至", "降至", "降到", "降低到", "降低至", "减少到", "减少至", "缩短至", "缩短到")

// reached tells whether the quantity is the level that something is to reach.
func (p *parser) reached(start int) bool {
	for j := start; j >= max(0, start-12) && !(j < len(p.runes) && ends(p.runes[j])); j-- {
		if reachedWords.at(p.runes, j) > 0 {
			return true
		}
	}
	return false
}

// surveyCues are of texts about a market or a country; they hold for their line.
var surveyCues = wordsOf("我国", "全球", "据统计", "数据显示", "统计结果", "发达国家", "国内外")

// surveys tells whether the line of i, up to i, has such a word. It looks at each
// code point of the text once.
func (p *parser) surveys(i int) bool {
	for ; p.surveyed < i; p.surveyed++ {
		switch r := p.runes[p.surveyed]; {
		case r == '\n':
			p.survey = false
		case !p.survey:
			p.survey = surveyCues.at(p.runes, p.surveyed) > 0
		}
	}
	return p.survey
}

// fromLevel tells whether the quantity is the level that something is to leave: 由5%.
func (p *parser) fromLevel(start int) bool {
	for j := start - 1; j >= max(0, start-6); j-- {
		switch r := p.runes[j]; {
		case r == '由' || r == '从':
			return true
		case stopsClause(r):
			return false
		}
	}
	return start < len(p.runes) && (p.runes[start] == '由' || p.runes[start] == '从')
}

// sentence gives the part of the sentence around s that is looked at.
func (p *parser) sentence(s Span) (from, to int) {
	from, to = s.Start, s.End
	for from > 0 && s.Start-from < sentenceBefore && !ends(p.runes[from-1]) {
		from--
	}
	for to < len(p.runes) && to-s.End < sentenceAfter && !ends(p.runes[to]) {
		to++
	}
	return from, to
}

// ownClause gives the clause around s, within a part of its sentence.
func (p *parser) ownClause(s Span, from, to int) (int, int) {
	own, last := s.Start, s.End
	for own > from && !cutsClause(p.runes[own-1]) {
		own--
	}
	for last < to && !cutsClause(p.runes[last]) {
		last++
	}
	return own, last
}

func cutsClause(r rune) bool { return r == '，' || r == ',' }

func (p *parser) count(cues words, from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		if cues.at(p.runes, i) > 0 {
			n++
		}
	}
	return n
}
