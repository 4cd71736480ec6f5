package metric

// NDCG is the normalised discounted cumulated gain at k: the sum over the first
// k ranks of Gain(level)/log2(rank+1), divided by the same sum of the best
// possible order of all judged documents. Range 0–1, no unit. An unjudged
// document gains nothing but takes its place. 0 when nothing gains.
//
// Source: Järvelin and Kekäläinen, TOIS 20(4), 2002, with the exponential gain
// of Burges et al., ICML 2005. trec_eval's ndcg_cut differs on purpose: it takes
// the raw level as gain; with gains mapped to 2^(level-min)-1 both agree.
func (r Ranking) NDCG(k int) float64 {
	ideal := r.idealDCG(k)
	if ideal == 0 {
		return 0
	}
	sum := 0.0
	for i, l := range r.top(k) {
		if int(l) > r.Scale.Min {
			sum += r.Scale.Gain(l) * Discount(i+1)
		}
	}
	return sum / ideal
}

func (r Ranking) idealDCG(k int) float64 {
	sum, rank := 0.0, 1
	for i := r.Scale.Levels() - 1; i > 0; i-- {
		gain := r.Scale.Gain(int8(r.Scale.Min + i))
		for range r.Judged[i] {
			if rank > k {
				return sum
			}
			sum += gain * Discount(rank)
			rank++
		}
	}
	return sum
}

// UnjudgedAt is the share of the first k ranked documents that nobody judged, of
// those that exist. Range 0–1; 0 for an empty ranking. It tells how far other
// measures rest on judgements that are missing.
func (r Ranking) UnjudgedAt(k int) float64 {
	top := r.top(k)
	if len(top) == 0 {
		return 0
	}
	n := 0
	for _, l := range top {
		if l == Unjudged {
			n++
		}
	}
	return float64(n) / float64(len(top))
}
