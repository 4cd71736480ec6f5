package verdict

import (
	"slices"
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
	if len(c.wanted.barred) > 0 {
		chances, c.view.best = c.ruledOut(p, chances)
	}
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

// allowed leaves those chances that agree with the figure that is most likely meant: one that
// meets what is required cannot contradict it, nor one that fails or meets a part of it cover it,
// and without any the patent does not speak of it. So with words that no part comes near to.
func (c *trial) allowed(p *Record) [4]float64 {
	out := c.chances
	if !c.asksFigure() {
		return c.borne(p, out)
	}
	switch outcome := c.answer.outcome; {
	case c.answer.chance <= shown && c.zero(p) >= 0, c.answer.chance > shown && outcome == met:
		out[contradicted] = 0
	case c.answer.chance <= shown:
		out = [4]float64{missing: 1}
	case outcome == unmet, outcome == overlaps:
		out[covered] = 0
	}
	total := out[0] + out[1] + out[2] + out[3]
	for k := range out {
		out[k] /= total
	}
	return out
}

// leastNear is the nearness below which nothing of a patent is about an element.
const leastNear = 0.15

// ruledOut gives the chances of what a demand rules out by its name, and the part that they rest on. A
// patent that does not name it agrees only in a part that refuses something, and does not speak of it
// where nothing comes near, or has a character of it. In another script than the patent's there is no telling.
func (c *trial) ruledOut(p *Record, chances [4]float64) ([4]float64, int) {
	best := c.view.best
	switch says, part := p.speaks(c.wanted.barred); {
	case says == denied:
		return [4]float64{covered: 1}, part
	case says == stated:
		return [4]float64{contradicted: 1}, part
	case isLatin(c.wanted.barred[0][0]) == p.han:
		return chances, best
	}
	if c.view.near[best] < leastNear || likeliest(chances) == match.Covered && !p.parts[best].refusal || c.apart(p, best) {
		return [4]float64{missing: 1}, best
	}
	return chances, best
}

// apart tells whether a part has not one character of the names that are ruled out.
func (c *trial) apart(p *Record, part int) bool {
	q := &p.parts[part]
	folded := p.fields[q.field].folded[q.at.Start:q.at.End]
	for _, name := range c.wanted.barred {
		if isLatin(name[0]) || slices.ContainsFunc(name, func(r rune) bool { return slices.Contains(folded, r) }) {
			return false
		}
	}
	return true
}

// borne gives the chances of an element in words: a patent does not speak of what no part of it comes
// near enough to, for what would be said of it. What contradicts without a word that limits or denies
// has to come nearer, and a title nearer still.
func (c *trial) borne(p *Record, chances [4]float64) [4]float64 {
	q, least := &p.parts[c.view.best], 0.0
	switch likeliest(chances) {
	case match.Covered:
		least = 0.05
	case match.Partly:
		least = 0.2
	case match.Contradicted:
		switch {
		case q.limit || q.negation || q.refusal || c.wanted.refusing:
			least = leastNear
		case q.field == 0:
			least = 0.35
		default:
			least = 0.2
		}
	}
	if c.view.near[c.view.best] < least {
		return [4]float64{missing: 1}
	}
	return chances
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
	return c.asksFigure() && c.answer.figure != nil && c.answer.chance > shown
}

// shown is the chance above which a figure is taken for an answer.
const shown = 0.3

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
