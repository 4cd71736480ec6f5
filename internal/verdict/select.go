package verdict

import (
	"cmp"
	"slices"

	"github.com/duijie/duijie/internal/intake"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quantity"
	"github.com/duijie/duijie/internal/text"
)

// ElementsOf lists what a demand asks for, in the order of its text: its quantified
// requirements, and what else it names outside of them by name or by wish. Of more than MaxElements the
// requirements come first, then wishes, products, applications, efficacies, methods and materials.
func ElementsOf(d match.Texts) []Element {
	report := intake.Analyze(d)
	var out []Element
	runes := map[string][]rune{"title": []rune(d.Title), "text": []rune(d.Body)}
	for i := range report.Quantities {
		if q := &report.Quantities[i]; q.Role == quantity.Requirement && !isCondition(report.Quantities, i, runes[q.Field]) {
			out = append(out, Element{match.QuantityElement, q.Field, requirement(runes[q.Field], &q.Quantity)})
		}
	}
	figures := len(out)
	for _, e := range intake.Wishes(d) {
		one := Element{match.ElementKind(e.Kind), e.Field, text.Range{Start: e.Start, End: e.End}}
		if !slices.ContainsFunc(out, one.overlaps) {
			out = append(out, one)
		}
	}
	aside := intake.Background(d.Body)
	for _, kind := range priorities {
		for _, e := range report.Elements {
			one := Element{match.ElementKind(e.Kind), e.Field, text.Range{Start: e.Start, End: e.End}}
			if e.Kind == kind && !one.inAny(aside) && !slices.ContainsFunc(out[:figures], one.within) && !slices.ContainsFunc(out[figures:], one.overlaps) {
				out = append(out, one)
			}
		}
	}
	out = out[:min(len(out), MaxElements)]
	slices.SortStableFunc(out, func(a, b Element) int {
		return cmp.Or(cmp.Compare(b.Field, a.Field), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return out
}

var priorities = []intake.Kind{intake.Product, intake.Application, intake.Efficacy, intake.Method, intake.Material}

// isCondition tells whether a quantity that bounds nothing is what the next one of its
// clause holds under: 3天≥60MPa.
func isCondition(all []intake.Stated, i int, runes []rune) bool {
	if i+1 == len(all) || all[i+1].Field != all[i].Field || all[i].Comparison != quantity.Equal && all[i].Comparison != quantity.About {
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

// requirement is a quantity with the property that it is about.
func requirement(runes []rune, q *quantity.Quantity) text.Range {
	at := text.Range{Start: q.Start, End: q.End}
	if p := q.PropertySpan; p.End > p.Start && p.Start < at.Start {
		at.Start = p.Start
	}
	return at
}

// inAny tells whether an element of the text begins in one of some parts of it.
func (e Element) inAny(parts []text.Range) bool {
	return e.Field == "text" && slices.ContainsFunc(parts, func(at text.Range) bool { return at.Start <= e.Start && e.Start < at.End })
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
