package verdict

import (
	"iter"
	"math"
	"regexp"
	"strconv"

	"github.com/duijie/duijie/internal/quantity"
)

// readChanges finds where a level becomes another one (由20g/L降为6g/L, from 9 % to 4 %): the first
// is no result, and by how much it changes can be required as well, as an amount or as a
// share of it.
func (r *Record) readChanges() {
	for i := range r.figures {
		to := &r.figures[i]
		if from := r.leftFor(i); from != nil {
			r.changes = append(r.changes, changes(from, to)...)
		}
	}
}

// leftFor is the level that the i-th figure comes from; nil where it comes from none that is told.
func (r *Record) leftFor(i int) *figure {
	to := &r.figures[i]
	before := string(r.fields[to.field].folded[to.before.Start:to.before.End])
	if i > 0 {
		if from := &r.figures[i-1]; from.left && !to.left && from.part == to.part && from.Unit.Comparable(to.Unit) {
			from.superseded = true
			return from
		}
	}
	from := *to
	switch m := unitless.FindStringSubmatch(before); {
	case m != nil:
		from.Low, _ = strconv.ParseFloat(m[1], 64)
		from.High = from.Low
	case to.Comparison == quantity.Range && to.Low < to.High && rises.MatchString(before):
		from.High, to.Low = from.Low, to.High
	case to.Comparison == quantity.Range && to.Low < to.High && falls.MatchString(before):
		from.Low, to.High = from.High, to.Low
	default:
		return nil
	}
	from.Comparison, to.Comparison = quantity.Equal, quantity.Equal
	return &from
}

// unitless is a level without its unit before what it becomes: 由150增至195s. What rises or falls
// from one number to another is read as a range.
var (
	unitless = regexp.MustCompile(`[由从]\D{0,8}?([0-9]+(?:\.[0-9]+)?)\D{0,3}[升增提高加降减少缩短小低延长]{1,2}[至到为]$`)
	rises    = regexp.MustCompile(`(?:rises?|rose|risen|increase[sd]?|raise[sd]?|improve[sd]?|grows?|grew|up) from $`)
	falls    = regexp.MustCompile(`(?:falls?|fell|fallen|drop(?:s|ped)?|decrease[sd]?|reduce[sd]?|lower(?:s|ed)?|cuts?|down) from $`)
)

// changes are by how much from becomes to.
func changes(from, to *figure) (out []figure) {
	if from.Low != from.High || to.Low != to.High || from.Low == 0 || from.Unit.Comparable(celsius) {
		return nil
	}
	before, after := from.Unit.Base(from.Low), to.Unit.Base(to.Low)
	percent, _ := quantity.ParseUnit("%")
	out = append(out, changed(from, to, percent, 100*math.Abs(after-before)/math.Abs(before)))
	if !from.Unit.Comparable(percent) {
		out = append(out, changed(from, to, from.Unit, math.Abs(after-before)/size(from.Unit)))
	}
	return out
}

// changed is a change from one level to another, in some unit.
func changed(from, to *figure, in quantity.Unit, by float64) figure {
	f := *from
	f.Start, f.End, f.after = min(from.Start, to.Start), to.End, to.after
	f.Unit, f.Low, f.High, f.Comparison = in, by, by, quantity.Equal
	f.Change = quantity.Increase
	if to.Unit.Base(to.Low) < from.Unit.Base(from.Low) {
		f.Change = quantity.Decrease
	}
	f.left, f.superseded, f.direction = false, false, 1
	return f
}

// answering are the figures of a patent that may answer a required one, each with what is
// required in its terms: without levels that are left and those of what was there before, and changes to a required change.
func (r *Record) answering(w *wanted) iter.Seq2[*wanted, *figure] {
	return func(yield func(*wanted, *figure) bool) {
		for i := range r.figures {
			f := &r.figures[i]
			if f.superseded || f.prior {
				continue
			}
			if asked := w.against(f); asked != nil && !yield(asked, f) {
				return
			}
		}
		for i := range r.changes {
			f := &r.changes[i]
			if f.Change == w.figure.Change && f.Unit.Comparable(w.figure.Unit) && !yield(w, f) {
				return
			}
		}
	}
}

// offer is a figure of a patent that may answer a required one.
type offer struct {
	asked   *wanted // what is required in its terms
	figure  *figure
	under   conditions
	choices int // how many figures of the patent could be meant in these terms, this one too
}

// offers are the figures of a patent that may answer a required one of d.
func (r *Record) offers(w *wanted, d *Record) (out []offer) {
	for asked, f := range r.answering(w) {
		out = append(out, offer{asked: asked, figure: f, under: conditionsOf(asked.figure, f, d, r)})
	}
	for i := range out {
		out[i].choices = len(out)
		if asked := out[i].asked; asked != w { // in another unit, to which others may be comparable
			out[i].choices = 0
			for range r.answering(asked) {
				out[i].choices++
			}
		}
	}
	return out
}
