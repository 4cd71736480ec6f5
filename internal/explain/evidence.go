package explain

import (
	"cmp"
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// nearest pairs each sentence of the demand with the sentence of the patent that is
// nearest to it, and keeps the best pairs. A sentence is used once.
func nearest(demand, patent *Side) []match.Evidence {
	var all []match.Evidence
	for _, d := range demand.sentences {
		best := match.Evidence{Similarity: minSimilarity}
		for _, p := range patent.sentences {
			if c := cosine(d.vector, p.vector); c > best.Similarity {
				best = match.Evidence{Demand: d.span, Patent: p.span, Similarity: c}
			}
		}
		if best.Similarity > minSimilarity {
			all = append(all, best)
		}
	}
	slices.SortStableFunc(all, func(a, b match.Evidence) int { return cmp.Compare(b.Similarity, a.Similarity) })
	var out []match.Evidence
	for _, e := range all {
		used := slices.ContainsFunc(out, func(o match.Evidence) bool { return o.Patent == e.Patent })
		if !used && len(out) < maxEvidence {
			out = append(out, e)
		}
	}
	return out
}

// cosine of two vectors of length 1 or 0.
func cosine(a, b []float32) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
