package explain

import (
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/verdict"
)

// evidence cites what of the patent carries the score, with what it answers.
func evidence(demand, patent *Side, bearings []verdict.Bearing) []match.Evidence {
	var out []match.Evidence
	for _, b := range bearings {
		out = append(out, match.Evidence{
			Demand: demand.spanIn(b.Of, b.From), Patent: patent.spanIn(b.In, b.At), Similarity: b.Similarity,
		})
	}
	return out
}

// Carriers names what of a patent carries the score of a pair, most first, up to a share
// of its text: Evidence goes on so far as its limits allow. Of a patent too long to be
// taken apart as a whole there is none.
func (e *Explainer) Carriers(demand, patent *Side, share float64) []match.Span {
	if demand.reading == nil || patent.reading == nil {
		return nil
	}
	var out []match.Span
	for _, b := range verdict.Bearings(demand.reading, patent.reading, maxSentences, share) {
		out = append(out, patent.spanIn(b.In, b.At))
	}
	return out
}
