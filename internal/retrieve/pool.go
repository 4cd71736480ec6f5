package retrieve

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/duijie/duijie/internal/explain"
	"github.com/duijie/duijie/internal/match"
)

// PoolDepth is how many of the best patents a pool is chosen from, those below the floor of
// relevance left out: what an unrelated patent seems to cover is chance.
const PoolDepth = 40

// figureWeight is what a required figure counts for, against 1 for anything else: it is what a
// patent is turned down by.
const figureWeight = 2

// SuggestPool finds the smallest set of patents that covers what a demand asks for. Its errors
// are those of Match.
func (e *Engine) SuggestPool(ctx context.Context, req match.PoolRequest) (*match.Pool, error) {
	e = e.Live()
	began := time.Now()
	if req.MaxPatents < 1 || req.MaxPatents > match.MaxPool {
		return nil, match.Invalidf("max_patents", "%d is not in 1 to %d", req.MaxPatents, match.MaxPool)
	}
	if req.From.Kind != match.DemandKind {
		return nil, match.Invalidf("text.kind", "is %s, not %s", req.From.Kind.Words(), match.DemandKind.Words())
	}
	answer, err := e.Match(ctx, match.Request{
		ID: req.ID, Tenant: req.Tenant, From: req.From, Texts: req.Texts, Filter: req.Filter, Limit: PoolDepth, Model: req.Model, Party: req.Party,
	})
	if err != nil {
		return nil, err
	}
	answer.Hits = slices.DeleteFunc(answer.Hits, func(h match.Hit) bool { return h.Score.Logit < RelevanceFloor })
	query, err := e.Explainer.Side(ctx, &answer.Query)
	if err != nil {
		return nil, fmt.Errorf("reading %v: %w", answer.Query.Ref, err)
	}
	if err := e.explainAgainst(ctx, query, answer.Hits); err != nil {
		return nil, err
	}
	out := &match.Pool{RequestID: req.ID, Query: answer.Query, Considered: len(answer.Hits), Degraded: answer.Degraded, Versions: answer.Versions}
	fillPool(out, answer.Hits, poolElements(query), req.MaxPatents)
	out.Took = time.Since(began)
	return out, nil
}

// poolElements lists what the demand asks for.
func poolElements(query *explain.Side) []match.PoolElement {
	asked := query.Asked()
	out := make([]match.PoolElement, len(asked))
	for i, a := range asked {
		out[i] = match.PoolElement{Kind: a.Kind, Demand: a.Demand, Weight: 1, Verdict: match.Missing}
		if a.Kind == match.QuantityElement {
			out[i].Weight = figureWeight
		}
	}
	return out
}

// worthOf is how far a verdict serves.
func worthOf(v match.Verdict) float64 {
	switch v {
	case match.Covered:
		return 1
	case match.Partly:
		return 0.5
	}
	return 0
}

// found is what an explained hit says to an element; nil for nothing.
func found(h *match.Hit, e *match.PoolElement) *match.ElementMatch {
	for i := range h.Explanation.Elements {
		x := &h.Explanation.Elements[i]
		if x.Kind == e.Kind && x.Demand.Field == e.Demand.Field && x.Demand.Start == e.Demand.Start && x.Demand.End == e.Demand.End {
			return x
		}
	}
	return nil
}

// fillPool chooses the patents out of the hits, and says who serves what.
func fillPool(out *match.Pool, hits []match.Hit, elements []match.PoolElement, most int) {
	weights := make([]float64, len(elements))
	for i := range elements {
		weights[i] = elements[i].Weight
		out.Whole += weights[i]
	}
	var of []*match.Hit // those that serve anything
	var offers []offer
	for i := range hits {
		h := &hits[i]
		o := offer{worth: make([]float64, len(elements)), holder: holderOf(&h.Record), logit: h.Score.Logit,
			open: slices.Contains(h.Record.Patent.TransferModes, match.OpenLicence)}
		for e := range elements {
			if x := found(h, &elements[e]); x != nil {
				o.worth[e] = worthOf(x.Verdict)
			}
		}
		if slices.Max(append(o.worth, 0)) > 0 {
			of, offers = append(of, h), append(offers, o)
		}
	}
	every := make([]int, len(offers))
	for i := range every {
		every[i] = i
	}
	out.Reachable = chosen(offers, weights, every).worth
	best, exact := cover(offers, weights, most)
	out.Exact, out.Reached, out.Holders = exact, best.worth, best.holders
	order, adds := inOrder(offers, weights, best.members)
	holders := map[string]int{}
	for i, m := range order {
		p := match.PoolPatent{Hit: *of[m], Adds: adds[i], OpenLicence: offers[m].open}
		p.Why = poolWhy(&p, elements, offers[m].holder != "" && holders[offers[m].holder] > 0)
		holders[offers[m].holder]++
		out.Patents = append(out.Patents, p)
	}
	out.Elements = elements
	served := 0
	for e := range elements {
		x := &out.Elements[e]
		x.Answers, x.Verdict = poolAnswers(out.Patents, x)
		if worthOf(x.Verdict) > 0 {
			served++
		}
		beyond, against := 0, 0
		for i := range hits {
			if own := found(&hits[i], x); own != nil && own.Verdict == match.Contradicted {
				against++
			}
		}
		for i := range offers {
			if offers[i].worth[e] > worthOf(x.Verdict) {
				beyond++
			}
		}
		x.Why = elementWhy(x, beyond, against, out.Considered)
	}
	out.Summary = poolSummary(out, served)
}

