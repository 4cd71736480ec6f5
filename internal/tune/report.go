package tune

import (
	"cmp"
	"math"
	"slices"

	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/statistic"
)

// Report tells how good a model is, as cross-validation found it.
type Report struct {
	// Labels is how many labels were measured: all, or those of demands drawn by chance
	// where there are very many. Trained on more, a model is rather better.
	Labels int       `json:"measured_labels"`
	Seen   *Measured `json:"demands_with_labels"`
	Unseen *Measured `json:"unseen_demands"` // null with fewer than two groups of demands
	// Curve is what fewer labels are worth, measured on one fold of demands with labels.
	Curve    []Point   `json:"learning_curve,omitempty"`
	Warnings []Warning `json:"warnings"`
}

// Measured is the result of one cross-validation.
type Measured struct {
	// Lists is how many rankings were measured: one for each demand and fold with at
	// least 5 labels, one of them above level 1.
	Lists    int     `json:"lists"`
	NDCG     float64 `json:"ndcg@10"`
	ZeroShot float64 `json:"zero_shot_ndcg@10"`
	Gain     float64 `json:"gain"`
	// Low and High are the 95 % bootstrap interval of Gain over groups of near twins.
	Low  float64 `json:"gain_low"`
	High float64 `json:"gain_high"`
	// P is the two-sided p-value of the paired randomisation test of Gain.
	P float64 `json:"p"`
	// Official is 1/(1+MAE) over the levels, Constant that of the best single level.
	Official float64 `json:"official"`
	Constant float64 `json:"constant_official"`
	AUC      float64 `json:"auc"` // for level 3 and 4, over all pairs; 0 where there is none
	// Calibration is missing in models of before it was measured.
	Calibration *Calibration `json:"calibration,omitempty"`
}

// Calibration tells how well the probabilities of level 3 and 4 held on pairs that took no
// part in training, with weights and cuts of the other half of the demands.
type Calibration struct {
	Pairs int     `json:"pairs"`
	Share float64 `json:"share"` // of them that are of level 3 or 4
	ECE   float64 `json:"ece"`
	// Low and High are its 95 % bootstrap interval over groups of near twins.
	Low  float64 `json:"ece_low"`
	High float64 `json:"ece_high"`
}

// Point is a point of the learning curve.
type Point struct {
	Labels   int     `json:"labels"`
	NDCG     float64 `json:"ndcg@10"`
	Official float64 `json:"official"`
	// Low and High are the 95 % bootstrap interval of NDCG over groups of near twins; both
	// are 0 where there are fewer than two lists.
	Low  float64 `json:"ndcg_low"`
	High float64 `json:"ndcg_high"`
}

// smallest number of labels of a list that is measured, as everywhere in Duijie.
const leastJudged = 5

// list is the rows of one demand and fold.
type list struct {
	demand int32
	rows   []int32
}

// lists are those of v that can be measured, in the order of demands and folds.
func (w *work) lists(v *validation) []list {
	type key struct{ demand, fold int32 }
	by := map[key][]int32{}
	var keys []key
	for _, r := range v.rows {
		k := key{w.set.Labels[r].Demand, int32(v.fold[r])}
		if by[k] == nil {
			keys = append(keys, k)
		}
		by[k] = append(by[k], r)
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.demand, b.demand), cmp.Compare(a.fold, b.fold)) })
	var out []list
	for _, k := range keys {
		if metric.NewRanking(metric.Levels4, nil, w.levelsOf(by[k])).Rankable(leastJudged) {
			out = append(out, list{k.demand, by[k]})
		}
	}
	return out
}

func (w *work) levelsOf(rows []int32) []int8 {
	out := make([]int8, len(rows))
	for i, r := range rows {
		out[i] = w.set.Labels[r].Level
	}
	return out
}

// ndcg is nDCG@10 of each list, ranked by score; ties stay in the order of labels.
func (w *work) ndcg(lists []list, score func(row int32) float64) []float64 {
	out := make([]float64, len(lists))
	for i, l := range lists {
		ranked := slices.Clone(l.rows)
		slices.SortStableFunc(ranked, func(a, b int32) int { return cmp.Compare(score(b), score(a)) })
		out[i] = metric.NewRanking(metric.Levels4, w.levelsOf(ranked), w.levelsOf(l.rows)).NDCG(10)
	}
	return out
}

