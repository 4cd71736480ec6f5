package verdict

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/quantity"
	"github.com/duijie/duijie/internal/text"
)

// figure is a quantity of a text with the words that tell what it is about.
type figure struct {
	quantity.Quantity
	field, part int
	// context is the clause up to the figure, behind the last figure of it, and what
	// follows up to the next.
	before, after text.Range
	words         *bag
	terms         []uint64
	family        [2]uint64
	// among is the element that the figure is required in, if any: only figures in it are
	// conditions.
	among *text.Range
	// left is a level that something leaves: 由5%, and superseded one whose successor is
	// known. rival belongs to something else, and prior to what a patent sets out from.
	left, superseded, rival, prior bool
	// setting is what a process is set to, no result.
	setting bool
	// direction is 1 where more is better, −1 where less is, and 0 where it is not known.
	direction int
	// within is a range that is kept to, and not one that has to be covered.
	within bool
}

// readFigures finds the figures of all parts.
func (j *Judge) readFigures(r *Record) {
	for i := range r.fields {
		found := r.quantities(i)
		for n := range found {
			part := r.partAt(i, found[n].Start)
			if part < 0 || len(r.figures) == MaxFigures {
				continue
			}
			f := figure{Quantity: found[n], field: i, part: part}
			j.describe(r, &f, found, n)
			r.figures = append(r.figures, f)
		}
	}
	r.readChanges()
}

// quantities parses a field, or the parts of it that are read.
func (r *Record) quantities(field int) []quantity.Quantity {
	f := &r.fields[field]
	if f.within == nil {
		return r.withBare(field, quantity.Parse(string(f.runes)))
	}
	var out []quantity.Quantity
	for _, at := range f.within {
		for _, q := range quantity.Parse(r.slice(field, at)) {
			q.Start, q.End = q.Start+at.Start, q.End+at.Start
			out = append(out, q)
		}
	}
	return r.withBare(field, out)
}

// withBare adds the figures without units in their places.
func (r *Record) withBare(field int, found []quantity.Quantity) []quantity.Quantity {
	found = r.lend(field, found)
	out := append(found, r.bare(field, found)...)
	slices.SortStableFunc(out, func(a, b quantity.Quantity) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

// lend adds the figures whose unit a property lends them, and gives that unit to those that
// were read without.
func (r *Record) lend(field int, found []quantity.Quantity) []quantity.Quantity {
	for _, q := range unsaidFigures(r.fields[field].folded) {
		switch at := slices.IndexFunc(found, func(o quantity.Quantity) bool { return o.Start < q.End && q.Start < o.End }); {
		case at < 0 && r.reads(field, q.Start):
			found = append(found, q)
		case at >= 0 && lacksUnit(found[at].Unit, q.Unit):
			found[at].Unit = q.Unit
		}
	}
	return found
}

// describe finds what the n-th quantity of a field is about.
func (j *Judge) describe(r *Record, f *figure, found []quantity.Quantity, n int) {
	p, runes := &r.parts[f.part], r.fields[f.field].folded
	start, end := p.at.Start, max(p.at.End, f.End)
	if n > 0 && found[n-1].End > start {
		start = found[n-1].End
	}
	if n+1 < len(found) && found[n+1].Start < end {
		end = max(found[n+1].Start, f.End)
	}
	f.before, f.after = text.Range{Start: start, End: f.Start}, text.Range{Start: f.End, End: end}
	before := runes[f.before.Start:f.before.End]
	context := stripped(before) + " " + stripped(runes[f.after.Start:f.after.End])
	f.words, f.terms = j.dictionary.bagOf(j.dictionary.words(context)), text.Hashes(context)
	f.family = families.of([]rune(context))
	if last := len(r.figures) - 1; last >= 0 && r.figures[last].part == f.part {
		before := &r.figures[last]
		if len(f.words.entries) == 0 { // 由5%降至2%
			f.words, f.terms, f.family = before.words, before.terms, before.family
		}
	}
	f.left = leaves(runes, f.Start)
	f.rival = rivals.within(runes[p.at.Start:f.Start])
	f.prior = priorArt.MatchString(string(runes[p.at.Start:f.Start]))
	f.setting = settings.within(before)
	f.reread(r, before, runes[f.after.Start:f.after.End])
}

// priorArt is the beginning of a clause about what there was before: 现有电池的保持率. Machines that are
// there may well be what a patent runs on.
var priorArt = regexp.MustCompile(`^ *(?:(?:而|但)?(?:现有|传统|常规|市售|同类|对比例|已有)(?:[^上中下]|$)*$|(?:the )?(?:conventional|prior art|known|existing|comparative example)\b)`)

// stripped gives folded text without empty words.
func stripped(folded []rune) string {
	out, _ := emptyWords.blanked(folded)
	return string(out)
}

// leaves tells whether 由, 从 or from stands right before.
func leaves(folded []rune, at int) bool {
	if strings.HasSuffix(string(folded[max(0, at-6):at]), " from ") {
		return true
	}
	for i := at - 1; i >= max(0, at-3); i-- {
		if folded[i] == '由' || folded[i] == '从' {
			return true
		}
	}
	return false
}
