package quantity

import (
	"slices"
	"strings"
)

// bound is a word of comparison.
type bound struct {
	word string
	cmp  Comparison
}

// longestFirst orders words so that 小于等于 is found before 等于.
func longestFirst(lists map[Comparison]string) []bound {
	var out []bound
	for cmp, list := range lists {
		for _, word := range strings.Split(list, "|") {
			out = append(out, bound{strings.TrimSpace(word), cmp})
		}
	}
	slices.SortFunc(out, func(a, b bound) int {
		if d := len([]rune(b.word)) - len([]rune(a.word)); d != 0 {
			return d
		}
		return strings.Compare(a.word, b.word)
	})
	return out
}

// byRune sorts bounds by a code point of theirs and keeps their order otherwise.
func byRune(all []bound, of func(word []rune) rune) map[rune][]bound {
	out := map[rune][]bound{}
	for _, b := range all {
		r := of([]rune(b.word))
		out[r] = append(out[r], b)
	}
	return out
}

func first(word []rune) rune { return word[0] }

func last(word []rune) rune { return word[len(word)-1] }

// denied are comparisons that a word of denial turns into the opposite bound, with the
// words of denial: 别低于 is at least.
var denied = map[Comparison]string{AtLeast: "低于 少于 小于 短于 弱于 差于 低过 少过", AtMost: "超过 高于 大于 多于 超出 长于 大过 高过 多过 超"}

const denials = "不 未 没 没有 从未 别 勿 莫 不能 不要 不得 不应 不可 不宜 不许 不准 不会 千万别"

// denying lists the words of denial before each comparison of cmp.
func denying(cmp Comparison) string {
	var out []string
	for _, denial := range strings.Fields(denials) {
		for _, word := range strings.Fields(denied[cmp]) {
			out = append(out, denial+word)
		}
	}
	return strings.Join(out, "|")
}

var boundsBefore = byRune(longestFirst(map[Comparison]string{
	AtLeast: denying(AtLeast) + `|≥|⩾|>=|=>|≧|≮|不低于|不少于|不小于|不短于|不弱于|不亚于|不下于|不差于|至少|至少为|至少达到|起码|最低|最少|大于等于|大于或等于|大于或者等于|高于等于|高于或等于|
不得低于|不得少于|不得小于|不应低于|不应小于|不应少于|不能低于|不能小于|不能少于|不可低于|达到或超过|下限为|
at least|At least|no less than|not less than|no fewer than|not lower than|no lower than|not below|minimum of|a minimum of|minimum|min.|greater than or equal to|more than or equal to`,
	Above: `>|大于|高于|多于|超过|超出|长于|强于|逾|突破|超|大於|more than|greater than|over|above|exceeding|exceed|exceeds|higher than|longer than|larger than|in excess of|thicker than|deeper than|wider than|heavier than|大过|高过|多过`,
	AtMost: denying(AtMost) + `|顶多|≤|⩽|<=|=<|≦|≯|不高于|不大于|不超过|不多于|不超出|不长于|至多|最多|最高|最大|小于等于|小于或等于|小于或者等于|低于等于|低于或等于|
不得超过|不得高于|不得大于|不应超过|不应大于|不应高于|不能超过|不能大于|不能高于|不可超过|不宜超过|不宜大于|上限为|
at most|At most|no more than|not above|not over|not more than|up to|not exceeding|not exceed|maximum of|a maximum of|maximum|max.|less than or equal to|within|no greater than|not greater than|no higher than|no longer than`,
	Below: `<|小于|低于|少于|短于|不足|不到|不满|小於|轻于|窄于|薄于|less than|below|under|fewer than|lower than|shorter than|smaller than|thinner than|lighter than|narrower than|cheaper than|低过`,
	About: `≈|~|约|大约|约为|约合|近|将近|接近|大概|大致|about|approximately|around|approx.|ca.|roughly|nearly|almost`,
}), last)

