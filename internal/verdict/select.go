package verdict

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/intake"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quantity"
	"github.com/duijie/duijie/internal/text"
)

// ElementsOf lists what a demand asks for, in the order of its text: its quantified
// requirements, and of clauses that ask for something else what they name of their kind, or the
// whole of them. Of more than MaxElements those go whose clauses ask for it least.
func ElementsOf(d match.Texts) []Element {
	report, clauses := intake.Analyze(d), intake.Clauses(d)
	runes := map[string][]rune{"title": []rune(d.Title), "text": []rune(d.Body)}
	folded := map[string][]rune{"title": text.Folded(d.Title), "text": text.Folded(d.Body)}
	var out []candidate
	var told []Element // figures of how things are
	for i := range report.Quantities {
		q := &report.Quantities[i]
		if isCondition(report.Quantities, i, runes[q.Field]) || isThickness(&q.Quantity, folded[q.Field]) {
			continue
		}
		one := Element{match.QuantityElement, q.Field, requirement(runes[q.Field], &q.Quantity)}
		chance, least := asking(clauses, one), leastFigure
		if q.Role != quantity.Requirement {
			least = leastContext
			if isFact(folded[q.Field], one.Range) || goesOn(told, one, &q.Quantity, folded[q.Field]) {
				told = append(told, one)
				continue
			}
		}
		if chance >= least {
			out = append(out, candidate{one, 1 + chance})
		}
	}
	figures := len(out)
	for _, c := range clauses {
		if c.Asks < leastClause {
			continue
		}
		whole := Element{match.ElementKind(c.Kind), c.Field, text.Range{Start: c.Start, End: c.End}}
		if slices.ContainsFunc(out[:figures], func(a candidate) bool { return a.overlaps(whole) }) || c.Asks < leastContext && slices.ContainsFunc(told, func(e Element) bool { return e.within(whole) }) {
			continue
		}
		if c.Kind == intake.Quantity && c.Asks < leastContext && facts.within(folded[c.Field][c.Start:c.End]) {
			continue
		}
		for _, e := range named(report, &c, whole, folded[c.Field]) {
			out = append(out, candidate{e, c.Asks})
		}
	}
	slices.SortStableFunc(out, func(a, b candidate) int { return cmp.Compare(b.chance, a.chance) })
	out = out[:min(len(out), MaxElements)]
	slices.SortStableFunc(out, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.Field, a.Field), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	elements := make([]Element, len(out))
	for i := range out {
		elements[i] = out[i].Element
	}
	return elements
}

// candidate is an element with the chance that it is asked for, above 1 for a figure.
type candidate struct {
	Element
	chance float64
}

// What a clause must have of a chance to ask for something, so that it is taken for an
// element, and so that a figure in it is: one that reads as a requirement, or as context.
const (
	leastClause  = 0.45
	leastFigure  = 0.2
	leastContext = 0.9
)

// asking is the chance that the clause around the beginning of an element asks for something.
func asking(clauses []intake.Clause, e Element) float64 {
	for _, c := range clauses {
		if c.Field == e.Field && e.Start < c.End {
			return c.Asks
		}
	}
	return 0
}

// maxClause is the number of code points of the longest clause that is one element.
const maxClause = 60

// named are the elements of a clause: what it names of its kind where that is most of it, or else
// the whole of it. Of a clause too long to be one it is all that it names.
func named(report *intake.Report, c *intake.Clause, whole Element, runes []rune) []Element {
	long := whole.End-whole.Start > maxClause
	var out []Element
	if !long && barred(runes[whole.Start:whole.End]) != nil { // 不使用农药 is not 农药
		return []Element{whole}
	}
	if long {
		for _, at := range bansIn(runes, whole.Range) {
			out = append(out, Element{whole.Kind, whole.Field, at})
		}
	}
	for _, e := range report.Elements {
		one := Element{match.ElementKind(e.Kind), e.Field, text.Range{Start: e.Start, End: e.End}}
		if (long || e.Kind == c.Kind && nouns(e.Kind) && 2*(one.End-one.Start) > whole.End-whole.Start) && one.within(whole) && !slices.ContainsFunc(out, one.overlaps) {
			out = append(out, one)
		}
	}
	if len(out) == 0 && !long {
		return []Element{whole}
	}
	return out
}

