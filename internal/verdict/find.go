package verdict

import (
	"unicode"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// find turns a trial into a finding: the verdict, the place that says so, and words.
func find(c *trial, p *Record) Finding {
	f := Finding{Element: c.wanted.Element, Verdict: match.Missing}
	if c.view.best < 0 {
		f.Note = c.note(f.Verdict, nil, p)
		return f
	}
	chances := c.allowed(p)
	f.Verdict, f.Score = likeliest(chances), chances[0]+chances[1]/2
	if f.Verdict == match.Missing {
		f.Note = c.note(f.Verdict, nil, p)
		return f
	}
	field, at := c.place(f.Verdict, p)
	f.In, f.At = p.fields[field].name, p.tidy(field, at)
	f.Note = c.note(f.Verdict, &f, p)
	return f
}

// allowed leaves those chances that what is known of figures allows: a figure that was
// found decides, and without any there is nothing that would meet or fail.
func (c *trial) allowed(p *Record) [4]float64 {
	out := c.chances
	if c.wanted.figure == nil || c.wanted.Kind != match.QuantityElement {
		return out
	}
	none := func(which ...int) {
		for _, k := range which {
			out[k] = 0
		}
	}
	const covered, partly, contradicted, missing = 0, 1, 2, 3
	switch {
	case c.answer.chance > sure && c.answer.outcome == met:
		none(contradicted, missing)
	case c.answer.chance > sure && c.answer.outcome == unmet:
		none(covered, missing)
	case c.answer.chance > sure:
		none(missing)
	case c.zero(p) >= 0:
		none(contradicted)
	case c.answer.outcome == unmet && c.shows():
		none(covered)
	default:
		none(covered, contradicted)
	}
	total := out[0] + out[1] + out[2] + out[3]
	for k := range out {
		out[k] /= total
	}
	return out
}

// zero is the part that says that there is none of what is limited; −1 is nowhere.
func (c *trial) zero(p *Record) int {
	if c.wanted.figure == nil || !limiting(c.wanted.figure) {
		return -1
	}
	return c.view.zero(c.wanted.figure, p)
}

// place is where the patent says so.
func (c *trial) place(v match.Verdict, p *Record) (field int, at text.Range) {
	part := c.view.best
	switch limit := c.view.limit; {
	case c.shows():
		f := c.answer.figure
		return f.field, text.Range{Start: f.before.Start, End: f.after.End}
	case c.zero(p) >= 0:
		part = c.zero(p)
	case v == match.Contradicted && limit >= 0 && c.view.near[limit] >= 0.8*c.view.near[part]:
		part = limit
	}
	return p.parts[part].field, p.parts[part].at
}

// shows tells whether the verdict rests on a figure of the patent.
func (c *trial) shows() bool {
	return c.wanted.Kind == match.QuantityElement && c.answer.figure != nil && c.answer.chance > shown
}

// shown is the chance from which on a figure is shown as the answer.
const shown = 0.2

// tidy leaves out punctuation and blanks at both ends; brackets and signs of figures stay.
func (r *Record) tidy(field int, at text.Range) text.Range {
	runes := r.fields[field].runes
	inert := func(x rune) bool {
		switch x {
		case '，', ',', '。', '；', ';', '、', '：', ':', '.':
			return true
		}
		return unicode.IsSpace(x)
	}
	for at.End > at.Start && inert(runes[at.End-1]) {
		at.End--
	}
	for at.Start < at.End && inert(runes[at.Start]) {
		at.Start++
	}
	return at
}
