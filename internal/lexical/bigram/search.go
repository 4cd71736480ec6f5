package bigram

import (
	"context"
	"fmt"
	"iter"
	"math/bits"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

// Search implements lexical.Index. It goes over the postings of the query's
// terms, or where that is less work, over the documents that may be hits.
func (x *Index) Search(ctx context.Context, in lexical.Query) ([]lexical.Hit, error) {
	if in.Limit < 1 {
		return nil, match.Invalidf("limit", "is below 1")
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	c := x.contents
	q := c.query(in.Text)
	best := newTop(in.Limit, c.documents)
	selected := c.facets.Select(in.Conditions)
	var err error
	if few := c.few(q, selected); few != nil {
		err = c.searchDocuments(ctx, q, few, best)
	} else {
		err = x.searchPostings(ctx, q, selected, best)
	}
	if err != nil {
		return nil, fmt.Errorf("bigram: search: %w", err)
	}
	hits := make([]lexical.Hit, 0, len(best.list))
	for _, found := range best.sorted() {
		hits = append(hits, c.hit(q, found.slot))
	}
	return hits, nil
}

// few returns the slots that may be hits, if scoring each of them alone reads
// less than the postings and the accumulator have; or else nil.
func (c *contents) few(q *query, selected facet.Bitmap) facet.Bitmap {
	perDocument := max(1, c.words/max(1, len(c.slots)))
	affordable := (q.words + len(c.documents)) / perDocument
	if selected.Count() <= affordable {
		return selected
	}
	if q.words > affordable {
		return nil
	}
	out := facet.NewBitmap(len(c.documents))
	for _, t := range q.terms {
		if t.id != gone {
			for slot := range c.postings[t.id].slots.all() {
				out.Set(slot)
			}
		}
	}
	out.And(selected)
	return out
}

func (c *contents) searchDocuments(ctx context.Context, q *query, slots facet.Bitmap, best *top) error {
	for slot := range each(slots) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if score, shared := c.score(q, slot); shared > 0 {
			best.offer(slot, score)
		}
	}
	return ctx.Err()
}

func (x *Index) searchPostings(ctx context.Context, q *query, selected facet.Bitmap, best *top) error {
	sums := x.accumulator()
	if err := x.contents.accumulate(ctx, q, *sums); err != nil {
		return err // the sums are not zero and are left to the collector
	}
	for slot, score := range *sums {
		// A contribution is never 0: 0 is a document without a term of the query.
		if score == 0 {
			continue
		}
		(*sums)[slot] = 0
		if selected.Has(uint32(slot)) {
			best.offer(uint32(slot), score)
		}
	}
	x.accumulators.Put(sums)
	return nil
}

// accumulate adds the contributions of one term after another to the sums of
// the slots, which is the order of score too.
func (c *contents) accumulate(ctx context.Context, q *query, sums []float64) error {
	weights := c.weightsBySlot()
	for _, t := range q.terms {
		if t.id == gone {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		list := c.postings[t.id].slots
		for i := 0; i < len(list); i++ { // stream.all by hand, a tenth quicker
			slot := list[i] >> 1
			if list[i]&1 == 0 {
				sums[slot] += float64(t.idf * weights[slot].one)
				continue
			}
			i++
			sums[slot] += float64(t.idf * lexical.Saturation(list[i], weights[slot].norm))
		}
	}
	return ctx.Err()
}

// accumulator returns a sum of 0 for each slot.
func (x *Index) accumulator() *[]float64 {
	n := len(x.contents.documents)
	sums, ok := x.accumulators.Get().(*[]float64)
	if !ok || cap(*sums) < n {
		room := make([]float64, n+n/4)
		sums = &room
	}
	*sums = (*sums)[:n]
	return sums
}

func each(b facet.Bitmap) iter.Seq[uint32] {
	return func(yield func(slot uint32) bool) {
		for i, word := range b {
			for ; word != 0; word &= word - 1 {
				if !yield(uint32(i<<6 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}
