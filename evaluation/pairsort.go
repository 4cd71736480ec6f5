package evaluation

import (
	"cmp"
	"math"
	"slices"
)

const (
	perBucket = 4  // pairs, where scores are spread evenly
	fewPairs  = 24 // are sorted by insertion
)

// sorter orders pairs by score, highest first; it is memory that is used again. Pairs are
// put into buckets of equal width by their scores, and each bucket is sorted: the first
// takes two rounds through memory, the second none, where scores are spread evenly.
// However they are spread, no more is compared than in sorting all by comparing.
type sorter struct {
	pairs  []poolPair
	places []int32 // of each bucket, its next pair
}

// sort is the pairs in order, in memory of the sorter.
func (s *sorter) sort(pairs []poolPair) []poolPair {
	b := bucketsFor(pairs)
	s.places = slices.Grow(s.places[:0], b.n+1)[:b.n+1]
	s.pairs = slices.Grow(s.pairs[:0], len(pairs))[:len(pairs)]
	clear(s.places)
	for i := range pairs {
		s.places[b.of(pairs[i].score)+1]++
	}
	for i := range b.n {
		s.places[i+1] += s.places[i]
	}
	for _, pair := range pairs {
		place := &s.places[b.of(pair.score)]
		s.pairs[*place] = pair
		*place++
	}
	from := int32(0)
	for _, to := range s.places[:b.n] { // where the next bucket began
		sortPairs(s.pairs[from:to])
		from = to
	}
	return s.pairs
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

func bucketsFor(pairs []poolPair) buckets {
	low, high := math.Inf(1), math.Inf(-1)
	for i := range pairs {
		score := pairs[i].score
		if score > high {
			high = score
		}
		if score < low && score != math.Inf(-1) {
			low = score
		}
	}
	n := max(len(pairs)/perBucket, 1)
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
