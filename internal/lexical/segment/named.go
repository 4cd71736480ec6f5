package segment

import (
	"context"

	"github.com/duijie/duijie/internal/lexical"
)

// named scores documents that are named; the index's lock is held.
type named struct {
	*search
	tf []uint32
}

// named weighs a text.
func (x *Index) named(ctx context.Context, text string, texts bool) (*named, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := newSearch(ctx, lexical.Query{Text: text}, x.views, x.buffers())
	if texts {
		s.query.terms = withTexts(text)
	}
	err := s.each(func(v *searched) (err error) {
		v.local, err = s.localise(v.segment)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.count()
	s.weigh(x.docs, x.length)
	return &named{s, make([]uint32, len(s.terms))}, nil
}

func withTexts(text string) []queryTerm { return newQuery(text, true).terms }

// look gives the frequencies of the query's terms in a document, and what is counted
// of it; ok is false for an unknown one.
func (n *named) look(key string) (tf []uint32, length uint32, shared, distinct int, ok bool, err error) {
	for _, b := range n.buffered {
		if slot, ok := b.slots[key]; ok {
			d := &b.docs[slot]
			shared := n.bufferedFrequencies(d, n.tf)
			return n.tf, d.length, shared, len(d.keys), true, nil
		}
	}
	for _, v := range n.views {
		doc, ok, err := v.at([]byte(key))
		if err != nil {
			return nil, 0, 0, 0, false, err
		}
		if ok {
			shared, err := v.local.frequencies(v.segment, doc)
			return v.local.tf, v.lengths.at(doc), shared, int(v.distinct.at(doc)), true, err
		}
	}
	return nil, 0, 0, 0, false, nil
}

func (n *named) hit(key string) (lexical.Hit, error) {
	out := lexical.Hit{Key: key, QueryTerms: len(n.terms)}
	tf, length, shared, distinct, ok, err := n.look(key)
	if err != nil || !ok {
		return out, err
	}
	out.Score, out.Shared, out.DocTerms = n.score(tf, length), shared, distinct
	return out, nil
}

func (n *named) contributions(key string) ([]lexical.Term, error) {
	tf, length, _, _, ok, err := n.look(key)
	if err != nil || !ok {
		return nil, err
	}
	return n.query.contributions(tf, length), nil
}
