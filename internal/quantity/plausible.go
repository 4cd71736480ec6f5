package quantity

import (
	"slices"
	"strings"
)

// plausible tells whether a number with the unit m at i is a quantity, and no date,
// grade of steel or word that only looks like one.
func (p *parser) plausible(d *draft, m *measured, i int) bool {
	spaced := i > d.first.end && d.first.end > 0 && peek(p.runes, i-1) == ' '
	switch {
	case p.isWord(m, i):
		return false
	case m.first.name == "年" && m.parts == 1 && p.isYear(d, i):
		return false
	case d.first.han && !d.first.unit.isSet() && !p.spoken(d, m, i):
		return false
	case m.parts == 1 && isLetter(p.runes[i]) && m.end == i+1 && !spaced && p.isModel(d, i):
		return false
	case m.parts == 1 && m.first.name == "级" && !p.graded(d, m.end):
		return false
	case m.first.name == "h" && p.runes[i] == 'H' && p.near(d.Start, "硬度"): // of a pencil
		return false
	case m.first.name == "kn" && p.runes[i] == '节' && !p.afloat(i):
		return false
	case m.parts == 1 && m.first.name == "丝" && (spaced || d.first.value > 200):
		return false
	}
	return true
}

// afloat tells whether the words around i are about what moves on water: 8节航速, not
// 8节车厢.
func (p *parser) afloat(i int) bool {
	return slices.ContainsFunc(p.runes[max(0, i-10):min(len(p.runes), i+6)], func(r rune) bool { return strings.ContainsRune("航船艇海潮流", r) })
}

// notUnits are words that begin with a unit and are none behind a number.
var notUnits = map[rune][]string{
	'年': {"年代", "年级", "年版"}, '方': {"方面", "方案", "方法", "方式", "方向", "方位", "方便", "方形"},
	'次': {"次元", "次要", "次方", "次级", "次品"}, '度': {"度假"}, '人': {"人工"}, '元': {"元素", "元件", "元器", "元化"},
	'天': {"天然", "天线"}, '米': {"米粉", "米饭"}, '克': {"克服", "克隆"}, '升': {"升级", "升降"}, '层': {"层次"},
	'头': {"头部"}, '条': {"条件"}, '组': {"组分", "组合", "组成"}, '对': {"对于", "对比", "对应"}, '门': {"门槛"},
	'台': {"台阶"}, '家': {"家庭", "家用"}, '项': {"项目"}, '名': {"名称", "名义"}, '种': {"种植", "种子", "种质"},
	'倍': {"倍频", "倍率"}, '周': {"周边"}, '成': {"成为", "成品", "成本", "成分", "成果", "成立", "成套", "成型", "成熟", "成功"},
	'安': {"安全", "安装"}, '伏': {"伏安"}, '瓦': {"瓦斯"}, '分': {"分钟"}, '轮': {"轮胎", "轮廓"}, '包': {"包装", "包括"},
	'盘': {"盘管"}, '孔': {"孔径", "孔隙"}, '道': {"道路"}, '份': {"份额"}, '尾': {"尾气"}, '片': {"片状"}, '块': {"块状"},
	'根': {"根据"}, '只': {"只能", "只有", "只是", "只需"}, '把': {"把握"}, '架': {"架构"}, '支': {"支持", "支撑", "支架"},
	'例': {"例如"}, '欧': {"欧盟", "欧洲"}, '斤': {"斤顶"}, '牛': {"牛奶", "牛肉"}, '焦': {"焦炭", "焦化", "焦油"},
	'回': {"回收", "回路", "回流", "回转", "回弹", "回火", "回用", "回归", "回复", "回填", "回油", "回水", "回程", "回风"},
	'平': {"平均", "平台", "平面", "平板", "平行", "平衡", "平整", "平滑", "平稳", "平直", "平时", "平原", "平移"},
	'节': {"节点", "节能", "节电", "节约", "节省", "节拍", "节课", "节段", "节流", "节距", "节车"},
	'目': {"目标", "目前", "目的"}, '级': {"级别"}, '转': {"转化", "转变", "转移", "转型", "转速", "转子", "转向"}, '班': {"班组"},
}

func (p *parser) isWord(m *measured, i int) bool {
	for _, word := range notUnits[p.runes[i]] {
		if m.end < i+len([]rune(word)) && hasAt(p.runes, i, word) {
			return true
		}
	}
	return false
}

