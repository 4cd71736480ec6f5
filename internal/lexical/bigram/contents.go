package bigram

import (
	"sync/atomic"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text"
)

// contents is the index without its locks.
type contents struct {
	dictionary *dictionary
	postings   []postings // by the id of the term
	documents  []document // by slot
	lengths    []uint32   // by slot; those of dead ones are of no use
	slots      map[string]uint32
	facets     facet.Set
	payloads   *payloads
	terms      int // occurrences of terms in live documents
	words      int // words of the live documents' streams

	// weights is by slot, and nil after a write.
	weights  atomic.Pointer[[]weight]
	distinct []uint32 // room for the terms of the document that is being stored
}

// postings are the documents of a term.
type postings struct {
	slots stream
	live  uint32 // documents that are not dead: n(t)
	// count is 0 but while a document is being taken apart.
	count uint32
}

// document is what is kept of a document. That of a dead slot is empty.
type document struct {
	key      string
	terms    stream // ids, in the order of their first places
	distinct int
	payload  storedPayload
}

func newContents(terms int) *contents {
	return &contents{
		dictionary: newDictionary(terms),
		postings:   make([]postings, 0, terms),
		slots:      map[string]uint32{},
		payloads:   newPayloads(),
	}
}

func (c *contents) upsert(docs []lexical.Doc) error {
	if len(c.documents)+len(docs) > maxNumber {
		return &match.Error{Kind: match.Exhausted, Reason: "the index has no slot left"}
	}
	for i := range docs {
		d, length := c.takeApart(docs[i].Text)
		d.key = docs[i].Key
		c.delete(d.key)
		c.append(d, length, docs[i].Payload)
	}
	return nil
}

// takeApart counts the terms of a text.
func (c *contents) takeApart(s string) (d document, length uint32) {
	c.distinct = c.distinct[:0]
	words := 0
	text.Each(s, func(term []rune, _ int) {
		length++
		id := c.dictionary.intern(term)
		if int(id) == len(c.postings) {
			c.postings = append(c.postings, postings{})
		}
		p := &c.postings[id]
		p.count++
		switch p.count {
		case 1:
			c.distinct = append(c.distinct, id)
			words++
		case 2:
			words++
		}
	})
	d.distinct, d.terms = len(c.distinct), make(stream, 0, words)
	for _, id := range c.distinct {
		d.terms = d.terms.append(id, c.postings[id].count)
		c.postings[id].count = 0
	}
	return d, length
}

// append gives a document, whose terms have postings, the next slot.
func (c *contents) append(d document, length uint32, p match.Payload) {
	slot := c.facets.Append(p)
	d.payload = c.payloads.store(p)
	c.documents = append(c.documents, d)
	c.lengths = append(c.lengths, length)
	c.slots[d.key] = slot
	for id, tf := range d.terms.all() {
		p := &c.postings[id]
		p.slots = p.slots.append(slot, tf)
		p.live++
	}
	c.terms += int(length)
	c.words += len(d.terms)
}

// delete kills the slot of a key, if it has one.
func (c *contents) delete(key string) {
	slot, ok := c.slots[key]
	if !ok {
		return
	}
	delete(c.slots, key)
	c.facets.Kill(slot)
	d := &c.documents[slot]
	for id := range d.terms.all() {
		c.postings[id].live--
	}
	c.terms -= int(c.lengths[slot])
	c.words -= len(d.terms)
	*d = document{}
}
