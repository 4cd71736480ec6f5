package tune

import (
	"math"
	"slices"

	"github.com/duijie/duijie/internal/rank"
)

// The features that labels add to those of the pair, in order. Those from
// ownCount on are of labels of the same demand, and missing (NaN) without any but
// for the count itself.
const (
	linearLevel   = rank.PairFeatures + iota // the linear model's level
	kernelLevel                              // with what the kernel carries over
	kernelGain                               // the same for the gain
	kernelShift                              // what the kernel adds to the level
	kernelSupport                            // kernel with the nearest label

	ownCount
	ownShare1
	ownShare2
	ownShare3
	ownShare4
	ownMean        // shrunk to the mean of all
	nearByVector   // mean level, weighted by closeness of vectors
	nearByVector2  // the same, less sharply
	nearByTerms    // by terms
	nearByTerms2   //
	nearestVector  // cosine of the nearest by vectors
	nearestLevel   // and its level
	nearestTerms   // by terms
	nearestLevel2  //
	nearestHigh    // cosine of the nearest of level 3 or 4
	nearestMiddle  // of level 2
	nearestLow     // of level 1
	sameTitleLevel // mean level of labels of the very same title
	zeroShotRank   // share of the own labels whose zero-shot score is lower
	levelAtRank    // level that as many own labels exceed as have a higher zero-shot score
	ownLinear      // mean of what the linear model leaves of the own labels

	columns // how many there are
)

// FeatureNames are the names of all features, in order.
var FeatureNames = append(append([]string{}, rank.PairNames[:]...),
	"linear-level", "kernel-level", "kernel-gain", "kernel-shift", "kernel-support",
	"own-count", "own-share-1", "own-share-2", "own-share-3", "own-share-4", "own-mean",
	"near-vector", "near-vector-wide", "near-terms", "near-terms-wide",
	"nearest-vector", "nearest-vector-level", "nearest-terms", "nearest-terms-level",
	"nearest-high", "nearest-middle", "nearest-low", "same-title-level",
	"zero-shot-rank", "level-at-rank", "own-residual")

// historyRow fills the columns after the pair's own for a candidate. row holds the
// pair's features.
func (b *belief) historyRow(row []float32, p *point, s *scratch) {
	s.near = b.l.compare(p, s.near)
	b.l.fillRow(row, p, b.guess(s.near), b.at[b.own:], s)
}

// fillRow fills the columns after the pair's own from what is guessed, s.near, and
// the own labels that may be known, by place in local.pairs.
func (l *local) fillRow(row []float32, p *point, g guess, own []int32, s *scratch) {
	expected := l.b.expected(row[:rank.PairFeatures], s.standard[:])
	row[linearLevel] = float32(expected[0])
	row[kernelLevel] = float32(expected[0] + g.residual[0])
	row[kernelGain] = float32(expected[1] + g.residual[1])
	row[kernelShift] = float32(g.residual[0])
	row[kernelSupport] = float32(g.support)
	for i := ownCount; i < columns; i++ {
		row[i] = float32(math.NaN())
	}
	row[ownCount] = float32(len(own))
	if len(own) > 0 {
		l.ownRow(row, p, own, s)
	}
}

// scratch is room that is used again.
type scratch struct {
	standard [rank.PairFeatures]float64
	near     []near
	levels   []int8
}

// ownRow fills the columns that are of the demand's own labels.
func (l *local) ownRow(row []float32, p *point, own []int32, s *scratch) {
	var count [levels]float64
	var byVector, byVector2, byTerms, byTerms2 weighted
	bestVector, bestTerms := -2.0, -2.0
	var same, residual, lower, sum float64
	var sameCount int
	highest := [3]float64{math.NaN(), math.NaN(), math.NaN()} // of low, middle, high
	s.levels = s.levels[:0]
	for _, at := range own {
		other, n := &l.b.pairs[l.pairs[at]], s.near[at]
		level := float64(other.level)
		count[other.level-1]++
		sum += level
		residual += float64(other.residual[0])
		s.levels = append(s.levels, other.level)
		byVector.add(level, math.Exp(n.vector/0.05))
		byVector2.add(level, math.Exp(n.vector/0.15))
		byTerms.add(level, math.Exp(n.terms/0.05))
		byTerms2.add(level, math.Exp(n.terms/0.15))
		if n.vector > bestVector {
			bestVector, row[nearestLevel] = n.vector, float32(level)
		}
		if n.terms > bestTerms {
			bestTerms, row[nearestLevel2] = n.terms, float32(level)
		}
		if at := min(int(other.level), 3) - 1; !(highest[at] >= n.vector) {
			highest[at] = n.vector
		}
		if p.patent.title != 0 && p.patent.title == other.patent.title {
			same += level
			sameCount++
		}
		if other.zeroShot < row[rank.ZeroShotLogit] {
			lower++
		}
	}
	n := float64(len(own))
	average := 0.0
	for l, share := range l.b.shares {
		row[ownShare1+l] = float32((count[l] + 4*share) / (n + 4))
		average += share * float64(l+1)
	}
	row[ownMean] = float32((sum + 3*average) / (n + 3))
	row[nearByVector], row[nearByVector2] = byVector.mean(), byVector2.mean()
	row[nearByTerms], row[nearByTerms2] = byTerms.mean(), byTerms2.mean()
	row[nearestVector], row[nearestTerms] = float32(bestVector), float32(bestTerms)
	row[nearestLow], row[nearestMiddle], row[nearestHigh] = float32(highest[0]), float32(highest[1]), float32(highest[2])
	if sameCount > 0 {
		row[sameTitleLevel] = float32(same / float64(sameCount))
	}
	row[zeroShotRank] = float32(lower / n)
	slices.Sort(s.levels)
	row[levelAtRank] = float32(s.levels[min(int(lower), len(s.levels)-1)])
	row[ownLinear] = float32(residual / (n + 1))
}

// weighted is a weighted mean.
type weighted struct{ sum, weight float64 }

func (w *weighted) add(v, weight float64) {
	w.sum += v * weight
	w.weight += weight
}

func (w *weighted) mean() float32 { return float32(w.sum / w.weight) }