// isYear tells whether the number before 年 is a year of the calendar.
func (p *parser) isYear(d *draft, i int) bool {
	if d.first.whole && 1900 <= d.first.value && d.first.value <= 2100 {
		return true
	}
	// 19年5月
	next := p.blanks(i + 1)
	n := numberAt(p.runes, next)
	return d.first.whole && d.first.value < 100 && n.found() && (peek(p.runes, n.end) == '月')
}

// spoken tells whether a Chinese numeral before a unit counts: 三米, not 三元材料 and
// not 三个问题, which only enumerates.
func (p *parser) spoken(d *draft, m *measured, i int) bool {
	n := &d.first
	switch {
	case peek(p.runes, n.end-1) == '半':
		return m.unit.Comparable(units["s"].unit)
	case p.bareScale(d):
		return m.first.counting && n.value >= 100 && m.first.name != "层"
	case n.value < 10 && m.first.name == "人" && n.value > 1:
		return true
	case n.value < 10 && m.first.counting && !n.vague:
		return m.first.name == "次" && p.repeats(n, m.end) || p.compared(d.Start) || p.comparedBehind(m.end)
	case n.value < 10 && m.first.digitsOnly && n.magnitude == 1 && !isFraction(n.value):
		return false
	case n.value < 10 && isHan(p.runes[i]):
		return m.first.small || m.parts > 1 || m.first.counting
	}
	return true
}

// repeats tells whether a small number of times counts what is done again and again: 洗五回,
// 洗涤三次后; not 一次成型 and not 三次采油.
func (p *parser) repeats(n *numeral, end int) bool {
	if n.value < 2 {
		return false
	}
	r := peek(p.runes, end-1)
	return r == '回' || r == '遍' || n.value > 2 && (peek(p.runes, end) == '后' || !isHan(peek(p.runes, end)))
}

func isFraction(v float64) bool { return v != float64(int64(v)) }

// bareScale tells whether the numeral begins with 百, 千 or 万 and says no figure.
func (p *parser) bareScale(d *draft) bool {
	return d.first.han && hanScale[peek(p.runes, p.numberStart(d))] >= 100
}

func (p *parser) numberStart(d *draft) int {
	i := d.Start
	for i < d.first.end-1 && hanDigits[p.runes[i]] == 0 && p.runes[i] != '半' {
		i++
	}
	return i
}

// steels are numbers of stainless steels, which L, N and H belong to.
var steels = map[float64]bool{
	201: true, 202: true, 301: true, 302: true, 303: true, 304: true, 305: true, 309: true, 310: true, 314: true, 316: true,
	317: true, 321: true, 329: true, 347: true, 409: true, 410: true, 416: true, 420: true, 430: true, 431: true, 440: true, 904: true,
}

// isModel tells whether a number and the letter at i are a name: 316L, 4K, 3A级.
func (p *parser) isModel(d *draft, i int) bool {
	letter, next := p.runes[i], peek(p.runes, i+1)
	switch {
	case next == '级' || next == '类' || next == '型' || next == '号' || next == '系':
		return true
	case d.first.whole && steels[d.first.value] && (letter == 'L' || letter == 'N' || letter == 'H'):
		return true
	case letter == 'd' && d.first.whole && d.first.value <= 4: // 3d打印
		return strings.ContainsRune("打模技图动建扫视立", next)
	case letter == 'K':
		return d.first.whole && d.first.value <= 8
	}
	return false
}

// graded tells whether 级 is a scale: 0.5级, 十万级, 3级以上; 二级 is a name.
func (p *parser) graded(d *draft, end int) bool {
	if d.low >= 100 || isFraction(d.first.value) && !d.first.fraction || p.spansGrades(d, end) {
		return true
	}
	return p.comparedBehind(end) || p.compared(d.Start)
}

// spansGrades tells whether the number before 级 closes a range: 3～4级.
func (p *parser) spansGrades(d *draft, end int) bool {
	at := end - 2
	for at > 0 && isDigit(p.runes[at]) {
		at--
	}
	return !d.first.han && isDash(peek(p.runes, at)) && isDigit(peek(p.runes, at-1))
}

