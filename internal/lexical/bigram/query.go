package bigram

import "github.com/duijie/duijie/internal/text"

// query is a text as the contents see it. It holds room for one document at a
// time, so it belongs to one goroutine.
type query struct {
	terms  []queryTerm // distinct, in the order of their first places
	places table       // id + 1 of a known term → its place in terms
	tf     []uint32    // by place: how often the document at hand has the term
	words  int         // of the known terms' postings
}

type queryTerm struct {
	text string
	id   uint32 // gone if no live document has the term
	idf  float64
}

func (c *contents) query(s string) *query {
	q := &query{}
	seen := newDictionary(0)
	text.Each(s, func(term []rune, _ int) {
		if int(seen.intern(term)) == len(q.terms) {
			q.terms = append(q.terms, c.queryTerm(term))
		}
	})
	q.tf = make([]uint32, len(q.terms))
	q.places = newTable(2 * len(q.terms)) // mostly empty, since mostly looked up in vain
	for i, t := range q.terms {
		if t.id != gone {
			q.places.put(uint64(t.id)+1, uint32(i))
			q.words += len(c.postings[t.id].slots)
		}
	}
	return q
}

func (c *contents) queryTerm(term []rune) queryTerm {
	out := queryTerm{text: string(term), id: gone}
	if id, ok := c.dictionary.find(term); ok && c.postings[id].live > 0 {
		out.id, out.idf = id, c.idf(c.postings[id].live)
	}
	return out
}
