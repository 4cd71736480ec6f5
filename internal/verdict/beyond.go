package verdict

import (
	"cmp"
	"slices"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quantity"
	"github.com/duijie/duijie/internal/text"
)

// Beyond is something that a patent offers and the demand does not ask for.
type Beyond struct {
	Kind match.ElementKind // an efficacy, or a quantity where it has a figure
	In   string
	At   text.Range
	Note match.LocalText
}

// maxBeyond is the number of offers that are told.
const maxBeyond = 4

// asked is the nearness to an element, or to a part of the demand, from which on a part of
// a patent is about what was asked.
const asked = 0.42

// beyond finds the parts of a patent's body that claim an effect, and are not about any
// element of the demand nor are its words elsewhere. Those with a figure of an effect go
// first, then in the order of the text.
func beyond(d, p *Record, trials []*trial) []Beyond {
	var parts []int
	for i := range p.parts {
		q := &p.parts[i]
		if q.field == 0 && len(p.fields) > 1 || !q.gain || q.limit || len(q.words) < 3 || p.fields[q.field].name == "claims" {
			continue
		}
		if !answers(i, trials) && share(&q.terms, &d.terms) < asked {
			parts = append(parts, i)
		}
	}
	slices.SortStableFunc(parts, func(a, b int) int { return cmp.Compare(p.effect(b), p.effect(a)) })
	parts = parts[:min(len(parts), maxBeyond)]
	slices.Sort(parts)
	var out []Beyond
	for _, i := range parts {
		out = append(out, p.offer(i))
	}
	return out
}

// answers tells whether a part is about an element.
func answers(part int, trials []*trial) bool {
	return slices.ContainsFunc(trials, func(c *trial) bool {
		return c.view.near[part] > asked || c.answer.figure != nil && c.answer.figure.part == part && c.answer.chance > shown
	})
}

// effect is 2 where a part states by how much something changes, 1 where it has another
// figure, and else 0.
func (r *Record) effect(part int) int {
	out := 0
	for i := range r.figures {
		if f := &r.figures[i]; f.part == part {
			out = max(out, 1)
			if f.Change != "" || f.left {
				return 2
			}
		}
	}
	return out
}

func (r *Record) offer(part int) Beyond {
	q := &r.parts[part]
	b := Beyond{Kind: match.EfficacyElement, In: r.fields[q.field].name, At: r.tidy(q.field, q.at)}
	if r.effect(part) > 0 {
		b.Kind = match.QuantityElement
	}
	quote := clipped(r.slice(q.field, b.At))
	b.Note = match.LocalText{ZH: "需求未提，专利还提供：“" + quote + "”。", EN: "Not asked for, but offered: “" + quote + "”."}
	if amount := r.change(part); amount.ZH != "" {
		b.Note = match.LocalText{
			ZH: "需求未提，专利还提供：“" + quote + "”（" + amount.ZH + "）。",
			EN: "Not asked for, but offered: “" + quote + "” (" + amount.EN + ").",
		}
	}
	return b
}

// change is by how much a part says that something changes.
func (r *Record) change(part int) match.LocalText {
	for i := range r.figures {
		if f := &r.figures[i]; f.part == part && f.Change != "" && f.Comparison != quantity.Within {
			return Amount(&f.Quantity)
		}
	}
	return match.LocalText{}
}
