package evaluation

import "fmt"

// catalog is every measure, in the order in which they are reported.
func catalog(d *Dataset, o Options) []measure {
	all := rankingMeasures(o)
	all = append(all, associationMeasures(d, o)...)
	all = append(all, levelMeasures(d, o)...)
	all = append(all, judgingMeasures(o)...)
	return append(all, twoSidedMeasures(o)...)
}

const (
	perQuery    = "0–1"
	rankable    = "mean over queries with at least %d judged documents and one above the lowest level"
	hasRelevant = "mean over queries with a document judged at level %d or above"
)

func rankingMeasures(o Options) []measure {
	trec := o.Population == PopulationTrec
	in := func(v *view) bool { return v.ranking.Rankable(o.MinJudged) }
	over := fmt.Sprintf(rankable, o.MinJudged)
	var all []measure
	for _, k := range o.Cutoffs.NDCG {
		all = append(all, meanOf(Definition{
			Name: fmt.Sprintf("ndcg@%d", k), Title: fmt.Sprintf("nDCG@%d", k), Unit: perQuery, Population: over,
			Text:   "sum over the first k ranks of (2^(level-min)-1)/log2(rank+1), over that of the best order of all judged documents",
			Source: "Järvelin and Kekäläinen 2002; exponential gain of Burges et al. 2005; trec_eval ndcg_cut with mapped gains",
		}, trec, in, func(v *view) float64 { return v.ranking.NDCG(k) }))
	}
	all = append(all, binaryMeasures(o)...)
	return append(all, condensedMeasures(o, over, in)...)
}

func binaryMeasures(o Options) []measure {
	level, over := o.Relevant, fmt.Sprintf(hasRelevant, o.Relevant)
	var all []measure
	add := func(name, title, text, source string, value func(*view) float64) {
		def := Definition{Name: o.rel(name), Title: o.rel(title), Unit: perQuery, Population: over, Text: text, Source: source}
		all = append(all, meanOf(def, o.Population == PopulationTrec,
			func(v *view) bool { return v.ranking.HasRelevant(level) }, value))
	}
	add("mrr", "MRR", "1/rank of the first relevant document, 0 if none is ranked", "Voorhees 1999; trec_eval recip_rank",
		func(v *view) float64 { return v.ranking.ReciprocalRank(level) })
	add("map", "MAP", "mean over all relevant documents of the precision at their rank, 0 where not ranked", "Buckley and Voorhees 2000; trec_eval map",
		func(v *view) float64 { return v.ranking.AveragePrecision(level) })
	for _, k := range o.Cutoffs.Precision {
		name := fmt.Sprintf("p@%d", k)
		add(name, fmt.Sprintf("P@%d", k), "relevant documents in the first k ranks, divided by k", "trec_eval P_k",
			func(v *view) float64 { return v.ranking.Precision(k, level) })
	}
	for _, k := range o.Cutoffs.Recall {
		name := fmt.Sprintf("recall@%d", k)
		add(name, name, "relevant documents in the first k ranks, divided by all relevant documents", "trec_eval recall_k",
			func(v *view) float64 { return v.ranking.Recall(k, level) })
	}
	add("bpref", "bpref", "mean over relevant documents of 1-min(judged irrelevant above, R)/min(R, N); 0 where not ranked",
		"Buckley and Voorhees 2004; trec_eval bpref", func(v *view) float64 { return v.ranking.BPref(level) })
	return all
}

// condensedMeasures leave unjudged documents out of the ranking. Where only
// judged candidates are ranked they would repeat others, and are null.
func condensedMeasures(o Options, over string, in func(*view) bool) []measure {
	trec, source := o.Population == PopulationTrec, "Sakai 2007; trec_eval -J"
	text := " of the ranking without its unjudged documents"
	all := []measure{meanOf(Definition{
		Name: o.rel("condensed_map"), Title: o.rel("condensed MAP"), Unit: perQuery, Source: source,
		Population: fmt.Sprintf(hasRelevant, o.Relevant), Text: "average precision" + text,
	}, trec, func(v *view) bool { return v.ranking.HasRelevant(o.Relevant) },
		func(v *view) float64 { return v.condensed().AveragePrecision(o.Relevant) })}
	for _, k := range o.Cutoffs.NDCG {
		all = append(all, meanOf(Definition{
			Name: fmt.Sprintf("condensed_ndcg@%d", k), Title: fmt.Sprintf("condensed nDCG@%d", k), Unit: perQuery,
			Population: over, Text: "nDCG" + text, Source: source,
		}, trec, in, func(v *view) float64 { return v.condensed().NDCG(k) }))
	}
	for i := range all {
		all[i].lacks = func(Model) string {
			if o.Candidates == CandidatesJudged {
				return "only judged candidates are ranked: equal to the metric of the same name"
			}
			return ""
		}
	}
	return all
}

func judgingMeasures(o Options) []measure {
	var all []measure
	for _, k := range o.Cutoffs.Shown {
		all = append(all, meanOf(Definition{
			Name: fmt.Sprintf("unjudged@%d", k), Title: fmt.Sprintf("unjudged@%d", k), Unit: perQuery, Lower: true,
			Population: "mean over judged queries for which the run ranks something, before unjudged hits are dropped",
			Text:       "share of the first k ranks that nobody judged", Source: "trec_eval judged@k, complemented",
		}, false, func(v *view) bool { return len(v.full.Levels) > 0 }, func(v *view) float64 { return v.full.UnjudgedAt(k) }))
	}
	return all
}
