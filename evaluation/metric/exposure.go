package metric

import (
	"math"
	"slices"
)

// Coverage is the share of the corpus that is shown at least once, given how
// often each document was shown. NaN for an empty corpus. One minus it is the
// share of never-shown documents.
func Coverage(shown []int32) float64 {
	n := 0
	for _, s := range shown {
		if s > 0 {
			n++
		}
	}
	return float64(n) / float64(len(shown))
}

// Gini is the Gini coefficient of how often each document of the corpus was
// shown: 0 when all are shown equally often, near 1 when few take everything.
// NaN when nothing was shown. Source: Gini, 1912; for exposure in search see
// Wilkie and Azzopardi, "Retrievability and Gini", ECIR 2014.
func Gini(shown []int32) float64 {
	var some []int32 // those that were shown at all
	for _, s := range shown {
		if s > 0 {
			some = append(some, s)
		}
	}
	slices.Sort(some)
	n, weighted, total := float64(len(shown)), 0.0, 0.0
	for i, s := range some {
		weighted += float64(len(shown)-len(some)+i+1) * float64(s)
		total += float64(s)
	}
	if total == 0 {
		return math.NaN()
	}
	return 2*weighted/(n*total) - (n+1)/n
}

// Percentile is the smallest value of sorted (ascending) such that at least share
// of all values are not above it (nearest rank, no interpolation). share is in
// (0, 1]. NaN for an empty list.
func Percentile(sorted []float64, share float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	i := int(math.Ceil(share*float64(len(sorted)))) - 1
	return sorted[max(0, min(i, len(sorted)-1))]
}

// Mutual tells how far a one-way ranking is returned. backRanks holds, for each of
// the documents shown to one query in its first k ranks, the rank (from 1) that
// the query has in that document's own ranking of queries, 0 where it is absent.
//
// share is mutual@k: documents that rank the query in their own first k, divided
// by the documents shown. reciprocal is the mean of 1/back rank over the documents
// shown, an absent query counting 0 ("reverse rank"). Both are 0 when nothing is
// shown. They follow the reciprocal recommenders of Pizzato et al., RecSys 2010,
// with ranks in the place of scores.
func Mutual(backRanks []int32, k int) (share, reciprocal float64) {
	if len(backRanks) == 0 {
		return 0, 0
	}
	for _, r := range backRanks {
		if r > 0 {
			reciprocal += 1 / float64(r)
		}
		if r > 0 && int(r) <= k {
			share++
		}
	}
	n := float64(len(backRanks))
	return share / n, reciprocal / n
}