// poolAnswers are what the patents of a pool say to an element, the best first, and the
// verdict on the pool: that of the best one. What one contradicts another one may cover.
func poolAnswers(patents []match.PoolPatent, e *match.PoolElement) ([]match.PoolAnswer, match.Verdict) {
	var out []match.PoolAnswer
	for i := range patents {
		if x := found(&patents[i].Hit, e); x != nil && x.Verdict != match.Missing {
			out = append(out, match.PoolAnswer{Patent: patents[i].Hit.Record.Ref, Verdict: x.Verdict, Evidence: x.Patent, Score: x.Score, Note: x.Note})
		}
	}
	slices.SortStableFunc(out, func(a, b match.PoolAnswer) int {
		return cmp.Or(cmp.Compare(worthOf(b.Verdict), worthOf(a.Verdict)), cmp.Compare(b.Score, a.Score))
	})
	if len(out) == 0 {
		return nil, match.Missing
	}
	return out, out[0].Verdict
}

// poolWhy says what a patent is in the pool for.
func poolWhy(p *match.PoolPatent, elements []match.PoolElement, known bool) match.LocalText {
	var names []string
	for _, e := range p.Adds {
		names = append(names, elements[e].Demand.Text)
	}
	why := match.LocalText{ZH: "补充：" + strings.Join(names, "；"), EN: "adds: " + strings.Join(names, "; ")}
	if p.OpenLicence {
		why.ZH, why.EN = why.ZH+"（可开放许可）", why.EN+" (under an open licence)"
	}
	if known {
		why.ZH, why.EN = why.ZH+"（与前面的专利属同一权利人）", why.EN+" (of a holder that is in the pool already)"
	}
	return why
}

// elementWhy says how an element is served, or why it is not: how many patents would serve it better
// than those of the pool, and how many of those considered say otherwise.
func elementWhy(e *match.PoolElement, beyond, against, considered int) match.LocalText {
	best := ""
	if len(e.Answers) > 0 {
		best = e.Answers[0].Patent.ID
	}
	switch {
	case e.Verdict == match.Covered:
		return match.LocalText{ZH: "由专利 " + best + " 满足", EN: "covered by patent " + best}
	case e.Verdict == match.Partly && beyond == 0:
		return match.LocalText{ZH: "仅由专利 " + best + " 部分满足，所考虑的专利中没有能完全满足的", EN: "covered in part alone, by patent " + best + "; no patent that was considered covers it"}
	case e.Verdict == match.Partly:
		return match.LocalText{
			ZH: fmt.Sprintf("由专利 %s 部分满足；另有 %d 件更好的专利未纳入组合", best, beyond),
			EN: fmt.Sprintf("covered in part by patent %s; %d more that would serve it better not in the pool", best, beyond),
		}
	case beyond > 0:
		return match.LocalText{
			ZH: fmt.Sprintf("未满足：有 %d 件专利可以满足，但超出组合的数量上限", beyond),
			EN: fmt.Sprintf("not covered, but by %s beyond the size of the pool", match.Counted(beyond, "patent")),
		}
	case e.Verdict == match.Contradicted:
		return match.LocalText{ZH: "未满足：专利 " + best + " 与之不符，所考虑的专利中没有能满足的", EN: "not covered: patent " + best + " says otherwise, and no patent that was considered covers it"}
	case against > 0:
		return match.LocalText{
			ZH: fmt.Sprintf("未满足：所考虑的 %d 件专利中有 %d 件与之不符，其余没有提及", considered, against),
			EN: fmt.Sprintf("not covered: of %s considered %d say otherwise, and none of the others speaks of it", match.Counted(considered, "patent"), against),
		}
	}
	return match.LocalText{
		ZH: fmt.Sprintf("未满足：所考虑的 %d 件专利都没有提及", considered),
		EN: fmt.Sprintf("not covered: none of %s considered speaks of it", match.Counted(considered, "patent")),
	}
}

func poolSummary(p *match.Pool, served int) match.LocalText {
	switch {
	case len(p.Elements) == 0:
		return match.LocalText{ZH: "需求中没有读出可核对的要素，无法组合专利。", EN: "Nothing was found in the demand that patents could be checked against."}
	case p.Considered == 0:
		return match.LocalText{ZH: "没有找到可以考虑的专利。", EN: "No patent was found that could be considered."}
	case len(p.Patents) == 0:
		return match.LocalText{
			ZH: fmt.Sprintf("所考虑的 %d 件专利都不能满足该需求的任何一项。", p.Considered),
			EN: fmt.Sprintf("None of %s considered serves any of what is asked for.", match.Counted(p.Considered, "patent")),
		}
	}
	return match.LocalText{
		ZH: fmt.Sprintf("%d 件专利（%d 个权利人）可满足或部分满足 %d 项要素中的 %d 项。", len(p.Patents), p.Holders, len(p.Elements), served),
		EN: fmt.Sprintf("%s of %s: %d of %s covered, in whole or in part.", match.Counted(len(p.Patents), "patent"), match.Counted(p.Holders, "holder"), served, match.Counted(len(p.Elements), "element")),
	}
}
