package verdict

import (
	"context"
	"fmt"
	"slices"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quantity"
	"github.com/duijie/duijie/internal/text"
)

// Judge gives verdicts. It is safe for concurrent use.
type Judge struct {
	// Embedder makes the vectors of clauses and elements.
	Embedder embed.Embedder

	dictionary dictionary
	models     *models
}

// New makes a judge that compares clauses with an embedder; the weights were learned
// with the built-in one.
func New(e embed.Embedder) (*Judge, error) {
	m, err := static.Builtin()
	if err != nil {
		return nil, err
	}
	w, err := load()
	if err != nil {
		return nil, err
	}
	return &Judge{Embedder: e, dictionary: dictionary{m}, models: w}, nil
}

// Finding is a verdict on one element.
type Finding struct {
	Element
	Verdict match.Verdict
	// Score tells how far the element is served, 0 to 1: the chance that it is covered and
	// half the chance that it is so in part.
	Score float64
	// In is the field of the patent that says so, and At the place; empty for Missing.
	In   string
	At   text.Range
	Note match.LocalText
}

// Wants is a demand with its elements, taken apart once to be judged against many
// patents. It does not change.
type Wants struct {
	demand   *Record
	elements []*wanted
	bag      *bag // the demand's, and the words of elements after it
}

// Wants takes the elements of d apart, in their order; those beyond MaxElements are left
// out.
func (j *Judge) Wants(ctx context.Context, d *Record, elements []Element) (*Wants, error) {
	w := &Wants{demand: d}
	var err error
	if w.elements, err = j.readyAll(ctx, d, elements[:min(len(elements), MaxElements)]); err != nil {
		return nil, err
	}
	j.gather(w)
	return w, nil
}

// gather finds the words of elements. Cut out of its sentence, an element may have
// others than the sentence.
func (j *Judge) gather(w *Wants) {
	all := slices.Clone(w.demand.bag.entries)
	own := make([][]int32, len(w.elements))
	for i, e := range w.elements {
		own[i] = j.dictionary.words(e.text)
		all = append(all, own[i]...)
	}
	w.bag = j.dictionary.bagOf(all)
	places := w.bag.places()
	for i, e := range w.elements {
		seen := map[int32]bool{}
		for _, entry := range own[i] {
			if !seen[entry] {
				seen[entry] = true
				e.words = append(e.words, places[entry])
				e.weigh = append(e.weigh, w.bag.weights[places[entry]])
			}
		}
	}
}

// Bytes is about what the elements take in memory.
func (w *Wants) Bytes() int {
	n := 100 + len(w.bag.rows) + 12*len(w.bag.entries)
	for _, e := range w.elements {
		n += 500 + 4*(len(e.vector)+len(e.around)+len(e.core)) + 12*len(e.words) + 16*(len(e.terms.hashes)+len(e.coreTerms.hashes))
	}
	return n
}

// Verdicts are what is found on the elements of a demand, in their order, what the
// patent says besides, and what of it carries the score.
type Verdicts struct {
	Findings []Finding
	Beyond   []Beyond
	Bearings []Bearing
}

// Judge gives a verdict on each element.
func (j *Judge) Judge(w *Wants, p *Record) Verdicts {
	m := newMeeting(w.demand, p, w.bag)
	trials := j.study(w.elements, m)
	out := Verdicts{Findings: make([]Finding, len(trials)), Bearings: m.bearings(MostBearings, MostEvidence)}
	for i, c := range trials {
		out.Findings[i] = find(c, p)
	}
	out.Beyond = beyond(w.demand, p, trials)
	return out
}

// readyAll takes the elements of a demand apart.
func (j *Judge) readyAll(ctx context.Context, d *Record, elements []Element) ([]*wanted, error) {
	texts := make([]string, len(elements))
	for i, e := range elements {
		texts[i] = d.slice(d.fieldNamed(e.Field), e.Range)
	}
	vectors, err := j.Embedder.Embed(ctx, embed.Document, texts)
	if err != nil {
		return nil, fmt.Errorf("embedding %d elements: %w", len(texts), err)
	}
	out := make([]*wanted, len(elements))
	for i, e := range elements {
		out[i] = j.ready(d, e, vectors[i])
	}
	return out, nil
}

// trial is an element against a patent, before the verdict.
type trial struct {
	wanted  *wanted
	view    *view
	answer  answer
	inputs  []float64
	chances [4]float64
}

// study compares all elements with a patent.
func (j *Judge) study(all []*wanted, m *meeting) []*trial {
	out := make([]*trial, len(all))
	pair := j.models.whole(m)
	figures := 0.0
	for i, w := range all {
		c := &trial{wanted: w, view: w.look(m.p, m.like)}
		if c.asksFigure() {
			c.answer = j.models.answerTo(w, c.view, m, pair.inputs)
			figures++
			pair.met += c.answer.weigh[met]
			pair.unmet += c.answer.weigh[unmet]
		}
		out[i] = c
	}
	if figures > 0 {
		pair.met, pair.unmet, pair.required = pair.met/figures, pair.unmet/figures, 1
	}
	x := make([][]float64, len(out))
	for i, c := range out {
		x[i] = c.view.measure(c.wanted, m.p, pair)
	}
	compareElements(out, x)
	for i, c := range out {
		c.inputs = append(x[i], pair.inputs...)
		model := &j.models.Words
		if c.wanted.Kind == match.QuantityElement {
			c.inputs, model = c.withAnswer(m), &j.models.Figures
		}
		c.chances = model.chances(c.inputs)
	}
	return out
}

// asksFigure tells whether the element requires a figure that was read.
func (c *trial) asksFigure() bool {
	return c.wanted.figure != nil && c.wanted.Kind == match.QuantityElement
}

func limiting(f *figure) bool {
	return f.Comparison == quantity.AtMost || f.Comparison == quantity.Below
}

func promising(f *figure) bool {
	return f.Comparison == quantity.AtLeast || f.Comparison == quantity.Above
}

// zero finds the nearest part that says that there is none of what a figure is about;
// −1 is nowhere.
func (v *view) zero(f *figure, p *Record) int {
	out := -1
	for i := range p.parts {
		q := &p.parts[i]
		if q.negation && plainShare(f.terms, q.terms.hashes) >= 0.3 && (out < 0 || v.near[i] > v.near[out]) {
			out = i
		}
	}
	return out
}