// samples of the bootstrap and permutations of the test.
const (
	samples      = 2000
	permutations = 10000
)

// measure compares the model, as the stack adds it up, with the zero-shot fusion.
func (w *work) measure(v *validation, s *stack) *Measured {
	lists := w.lists(v)
	tuned := w.ndcg(lists, func(r int32) float64 { return s.score(v.in[r]) })
	zero := w.ndcg(lists, func(r int32) float64 { return v.zero[r] })
	m := &Measured{Lists: len(lists), NDCG: mean(tuned), ZeroShot: mean(zero), P: 1}
	m.Gain = m.NDCG - m.ZeroShot
	m.Official, m.Constant = w.official(v, s)
	m.AUC = w.auc(v, s)
	m.Calibration = w.calibration(v, s.trees())
	if len(lists) < 2 {
		return m
	}
	differences := make([]float64, len(lists))
	for i := range lists {
		differences[i] = tuned[i] - zero[i]
	}
	clusters := w.clusters(lists)
	m.Low, m.High = w.interval(differences, clusters)
	m.P = statistic.PairedTest(differences, clusters, permutations, w.o.Seed)
	return m
}

// clusters are lists whose demands are near twins of each other.
func (w *work) clusters(lists []list) statistic.Clusters {
	twins := make([]int32, len(lists))
	for i, l := range lists {
		twins[i] = w.twins[l.demand]
	}
	return statistic.GroupBy(twins)
}

// interval is the 95 % bootstrap interval of the mean of values, one a list, over
// clusters of lists; both ends are 0 where it cannot be told.
func (w *work) interval(values []float64, clusters statistic.Clusters) (low, high float64) {
	drawn := statistic.Bootstrap(clusters, len(values), samples, w.o.Seed, func(weights []uint16) float64 {
		sum, n := 0.0, 0.0
		for i, k := range weights {
			sum += float64(k) * values[i]
			n += float64(k)
		}
		return sum / n
	})
	if interval, ok := statistic.Percentile(drawn); ok {
		return interval.Low, interval.High
	}
	return 0, 0
}

// point is what a part of the labels is worth: the model's nDCG@10 with its interval, and
// the official score.
func (w *work) point(labels int, v *validation, s *stack) Point {
	lists := w.lists(v)
	values := w.ndcg(lists, func(r int32) float64 { return s.score(v.in[r]) })
	p := Point{Labels: labels, NDCG: mean(values)}
	p.Official, _ = w.official(v, s)
	if len(lists) > 1 {
		p.Low, p.High = w.interval(values, w.clusters(lists))
	}
	return p
}

func mean(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// official is 1/(1+MAE) of the model and of the best constant level.
func (w *work) official(v *validation, s *stack) (model, constant float64) {
	var off float64
	var constants [levels]float64
	for _, r := range v.rows {
		level := w.set.Labels[r].Level
		off += math.Abs(float64(median(s.probabilities(s.score(v.in[r]))) - level))
		for l := range constants {
			constants[l] += math.Abs(float64(l+1) - float64(level))
		}
	}
	n := float64(max(1, len(v.rows)))
	return 1 / (1 + off/n), 1 / (1 + slices.Min(constants[:])/n)
}

// auc is the share of (level >= 3, level < 3) pairs that are in the right order.
func (w *work) auc(v *validation, s *stack) float64 {
	rows := slices.Clone(v.rows)
	score := func(r int32) float64 { return s.score(v.in[r]) }
	slices.SortFunc(rows, func(a, b int32) int { return cmp.Compare(score(a), score(b)) })
	var below, high, wins float64
	for i := 0; i < len(rows); {
		j, lowHere, highHere := i, 0.0, 0.0
		for ; j < len(rows) && score(rows[j]) == score(rows[i]); j++ {
			if w.set.Labels[rows[j]].Level >= 3 {
				highHere++
			} else {
				lowHere++
			}
		}
		wins += highHere * (below + lowHere/2)
		below, high, i = below+lowHere, high+highHere, j
	}
	if high == 0 || below == 0 {
		return 0
	}
	return wins / (high * below)
}
