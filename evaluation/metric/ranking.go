package metric

import "math"

// Ranking is what the ranking measures see of one query: the levels of the
// ranked documents, best first, and how many documents were judged at each level.
type Ranking struct {
	Scale  Scale
	Levels []int8         // of the ranked documents, [Unjudged] where nobody judged
	Judged [MaxLevels]int // Judged[i]: documents judged at level Scale.Min+i, ranked or not
}

// NewRanking counts judged, the levels of all judged documents of the query.
func NewRanking(scale Scale, ranked, judged []int8) Ranking {
	r := Ranking{Scale: scale, Levels: ranked}
	for _, l := range judged {
		r.Judged[int(l)-scale.Min]++
	}
	return r
}

// JudgedCount is the number of judged documents of the query.
func (r Ranking) JudgedCount() int {
	n := 0
	for _, c := range r.Judged {
		n += c
	}
	return n
}

// Relevant is the number of documents judged at level or above.
func (r Ranking) Relevant(level int) int {
	n := 0
	for i := max(level-r.Scale.Min, 0); i < r.Scale.Levels(); i++ {
		n += r.Judged[i]
	}
	return n
}

// HasRelevant tells whether some document was judged at level or above: the
// population of MRR, MAP, P@k, recall@k and bpref.
func (r Ranking) HasRelevant(level int) bool { return r.Relevant(level) > 0 }

// Rankable tells whether at least minimum documents were judged and one of them
// lies above the lowest level: the population of nDCG, with minimum 5.
func (r Ranking) Rankable(minimum int) bool {
	return r.JudgedCount() >= minimum && r.Relevant(r.Scale.Min+1) > 0
}

// Condensed is the ranking without its unjudged documents: measures of it are
// the condensed-list measures of Sakai, "Alternatives to bpref", SIGIR 2007.
// trec_eval has the same as option -J.
func (r Ranking) Condensed() Ranking {
	kept := make([]int8, 0, len(r.Levels))
	for _, l := range r.Levels {
		if l != Unjudged {
			kept = append(kept, l)
		}
	}
	r.Levels = kept
	return r
}

func (r Ranking) top(k int) []int8 { return r.Levels[:min(k, len(r.Levels))] }

// discounts holds 1/log2(rank+1) for ranks 1 to 1024.
var discounts = func() (d [1024]float64) {
	for i := range d {
		d[i] = 1 / math.Log2(float64(i)+2)
	}
	return d
}()

// Discount is 1/log2(rank+1), what a document at rank (from 1) is worth in DCG.
func Discount(rank int) float64 {
	if rank <= len(discounts) {
		return discounts[rank-1]
	}
	return 1 / math.Log2(float64(rank)+1)
}
