package lexical

import (
	"cmp"
	"slices"
)

// Long queries are searched by their most telling terms alone: at least tellingTerms,
// and as many more as have fewer than tellingLists postings together for each
// document of the index. Their candidates are scored in full.
const (
	tellingTerms = 32
	tellingLists = 0.5
	// TellingAlways postings are read whatever the size of an index: that takes no
	// time worth sparing.
	TellingAlways = 400_000
	// candidates is how many documents are scored in full for a long query, or 4 for
	// each hit that is wanted if those are more.
	candidates = 800
)

// Telling returns the places of the terms that a search reads, rarest first, and
// whether they are all terms that documents have. docs tells for each term of the query
// how many of n documents have it; as many postings as always says are read in any case.
func Telling(docs []int, n, always int, exact bool) (places []int, all bool) {
	total := 0
	for i, d := range docs {
		if d > 0 {
			places = append(places, i)
			total += d
		}
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(docs[a], docs[b]) })
	affordable := max(always, int(tellingLists*float64(n)))
	if exact || len(places) <= tellingTerms || total <= affordable {
		return places, true
	}
	read := 0
	for n, at := range places {
		if read += docs[at]; n >= tellingTerms && read > affordable {
			return places[:n], false
		}
	}
	return places, true
}

// Candidates is how many documents are scored in full for a query that is searched by
// its most telling terms.
func Candidates(limit int) int { return max(candidates, 4*limit) }
