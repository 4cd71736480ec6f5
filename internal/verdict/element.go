package verdict

import (
	"slices"
	"unicode"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quantity"
	"github.com/duijie/duijie/internal/text"
)

// Element is one thing that a demand asks for, at a place of one of its fields.
type Element struct {
	Kind  match.ElementKind
	Field string
	text.Range
}

// wanted is an element made ready to be compared.
type wanted struct {
	Element
	text   string
	vector []float32
	words  []int // in the bag of Wants
	weigh  []float32
	terms  terms
	around []float32 // vector of its sentence
	// excluded is what the demand does not want; negated has a word of negation.
	excluded, negated bool
	// barred are the names of what it rules out, where it does nothing else.
	barred [][]rune
	figure *figure // nil where none is required
	// core is what is left without words of refusal (不换, 无需, without) and blanks,
	// refusing tells whether it had any.
	core      []rune
	refusing  bool
	coreTerms terms
}

// ready takes an element of a demand apart.
func (j *Judge) ready(d *Record, e Element, vector []float32) *wanted {
	number := d.fieldNamed(e.Field)
	w := &wanted{Element: e, vector: vector, text: d.slice(number, e.Range)}
	w.terms = newTerms(text.Hashes(w.text))
	folded := d.fields[number].folded
	w.negated = negations.within(folded[e.Start:e.End])
	core, refusing := refusals.blanked(folded[e.Start:e.End])
	w.coreTerms, w.refusing = newTerms(text.Hashes(string(core))), refusing
	w.core = slices.DeleteFunc(core, unicode.IsSpace)
	part := d.partAt(number, e.Start)
	if part >= 0 {
		w.around = d.sentences[part]
		at := d.parts[part].at
		w.excluded = exclusions.within(folded[max(at.Start, e.Start-nearby):min(max(at.End, e.End), e.End+nearby)])
		if e.Kind != match.QuantityElement {
			w.barred = barredIn(folded, text.Range{Start: at.Start, End: max(at.End, e.End)}, e.Range)
		}
	}
	w.figure = d.required(number, &w.Range)
	return w
}

// nearby is the number of code points around an element in which a word of exclusion
// is about it.
const nearby = 6

func (r *Record) fieldNamed(name string) int {
	for i := range r.fields {
		if r.fields[i].name == name {
			return i
		}
	}
	return 0
}

// required is the figure of an element: of several the last that bounds, since conditions
// go before what holds under them, or the first of all. The others are its conditions.
func (r *Record) required(field int, at *text.Range) *figure {
	var out *figure
	for i := range r.figures {
		f := &r.figures[i]
		if f.field != field || f.Start >= at.End || f.End <= at.Start {
			continue
		}
		if out == nil || bounds(f) || out.once() || out.each(r) {
			out = f
		}
	}
	if out != nil {
		own := *out
		own.among = at
		out = &own
	}
	return out
}

func bounds(f *figure) bool {
	switch f.Comparison {
	case quantity.AtLeast, quantity.Above, quantity.AtMost, quantity.Below, quantity.Within:
		return true
	}
	return false
}
