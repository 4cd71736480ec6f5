package intake

import (
	"strings"
	"unicode"

	"github.com/duijie/duijie/internal/text"
)

// trimmed leaves out what is no letter or digit at the beginning, and words that only say that
// something is wanted, and punctuation at the end, but for the signs of units.
func trimmed(runes []rune, at text.Range) text.Range {
	for again := true; again; {
		again = false
		for at.Start < at.End && !isWordRune(runes[at.Start]) {
			at.Start++
		}
		for at.End > at.Start && (unicode.IsPunct(runes[at.End-1]) && !strings.ContainsRune("%‰", runes[at.End-1]) || unicode.IsSpace(runes[at.End-1])) {
			at.End--
		}
		if at.Start < at.End {
			if n := openers.at(runes, at.Start); n > 0 && at.Start+n < at.End {
				at.Start, again = at.Start+n, true
			}
		}
	}
	return at
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func countLetters(runes []rune) int {
	n := 0
	latin := 0
	for _, r := range runes {
		switch {
		case isLatin(r):
			latin++
		case unicode.IsLetter(r):
			n++
		}
	}
	return n + latin/3
}

func hasDigit(runes []rune) bool {
	for _, r := range runes {
		if isDigit(r) {
			return true
		}
	}
	return false
}

// phrases is a lexicon of words in which _ is a blank.
func phrases(list string) lexicon {
	var out []string
	for _, w := range strings.Fields(list) {
		out = append(out, strings.ReplaceAll(w, "_", " "))
	}
	return lexiconOf(out...)
}

// openers say that something is wanted and nothing of what.
var openers = phrases(`求购 诚求 现求 寻求 求 希望能 希望 想要 想找 想引进 想 要求 需要 现需 需 请推荐 请 最好能 最好 现征集 征集 有没有办法 有没有 能不能 如何 怎么 一种 一套 一个 必须 并且 而且 同时 还要 还 也要 也 但 且 并
we_want we_need we_are_looking_for looking_for we_would_like need_a want_a so_that and which that`)

// wishes are words of clauses that ask for something.
var wishes = phrases(`求 要 希望 想 需 最好 能 不要 不能 不得 不想 不做 不换 不加 不再 不许 别 都要 必须 务必 便于 就能 即可 可以 适合 适用 少 避免 防止 减少 降低 提高 提升 改善 解决 尽量 齐全 只能 全覆盖 自动
want need must should would_like looking_for without prevent reduce improve avoid withstand keeps keep cut_by tells_us does_not better not_of_interest not_what`)

// complaints are words of clauses that tell what is bad.
var complaints = phrases(`老是 老 总是 总 经常 常常 容易 受不了 不干净 不灵 不出来 不住 不上去 不下来 不了 失效 崩 开裂 堵 漏 渗 坏 卡死 粘板 掉线 掉 锈 霉 发酸 臭 糊 断 着火 误报 漏报 变形 变暗 褪色 收率低 效率低 寿命短 寿命不够 跟不上 抱怨 投诉 退货 怕 停机 停车
complain complaints breaks breakage drift wandered fails failure snaps leaks clogs too_expensive cannot not_affordable tired_of come_out bent`)

// background are words of clauses that tell how things are.
var background = phrases(`我公司 我司 我厂 本公司 公司 我们是 我们做 我们给 我们厂 目前 现有 现在 现用 年产 日产 营收 获评 成立 试过 之前 原来 客户 多年 企业
our_company we_are we_have we_manage currently today`)

// terms of business are no wish that a patent could serve.
var terms = phrases(`合作 报告 样品 样件 价格 面议 联系 资料 专家 院校 高校 报价 工期 预算 投资 验收 优先 产学研 doe 特此发布 发布 诚意 转让 入股 付款 cooperation samples price_talks budget`)

// ruledOut are words for what must not be or must stay as it is.
var ruledOut = phrases(`不做 不考虑 不要 不想 不得 不能 不换 不改 不加 不动 不再 不用 不采用 不许 无需 只能 没法 现有设备 现有产线 现有生产线 without not_of_interest not_what do_not`)

// uses are words for where something is used.
var uses = phrases(`用于 用在 适用于 适合 应用于 场合 场景 环境下 工况 used_in used_for suitable_for`)

// wantedHeadings and toldHeadings are words of headings over what is wanted, and over how
// things are.
var (
	wantedHeadings = phrases(`需求 要求 指标 目标 难题 问题 想要 研究内容 技术内容 攻关 requirements targets wanted needs`)
	toldHeadings   = phrases(`简介 基础 背景 现状 概况 优势 条件 意义 介绍 资质 荣誉 background about_us profile`)
)
