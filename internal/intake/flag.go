package intake

import (
	"strings"
	"unicode"

	"github.com/duijie/duijie/internal/match"
)

// FlagsOf gives the flags of Analyze alone, which takes a small part of its time.
func FlagsOf(t match.Texts) []Flag {
	title, body := essence(t.Title), essence(t.Body)
	whole := append(append([]rune{}, title...), body...)
	var out []Flag
	add := func(f Flag, is bool) {
		if is {
			out = append(out, f)
		}
	}
	add(Empty, len(whole) == 0)
	if len(whole) == 0 {
		return out
	}
	given := withoutPhrases(string(body), nothings)
	add(NotProvided, given == "" && len(body) <= 24 && (len(body) > 0 || notGiven(title)))
	rest := withoutPhrases(string(body), boilerplate)
	add(Boilerplate, len(body) > 0 && 5*len([]rune(rest)) <= 2*len(body) && given != "")
	add(TooShort, len(whole) < MinLength)
	add(Repeated, repeats(body) || repeats(title))
	add(ContactOnly, contactOnly(strings.ToLower(t.Title+" "+t.Body)))
	add(NoText, len(body) == 0 || string(body) == string(title))
	return out
}

func notGiven(title []rune) bool { return withoutPhrases(string(title), nothings) == "" }

// essence gives letters and digits of any script, in lower case.
func essence(s string) []rune {
	out := make([]rune, 0, len(s))
	for _, r := range folded(s) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, r)
		}
	}
	return out
}

// nothings are what is written where nothing is to be said. Without blanks and
// punctuation, as essence leaves them.
var nothings = lexiconFrom(`未提供 暂未提供 未填写 未填 暂无 没有 不详 待定 待补充 暂缺 见附件 详见附件 详见附件材料 请见附件 同上 略 无 空 需求内容 技术需求 需求 内容 描述 null none nil na n/a nothing notprovided
notavailable notapplicable tobedetermined tbd undefined test 测试 xxx`)

// boilerplate are phrases that fit any demand.
var boilerplate = lexiconFrom(`欢迎洽谈 欢迎联系 欢迎来电 欢迎合作 欢迎咨询 欢迎垂询 诚邀合作 诚邀 寻求合作 寻求技术合作 寻找合作 期待合作 价格面议 面议 具体面谈 面谈 电话联系 联系电话 长期有效 有意者请联系
有意者 请联系 联系人 合作共赢 互利共赢 共同发展 真诚合作 详情请联系 详情请咨询 详情面议 具体情况面议 技术转让 技术合作 合作开发 委托开发 产学研合作 我公司 我司 本公司 公司 企业 专家 高校 科研院所 先生 女士 电话 手机 邮箱
pleasecontact contactus welcome cooperation negotiable formoreinformation`)

// withoutPhrases takes phrases out of an essence, longer ones first.
func withoutPhrases(s string, phrases lexicon) string {
	runes := []rune(s)
	var out strings.Builder
	for i := 0; i < len(runes); {
		if n := phrases.at(runes, i); n > 0 {
			i += n
			continue
		}
		out.WriteRune(runes[i])
		i++
	}
	return out.String()
}

// repeats tells whether a text is one piece over and over: few of its pairs of
// neighbouring code points are new.
func repeats(essence []rune) bool {
	n := min(len(essence), 2000) // as long as it goes on so
	if n < 8 {
		return false
	}
	pairs := map[[2]rune]int{}
	for i := range n - 1 {
		pairs[[2]rune{essence[i], essence[i+1]}]++
	}
	if n < 40 {
		return len(pairs) <= n/4
	}
	return len(pairs) <= 10+n/20
}

// contactOnly tells whether without addresses and numbers little is left of a text
// that has any.
func contactOnly(s string) bool {
	found, left := false, 0
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("，。；：,;:（）()、", r) }) {
		digits := 0
		for _, r := range word {
			if unicode.IsDigit(r) {
				digits++
			}
		}
		switch {
		case strings.Contains(word, "@") && strings.Contains(word, "."), strings.HasPrefix(word, "http"), strings.HasPrefix(word, "www."), digits >= 7:
			found = true
		default:
			left += len([]rune(withoutPhrases(string(essence(word)), contactWords)))
		}
	}
	return found && left < MinLength
}

var contactWords = lexiconFrom(`联系人 联系电话 联系方式 电话 手机 手机号 邮箱 电子邮箱 微信 微信号 地址 邮编 传真 网址 先生 女士 经理 qq tel phone email mail wechat fax contact address`)
