package explain

import (
	"cmp"
	"slices"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// nearest pairs each sentence of the demand with the sentence of the patent that is
// nearest to it, and keeps the best pairs. A sentence is used once.
func nearest(demand, patent *Side) []match.Evidence {
	var all []match.Evidence
	for _, d := range demand.sentences {
		best := match.Evidence{Similarity: minSimilarity}
		for _, p := range patent.sentences {
			if c := rank.Cosine(d.vector, p.vector); c > best.Similarity {
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
