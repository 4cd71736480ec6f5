package verdict

import (
	"slices"
	"strings"
	"unicode"

	"github.com/duijie/duijie/internal/text"
)

// bars go before what must not be in something or be used, barsBehind behind it.
var (
	bars = words(`不含有 不含 不得含有 不得含 不能含有 不能含 不可含有 不可含 不要含 不使用 不得使用 不能使用 不可使用 不采用 不得采用 不能采用 不可采用 不添加 不得添加 不能添加 不加入
不用 不得用 不能用 不要用 不想用 不愿用 无需 无须 毋需 毋须 不需要 不需 不要 不考虑 不接受 禁用 禁止使用 禁止采用 避免使用 避免采用 杜绝使用 谢绝 拒绝 排除
must_not_contain must_not_use must_not_be_based_on may_not_contain may_not_use not_contain not_containing not_use not_using not_based_on not_made_of do_not_want free_of free_from without no no_use_of avoid avoiding`)
	barsBehind = words(`不要 不做 没兴趣 不感兴趣 不考虑 不予考虑 不在考虑 除外 免谈 不接受 不采用 不行 谢绝 are_not_considered is_not_considered is_not_acceptable are_not_acceptable not_acceptable not_considered are_excluded is_excluded is_not_allowed are_not_allowed not_allowed
required needed`)
)

// fillers may stand before a name that is ruled out or behind it, and tell nothing of it.
var (
	fillers = words(`使用 采用 选用 添加 加入 加装 安装 含有 含 任何 各种 其他 一切 再 contain containing using use based_on any the a an need_for kind_of`)
	trailed = words(`一类 之类 这类 那种 这种 类 方案 工艺 方法 技术 设备 产品 体系 路线 等 的 is are be at_all please`)
)

// unnamed are words that no name has: what has them is told, and not named.
var unnamed = words(`带动 的 了 就 也 能 会 在 把 被 让 给 后 时 老 再 重新 出现 因 以前 过 很 太 我 我们 要 于 and_is that which when if to for`)

// barred are the names of what an element rules out: 甲苯 of 不得含有甲苯. There are none where
// anything else is said in it.
func barred(folded []rune) (out [][]rune) {
	folded = trimmedRunes(folded)
	for i := range folded {
		n := bars.at(folded, i)
		if n == 0 {
			continue
		}
		rest := trimmedRunes(folded[i+n:])
		rest = rest[:len(rest)-barsBehind.endsAt(rest)] // no curing required
		if len(rest) == 0 {
			break
		}
		if !isSubject(folded[:i]) {
			return nil
		}
		return namesOf(rest)
	}
	if n := barsBehind.endsAt(folded); n > 0 && !isLatin(folded[len(folded)-1]) || n > len("required") {
		return namesOf(folded[:len(folded)-n])
	}
	if s, ok := strings.CutSuffix(string(folded), "-free"); ok {
		return namesOf([]rune(s))
	}
	return nil
}

// isSubject tells whether what stands before a ban can be what it is about, and no wish of its own.
func isSubject(runes []rune) bool {
	most := 5
	if len(runes) > 0 && isLatin(runes[0]) {
		most = 24
	}
	return len(runes) <= most && !slices.ContainsFunc(runes, func(r rune) bool { return r == ',' || r == '，' || r == '或' || unicode.IsDigit(r) })
}

// barredIn are the names of what an element of a clause rules out; it may be the name alone.
func barredIn(folded []rune, clause, at text.Range) [][]rune {
	if out := barred(folded[at.Start:at.End]); out != nil {
		return out
	}
	before := folded[clause.Start:max(clause.Start, at.Start)]
	for n := -1; n != 0; before = before[:len(before)-n] {
		before = trimmedRunes(before)
		n = fillers.endsAt(before)
	}
	if bars.endsAt(before) > 0 {
		return namesOf(folded[at.Start:at.End])
	}
	return nil
}

// endsAt gives the length of the longest word that runes end with; 0 is none.
func (l lexicon) endsAt(runes []rune) int {
	for i := max(0, len(runes)-24); i < len(runes); i++ {
		if n := l.at(runes, i); n > 0 && i+n == len(runes) {
			return n
		}
	}
	return 0
}

func trimmedRunes(runes []rune) []rune {
	inert := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for len(runes) > 0 && inert(runes[0]) {
		runes = runes[1:]
	}
	for len(runes) > 0 && inert(runes[len(runes)-1]) {
		runes = runes[:len(runes)-1]
	}
	return runes
}

// Bounds of a name, in code points.
const (
	leastName  = 2
	mostName   = 8
	leastLatin = 4
	mostLatin  = 40
)

