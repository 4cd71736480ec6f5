package metric

// The measures below call a document relevant when it was judged at level or
// above. Each is trec_eval's measure of the name given, with -l level.

// ReciprocalRank is 1/rank of the first relevant document, 0 if none is ranked.
// Its mean over queries is MRR. trec_eval: recip_rank. Source: Voorhees, "The
// TREC-8 question answering track report", 1999.
func (r Ranking) ReciprocalRank(level int) float64 {
	for i, l := range r.Levels {
		if int(l) >= level {
			return 1 / float64(i+1)
		}
	}
	return 0
}

// AveragePrecision is the mean, over all relevant documents, of the precision at
// their ranks; one that is not ranked adds 0. Its mean over queries is MAP.
// trec_eval: map. Source: Buckley and Voorhees, SIGIR 2000.
func (r Ranking) AveragePrecision(level int) float64 {
	relevant := r.Relevant(level)
	if relevant == 0 {
		return 0
	}
	sum, found := 0.0, 0
	for i, l := range r.Levels {
		hit := relevance(l, level)
		found += hit
		sum += float64(found*hit) / float64(i+1) // adding 0 costs less than asking
	}
	return sum / float64(relevant)
}

// Precision is the share of relevant documents in the first k ranks; the divisor
// is k even where fewer are ranked. trec_eval: P_k.
func (r Ranking) Precision(k, level int) float64 {
	return float64(r.found(k, level)) / float64(k)
}

// Recall is the share of all relevant documents that lie in the first k ranks, 0
// if there is none. trec_eval: recall_k.
func (r Ranking) Recall(k, level int) float64 {
	relevant := r.Relevant(level)
	if relevant == 0 {
		return 0
	}
	return float64(r.found(k, level)) / float64(relevant)
}

func (r Ranking) found(k, level int) int {
	n := 0
	for _, l := range r.top(k) {
		n += relevance(l, level)
	}
	return n
}

// relevance is 1 for a document judged at level or above, else 0.
func relevance(judged int8, level int) int {
	if int(judged) >= level {
		return 1
	}
	return 0
}

// BPref is the binary preference: the mean over all relevant documents of
// 1 - min(above, R)/min(N, R), where above is how many judged irrelevant
// documents are ranked before it, R the number of relevant and N that of judged
// irrelevant documents. Unjudged documents play no part, so it stands incomplete
// judgements; a relevant document that is not ranked adds 0. trec_eval: bpref.
// Source: Buckley and Voorhees, "Retrieval evaluation with incomplete
// information", SIGIR 2004, as corrected in trec_eval 8.
func (r Ranking) BPref(level int) float64 {
	relevant := r.Relevant(level)
	if relevant == 0 {
		return 0
	}
	bound := float64(max(1, min(relevant, r.JudgedCount()-relevant))) // with 0 none is above any
	sum, above := 0.0, 0
	for _, l := range r.Levels {
		hit := relevance(l, level)
		sum += float64(float64(hit) * (1 - float64(min(above, relevant))/bound))
		above += relevance(l, 0) - hit
	}
	return sum / float64(relevant)
}
