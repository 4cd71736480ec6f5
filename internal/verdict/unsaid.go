package verdict

import (
	"maps"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/quantity"
)

// unsaid are properties whose figures people write without a unit, behind the unit that
// is then meant: COD 500以下 is in mg/L. 1 is none at all.
var unsaid = unsaidOf(`
mg/L cod codcr bod bod5 氨氮 总氮 总磷 悬浮物 溶解氧 溶氧 余氯 总硬度 六价铬 总铬 镍 铬 锑 铅 镉 砷 汞 铊 氟离子
mg/m³ 总烃 非甲烷总烃 nmhc vocs 颗粒物 粉尘 烟尘 油烟 苯系物 氮氧化物 二氧化硫 nox so2
μg/kg 苯并芘 黄曲霉毒素
% 准确率 正确率 识别率 检出率 召回率 命中率 合格率 成品率 良率 回收率 去除率 脱除率 成活率 存活率 发芽率 利用率 开机率 漏检率 误报率 误检率 误判率 纯度
HRC 硬度
HA 邵氏硬度 邵氏a硬度 邵a硬度 邵a
Hazen 色度 色号
m³/h 风量
r/min 转速
μm 粗糙度 粗糙度ra
mm 外径 内径 壁厚 板厚 圆角 内角 倒圆
倍 倍数
级 牢度 色牢度 摩擦 湿摩 干摩 湿摩擦 干摩擦 起球 起毛起球 台风 风力 抗风 细胞毒性 毒性 气密性 气密性能 水密性 抗扰度 静电放电 浪涌 耐水洗 皂洗 沾色 变色
pH ph ph值
1 系数 指数 比 相关 cop pue gwp rsrp 活度 黄度 黄度指数 yi 折射率 b/c
`)

var unsaidNames = lexiconOf(slices.Sorted(maps.Keys(unsaid)))

func unsaidOf(table string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		names := strings.Fields(line)
		for _, name := range names[1:] {
			out[name] = names[0]
		}
	}
	return out
}

// Words between such a property and its number: those that may follow one another, and
// those that may stand some way off, since they tell that a number is reached.
var (
	bridging = words(`还 得 有 为 是 达 到 至 要 要求 须 必须 应 能 可 约 大约 在 只 仅 值 平均 始终 稳定 保持 维持 控制 调节 调 降 压 做 提高 升 不 别 勿
超 超过 低于 高于 小于 大于 少于 多于 不足 至少 最低 最高 最大 最小 起码 顶多 优于 : = ( ≥ ≤ > < ~ 由 从 r φ is of at to about below above under over least most than no more less not`)
	reaching = words(`降到 降至 压到 压至 控到 控制在 控制到 处理到 做到 达到`)
)

// suffixes are what is written behind the number in place of the unit, by the unit that is
// meant. The mark of a scale of grades has to be there.
var suffixes = map[string]lexicon{
	"mg/L": words(`个 毫克 mg`), "mg/m³": words(`个 毫克 mg`), "μg/kg": words(`个 微克 μg`), "%": words(`个点`),
	"Hazen": words(`号 度`), "HA": words(`度`), "HRC": words(`度`), "级": words(`级`), "r/min": words(`转`),
}

// trailing may follow a number that has no unit.
var trailing = words(`以上 以下 以内 之内 之间 左右 上下 往上 往下 朝上 封顶 顶天 打住 起 降 升 提 的 时 后 就 也 才 都 且 和 与 或 及 并 还 不 吧 了`)

const (
	maxBridge = 12 // code points between a property and its number
	maxNumber = 16
	waterNear = 40 // code points around a metal in which water makes it one that is dissolved
)

// unsaidFigures finds the figures without a unit behind the properties that lend them one.
func unsaidFigures(folded []rune) []quantity.Quantity {
	var out []quantity.Quantity
	for i := 0; i < len(folded); {
		n := unsaidNames.at(folded, i)
		if n == 0 {
			i++
			continue
		}
		unit := unitUnsaid(folded, i, i+n)
		i += n
		for q, ok := unsaidAt(folded, i, unit); ok; q, ok = unsaidAt(folded, i, unit) { // 由150号降至60号
			out = append(out, q)
			i = q.End
		}
	}
	return out
}

