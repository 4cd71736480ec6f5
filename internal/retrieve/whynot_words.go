package retrieve

import (
	"fmt"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// say puts the stage into words: the reason, and what would bring the record in.
func (w *whyNot) say() {
	switch w.out.Stage {
	case match.InAnswer:
		w.because("%s 在结果中，排第 %d 位。", "%s is in the answer, at rank %d", w.ref.ID, w.out.Rank)
	case match.UnknownRecord:
		w.because("没有编号为 %s 的%s。", "there is no %[2]s %[1]s", w.ref.ID, w.ref.Kind.Words())
		w.remedy("请核对编号，或先导入该记录。", "check the id, or import the record first")
	case match.WithdrawnRecord:
		w.because("%s 已下架。", "%s was withdrawn", w.ref.ID)
		w.remedy("重新写入该记录即可恢复。", "write the record again to bring it back")
	case match.HiddenRecord:
		w.because("%s 不公开，不出现在任何结果中。", "%s is private, and in no answer", w.ref.ID)
		w.remedy("将其可见范围改为公开或本机构。", "make its visibility public or tenant")
	case match.FilteredOut:
		w.because("%s 不符合筛选条件：%s。", "%s does not meet the filter: %s", w.ref.ID, w.failures())
		w.remedy("放宽或去掉上述条件。"+w.then().ZH, "widen or drop these conditions"+w.then().EN)
	case match.UnavailableRecord:
		w.because("%s 目前不可得：%s。", "%s cannot be had: %s", w.ref.ID, w.failures())
		w.remedy("用“包括不可得记录”（include_unavailable）查询，或更新该记录。"+w.then().ZH,
			"ask with include_unavailable, or update the record"+w.then().EN)
	case match.NotSearchable:
		w.sayState()
	case match.NotNominated:
		w.sayNomination()
	case match.LostFirstPass:
		f := w.out.FirstPass
		w.because("%s 被提名，但初筛排第 %d 位（取前 %d 位），初筛分 %.3f，末位 %.3f，差 %.3f。",
			"%s was nominated, and stands at %d in the first pass, of which the first %d are scored: logit %.3f against %.3f of the last, %.3f short",
			w.ref.ID, f.Rank, f.Depth, f.Logit, f.Cutoff, f.Cutoff-f.Logit)
		w.remedy("用筛选条件缩小范围，或让标题和摘要更贴近对方的用词。"+w.then().ZH,
			"narrow the search with a filter, or bring title and text closer to the other side's words"+w.then().EN)
	case match.BelowPage:
		w.sayRank()
	}
}

func (w *whyNot) because(zh, en string, args ...any) { w.out.Reason = worded(zh, en, args) }

func (w *whyNot) remedy(zh, en string, args ...any) { w.out.Remedy = worded(zh, en, args) }

// worded fills in both formats; an argument in two languages goes in in that of the text.
func worded(zh, en string, args []any) match.LocalText {
	inZH, inEN := make([]any, len(args)), make([]any, len(args))
	for i, arg := range args {
		inZH[i], inEN[i] = arg, arg
		if t, ok := arg.(match.LocalText); ok {
			inZH[i], inEN[i] = t.ZH, t.EN
		}
	}
	if len(args) == 0 {
		return match.LocalText{ZH: zh, EN: en}
	}
	return match.LocalText{ZH: fmt.Sprintf(zh, inZH...), EN: fmt.Sprintf(en, inEN...)}
}

// failures lists the conditions that failed.
func (w *whyNot) failures() match.LocalText {
	var zh, en []string
	for _, c := range w.out.Conditions {
		zh = append(zh, fmt.Sprintf("要求%s，实为%s", c.Required.ZH, c.Found.ZH))
		en = append(en, fmt.Sprintf("required is %s, it has %s", c.Required.EN, c.Found.EN))
	}
	return match.LocalText{ZH: strings.Join(zh, "；"), EN: strings.Join(en, "; ")}
}

// then says whether the score would be enough for the page.
func (w *whyNot) then() match.LocalText {
	s := w.out.Shortfall
	switch {
	case s == nil:
		return match.LocalText{}
	case s.Ordered >= s.LastOrdered:
		return match.LocalText{ZH: "其得分高于所示末位，届时会出现在本页。", EN: "; its score is enough for this page"}
	}
	return match.LocalText{
		ZH: fmt.Sprintf("但其得分仍比所示末位低 %.3f（logit），还需翻页或增大结果数量。", s.Gap),
		EN: fmt.Sprintf("; its logit is %.3f below the last hit's all the same: ask for more hits as well", s.Gap),
	}
}

var stateWords = map[match.State]match.LocalText{
	match.Accepted:     {ZH: "已接收，尚未编入索引", EN: "accepted, and not indexed yet"},
	match.Embedded:     {ZH: "已向量化，尚未编入索引", EN: "embedded, and not indexed yet"},
	match.EmbedPending: {ZH: "等待向量化", EN: "waiting for the embedder"},
	match.Failed:       {ZH: "索引失败", EN: "indexing failed"},
}

func (w *whyNot) sayState() {
	words, why := stateWords[w.out.State], ""
	if w.out.StateReason != "" {
		why = w.out.StateReason
		words = match.LocalText{ZH: words.ZH + "（" + why + "）", EN: words.EN + " (" + why + ")"}
	}
	w.because("%s 尚不可检索：%s。", "%s is not searchable: %s", w.ref.ID, words)
	switch w.out.State {
	case match.Failed:
		w.remedy("修正记录或重试（duijie retry）。", "correct the record, or try it again (duijie retry)")
	case match.EmbedPending:
		w.remedy("向量模型恢复后会自动重试；此前只能靠词检索找到。", "it is tried again when the embedder is back, and found by its words until then")
	default:
		w.remedy("稍后再试。", "ask again in a moment")
	}
}

var searchWords = map[match.LegName]match.LocalText{
	match.LexicalLeg: {ZH: "词", EN: "words"}, match.TitleLeg: {ZH: "标题向量", EN: "vectors of titles"}, match.TextLeg: {ZH: "全文向量", EN: "vectors of texts"},
}

func (w *whyNot) sayNomination() {
	var zh, en []string
	missed := false
	for _, n := range w.out.Nominations {
		words := searchWords[n.Leg]
		place := match.LocalText{ZH: fmt.Sprintf("第 %d 位", n.Rank), EN: fmt.Sprintf("rank %d", n.Rank)}
		if n.Rank == 0 {
			place = match.LocalText{ZH: fmt.Sprintf("前 %d 位之外", n.Looked), EN: fmt.Sprintf("not among the first %d", n.Looked)}
		}
		missed = missed || n.Rank > 0 && n.Rank <= n.Depth
		zh = append(zh, fmt.Sprintf("按%s为%s，%.3f，入围末位 %.3f", words.ZH, place.ZH, n.Score, n.Cutoff))
		en = append(en, fmt.Sprintf("by %s %s, %.3f against %.3f of the last nominated", words.EN, place.EN, n.Score, n.Cutoff))
	}
	w.because("%s 未被任何检索提名（各取前 %d 位）：%s。", "no search nominated %s (each takes the first %d): %s",
		w.ref.ID, Depth, match.LocalText{ZH: strings.Join(zh, "；"), EN: strings.Join(en, "; ")})
	if missed {
		w.remedy("近似检索漏掉了它：精确检索会找到。"+w.then().ZH, "the approximate search missed it, where an exact one finds it"+w.then().EN)
		return
	}
	w.remedy("用筛选条件缩小范围，或让标题和摘要更贴近对方的用词。"+w.then().ZH,
		"narrow the search with a filter, or bring title and text closer to the other side's words"+w.then().EN)
}

func (w *whyNot) sayRank() {
	s := w.out.Shortfall
	var zh, en []string
	for _, d := range s.Behind[:min(3, len(s.Behind))] {
		zh = append(zh, fmt.Sprintf("%s（%.3f）", d.Leg.Words().ZH, d.Difference))
		en = append(en, fmt.Sprintf("%s by %.3f", d.Leg.Words().EN, d.Difference))
	}
	legs := match.LocalText{}
	if len(zh) > 0 {
		legs = match.LocalText{ZH: "；落后最多的是 " + strings.Join(zh, "、"), EN: "; it is behind most in " + strings.Join(en, ", ")}
	}
	w.because("%s 排第 %d 位，本页到第 %d 位（%s）为止；得分 %.3f，末位 %.3f，logit 相差 %.3f%s。",
		"%s is at rank %d, and the page ends at %d with %s; score %.3f against %.3f, a logit %.3f apart%s",
		w.ref.ID, w.out.Rank, w.out.LastRank, s.LastID, w.out.Score.Value, s.LastValue, s.Gap, legs)
	w.remedy("翻页，或把结果数量增大到 %d。", "go on to the next page, or ask for %d hits", w.out.Rank)
	if w.out.Rank > match.MaxLimit {
		w.remedy("翻页到第 %d 位，或用筛选条件缩小范围。", "go on by pages to rank %d, or narrow the search with a filter", w.out.Rank)
	}
}
