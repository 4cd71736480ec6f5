package evaluation

import "github.com/duijie/duijie/evaluation/metric"

// Placed is one place of a ranking, for reading it.
type Placed struct {
	Document int32
	Level    int8 // metric.Unjudged where nobody judged
	Score    float64
	Other    int // the document's rank (from 1) in the other ranking, 0 if absent
}

// SideBySide is the first k places of two runs for one query, ranked as the
// result's options say: what a reader needs to see why one of them won.
func (r *Result) SideBySide(a, b *Run, query int32, k int) (left, right []Placed) {
	x, y := r.ranked(a, query), r.ranked(b, query)
	return r.placed(x, y, query, k), r.placed(y, x, query, k)
}

// ranked is the hits of a query in order, after the rule on candidates.
func (r *Result) ranked(run *Run, query int32) []Hit {
	hits := append([]Hit(nil), run.Hits[query]...)
	r.dataset.Order(hits, r.Options.Ties)
	kept := hits[:0]
	for _, h := range hits {
		if r.Options.Candidates == CandidatesAll || r.level(query, h.Document) != metric.Unjudged {
			kept = append(kept, h)
		}
	}
	return kept
}

func (r *Result) placed(own, other []Hit, query int32, k int) []Placed {
	ranks := map[int32]int{}
	for i, h := range other {
		ranks[h.Document] = i + 1
	}
	var out []Placed
	for _, h := range own[:min(k, len(own))] {
		out = append(out, Placed{h.Document, r.level(query, h.Document), h.Score, ranks[h.Document]})
	}
	return out
}

func (r *Result) level(query, document int32) int8 {
	for _, j := range r.dataset.judged[query] {
		if j.Document == document {
			return j.Level
		}
	}
	return metric.Unjudged
}