// impliedUnit gives a unit to a number without one: pH 7, 投资500万, 系数≤0.1.
func (p *parser) impliedUnit(d *draft) bool {
	if r := peek(p.runes, d.Start); d.negative && (r == '零' || isLetter(r)) { // 零下三十, minus 30
		d.unit = units["℃"].unit
		return true
	}
	if unit, _, ok := p.prefixUnit(d.Start); ok {
		d.unit = unit
		return true
	}
	next := peek(p.runes, d.End)
	if d.first.magnitude >= 1e4 && p.speaksOfMoney(d.Start) && !p.goesOn(next) {
		d.unit = units["元"].unit
		return true
	}
	if d.first.fraction && d.first.unit.isSet() || d.first.fraction && isDigit(p.runes[d.Start]) {
		d.unit = one
		return true
	}
	if d.first.power && !p.goesOn(next) { // a strain of 180×10⁻⁶
		d.unit = one
		return true
	}
	if d.first.han || d.within || p.goesOn(next) || d.first.whole && d.first.value >= 1900 && d.first.value <= 2100 {
		return false
	}
	if p.isRatio(d) {
		return true
	}
	if p.signBefore(d.Start) {
		d.unit = one
		return true
	}
	return false
}

// goesOn tells whether what follows a bare number may be a unit or a name after all.
func (p *parser) goesOn(r rune) bool {
	switch r {
	case '的', '且', '和', '与', '及', '或', '时', '并', '以', '左', '之', '，', '。':
		return false
	}
	return isLetter(r) || isHan(r) || r == '-' || r == '/' || r == '#' || r == '°'
}

// isRatio reads 1:10 behind a word that ends in 比, and gives its value.
func (p *parser) isRatio(d *draft) bool {
	if d.ranged || peek(p.runes, d.End) != ':' || !p.saysRatio(d.Start) {
		return false
	}
	n := numberAt(p.runes, p.blanks(d.End+1))
	if !n.found() || n.value == 0 || n.han || peek(p.runes, n.end) == ':' {
		return false
	}
	d.low /= n.value
	d.high, d.unit, d.End = d.low, one, n.end
	return true
}

func (p *parser) saysRatio(i int) bool {
	for j := i - 1; j >= max(0, i-6) && !ends(p.runes[j]); j-- {
		if p.runes[j] == '比' {
			return true
		}
	}
	return false
}

var moneyWords = wordsOf("投资", "投入", "费用", "资金", "经费", "预算", "收入", "产值", "利润", "价格", "出资", "补贴", "奖励", "销售额", "营业额", "成本", "总价")

func (p *parser) speaksOfMoney(i int) bool {
	from := max(0, i-14)
	for j := i - 1; j >= from && p.runes[j] != '。' && p.runes[j] != '\n'; j-- {
		if moneyWords.at(p.runes, j) > 0 {
			return true
		}
	}
	return false
}

// disambiguate settles units of more than one meaning by what is around them.
func (p *parser) disambiguate(d *draft) {
	if d.atom == nil || d.parts != 1 {
		return
	}
	switch d.atom.name {
	case "kWh":
		p.electric = true
	case "度":
		switch {
		case d.Start < len(p.runes) && p.runes[d.Start] == '零' || p.near(d.Start, "温") || p.near(d.Start, "耐热") || p.near(d.Start, "耐寒"):
			d.unit = units["℃"].unit
		case p.nearer(d.Start, "炉烤烘", '电'):
			d.unit = units["℃"].unit
		case p.electric || p.near(d.Start, "电") || p.near(d.Start, "能耗") || p.near(d.Start, "耗能"):
			d.unit = units["kWh"].unit
		}
	case "T":
		if !p.near(d.Start, "磁") && !p.near(d.Start, "场强") {
			d.unit = units["t"].unit
		}
	}
}

// near tells whether word is among the few code points before i, in its clause.
func (p *parser) near(i int, word string) bool {
	for j := i - 1; j >= max(0, i-10) && !ends(p.runes[j]); j-- {
		if hasAt(p.runes, j, word) {
			return true
		}
	}
	return false
}

// nearer tells whether one of some code points is among the few before i, and none of other
// between.
func (p *parser) nearer(i int, some string, other rune) bool {
	for j := i - 1; j >= max(0, i-10) && !ends(p.runes[j]) && p.runes[j] != other; j-- {
		if strings.ContainsRune(some, p.runes[j]) {
			return true
		}
	}
	return false
}

// ends tells whether r ends a sentence or a line.
func ends(r rune) bool {
	switch r {
	case '。', ';', '\n', '!', '?', '\r':
		return true
	}
	return false
}
