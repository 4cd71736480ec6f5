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
// requirements, and of clauses that ask for something else what they name of their kind, or the
// whole of them. Of more than MaxElements those go whose clauses ask for it least.
func ElementsOf(d match.Texts) []Element {
	report, clauses := intake.Analyze(d), intake.Clauses(d)
	runes := map[string][]rune{"title": []rune(d.Title), "text": []rune(d.Body)}
	var out []candidate
	for i := range report.Quantities {
		q := &report.Quantities[i]
		if isCondition(report.Quantities, i, runes[q.Field]) {
			continue
		}
		one := Element{match.QuantityElement, q.Field, requirement(runes[q.Field], &q.Quantity)}
		chance, least := asking(clauses, one), leastFigure
		if q.Role != quantity.Requirement {
			least = leastContext
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
		if slices.ContainsFunc(out[:figures], func(a candidate) bool { return a.overlaps(whole) }) {
			continue
		}
		for _, e := range named(report, &c, whole) {
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
	leastContext = 0.6
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
func named(report *intake.Report, c *intake.Clause, whole Element) []Element {
	long := whole.End-whole.Start > maxClause
	var out []Element
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

// nouns tells whether elements of a kind are told by their names.
func nouns(k intake.Kind) bool {
	return k == intake.Product || k == intake.Material || k == intake.Application
}

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

// overlaps tells whether most of the shorter of two elements is in both.
func (e Element) overlaps(o Element) bool {
	shared := min(e.End, o.End) - max(e.Start, o.Start)
	return e.Field == o.Field && 2*shared > min(e.End-e.Start, o.End-o.Start)
}

// within tells whether most of e is in o.
func (e Element) within(o Element) bool {
	return e.Field == o.Field && 2*(min(e.End, o.End)-max(e.Start, o.Start)) > e.End-e.Start
}
