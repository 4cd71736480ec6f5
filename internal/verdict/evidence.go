package verdict

import (
	"github.com/duijie/duijie/internal/text"
)

// Bearing is a piece of a patent that bears on the score of a pair, and the clause of the
// demand that it comes nearest to.
type Bearing struct {
	In, Of     string // the fields of the patent and of the demand
	At, From   text.Range
	Similarity float64 // cosine of the two clauses
}

// MostBearings is the number of clauses that an explanation cites at most.
const MostBearings = 5

// MostEvidence is the largest share of a patent's text that an explanation cites.
const MostEvidence = 0.3

// What a part carries is told by how much the score would fall without it, in the terms of
// rank.FirstPass: its share of the text's cosine, and of the demand's terms those that
// stand in it alone. Claims count for little there.
// A part that comes near to one of the demand counts a little more: it is what a reader
// wants to see, wherever it stands.
const (
	carriesCosine   = 2.3
	carriesTerms    = 6.6
	carriesNearness = 0.3
	claimsCarry     = 0.1
	unlike          = 0.3 // cosine of clauses below which they are about different things
)

// Bearings finds the pieces of the patent that carry the score, those that carry most
// first: at most n clauses, and no more than a share of the text. The title is none of
// them unless it is all there is. A clause too long for what is left is cut to the part of
// it that shares most with the demand.
func Bearings(d, p *Record, n int, share float64) []Bearing {
	return newMeeting(d, p, d.bag).bearings(n, share)
}

func (m *meeting) bearings(n int, share float64) []Bearing {
	d, p, c := m.d, m.p, newCarriers(m, share)
	var out []Bearing
	for len(out) < n {
		part := c.next()
		if part < 0 && len(out) == 0 && !c.lenient {
			c.lenient = true // rather something far than nothing
			continue
		}
		if part < 0 {
			break
		}
		at := c.fit(part)
		c.take(part, at)
		if at.End-at.Start < minEvidence {
			continue
		}
		q := &p.parts[part]
		b := Bearing{In: p.fields[q.field].name, At: at, Similarity: c.similarity[part]}
		if to := c.nearest[part]; to >= 0 {
			b.Of, b.From = d.fields[d.parts[to].field].name, d.tidy(d.parts[to].field, d.parts[to].at)
		}
		out = append(out, b)
	}
	return out
}

// minEvidence is the number of code points below which a piece says nothing.
const minEvidence = 2

// carriers is the work of choosing.
type carriers struct {
	d, p   *Record
	taken  []bool
	shared [][]uint64     // by part: the demand's terms in it
	left   map[uint64]int // parts that hold a term of the demand and are not taken
	// nearest is by part the part of the demand that comes nearest, and how near.
	nearest    []int
	similarity []float64
	lenient    bool    // also what is about different things counts
	whole      float64 // cosine of the whole texts
	budget     int
	body       int // code points of the fields that are weighed in full
}

func newCarriers(m *meeting, share float64) *carriers {
	d, p := m.d, m.p
	c := &carriers{d: d, p: p, taken: make([]bool, len(p.parts)), shared: make([][]uint64, len(p.parts)), left: map[uint64]int{}, nearest: make([]int, len(p.parts)), similarity: make([]float64, len(p.parts)), whole: cosine(d.mean, p.mean)}
	total := 0
	for i := range p.fields {
		total += len(p.fields[i].runes)
		if p.fields[i].name != "claims" {
			c.body += len(p.fields[i].runes)
		}
	}
	c.budget = int(share * float64(total))
	hasBody := len(p.parts) > 0 && p.parts[len(p.parts)-1].field > 0
	for i := range p.parts {
		c.taken[i] = hasBody && p.parts[i].field == 0
		c.shared[i] = common(d.terms.hashes, p.parts[i].terms.hashes)
		c.nearest[i] = -1
		for k, cos := range m.cosines[i] {
			if c.nearest[i] < 0 || cos > c.similarity[i] {
				c.nearest[i], c.similarity[i] = k, cos
			}
		}
		if !c.claims(i) {
			for _, t := range c.shared[i] {
				c.left[t]++
			}
		}
	}
	return c
}

func (c *carriers) claims(part int) bool { return c.p.fields[c.p.parts[part].field].name == "claims" }

// common gives the terms of both; they are in order.
func common(a, b []uint64) []uint64 {
	var out []uint64
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			out = append(out, a[i])
			i, j = i+1, j+1
		}
	}
	return out
}

// carries is about how much of the logit goes with a part.
func (c *carriers) carries(part int) float64 {
	q := &c.p.parts[part]
	share := float64(q.at.End-q.at.Start) / float64(max(1, c.body))
	falls := carriesCosine * share * (cosine(c.d.mean, q.vector) - c.whole)
	near := carriesNearness * max(0, c.similarity[part]-unlike)
	if c.similarity[part] < unlike && !c.lenient {
		falls = min(0, falls)
	}
	if c.claims(part) {
		return claimsCarry*falls + near
	}
	alone := 0
	for _, t := range c.shared[part] {
		if c.left[t] == 1 {
			alone++
		}
	}
	return falls + near + carriesTerms*float64(alone)/float64(max(1, len(c.d.terms.hashes)))
}

// next is the part that carries most; −1 where none carries anything or nothing is left
// of the budget.
func (c *carriers) next() int {
	best, most := -1, 0.0
	if c.budget < minEvidence {
		return best
	}
	for i := range c.p.parts {
		if c.taken[i] {
			continue
		}
		if x := c.carries(i); x > most {
			best, most = i, x
		}
	}
	return best
}

// fit cuts a part to what is left of the budget: the window that has most of the
// demand's terms, the first of equal ones.
func (c *carriers) fit(part int) text.Range {
	q := &c.p.parts[part]
	at := c.p.tidy(q.field, q.at)
	size := at.End - at.Start
	if size <= c.budget {
		return at
	}
	marks := make([]int, size+1) // terms that begin before a place
	text.Each(c.p.slice(q.field, at), func(term []rune, start int) {
		if len(common(text.Hashes(string(term)), c.shared[part])) > 0 {
			marks[start+1]++
		}
	})
	for i := range size {
		marks[i+1] += marks[i]
	}
	best := 0
	for from := 0; from+c.budget <= size; from++ {
		if marks[from+c.budget]-marks[from] > marks[best+c.budget]-marks[best] {
			best = from
		}
	}
	return text.Range{Start: at.Start + best, End: at.Start + best + c.budget}
}

// take counts a part as cited.
func (c *carriers) take(part int, at text.Range) {
	c.taken[part] = true
	c.budget -= at.End - at.Start
	if !c.claims(part) {
		for _, t := range c.shared[part] {
			c.left[t]--
		}
	}
}
