package segment

import (
	"context"
	"sync"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/lexical"
)

// sums holds *[]float32 of maxDocs numbers, all zero.
var sums = sync.Pool{New: func() any {
	room := make([]float32, maxDocs)
	return &room
}}

// candidate is a document with a score in float32, from some terms of the query or all.
type candidate struct {
	doc   uint32
	score float32
}

// curve is what of a score depends on the length of a document, in float32: the norm
// is base + slope·length.
type curve struct{ base, slope float32 }

func (q *query) curve() curve {
	base := lexical.Norm(0, q.average)
	return curve{float32(base), float32(lexical.Norm(1, q.average) - base)}
}

func (c curve) norm(length uint32) float32 { return c.base + c.slope*float32(length) }

// one is the saturation of a term that occurs once.
func one(norm float32) float32 { return float32(lexical.Saturation(1, 0)) / (1 + norm) }

// add adds up, over the terms at places, what they contribute to the documents of v,
// each divided by the saturation of a term that occurs once in the document:
//
//	idf · [tf·(k1+1) / (tf+norm)] / [(k1+1) / (1+norm)]  =  idf · tf·(1+norm) / (tf+norm)
//
// which for nearly all postings, those with tf = 1, is idf alone. Where it need not be
// exact, every document has the norm of one of average length.
func (v *view) add(ctx context.Context, l *local, places []int, exact bool, to []float32) error {
	c := l.curve()
	average := c.base + c.slope*float32(l.average)
	var r reader
	for n, place := range places {
		if l.ids[place] == gone {
			continue
		}
		if n%16 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		list, err := v.list(l.ids[place])
		if err == nil {
			err = r.open(list, v.docs)
		}
		idf := float32(l.terms[place].idf)
		for err == nil {
			if err = r.next(); err != nil || r.n == 0 {
				break
			}
			for _, doc := range r.docs[:r.n] {
				to[doc] += idf
			}
			r.each(func(i int, tf uint32) {
				doc, norm, f := r.docs[i], average, float32(tf)
				if exact {
					norm = c.norm(v.lengths.at(doc))
				}
				to[doc] += idf * (f*(1+norm)/(f+norm) - 1)
			})
		}
		if err != nil {
			return corrupt(v.path, err.Error())
		}
	}
	return nil
}

// candidates returns the selected documents whose scores, from the terms at places,
// are among those that g keeps or may be by their rounding, and offers the scores to g.
func (v *view) candidates(ctx context.Context, l *local, places []int, exact bool, selected facet.Bitmap, g *greatest) ([]candidate, error) {
	room := sums.Get().(*[]float32)
	to := (*room)[:v.docs]
	if err := v.add(ctx, l, places, exact, to); err != nil {
		return nil, err // the sums are not zero and are left to the collector
	}
	var out []candidate
	c := l.curve()
	highest := one(c.base) // no document's factor is above that of an empty one
	slack := 1 - rounding(len(places))
	least := g.least() * slack / highest * slack // of a sum, for its score to count
	for doc, sum := range to {
		if sum <= least || !selected.Has(uint32(doc)) {
			continue
		}
		score := sum * one(c.norm(v.lengths.at(uint32(doc))))
		if score < g.least()*slack {
			continue
		}
		out = append(out, candidate{uint32(doc), score})
		g.offer(score)
		least = g.least() * slack / highest * slack
	}
	clear(to)
	sums.Put(room)
	return out, nil
}

// rounding bounds the relative error of a sum of n numbers that are not negative, and
// of the operations around it, in float32.
func rounding(n int) float32 { return float32(n+16) / (1 << 22) }