// bansIn are the places of a clause that rule something out by its name.
func bansIn(folded []rune, clause text.Range) (out []text.Range) {
	for i := clause.Start; i < clause.End; i++ {
		n := bars.at(folded[:clause.End], i)
		if n == 0 {
			continue
		}
		end := i + n
		for end < clause.End && !strings.ContainsRune(",，;；、。", folded[end]) && conjunctions.at(folded[:clause.End], end) == 0 {
			end++
		}
		if at := (text.Range{Start: i, End: i + len(trimmedRunes(folded[i:end]))}); barred(folded[at.Start:at.End]) != nil {
			out = append(out, at)
		}
		i = end - 1
	}
	return out
}

// conjunctions end what goes before them.
var conjunctions = words(`并且 而且 同时 and or but`)

// nouns tells whether elements of a kind are told by their names.
func nouns(k intake.Kind) bool {
	return k == intake.Product || k == intake.Material || k == intake.Application
}

// isCondition tells whether a quantity that bounds nothing is what the next one of its
// clause holds under: 3天≥60MPa.
func isCondition(all []intake.Stated, i int, runes []rune) bool {
	if i+1 == len(all) || all[i+1].Field != all[i].Field || all[i].Comparison != quantity.Equal && all[i].Comparison != quantity.About && !lasts(&all[i].Quantity) {
		return false
	}
	switch next := &all[i+1]; next.Comparison {
	case quantity.Equal, quantity.About, quantity.Range:
		return false
	default:
		for _, r := range runes[all[i].End:next.Start] {
			if r == '，' || r == ',' || r == '。' || r == '；' || r == ';' || r == '、' || r == '\n' {
				return false
			}
		}
		return !all[i].Unit.Comparable(next.Unit)
	}
}

// isFact tells whether the clause of a figure, up to it, tells how things are: 现有人工巡检每公里耗时3小时.
func isFact(folded []rune, at text.Range) bool {
	from := at.Start
	for from > 0 && !strings.ContainsRune(",，;；。\n", folded[from-1]) {
		from--
	}
	return facts.within(folded[from:at.End])
}

// goesOn tells whether a figure that bounds nothing goes on in the sentence of the last one told.
func goesOn(told []Element, one Element, q *quantity.Quantity, folded []rune) bool {
	if len(told) == 0 || q.Comparison != quantity.Equal && q.Comparison != quantity.About {
		return false
	}
	last := told[len(told)-1]
	return last.Field == one.Field && last.End <= one.Start && !slices.ContainsFunc(folded[last.End:one.Start], func(r rune) bool { return strings.ContainsRune(";；。\n", r) })
}

// facts are words of clauses that tell how things are.
var facts = words(`现有 目前 现在 当前 现状 现用 我公司 我司 我厂 我场 本公司 本厂 公司 员工 成立于 年产值 营收 产值 销售额 注册资本 存栏 出栏 占地 日产 年产 预算 currently today at_present existing our_company annual_revenue employees founded`)

// isThickness tells whether a quantity is the thickness at which a plastic has a class: V-0 at
// 1.6 mm.
func isThickness(q *quantity.Quantity, folded []rune) bool {
	return q.Comparison == quantity.Equal && q.Unit.Comparable(length) && flammability.MatchString(string(folded[max(0, q.Start-12):q.Start]))
}

var flammability = regexp.MustCompile(`(?:^|[^a-z])(?:v-[012]|5v[ab])[^a-z0-9,，;；。]`)

// lasts tells whether a quantity is a time within which something else must hold, and none in which
// something has to be done: months and years.
func lasts(q *quantity.Quantity) bool {
	return q.Comparison == quantity.AtMost && q.Unit.Comparable(second) && q.Unit.Base(q.Low) >= month
}

const month = 28 * 86400.0

// requirement is a quantity with the property that it is about.
func requirement(runes []rune, q *quantity.Quantity) text.Range {
	at := text.Range{Start: q.Start, End: q.End}
	if p := q.PropertySpan; p.End > p.Start && p.Start < at.Start {
		at.Start = p.Start
	}
	if at.Start > 0 && runes[at.Start-1] == '每' { // 每立方米产量
		at.Start--
	}
	return at
}

// overlaps tells whether most of the shorter of two elements is in both.
func (e Element) overlaps(o Element) bool {
	shared := min(e.End, o.End) - max(e.Start, o.Start)
	return e.Field == o.Field && 2*shared > min(e.End-e.Start, o.End-o.Start)
}

// within tells whether most of e is in o.
func (e Element) within(o Element) bool {
	return e.Field == o.Field && 2*(min(e.End, o.End)-max(e.Start, o.Start)) > e.End-e.Start
}