// unitUnsaid is the unit that the property from start to end lends; empty for a metal with
// no water around.
func unitUnsaid(folded []rune, start, end int) string {
	if start > 0 && (folded[start-1] == '/' || folded[start-1] == 'δ') { // of a ratio or a difference
		return ""
	}
	if end-start == 1 && !waters.within(folded[max(0, start-waterNear):min(len(folded), end+waterNear)]) {
		return ""
	}
	return unsaid[string(folded[start:end])]
}

// unsaidAt reads the figure behind i in a unit; an empty one gives none.
func unsaidAt(folded []rune, i int, unit string) (quantity.Quantity, bool) {
	from := bridged(folded, i)
	to := numberEnd(folded, from)
	if to == from || unit == "" {
		return quantity.Quantity{}, false
	}
	end := to
	if l := suffixes[unit]; l != nil && to < len(folded) {
		end += l.at(folded, to)
	}
	if unit == "级" && end == to || !closes(folded, end, unit) {
		return quantity.Quantity{}, false
	}
	bridge := strings.NewReplacer("r", " ", "φ", " ").Replace(string(folded[i:from]))
	written := unit
	if unit == "1" || unit == "级" {
		written = "倍" // read with a unit that no rule is about
	}
	for _, q := range quantity.Parse(bridge + string(folded[from:to]) + written + string(folded[end:min(len(folded), end+4)])) {
		if q.Start != from-i {
			continue
		}
		q.Start, q.End = from, end
		q.Unit, _ = quantity.ParseUnit(unit)
		q.Change = ""
		if unit == "HRC" && (q.Low < 20 || q.High > 70) { // of another scale
			q.Unit = one
		}
		return q, true
	}
	return quantity.Quantity{}, false
}

// waters tell that a metal is dissolved.
var waters = words(`水 液 废水 water effluent`)

// bridged passes over the words that lead from a property, which ends at i, to its number;
// it gives i where they lead to none.
func bridged(folded []rune, i int) int {
	at := i
	for at < len(folded) && at-i < maxBridge {
		if folded[at] == ' ' {
			at++
			continue
		}
		n := bridging.at(folded, at)
		if n == 0 && (folded[at] == 'r' || folded[at] == '=') {
			n = 1
		}
		if n == 0 {
			break
		}
		at += n
	}
	if at < len(folded) && (isNumeral(folded[at]) || folded[at] == '-') {
		return at
	}
	for at = i; at < min(len(folded), i+maxBridge) && !isNumeral(folded[at]) && folded[at] != '。'; at++ {
		if n := reaching.at(folded, at); n > 0 {
			return at + n
		}
	}
	return i
}

// isNumeral tells whether r is a digit, Arabic or Chinese.
func isNumeral(r rune) bool { return '0' <= r && r <= '9' || strings.ContainsRune(hanNumerals, r) }

const hanNumerals = "一二两三四五六七八九十百千万"

// numberEnd gives the end of the number or range at i, and i where there is none. A single
// Chinese numeral is none, since it may only enumerate, unless it is a grade.
func numberEnd(folded []rune, i int) int {
	end := i
	for end < len(folded) && end-i < maxNumber && (isNumeral(folded[end]) || strings.ContainsRune(".,~-–—至到点", folded[end])) {
		end++
	}
	for end > i && !isNumeral(folded[end-1]) {
		end--
	}
	if end > i && strings.ContainsRune(hanNumerals, folded[i]) && end-i == 1 && (end == len(folded) || folded[end] != '级') {
		return i
	}
	return end
}

// closes tells whether a number without a unit may end before i.
func closes(folded []rune, i int, unit string) bool {
	if i == len(folded) {
		return true
	}
	r := folded[i]
	switch {
	case r == '.':
		return i+1 == len(folded) || folded[i+1] == ' '
	case isLatin(r), isNumeral(r), strings.ContainsRune("%‰×℃:/°μ", r):
		return false
	case r == ' ':
		return i+1 == len(folded) || !isLatin(folded[i+1]) && !strings.ContainsRune("%‰×℃μ", folded[i+1])
	case r < 0x4E00 || r > 0x9FFF:
		return true
	}
	return unit == "1" || unit == "级" || trailing.at(folded, i) > 0
}

// lacksUnit tells whether a figure was read with no unit, as a count, or without the
// denominator of the unit that its property lends.
func lacksUnit(read, lent quantity.Unit) bool {
	top, _, _ := strings.Cut(lent.Symbol, "/")
	return read.Symbol == "1" || read.Symbol == "个" || read.Symbol == top && top != lent.Symbol || read.Symbol == "r"
}
