package bigram

import (
	"cmp"
	"slices"

	"github.com/duijie/duijie/internal/lexical"
)

// idf of a term that n documents have.
func (c *contents) idf(n uint32) float64 { return lexical.IDF(len(c.slots), int(n)) }

// norm of a document; see lexical.Norm.
func (c *contents) norm(length uint32) float64 {
	return lexical.Norm(length, float64(c.terms)/float64(len(c.slots)))
}

// weight is what depends on a document alone in its contributions. Most terms
// occur once in a text, and one spares their postings the division.
type weight struct{ norm, one float64 }

// weightsBySlot gives the weight of each slot. Two searches that find them missing
// make the same ones.
func (c *contents) weightsBySlot() []weight {
	if known := c.weights.Load(); known != nil {
		return *known
	}
	out := make([]weight, len(c.lengths))
	for slot, length := range c.lengths {
		norm := c.norm(length)
		out[slot] = weight{norm, lexical.Saturation(1, norm)}
	}
	c.weights.Store(&out)
	return out
}

// frequencies fills q.tf with how often a document has each term of the query,
// and counts the terms that it has.
func (c *contents) frequencies(q *query, slot uint32) (shared int) {
	clear(q.tf)
	for id, tf := range c.documents[slot].terms.all() {
		if at, ok := q.places.get(uint64(id) + 1); ok {
			q.tf[at] = tf
			shared++
		}
	}
	return shared
}

// score adds up the contributions of one document in the order of the query's
// terms, which is the order of accumulate too.
func (c *contents) score(q *query, slot uint32) (score float64, shared int) {
	shared = c.frequencies(q, slot)
	norm := c.norm(c.lengths[slot])
	for i, tf := range q.tf {
		if tf > 0 {
			score += float64(q.terms[i].idf * lexical.Saturation(tf, norm))
		}
	}
	return score, shared
}

func (c *contents) hit(q *query, slot uint32) lexical.Hit {
	score, shared := c.score(q, slot)
	d := &c.documents[slot]
	return lexical.Hit{Key: d.key, Score: score, Shared: shared, QueryTerms: len(q.terms), DocTerms: d.distinct}
}

// contributions are the addends of score, largest first.
func (c *contents) contributions(q *query, slot uint32) []lexical.Term {
	out := make([]lexical.Term, 0, c.frequencies(q, slot))
	norm := c.norm(c.lengths[slot])
	for i, tf := range q.tf {
		if tf > 0 {
			t := q.terms[i]
			out = append(out, lexical.Term{Text: t.text, Contribution: float64(t.idf * lexical.Saturation(tf, norm))})
		}
	}
	slices.SortFunc(out, func(a, b lexical.Term) int {
		return cmp.Or(cmp.Compare(b.Contribution, a.Contribution), cmp.Compare(a.Text, b.Text))
	})
	return out
}