var boundsAfter = byRune(longestFirst(map[Comparison]string{
	AtLeast: `往上|朝上|起步|起订|起|打底|at least|minimum|or better|以上|及以上|或以上|和以上|或更高|或更多|之上|或者以上|or more|or above|or higher|or longer|and above|or greater|及其以上`,
	AtMost:  `往下|封顶|顶天|为限|打住|at most|maximum|tops|or under|以下|及以下|或以下|和以下|以内|之内|之下|或更低|或更少|内|范围以内|or less|or below|or lower|or fewer|or shorter|max`,
	About:   `左右|上下|前后|or so`,
	Above:   `开外`,
}), first)

// better stands for the side of a figure that its property asks for.
const better = "优于"

// smallerIsBetter are ends of properties whose lower values are the better ones.
var smallerIsBetter = []string{"精度", "误差", "粗糙度", "偏差", "公差", "噪声", "噪音", "能耗", "损耗", "漏率"}

// fillers may stand between a word of comparison and the number, or the property and
// the comparison. A level tells that the number is one that is reached, no difference.
var fillers = fillersByLast([]filler{
	{"控制在", true}, {"稳定在", true}, {"保持在", true}, {"维持在", true}, {"可达到", true}, {"能达到", true}, {"要达到", true},
	{"达到", true}, {"可达", true}, {"高达", true}, {"能够", false}, {"应当", false}, {"必须", false}, {"分别为", true},
	{"仅为", true}, {"均为", true}, {"应为", true}, {"则为", true}, {"为", true}, {"达", true}, {"在", true}, {"到", true}, {"至", true}, {"于", true},
	{"是", true}, {"仅", false}, {"均", false}, {"应", false}, {"须", false}, {"需", false}, {"要", false}, {"能", false}, {"可", false},
	{"了", false}, {"有", false}, {"等于", true}, {"每年", false}, {"每", false}, {"人民币", false},
	{"分别", false}, {"要求", false}, {"已", false}, {"总", false}, {"=", true},
	{" of", true}, {" is", true}, {" to", true}, {" by", false}, {" be", true}, {" a", false},
})

type filler struct {
	word  string
	level bool
}

func fillersByLast(all []filler) map[rune][]filler {
	out := map[rune][]filler{}
	for _, f := range all {
		r := last([]rune(f.word))
		out[r] = append(out[r], f)
	}
	return out
}

// before reads the words of comparison that end at i. start is where they, and what
// fills the way to the property, begin; level is set by words such as 达到.
func (p *parser) before(i int) (cmp Comparison, start int, level, improved bool) {
	at := i
	for range 6 {
		for at > 0 && (isFilling(p.runes[at-1]) || isDiameter(p.runes[at-1])) {
			at--
		}
		if from, ok := hasBefore(p.runes, at, better); ok {
			return cmp, from, true, true
		}
		if word, from, ok := p.boundBefore(at); ok {
			if cmp == "" || cmp == About {
				cmp = word
			}
			at = from
			continue
		}
		from, lvl, ok := p.fillerBefore(at)
		if _, _, verb := p.verbAt(at); !ok || verb { // the 能 of 节能 fills nothing
			break
		}
		at, level = from, level || lvl
	}
	return cmp, at, level, false
}

// worsening are verbs of changes that are denied with a bound behind them.
var worsening = wordsOf("衰减", "衰退", "下降", "降低", "减少", "损失", "增加", "增大", "升高", "上升", "变化", "波动", "偏差", "偏移", "漂移", "收缩", "膨胀", "变形", "磨损", "泄漏", "老化", "延误", "掉", "降", "涨")

// deniesChange tells whether a denied verb of change ends at i: 不衰减, 不得下降.
func (p *parser) deniesChange(i int) bool {
	for at := max(0, i-3); at < i; at++ {
		n := worsening.at(p.runes, at)
		if n == 0 || at+n != i {
			continue
		}
		for _, denial := range strings.Fields(denials) {
			if _, ok := hasBefore(p.runes, at, denial); ok {
				return true
			}
		}
	}
	return false
}

