package evaluation

import (
	"cmp"
	"math"
	"slices"
)

const (
	perBucket  = 16 // pairs, where scores are spread evenly
	mostBucket = 1 << 18
	fewPairs   = 24 // are sorted by insertion
)

// sort orders the pairs by score, highest first, and tells where as many parts begin as
// there are workers, and the last one ends; no part begins within a tie. Pairs are put
// into buckets of equal width by their scores, and each bucket is sorted: the first
// takes two rounds through memory, the second none, where scores are spread evenly.
// However they are spread, no more is compared than in sorting all by comparing.
func (p *pairPool) sort(workers int) (bounds []int) {
	b := bucketsFor(p.pairs, workers)
	places := make([][]int32, workers)
	eachPart(len(p.pairs), workers, func(part, from, end int) {
		count := make([]int32, b.n)
		for _, pair := range p.pairs[from:end] {
			count[b.of(pair.score)]++
		}
		places[part] = count
	})
	starts, at := make([]int32, b.n+1), int32(0)
	for i := range b.n {
		starts[i] = at
		for part := range places {
			places[part][i], at = at, at+places[part][i]
		}
	}
	starts[b.n] = at
	to := make([]poolPair, len(p.pairs))
	eachPart(len(p.pairs), workers, func(part, from, end int) {
		place := places[part]
		for _, pair := range p.pairs[from:end] {
			i := b.of(pair.score)
			to[place[i]] = pair
			place[i]++
		}
	})
	p.pairs = to
	cuts := cutEvenly(starts, workers)
	eachPart(workers, workers, func(part, _, _ int) {
		for i := cuts[part]; i < cuts[part+1]; i++ {
			sortPairs(to[starts[i]:starts[i+1]])
		}
	})
	for _, c := range cuts {
		bounds = append(bounds, int(starts[c]))
	}
	return bounds
}

// cutEvenly cuts buckets in parts of about as many pairs.
func cutEvenly(starts []int32, parts int) []int {
	cuts := make([]int, parts+1)
	total := int(starts[len(starts)-1])
	for part := 1; part < parts; part++ {
		at, _ := slices.BinarySearch(starts, int32(total*part/parts))
		cuts[part] = max(at, cuts[part-1])
	}
	cuts[parts] = len(starts) - 1
	return cuts
}

// sortPairs orders pairs by score, highest first. The order of equal scores plays no part.
func sortPairs(pairs []poolPair) {
	if len(pairs) > fewPairs {
		slices.SortFunc(pairs, func(a, b poolPair) int { return cmp.Compare(b.score, a.score) })
		return
	}
	for i := 1; i < len(pairs); i++ {
		pair, k := pairs[i], i
		for ; k > 0 && pairs[k-1].score < pair.score; k-- {
			pairs[k] = pairs[k-1]
		}
		pairs[k] = pair
	}
}

// buckets maps scores to 0 to n-1: the higher the score the lower the number, the same
// or another.
type buckets struct {
	n     int
	top   float64 // the highest score
	scale float64 // buckets to a unit of score
}

func bucketsFor(pairs []poolPair, workers int) buckets {
	lows, highs := make([]float64, workers), make([]float64, workers)
	eachPart(len(pairs), workers, func(part, from, end int) {
		low, high := math.Inf(1), math.Inf(-1)
		for _, pair := range pairs[from:end] {
			if pair.score > high {
				high = pair.score
			}
			if pair.score < low && pair.score != math.Inf(-1) {
				low = pair.score
			}
		}
		lows[part], highs[part] = low, high
	})
	n, low, high := min(max(len(pairs)/perBucket, 1), mostBucket), slices.Min(lows), slices.Max(highs)
	return buckets{n: n, top: high, scale: float64(n) / (high - low)}
}

// of is a score's bucket. Subtraction and multiplication are rounded, and rounding keeps
// order; what is no number below n, for an infinite score or scale, is in the last one.
func (b buckets) of(score float64) int {
	if x := (b.top - score) * b.scale; x < float64(b.n-1) {
		return int(x)
	}
	return b.n - 1
}

// eachPart calls do with as many parts of n things as there are workers, each part
// in a goroutine of its own.
func eachPart(n, workers int, do func(part, from, end int)) {
	parallel(workers, workers, func(next func() (int, bool)) {
		for part, ok := next(); ok; part, ok = next() {
			do(part, n*part/workers, n*(part+1)/workers)
		}
	})
}
