package split

import (
	"slices"
	"strings"

	"github.com/duijie/duijie/evaluation"
)

// Leakage counts what stands in more than one fold of a split, or in more than one
// split of a dataset.
type Leakage = evaluation.Leakage

// Report finds what leaks between the folds of a split. alike and threshold are as
// for [Groups]; alike may be nil.
func Report(d *evaluation.Dataset, s Split, threshold float64, alike Similarity) Leakage {
	l := leakage(d, threshold, alike, func(q int32, see func(document int32, part int)) {
		for i, j := range d.Judgements(q) {
			see(j.Document, s.Of[q][i])
		}
	})
	l.Between = "folds"
	return l
}

// Across finds what leaks between parts of one dataset: datasets with the same
// queries and documents and with other judgements, such as training and test. Names
// are those of the parts.
func Across(parts []*evaluation.Dataset, names []string, threshold float64, alike Similarity) Leakage {
	if len(parts) == 0 {
		return Leakage{}
	}
	l := leakage(parts[0], threshold, alike, func(q int32, see func(document int32, part int)) {
		for part, d := range parts {
			for _, j := range d.Judgements(q) {
				see(j.Document, part)
			}
		}
	})
	l.Between = strings.Join(names, ", ")
	return l
}

// leakage counts what stands in several parts. each calls see with the judged
// documents of a query and the part that each is judged in.
func leakage(d *evaluation.Dataset, threshold float64, alike Similarity, each func(q int32, see func(document int32, part int))) Leakage {
	parts := make([][]int, d.Queries())
	queryTitles, documentTitles := map[string][]int{}, map[string][]int{}
	var l Leakage
	for q := range parts {
		pairs := map[string][]int{}
		each(int32(q), func(document int32, part int) {
			parts[q] = with(parts[q], part)
			if title := normal(d.Document(document).Title); title != "" {
				documentTitles[title] = with(documentTitles[title], part)
				pairs[title] = append(pairs[title], part)
			}
		})
		l.RepeatedPairs += scattered(pairs)
		if len(parts[q]) > 1 {
			l.Queries++
		}
		if title := normal(d.Query(int32(q)).Title); title != "" {
			for _, p := range parts[q] {
				queryTitles[title] = with(queryTitles[title], p)
			}
		}
	}
	for q := range parts {
		if title := normal(d.Query(int32(q)).Title); len(parts[q]) > 0 && len(queryTitles[title]) > len(parts[q]) {
			l.RepeatedQueryTitles++
		}
	}
	for _, p := range documentTitles {
		if len(p) > 1 {
			l.RepeatedDocumentTitles++
		}
	}
	l.Twins = twinsApart(Twins(d, threshold, alike), parts)
	return l
}

// twinsApart are those of which not both lie in one and the same part.
func twinsApart(twins []Twin, parts [][]int) (apart []Twin) {
	for _, t := range twins {
		if a, b := parts[t.A], parts[t.B]; len(a) > 0 && len(b) > 0 && (len(a) > 1 || len(b) > 1 || a[0] != b[0]) {
			apart = append(apart, t)
		}
	}
	return apart
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
