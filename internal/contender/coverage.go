package contender

import (
	"slices"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/internal/text"
)

// termSets are the distinct terms of every query and document, as sorted numbers.
type termSets struct{ queries, documents [][]uint32 }

func termsOf(d *evaluation.Dataset) *termSets {
	ids := map[string]uint32{}
	set := func(s string) []uint32 {
		counts, _ := text.Counts(s)
		out := make([]uint32, 0, len(counts))
		for term := range counts {
			id, ok := ids[term]
			if !ok {
				id = uint32(len(ids))
				ids[term] = id
			}
			out = append(out, id)
		}
		slices.Sort(out)
		return out
	}
	t := &termSets{}
	for i := range int32(d.Queries()) {
		t.queries = append(t.queries, set(queryTexts(d, i).Full()))
	}
	for i := range int32(d.Documents()) {
		t.documents = append(t.documents, set(documentTexts(d, i).Full()))
	}
	return t
}

// coverage is text.Coverage of a query by a document.
func (t *termSets) coverage(q, doc int32) float64 {
	need, offer := t.queries[q], t.documents[doc]
	if len(need) == 0 {
		return 0
	}
	shared := 0
	for i, j := 0, 0; i < len(need) && j < len(offer); {
		switch {
		case need[i] < offer[j]:
			i++
		case need[i] > offer[j]:
			j++
		default:
			shared, i, j = shared+1, i+1, j+1
		}
	}
	return float64(shared) / float64(len(need))
}
