package intake

import (
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quantity"
)

// Kind is a sort of thing that a demand asks for.
type Kind string

// The kinds.
const (
	Material    Kind = "material"
	Method      Kind = "method"
	Efficacy    Kind = "efficacy"
	Product     Kind = "product"
	Application Kind = "application"
	// Quantity is a requirement with a number; see Report.Quantities.
	Quantity Kind = "quantity"
)

// Kinds lists all of them, in the order of reports.
var Kinds = []Kind{Product, Material, Method, Efficacy, Application, Quantity}

// Element is one thing that the demand names.
type Element struct {
	Kind Kind
	// Field is "title" or "text", where Start and End count code points.
	Field      string
	Start, End int
	Text       string
}

// Stated is a quantity of the demand, with its field and its words.
type Stated struct {
	quantity.Quantity
	Field string
	Text  string
}

// Grade says how complete a demand is.
type Grade string

// The grades. A demand can name six things: those of Kinds; a required change (寿命提高
// 30%) is an efficacy too. A has five of them or
// more, a quantified requirement among them; B has four or more; C two or more; D
// fewer, or any flag that is junk.
const (
	GradeA Grade = "A"
	GradeB Grade = "B"
	GradeC Grade = "C"
	GradeD Grade = "D"
)

// Flag is something suspicious about a demand.
type Flag string

// The flags. All but NoText are junk: nothing can be matched with what is there.
const (
	// Empty has no letter or digit of any script: blanks, punctuation, emoji.
	Empty Flag = "empty"
	// NotProvided says no more than 未提供, 无, 见附件, N/A.
	NotProvided Flag = "not_provided"
	// Boilerplate is made of phrases that fit any demand: 欢迎洽谈, 面议.
	Boilerplate Flag = "boilerplate"
	// TooShort has fewer than MinLength letters and digits.
	TooShort Flag = "too_short"
	// Repeated is one piece of text over and over.
	Repeated Flag = "repeated"
	// ContactOnly has telephone numbers and addresses, and little besides.
	ContactOnly Flag = "contact_only"
	// NoText has a title alone, or a text that repeats it.
	NoText Flag = "no_text"
)

// Flags lists all of them, in the order of reports.
var Flags = []Flag{Empty, NotProvided, Boilerplate, TooShort, Repeated, ContactOnly, NoText}

// Junk tells whether a demand with the flag is not worth matching.
func (f Flag) Junk() bool { return f != NoText }

// Report is what a demand says and what it lacks.
type Report struct {
	// Elements are by field, then by place, then by the order of Kinds; at most
	// MaxElements of a kind, each text once.
	Elements []Element
	// Quantities are all that were found, at most MaxQuantities, in the order of
	// their places; those with the role of a requirement are the quantified
	// requirements.
	Quantities []Stated
	Grade      Grade
	// Missing lists the kinds of which the demand names nothing.
	Missing []Kind
	Flags   []Flag
	// Suggestions say what to add, the most useful first.
	Suggestions []match.LocalText
}

// Limits of a report.
const (
	MinLength     = 10
	MaxElements   = 32
	MaxQuantities = 256
)

// Junk tells whether any flag is junk.
func (r *Report) Junk() bool {
	for _, f := range r.Flags {
		if f.Junk() {
			return true
		}
	}
	return false
}

// Analyze reads a demand's title and text; either or both may be empty.
func Analyze(t match.Texts) *Report {
	r := &Report{Flags: FlagsOf(t)}
	seen := map[Element]bool{}
	title := folded(t.Title)
	r.collect("title", t.Title, append(titleProduct(title), elementsOf(title)...), seen)
	r.collect("text", t.Body, elementsOf(folded(t.Body)), seen)
	r.quantify("title", t.Title)
	r.quantify("text", t.Body)
	r.Missing = r.missing()
	r.Grade = r.grade()
	r.Suggestions = r.suggestions()
	return r
}

// collect adds elements with their texts, each text of a kind once.
func (r *Report) collect(field, content string, found []Element, seen map[Element]bool) {
	runes := []rune(content)
	count := map[Kind]int{}
	for _, e := range r.Elements {
		count[e.Kind]++
	}
	sortElements(found)
	for _, e := range found {
		e.Field, e.Text = field, string(runes[e.Start:e.End])
		key := Element{Kind: e.Kind, Text: e.Text}
		if seen[key] || count[e.Kind] >= MaxElements {
			continue
		}
		seen[key] = true
		count[e.Kind]++
		r.Elements = append(r.Elements, e)
	}
}

func (r *Report) quantify(field, content string) {
	runes := []rune(content)
	for _, q := range quantity.Parse(content) {
		if len(r.Quantities) == MaxQuantities {
			return
		}
		r.Quantities = append(r.Quantities, Stated{Quantity: q, Field: field, Text: string(runes[q.Start:q.End])})
	}
}

func (r *Report) missing() []Kind {
	has := map[Kind]bool{}
	for _, e := range r.Elements {
		has[e.Kind] = true
	}
	for _, q := range r.Quantities {
		required := q.Role == quantity.Requirement
		has[Quantity] = has[Quantity] || required
		has[Efficacy] = has[Efficacy] || required && q.Change != "" // 使用寿命提高30%
	}
	var out []Kind
	for _, k := range Kinds {
		if !has[k] {
			out = append(out, k)
		}
	}
	return out
}

func (r *Report) grade() Grade {
	named := len(Kinds) - len(r.Missing)
	switch {
	case r.Junk():
		return GradeD
	case named >= 5 && !r.lacks(Quantity):
		return GradeA
	case named >= 4:
		return GradeB
	case named >= 2:
		return GradeC
	}
	return GradeD
}

func (r *Report) lacks(k Kind) bool {
	for _, m := range r.Missing {
		if m == k {
			return true
		}
	}
	return false
}
