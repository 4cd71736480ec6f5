package evaluation

import (
	"fmt"
	"math"

	"github.com/duijie/duijie/evaluation/metric"
)

// associationMeasures compare scores with levels, over judged documents; one that
// the run left out is tied below all others.
func associationMeasures(d *Dataset, o Options) []measure {
	over := fmt.Sprintf("mean over queries with at least %d judged documents, not all of one level", o.MinJudged)
	in := func(v *view) bool { return len(v.pairs) >= o.MinJudged && v.levelsDiffer() }
	trec := o.Population == PopulationTrec
	classes := func(v *view) bool {
		n := v.ranking.Relevant(o.Relevant)
		return n > 0 && n < v.ranking.JudgedCount()
	}
	text := "probability that a document at the level or above scores higher than one below, ties counting half"
	return []measure{
		{
			Definition: Definition{Name: o.rel("auc"), Title: o.rel("AUC"), Unit: perQuery, Source: "Hanley and McNeil 1982",
				Population: "all judged pairs together", Text: text + "; interval by resampling the first-order (Hájek) projection, cut off at 0 and 1"},
			kind: pooled, size: 4, fill: func(*view, []float64) {}, finish: finishAUC,
			unfit: "the AUC of all pairs is projected over all queries and has no part in a slice; use auc_query",
		},
		meanOf(Definition{Name: o.rel("auc_query"), Title: o.rel("AUC per query"), Unit: perQuery, Source: "Hanley and McNeil 1982",
			Population: "mean over queries with judged documents on both sides of the level", Text: text + ", within the query",
		}, trec, classes, func(v *view) float64 { return metric.AUC(v.scored(), o.Relevant) }),
		meanOf(Definition{Name: "spearman", Title: "Spearman", Unit: "-1–1", Population: over, Source: "Spearman 1904",
			Text: "rank correlation of scores and levels with mean ranks for ties, 0 when all scores are equal",
		}, trec, in, func(v *view) float64 { return metric.Spearman(v.scored(), d.scale) }),
		meanOf(Definition{Name: "kendall", Title: "Kendall", Unit: "-1–1", Population: over, Source: "Kendall 1945",
			Text: "tau-b of scores and levels, 0 when all scores are equal",
		}, trec, in, func(v *view) float64 { return metric.Kendall(v.scored(), d.scale) }),
	}
}

// finishAUC adds the two halves of the projection; see [pairPool.project]. A sample
// of few queries may fall outside 0–1, where the projection's straight line leaves the
// AUC that it touches; no AUC lies there, so that the sample counts as the bound. NaN,
// where a sample has one class alone, stays NaN.
func finishAUC(sums []float64) float64 {
	return max(0, min(1, sums[0]/sums[1]+sums[2]/sums[3]))
}

const allPairs = "all judged pairs"

// levelMeasures compare predicted with judged levels. They ask for a prediction
// for every judged pair: leaving out the hard ones must not pay.
func levelMeasures(d *Dataset, o Options) []measure {
	n := d.scale.Levels()
	all := []measure{
		{
			Definition: Definition{Name: "official", Title: "1/(1+MAE)", Unit: perQuery, Population: allPairs,
				Text: "1/(1+MAE) of predicted and judged levels", Source: "CCF BDCI 2019"},
			kind: ratio, size: 2, fill: fillError, finish: func(s []float64) float64 { return metric.Official(quotient(s)) },
		},
		{
			Definition: Definition{Name: "mae", Title: "MAE", Unit: "levels", Lower: true, Population: allPairs,
				Text: "mean absolute difference of predicted and judged level", Source: "CCF BDCI 2019"},
			kind: ratio, size: 2, fill: fillError, finish: quotient,
		},
		{
			Definition: Definition{Name: "accuracy", Title: "accuracy", Unit: perQuery, Population: allPairs,
				Text: "share of pairs whose level is predicted exactly", Source: "standard"},
			kind: pooled, size: n * n, fill: fillConfusion, finish: func(s []float64) float64 { return square(s, n).Accuracy() },
		},
		{
			Definition: Definition{Name: "kappa", Title: "weighted kappa", Unit: "-1–1", Population: allPairs,
				Text: "Cohen's kappa of predicted and judged levels with quadratic weights", Source: "Cohen 1968"},
			kind: pooled, size: n * n, fill: fillConfusion, finish: func(s []float64) float64 { return square(s, n).WeightedKappa() },
		},
	}
	for i := range all {
		all[i].lacks = func(m Model) string { return lacksLevels(m, false) }
	}
	return append(all, calibrationMeasures(o)...)
}

func calibrationMeasures(o Options) []measure {
	event := fmt.Sprintf("the event \"judged at level %d or above\"", o.Relevant)
	all := []measure{
		{
			Definition: Definition{Name: o.rel("ece"), Title: o.rel("ECE"), Unit: perQuery, Lower: true, Population: allPairs,
				Text: "mean over ten equal-width bins, weighted by count, of |share that happened - mean predicted probability| of " + event, Source: "Naeini et al. 2015"},
			kind: pooled, size: 3 * metric.Bins, fill: fillBins, finish: func(s []float64) float64 { return metric.ECE(binsOf(s)) },
		},
		{
			Definition: Definition{Name: o.rel("brier"), Title: o.rel("Brier"), Unit: perQuery, Lower: true, Population: allPairs,
				Text: "mean squared error of the predicted probability of " + event, Source: "Brier 1950"},
			kind: ratio, size: 2, fill: fillBrier, finish: quotient,
		},
	}
	for i := range all {
		all[i].lacks = func(m Model) string { return lacksLevels(m, true) }
	}
	return all
}

func fillError(v *view, cells []float64) {
	for _, p := range v.predicted {
		cells[0] += math.Abs(float64(p.level) - float64(p.judged))
		cells[1]++
	}
}

func fillConfusion(v *view, cells []float64) {
	n, low := v.scale.Levels(), v.scale.Min
	for _, p := range v.predicted {
		cells[(int(p.judged)-low)*n+int(p.level)-low]++
	}
}

func fillBins(v *view, cells []float64) {
	for _, p := range v.predicted {
		bin := cells[3*metric.BinOf(p.probability):]
		bin[0]++
		bin[1] += p.probability
		if p.happened {
			bin[2]++
		}
	}
}

func fillBrier(v *view, cells []float64) {
	for _, p := range v.predicted {
		cells[0] += metric.Brier(p.probability, p.happened)
		cells[1]++
	}
}

func square(sums []float64, n int) metric.Confusion {
	c := make(metric.Confusion, n)
	for i := range c {
		c[i] = sums[i*n : (i+1)*n]
	}
	return c
}

func binsOf(sums []float64) []metric.Bin {
	bins := make([]metric.Bin, metric.Bins)
	for i := range bins {
		bins[i] = metric.Bin{Count: sums[3*i], Predicted: sums[3*i+1], Observed: sums[3*i+2]}
	}
	return bins
}
