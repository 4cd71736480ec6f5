package evaluation

import (
	"math"

	"github.com/duijie/duijie/evaluation/metric"
)

// view is what the measures see of one query and one model. It belongs to one
// goroutine and is used for query after query.
type view struct {
	d       *Dataset
	o       Options
	m       Model
	reverse *Dataset // d.Reverse(), where the model has a reverse run
	scale   Scale

	query     int32
	hits      []Hit           // ranked, after the rule on candidates
	full      metric.Ranking  // of all hits
	ranking   metric.Ranking  // of hits
	pairs     []metric.Scored // the judged documents
	predicted []predicted     // those with a predicted level

	judged    stamps  // documents judged for the query
	slot      []int32 // their place in pairs
	sorted    bool    // pairs are in the order of metric.SortScored
	short     *metric.Ranking
	back      []int32
	all, kept []int8
}

// predicted is a judged pair with its predicted level, and the probability that
// it is relevant.
type predicted struct {
	judged, level int8
	probability   float64
	happened      bool
}

func newView(d, reverse *Dataset, o Options, m Model) *view {
	return &view{d: d, o: o, m: m, reverse: reverse, scale: d.scale,
		judged: newStamps(len(d.documents)), slot: make([]int32, len(d.documents))}
}

// turn makes the view show query.
func (v *view) turn(query int32) {
	v.query, v.sorted, v.short = query, false, nil
	v.takeJudgements(v.d.judged[query])
	v.takeHits(v.m.Run.Hits[query])
	v.predicted = v.predicted[:0]
	if v.m.Levels != nil {
		v.takeLevels(v.m.Levels.Predictions[query])
	}
}

func (v *view) takeJudgements(list []Judgement) {
	v.pairs = v.pairs[:0]
	v.full = metric.Ranking{Scale: v.scale}
	for i, j := range list {
		v.judged.mark(j.Document, int(v.query))
		v.slot[j.Document] = int32(i)
		v.pairs = append(v.pairs, metric.Scored{Score: math.Inf(-1), Level: j.Level})
		v.full.Judged[int(j.Level)-v.scale.Min]++
	}
}

func (v *view) takeHits(hits []Hit) {
	v.hits = append(v.hits[:0], hits...)
	v.d.Order(v.hits, v.o.Ties)
	v.all, v.kept = v.all[:0], v.kept[:0]
	shown := v.hits[:0]
	for _, h := range v.hits {
		level := metric.Unjudged
		if v.judged.has(h.Document, v.query) {
			pair := &v.pairs[v.slot[h.Document]]
			pair.Score, level = h.Score, pair.Level
		}
		v.all = append(v.all, level)
		if level != metric.Unjudged || v.o.Candidates == CandidatesAll {
			v.kept = append(v.kept, level)
			shown = append(shown, h)
		}
	}
	v.hits, v.full.Levels = shown, v.all
	v.ranking = v.full
	v.ranking.Levels = v.kept
}

func (v *view) takeLevels(list []Prediction) {
	for _, p := range list {
		if !v.judged.has(p.Document, v.query) {
			continue
		}
		level := v.pairs[v.slot[p.Document]].Level
		v.predicted = append(v.predicted, predicted{
			judged: level, level: p.Level,
			probability: p.AtLeast(v.scale, v.o.Relevant), happened: int(level) >= v.o.Relevant,
		})
	}
}

// AtLeast is the probability of level or above; 0 without probabilities.
func (p Prediction) AtLeast(scale Scale, level int) float64 {
	if p.P == nil {
		return 0
	}
	sum := 0.0
	for _, x := range p.P[level-scale.Min:] {
		sum += x
	}
	return min(sum, 1)
}

// scored is the judged documents by score.
func (v *view) scored() []metric.Scored {
	if !v.sorted {
		metric.SortScored(v.pairs)
		v.sorted = true
	}
	return v.pairs
}

func (v *view) levelsDiffer() bool {
	for _, c := range v.ranking.Judged {
		if c > 0 && c < len(v.pairs) {
			return true
		}
	}
	return false
}

func (v *view) condensed() metric.Ranking {
	if v.short == nil {
		c := v.ranking.Condensed()
		v.short = &c
	}
	return *v.short
}

// backRanks is the rank of the query in the own ranking of each document in the
// first k ranks, 0 where it is absent.
func (v *view) backRanks(k int) []int32 {
	v.back = v.back[:0]
	for _, h := range v.hits[:min(k, len(v.hits))] {
		v.back = append(v.back, v.reverse.rankOf(v.query, v.m.Reverse.Hits[h.Document], v.o.Ties))
	}
	return v.back
}

// rankOf is the rank of document among hits, without sorting them.
func (d *Dataset) rankOf(document int32, hits []Hit, ties Ties) int32 {
	compare := d.compareTrec
	if ties == TiesRank {
		compare = d.compareRank
	}
	for _, own := range hits {
		if own.Document != document {
			continue
		}
		rank := int32(1)
		for _, h := range hits {
			if compare(h, own) < 0 {
				rank++
			}
		}
		return rank
	}
	return 0
}
