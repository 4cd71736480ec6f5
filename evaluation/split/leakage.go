package split

import (
	"slices"

	"github.com/duijie/duijie/evaluation"
)

// Leakage counts what stands in more than one fold of a split.
type Leakage struct {
	Queries int // judged queries whose pairs are in several folds
	// RepeatedQueryTitles is queries whose title another query in another fold has.
	RepeatedQueryTitles int
	// RepeatedDocumentTitles is distinct titles of documents that are judged in
	// several folds.
	RepeatedDocumentTitles int
	// RepeatedPairs is pairs whose document's title is judged for the same query in
	// another fold.
	RepeatedPairs int
	// Twins is pairs of queries that are alike and share no fold completely.
	Twins []Twin
}

// Report finds what leaks between the folds of a split. alike and threshold are as
// for [Groups]; alike may be nil.
func Report(d *evaluation.Dataset, s Split, threshold float64, alike Similarity) Leakage {
	folds := make([][]int, d.Queries())
	queryTitles, documentTitles := map[string][]int{}, map[string][]int{}
	var l Leakage
	for q := range folds {
		pairs := map[string][]int{}
		for i, j := range d.Judgements(int32(q)) {
			fold := s.Of[q][i]
			folds[q] = with(folds[q], fold)
			if title := normal(d.Document(j.Document).Title); title != "" {
				documentTitles[title] = with(documentTitles[title], fold)
				pairs[title] = append(pairs[title], fold)
			}
		}
		l.RepeatedPairs += scattered(pairs)
		if len(folds[q]) > 1 {
			l.Queries++
		}
		if title := normal(d.Query(int32(q)).Title); title != "" {
			for _, f := range folds[q] {
				queryTitles[title] = with(queryTitles[title], f)
			}
		}
	}
	for q := range folds {
		if title := normal(d.Query(int32(q)).Title); len(folds[q]) > 0 && len(queryTitles[title]) > len(folds[q]) {
			l.RepeatedQueryTitles++
		}
	}
	for _, f := range documentTitles {
		if len(f) > 1 {
			l.RepeatedDocumentTitles++
		}
	}
	for _, t := range Twins(d, threshold, alike) {
		if a, b := folds[t.A], folds[t.B]; len(a) > 0 && len(b) > 0 && (len(a) > 1 || len(b) > 1 || a[0] != b[0]) {
			l.Twins = append(l.Twins, t)
		}
	}
	return l
}

func with(folds []int, fold int) []int {
	if slices.Contains(folds, fold) {
		return folds
	}
	return append(folds, fold)
}

// scattered counts the pairs whose title is in several folds.
func scattered(folds map[string][]int) int {
	n := 0
	for _, f := range folds {
		if slices.Min(f) != slices.Max(f) {
			n += len(f)
		}
	}
	return n
}
