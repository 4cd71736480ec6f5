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
	pairs     []metric.Scored // the judged documents, ranked ones first and in that order
	predicted []predicted     // those with a predicted level

	marks     []uint8 // of each document: [hasHit], and for one judged for the query 1 + its level - scale.Min
	own, some []Hit   // to sort hits that are not in order, and to drop some
	sorted    bool    // pairs are in the order of metric.SortScored
	short     *metric.Ranking
	back      []int32
	all, kept []int8
}

// hasHit marks a judged document that some hit has.
const hasHit = 0x80

// predicted is a judged pair with its predicted level, and the probability that
// it is relevant.
type predicted struct {
	judged, level int8
	probability   float64
	happened      bool
}

func newView(d, reverse *Dataset, o Options, m Model) *view {
	return &view{d: d, o: o, m: m, reverse: reverse, scale: d.scale, marks: make([]uint8, d.Documents())}
}

// turn makes the view show query.
func (v *view) turn(query int32) {
	for _, j := range v.d.judged[v.query] {
		v.marks[j.Document] = 0
	}
	v.query, v.sorted, v.short = query, false, nil
	v.takeJudgements(v.d.judged[query])
	v.takeHits(v.m.Run.Hits[query])
	v.predicted = v.predicted[:0]
	if v.m.Levels != nil {
		v.takeLevels(v.m.Levels.Predictions[query])
	}
}

func (v *view) takeJudgements(list []Judgement) {
	v.full = metric.Ranking{Scale: v.scale}
	for _, j := range list {
		level := int(j.Level) - v.scale.Min
		v.marks[j.Document] = uint8(1 + level)
		v.full.Judged[level]++
	}
}

func (v *view) takeHits(hits []Hit) {
	if !v.d.inOrder(hits, v.o.Ties) {
		v.own = append(v.own[:0], hits...)
		hits = v.own
		v.d.Order(hits, v.o.Ties)
	}
	v.hits, v.pairs, v.all = hits, v.pairs[:0], v.all[:0]
	for _, h := range hits {
		level := metric.Unjudged
		if mark := v.marks[h.Document]; mark != 0 {
			v.marks[h.Document] = mark | hasHit
			level = v.levelOf(mark)
			v.pairs = append(v.pairs, metric.Scored{Score: h.Score, Level: level})
		}
		v.all = append(v.all, level)
	}
	v.full.Levels = v.all
	v.ranking = v.full
	if len(v.pairs) < len(hits) && v.o.Candidates != CandidatesAll {
		v.dropUnjudged()
	}
	v.takeMissing()
}

// levelOf is the level that a mark without hasHit tells.
func (v *view) levelOf(mark uint8) int8 { return int8(int(mark) - 1 + v.scale.Min) }

// dropUnjudged leaves the hits that nobody judged out of the ranking.
func (v *view) dropUnjudged() {
	v.some, v.kept = v.some[:0], v.kept[:0]
	for i, level := range v.all {
		if level != metric.Unjudged {
			v.some, v.kept = append(v.some, v.hits[i]), append(v.kept, level)
		}
	}
	v.hits, v.ranking.Levels = v.some, v.kept
}

// takeMissing puts the judged documents without a hit below all others.
func (v *view) takeMissing() {
	judged := v.d.judged[v.query]
	if len(v.pairs) == len(judged) {
		return
	}
	for _, j := range judged {
		if v.marks[j.Document]&hasHit == 0 {
			v.pairs = append(v.pairs, metric.Scored{Score: math.Inf(-1), Level: j.Level})
		}
	}
}

func (v *view) takeLevels(list []Prediction) {
	for _, p := range list {
		mark := v.marks[p.Document] &^ hasHit
		if mark == 0 {
			continue
		}
		level := v.levelOf(mark)
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
	compare := d.compare(ties)
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