func isFilling(r rune) bool {
	switch r {
	case ' ', ':', '(', '$', '¥', '￥':
		return true
	}
	return false
}

func (p *parser) boundBefore(at int) (cmp Comparison, from int, ok bool) {
	for _, b := range boundsBefore[peek(p.runes, at-1)] {
		if from, ok := hasBefore(p.runes, at, b.word); ok {
			if isLetter([]rune(b.word)[0]) && isLetter(peek(p.runes, from-1)) {
				continue
			}
			if b.word == "近" && (peek(p.runes, from-1) == '最' || peek(p.runes, from-1) == '附') || b.word == "约" && peek(p.runes, from-1) == '节' ||
				b.word == "超" && peek(p.runes, from-1) == '不' {
				continue
			}
			return b.cmp, from, true
		}
	}
	return "", at, false
}

func (p *parser) fillerBefore(at int) (from int, level, ok bool) {
	for _, f := range fillers[peek(p.runes, at-1)] {
		if from, ok := hasBefore(p.runes, at, f.word); ok {
			return from, f.level, true
		}
	}
	return at, false, false
}

// after reads the words of comparison that begin at i.
func (p *parser) after(i int, ranged bool) Comparison {
	at := p.blanks(i)
	if peek(p.runes, at) == ')' {
		at++
	}
	for _, b := range boundsAfter[peek(p.runes, at)] {
		if !hasAt(p.runes, at, b.word) {
			continue
		}
		if b.word == "内" && (ranged || !p.closesSpan(at)) || !p.closesBound(at, b.word) {
			continue
		}
		return b.cmp
	}
	return ""
}

// closesBound tells whether a word of comparison at i belongs to the quantity before it: 起
// ends what it says, and "at least" and "max" do not begin what follows, as in "at least 5"
// and "maximum pressure".
func (p *parser) closesBound(i int, word string) bool {
	end := i + len([]rune(word))
	next := peek(p.runes, p.blanks(end))
	switch word {
	case "起":
		return !isHan(next)
	case "at least", "at most":
		return !isDigit(next)
	case "max", "maximum", "minimum":
		return !isDigit(next) && !isLetter(next)
	}
	return true
}

// closesSpan tells whether 内 at i ends a span, and does not begin 内径 or 内部.
func (p *parser) closesSpan(at int) bool {
	switch peek(p.runes, at+1) {
	case '径', '部', '容', '外', '置', '衬', '壁', '孔', '胆', '存', '燃', '腔', '层', '圈', '齿', '螺', '阻', '表':
		return false
	}
	return true
}

// compared tells whether a word of strict comparison ends at i.
func (p *parser) compared(i int) bool {
	cmp, _, _, _ := p.before(i)
	return cmp != "" && cmp != About
}

func (p *parser) comparedBehind(i int) bool {
	cmp := p.after(i, false)
	return cmp != "" && cmp != About
}

// signBefore tells whether a word or sign of strict comparison ends at i, with nothing
// between.
func (p *parser) signBefore(i int) bool {
	for i > 0 && p.runes[i-1] == ' ' {
		i--
	}
	cmp, _, ok := p.boundBefore(i)
	return ok && cmp != About
}

// mirrored reads a sign behind a quantity: 5mm<d says that d is above 5 mm.
func (p *parser) mirrored(i int) Comparison {
	at := p.blanks(i)
	sign := peek(p.runes, at)
	next := peek(p.runes, p.blanks(at+1))
	if next == '=' || !isLetter(next) && !isHan(next) && !isGreek(next) {
		return ""
	}
	switch sign {
	case '<':
		return Above
	case '≤':
		return AtLeast
	case '>':
		return Below
	case '≥':
		return AtMost
	}
	return ""
}

func isGreek(r rune) bool { return 0x370 <= r && r <= 0x3FF }