// namesOf splits a list of names; it gives none where one of them is no name.
func namesOf(runes []rune) (out [][]rune) {
	parts := strings.FieldsFunc(string(runes), func(r rune) bool {
		switch r {
		case '、', ',', '，', '/', '和', '与', '及', '或':
			return true
		}
		return false
	})
	for _, part := range parts {
		for _, one := range strings.Split(strings.ReplaceAll(part, " and ", " or "), " or ") {
			name := stripFillers([]rune(one))
			latin := len(name) > 0 && isLatin(name[0])
			switch n := len(name); {
			case latin && (n < leastLatin || n > mostLatin), !latin && (n < leastName || n > mostName):
				return nil
			}
			if unnamed.within(name) || refusals.within(name) || slices.ContainsFunc(name, unicode.IsDigit) {
				return nil
			}
			out = append(out, name)
		}
	}
	return out
}

func stripFillers(name []rune) []rune {
	for again := true; again; {
		again, name = false, trimmedRunes(name)
		if len(name) == 0 {
			break
		}
		if n := fillers.at(name, 0); n > 0 && n < len(name) {
			name, again = name[n:], true
		}
		if n := trailed.endsAt(name); n > 0 && n < len(name) {
			name, again = name[:len(name)-n], true
		}
	}
	return name
}

// mention is how a patent speaks of what is ruled out.
type mention uint8

const (
	unspoken mention = iota
	denied
	stated
)

// denials go anywhere before a name in its clause, near ones right before it.
var (
	denials = words(`不含有 不含 不得含 不使用 不采用 未使用 未采用 不添加 未添加 不加入 不用 无需 无须 毋需 不需要 不需 不经 不涉及 未检出 取代 替代 代替 替换 摒弃 淘汰 杜绝 消除 避免 省去 取消 不产生 不引入 区别于 有别于 不同于 回避 不设 未设 不以 防止
without free_of free_from not_contain does_not_contain not_containing contains_no no instead_of rather_than replaces replacing avoids avoiding eliminates prevents not_based_on`)
	nearDenials  = words(`无 免 非 零 未 不 没有 除 脱 去除 zero non not`)
	rivalsBehind = words(`相比 相较 相当 不同 组 compared group`)
	// troubles end a clause that tells what is wrong with what there was.
	troubles      = words(`问题 缺陷 缺点 不足 弊端 难题 problem problems drawback drawbacks`)
	denialsBehind = words(`含量为0 含量为零 未检出 均不 以外 free -free is_not are_not`)
)

// behindName is the number of code points behind a name that tell of it.
const behindName = 6

// nearDenial is the number of code points before a name in which a near denial is about it.
const nearDenial = 3

// speaks tells whether the patent names one of the names, and whether it denies that: stated where
// any is named as its own, and the part that says so. What belongs to something else (传统电镀) is
// left out.
func (p *Record) speaks(names [][]rune) (says mention, part int) {
	for i := range p.parts {
		q := &p.parts[i]
		folded := p.fields[q.field].folded[q.at.Start:q.at.End]
		for _, name := range names {
			if m := speaksOf(folded, name); m > says {
				says, part = m, i
			}
		}
	}
	return says, part
}

// speaksOf tells how a clause speaks of a name.
func speaksOf(folded, name []rune) (says mention) {
	for at := nameAt(folded, name, 0); at >= 0; at = nameAt(folded, name, at+1) {
		before, after := folded[:at], folded[min(len(folded), at+len(name)):]
		after = after[:min(len(after), behindName)]
		switch {
		case denials.within(before), nearDenials.within(before[max(0, len(before)-nearDenial):]), denialsBehind.within(after):
			says = max(says, denied)
		case rivals.within(before), rivalsBehind.within(after), troubles.within(folded[at:]):
		default:
			says = stated
		}
	}
	return says
}

// nameAt finds a name from a place on; −1 is nowhere. Latin words may end in other ways.
func nameAt(folded, name []rune, from int) int {
	latin := isLatin(name[0])
	stem := name
	if latin {
		stem = stemOf(name)
	}
	for i := from; i+len(stem) <= len(folded); i++ {
		if !slices.Equal(folded[i:i+len(stem)], stem) {
			continue
		}
		if !latin {
			return i
		}
		end := i + len(stem)
		for end < len(folded) && isLatin(folded[end]) {
			end++
		}
		if (i == 0 || !isLatin(folded[i-1])) && slices.Equal(stemOf(folded[i:end]), stem) {
			return i
		}
	}
	return -1
}

// stemOf leaves out the endings that verbs and plurals have.
func stemOf(word []rune) []rune {
	s := string(word)
	for _, end := range []string{"ing", "ed", "es", "s", "e"} {
		if cut, ok := strings.CutSuffix(s, end); ok && len(cut) >= 3 {
			return []rune(cut)
		}
	}
	return word
}
