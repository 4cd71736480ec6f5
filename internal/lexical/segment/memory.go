package segment

import "github.com/duijie/duijie/internal/match"

// bufferedSearch is a buffer in a search: its documents are read once, and what they
// share with the query is kept until their scores can be told.
type bufferedSearch struct {
	*buffer
	counts []int // by place: documents that have the term
	found  []bufferedHit
	shared []placed
}

type bufferedHit struct {
	slot, from, to uint32 // shared[from:to]
}

type placed struct{ place, tf uint32 }

func newBufferedSearch(q *query, b *buffer, conditions []match.Condition) *bufferedSearch {
	s := &bufferedSearch{buffer: b, counts: make([]int, len(q.terms))}
	selected := b.facets.Select(conditions)
	for slot := range b.docs {
		d := &b.docs[slot]
		if d.key == "" {
			continue
		}
		from := uint32(len(s.shared))
		for i, key := range d.keys {
			place, ok := q.places.get(key)
			if !ok {
				continue
			}
			s.counts[place]++
			tf := uint32(1)
			if i < len(d.tfs) {
				tf = d.tfs[i]
			}
			s.shared = append(s.shared, placed{place, tf})
		}
		if to := uint32(len(s.shared)); to > from && selected.Has(uint32(slot)) {
			s.found = append(s.found, bufferedHit{uint32(slot), from, to})
		} else {
			s.shared = s.shared[:from]
		}
	}
	return s
}

func (s *bufferedSearch) results(q *query) []result {
	out, tf := make([]result, len(s.found)), make([]uint32, len(q.terms))
	for i, hit := range s.found {
		d := &s.docs[hit.slot]
		clear(tf)
		for _, p := range s.shared[hit.from:hit.to] {
			tf[p.place] = p.tf
		}
		out[i] = result{[]byte(d.key), q.score(tf, d.length), int(hit.to - hit.from), len(d.keys)}
	}
	return out
}
