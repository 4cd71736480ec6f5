package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// view gathers what the holder of a patent is told.
type view struct{ match.HolderView }

func (v *view) wanted(zh, en string) {
	v.Wanted = append(v.Wanted, match.LocalText{ZH: zh, EN: en})
}

func (v *view) gap(zh, en string) { v.Gaps = append(v.Gaps, match.LocalText{ZH: zh, EN: en}) }

// holder tells the patent's holder why this enterprise would want it, and what is missing
// to win it. The demand has no confidential fields any more.
func holder(d *match.Demand, p *match.Patent, elements []match.ElementMatch) match.HolderView {
	var v view
	v.elements(elements)
	v.transfer(d, p)
	v.money(d, p)
	v.time(d)
	v.readiness(p)
	return v.HolderView
}

// named is the number of elements that a sentence names.
const named = 4

func (v *view) elements(all []match.ElementMatch) {
	for _, c := range []struct {
		verdict match.Verdict
		say     func(zh, en string)
		zh, en  string
	}{
		{match.Covered, v.wanted, "专利满足其%d项要求：%s。", "What they ask for and it gives (%d): %s."},
		{match.Partly, v.gap, "%d项只部分满足：%s。", "Given in part only (%d): %s."},
		{match.Contradicted, v.gap, "%d项不符：%s。", "Not met (%d): %s."},
		{match.Missing, v.gap, "有%d项在专利中未写明，可补充资料：%s。", "Not spoken of, and could be shown by further data (%d): %s."},
	} {
		var texts []string
		for _, e := range all {
			if e.Verdict == c.verdict {
				texts = append(texts, e.Demand.Text)
			}
		}
		if n := len(texts); n > 0 {
			zh, en := listed(texts)
			c.say(fmt.Sprintf(c.zh, n, zh), fmt.Sprintf(c.en, n, en))
		}
	}
}

// listed quotes texts, of many the first.
func listed(texts []string) (zh, en string) {
	quoted := make([]string, min(len(texts), named))
	for i := range quoted {
		quoted[i] = "“" + texts[i] + "”"
	}
	zh, en = strings.Join(quoted, "、"), strings.Join(quoted, ", ")
	if len(texts) > named {
		zh, en = zh+"等", en+" and others"
	}
	return zh, en
}

func (v *view) transfer(d *match.Demand, p *match.Patent) {
	if len(d.TransferModes) == 0 || len(p.TransferModes) == 0 {
		return
	}
	var both []match.TransferMode
	for _, m := range p.TransferModes {
		if slices.Contains(d.TransferModes, m) {
			both = append(both, m)
		}
	}
	if len(both) > 0 {
		v.wanted("转化方式相合："+inWords(both, true)+"。", "The way of transfer suits both: "+inWords(both, false)+".")
		return
	}
	v.gap("对方只接受"+inWords(d.TransferModes, true)+"，专利提供"+inWords(p.TransferModes, true)+"。",
		"They accept "+inWords(d.TransferModes, false)+" only, and the patent is to be had by "+inWords(p.TransferModes, false)+".")
}

func inWords(modes []match.TransferMode, zh bool) string {
	out := make([]string, len(modes))
	for i, m := range modes {
		if w := m.Words(); zh {
			out[i] = w.ZH
		} else {
			out[i] = w.EN
		}
	}
	if zh {
		return strings.Join(out, "、")
	}
	return strings.Join(out, ", ")
}

func (v *view) money(d *match.Demand, p *match.Patent) {
	if d.Budget == nil || p.Fee == nil {
		return
	}
	if most := d.Budget.Max; most != 0 && p.Fee.Min > most {
		v.gap(fmt.Sprintf("费用%s起，超过对方预算%s。", yuan(p.Fee.Min, true), yuan(most, true)),
			fmt.Sprintf("The fee begins at %s, above their budget of %s.", yuan(p.Fee.Min, false), yuan(most, false)))
		return
	}
	v.wanted(fmt.Sprintf("费用%s起，在对方预算之内。", yuan(p.Fee.Min, true)),
		fmt.Sprintf("The fee begins at %s, within their budget.", yuan(p.Fee.Min, false)))
}

// yuan writes an amount of money.
func yuan(n int64, zh bool) string {
	switch {
	case zh && n >= 10_000 && n%1_000 == 0:
		return fmt.Sprintf("%g万元", float64(n)/10_000)
	case zh:
		return fmt.Sprintf("%d元", n)
	}
	return fmt.Sprintf("CNY %d", n)
}

func (v *view) time(d *match.Demand) {
	if d.Deadline != "" {
		v.gap("对方给出的期限：落实不晚于"+string(d.Deadline)+"。", "Their deadline for settling it: "+string(d.Deadline)+".")
	}
}

// ripe is the readiness level from which on a thing was shown in use (GB/T 22900).
const ripe = 7

func (v *view) readiness(p *match.Patent) {
	switch {
	case p.Readiness >= ripe:
		v.wanted(fmt.Sprintf("技术成熟度为%d级，可较快落地。", p.Readiness), fmt.Sprintf("Readiness level %d: it can be put to use soon.", p.Readiness))
	case p.Readiness > 0:
		v.gap(fmt.Sprintf("技术成熟度为%d级，尚需验证。", p.Readiness), fmt.Sprintf("Readiness level %d: it has yet to be proved in use.", p.Readiness))
	}
}
