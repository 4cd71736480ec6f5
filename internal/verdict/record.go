package verdict

import (
	"context"
	"fmt"
	"math"
	"slices"
	"unicode"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/text"
)

// Limits of what is compared of one record.
const (
	MaxParts    = 4000
	MaxElements = 24
	MaxFigures  = 400
)

// Field is a text of a record; Parts, if set, are the only parts of it that are read.
type Field struct {
	Name  string
	Text  string
	Parts []text.Range
}

// Record is a demand or a patent, taken apart once to be compared with many others. It
// does not change and may be used by many goroutines.
type Record struct {
	fields    []field
	parts     []part
	bag       *bag
	title     []int // words of the first field, in the bag
	terms     terms // of all parts
	figures   []figure
	changes   []figure  // by how much figures change that are stated before and after
	heading   []float32 // vector of the first field
	mean      []float32 // vector of all parts
	sentences [][]float32
	han       bool // Chinese characters are a quarter of its texts or more
}

type field struct {
	name   string
	runes  []rune
	folded []rune
	within []text.Range // nil is everywhere
}

// part is a clause of a field.
type part struct {
	field    int
	at       text.Range
	sentence int // counts through all fields
	vector   []float32
	words    []int // in the record's bag
	terms    terms
	// limit, negation, gain and refusal tell of the words of cue.go; an idle part says nothing of
	// its own: 其特征在于.
	limit, negation, gain, refusal, idle bool
}

// Bytes is about what the record takes in memory.
func (r *Record) Bytes() int {
	n := 1000 + len(r.bag.rows) + 12*len(r.bag.entries) + 16*len(r.terms.hashes)
	for _, f := range r.fields {
		n += 8 * len(f.runes)
	}
	for i := range r.parts {
		n += 100 + 4*len(r.parts[i].vector) + 8*len(r.parts[i].words) + 16*len(r.parts[i].terms.hashes)
	}
	for i := range r.figures {
		n += 400 + len(r.figures[i].words.rows)
	}
	n += 400 * len(r.changes)
	return n
}

// Read takes the fields of a record apart; the first is its title.
func (j *Judge) Read(ctx context.Context, fields []Field) (*Record, error) {
	r := &Record{}
	for i, f := range fields {
		r.fields = append(r.fields, field{f.Name, []rune(f.Text), text.Folded(f.Text), f.Parts})
		r.cut(i, f)
	}
	if err := j.embed(ctx, r); err != nil {
		return nil, err
	}
	r.han = r.isHan()
	j.collect(r)
	j.readFigures(r)
	return r, nil
}

// isHan tells whether a quarter of the texts or more is Chinese characters.
func (r *Record) isHan() bool {
	han, all := 0, 0
	for i := range r.fields {
		for _, c := range r.fields[i].folded {
			if unicode.Is(unicode.Han, c) {
				han++
			}
		}
		all += len(r.fields[i].folded)
	}
	return 4*han >= all
}

// cut appends the clauses of a field.
func (r *Record) cut(number int, f Field) {
	within := f.Parts
	if within == nil {
		within = text.Sentences(f.Text)
	}
	sentence := 0
	if n := len(r.parts); n > 0 {
		sentence = r.parts[n-1].sentence + 1
	}
	at := 0
	text.EachClause(f.Text, func(clause string, c text.Range) bool {
		for at < len(within) && c.Start >= within[at].End {
			at++
		}
		if at == len(within) || len(r.parts) == MaxParts {
			return false
		}
		if c.Start < within[at].Start {
			return true
		}
		p := part{field: number, at: c, sentence: sentence + at}
		folded := r.fields[number].folded[c.Start:c.End]
		p.terms = newTerms(text.Hashes(clause))
		p.limit, p.negation, p.gain = limits.within(folded), negations.within(folded), gains.within(folded)
		p.refusal, p.idle = refusals.within(folded), idle.MatchString(string(folded))
		r.parts = append(r.parts, p)
		return true
	})
}

func (j *Judge) embed(ctx context.Context, r *Record) error {
	texts := make([]string, len(r.parts))
	for i := range r.parts {
		texts[i] = r.text(i)
	}
	vectors, err := j.Embedder.Embed(ctx, embed.Document, texts)
	if err != nil {
		return fmt.Errorf("embedding %d clauses: %w", len(texts), err)
	}
	for i := range r.parts {
		r.parts[i].vector = vectors[i]
	}
	return nil
}

// collect gathers words, terms and vectors of the whole.
func (j *Judge) collect(r *Record) {
	var all []int32
	var hashes []uint64
	own := make([][]int32, len(r.parts))
	for i := range r.parts {
		own[i] = j.dictionary.words(r.text(i))
		all = append(all, own[i]...)
		hashes = append(hashes, r.parts[i].terms.hashes...)
	}
	slices.Sort(hashes)
	r.terms = newTerms(slices.Compact(hashes))
	r.bag = j.dictionary.bagOf(all)
	places := r.bag.places()
	var heading, everything []int
	for i := range r.parts {
		for _, e := range own[i] {
			r.parts[i].words = append(r.parts[i].words, places[e])
		}
		everything = append(everything, i)
		if r.parts[i].field == 0 {
			heading = append(heading, i)
			r.title = append(r.title, r.parts[i].words...)
		}
	}
	slices.Sort(r.title)
	r.title = slices.Compact(r.title)
	r.heading, r.mean = r.meanOf(heading), r.meanOf(everything)
	for from := 0; from < len(r.parts); {
		to := from
		for to < len(r.parts) && r.parts[to].sentence == r.parts[from].sentence {
			to++
		}
		v := r.meanOf(everything[from:to])
		for ; from < to; from++ {
			r.sentences = append(r.sentences, v)
		}
	}
}

func (r *Record) slice(field int, at text.Range) string {
	return string(r.fields[field].runes[at.Start:at.End])
}

func (r *Record) text(part int) string { return r.slice(r.parts[part].field, r.parts[part].at) }

// meanOf is the mean of the vectors of parts, weighted by the root of their lengths
// and scaled to length 1; nil where there is none.
func (r *Record) meanOf(parts []int) []float32 {
	if len(parts) == 0 {
		return nil
	}
	sum := make([]float64, len(r.parts[parts[0]].vector))
	for _, i := range parts {
		p := &r.parts[i]
		weight := math.Sqrt(float64(p.at.End - p.at.Start))
		for d, x := range p.vector {
			sum[d] += weight * float64(x)
		}
	}
	square := 0.0
	for _, x := range sum {
		square += x * x
	}
	out := make([]float32, len(sum))
	if square == 0 {
		return out
	}
	for d, x := range sum {
		out[d] = float32(x / math.Sqrt(square))
	}
	return out
}

// partAt is the number of the part that holds a code point of a field; −1 is none.
func (r *Record) partAt(field, at int) int {
	for i := range r.parts {
		if p := &r.parts[i]; p.field == field && p.at.Start <= at && at < p.at.End {
			return i
		}
	}
	return -1
}
