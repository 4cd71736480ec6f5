package evaluation

import (
	"fmt"

	"github.com/duijie/duijie/evaluation/metric"
)

// twoSidedMeasures need the reverse run: how documents rank queries.
func twoSidedMeasures(o Options) []measure {
	in := func(v *view) bool { return len(v.ranking.Levels) > 0 }
	over := "mean over judged queries for which the run ranks something"
	var all []measure
	for _, k := range o.Cutoffs.Shown {
		all = append(all,
			meanOf(Definition{Name: fmt.Sprintf("mutual@%d", k), Title: fmt.Sprintf("mutual@%d", k), Unit: perQuery, Population: over,
				Text: "share of the documents in the first k ranks that rank the query in their own first k", Source: "after Pizzato et al. 2010"},
				false, in, func(v *view) float64 { share, _ := metric.Mutual(v.backRanks(k), k); return share }),
			meanOf(Definition{Name: fmt.Sprintf("reverse_rank@%d", k), Title: fmt.Sprintf("reverse rank@%d", k), Unit: perQuery, Population: over,
				Text: "mean over the documents in the first k ranks of 1/(rank of the query in the document's own ranking), 0 where absent", Source: "after Pizzato et al. 2010"},
				false, in, func(v *view) float64 { _, reciprocal := metric.Mutual(v.backRanks(k), k); return reciprocal }))
	}
	for i := range all {
		all[i].lacks = func(m Model) string {
			if m.Reverse == nil {
				return "the model has no reverse run"
			}
			return ""
		}
	}
	return all
}

// lacksLevels says why measures of levels, or of their probabilities, are null.
// Whether predictions are complete is found while scoring.
func lacksLevels(m Model, probabilities bool) string {
	if m.Levels == nil {
		return "the model predicts no levels"
	}
	if !probabilities {
		return ""
	}
	for _, list := range m.Levels.Predictions {
		for _, p := range list {
			if p.P == nil {
				return "the model predicts no probabilities of levels"
			}
		}
	}
	return ""
}
