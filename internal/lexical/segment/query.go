package segment

import (
	"cmp"
	"slices"
	"sync"

	"github.com/duijie/duijie/internal/lexical"
)

// query is a text, and what the index knows of its terms at one moment.
type query struct {
	terms   []queryTerm // distinct, in the order of their first places
	places  *numbering  // key → place in terms
	average float64     // length of the documents
	n       int         // documents
	always  int         // postings that are read in any case
}

type queryTerm struct {
	key  uint64
	text string
	docs int // that have the term
	idf  float64
}

// counters holds *counter.
var counters = sync.Pool{New: func() any { return newCounter() }}

// newQuery takes a text apart; the texts of the terms are kept where they are asked for.
func newQuery(s string, texts bool) *query {
	q := &query{always: lexical.TellingAlways}
	c := counters.Get().(*counter)
	c.distinct(s, func(key uint64, term []rune) {
		t := queryTerm{key: key}
		if texts {
			t.text = string(term)
		}
		q.terms = append(q.terms, t)
	})
	counters.Put(c)
	q.places = sized(len(q.terms))
	for _, t := range q.terms {
		q.places.number(t.key)
	}
	return q
}

// weigh sets idf, once docs are counted.
func (q *query) weigh(n, length int) {
	q.n, q.average = n, float64(length)/float64(n)
	for i := range q.terms {
		if t := &q.terms[i]; t.docs > 0 {
			t.idf = lexical.IDF(n, t.docs)
		}
	}
}

// telling returns the places of the terms that a search reads; see lexical.Telling.
func (q *query) telling(exact bool) (places []int, all bool) {
	docs := make([]int, len(q.terms))
	for i, t := range q.terms {
		docs[i] = t.docs
	}
	return lexical.Telling(docs, q.n, q.always, exact)
}

// local is a query in a segment.
type local struct {
	*query
	ids    []uint32            // by place: id, or gone
	counts []uint32            // by place: documents of the file, dead ones included
	of     *numbering          // spread id → place
	some   [idBits / 64]uint64 // a bit for each of ids, by its lowest bits
	tf     []uint32            // by place, of the document at hand
}

// localise looks the terms up in a segment.
func (q *query) localise(s *segment) (*local, error) {
	l := &local{query: q, ids: make([]uint32, len(q.terms)), counts: make([]uint32, len(q.terms)), tf: make([]uint32, len(q.terms))}
	for i, t := range q.terms {
		id, docs, ok, err := s.term(t.key)
		if err != nil {
			return nil, err
		}
		l.ids[i] = gone
		if ok {
			l.ids[i], l.counts[i] = id, docs
		}
	}
	l.of = newIDTable(l.ids)
	for _, id := range l.ids {
		if id != gone {
			l.some[id%idBits/64] |= 1 << (id % 64)
		}
	}
	return l, nil
}

// idBits is so many that most terms of a document are told not to be the query's by one look.
const idBits = 1 << 13

// newIDTable numbers the ids by their places.
func newIDTable(ids []uint32) *numbering {
	n := sized(len(ids))
	for place, id := range ids {
		if id != gone {
			*n.find(idKey(id)) = entry{idKey(id), uint32(place)}
		}
	}
	return n
}

func idKey(id uint32) uint64 { return uint64(id+1) * spread }

// frequencies fills tf with how often a document has each term, and counts those that
// it has.
func (l *local) frequencies(s *segment, doc uint32) (shared int, err error) {
	clear(l.tf)
	t, err := s.forward(doc)
	if err != nil {
		return 0, err
	}
	for {
		id, tf, ok := t.next()
		if !ok {
			break
		}
		if l.some[id%idBits/64]>>(id%64)&1 == 0 {
			continue
		}
		if place, found := l.of.get(idKey(id)); found {
			l.tf[place] = tf
			shared++
		}
	}
	if !t.done() {
		return 0, corrupt(s.path, "the terms of a document are cut off")
	}
	return shared, nil
}

// bufferedFrequencies is frequencies for a document in memory.
func (q *query) bufferedFrequencies(d *buffered, into []uint32) (shared int) {
	clear(into)
	for i, key := range d.keys {
		if place, ok := q.places.get(key); ok {
			into[place] = 1
			if i < len(d.tfs) {
				into[place] = d.tfs[i]
			}
			shared++
		}
	}
	return shared
}

// score adds up the contributions in the order of the query's terms.
func (q *query) score(tf []uint32, length uint32) (score float64) {
	norm := lexical.Norm(length, q.average)
	for i, n := range tf {
		if n > 0 {
			score += float64(q.terms[i].idf * lexical.Saturation(n, norm))
		}
	}
	return score
}

// contributions are the addends of score, largest first.
func (q *query) contributions(tf []uint32, length uint32) []lexical.Term {
	var out []lexical.Term
	norm := lexical.Norm(length, q.average)
	for i, n := range tf {
		if n > 0 {
			out = append(out, lexical.Term{Text: q.terms[i].text, Contribution: float64(q.terms[i].idf * lexical.Saturation(n, norm))})
		}
	}
	slices.SortFunc(out, func(a, b lexical.Term) int {
		return cmp.Or(cmp.Compare(b.Contribution, a.Contribution), cmp.Compare(a.Text, b.Text))
	})
	return out
}
