package agreement

import (
	"math"

	"github.com/duijie/duijie/evaluation/metric"
)

// Missing marks an item that a rater did not rate.
const Missing = math.MinInt

// Ratings holds the level that each rater gave each item: Ratings[rater][item],
// [Missing] where there is none. All rows are of one length.
type Ratings [][]int

// Distance is the squared difference of two levels, given how often each level
// occurs among the ratings that can be paired.
type Distance func(a, b int, counts map[int]float64) float64

// Nominal is 0 for the same level and 1 otherwise.
func Nominal(a, b int, _ map[int]float64) float64 {
	if a == b {
		return 0
	}
	return 1
}

// Ordinal is the squared number of ratings that lie between two levels, half of
// those at either end counted: Krippendorff's ordinal metric.
func Ordinal(a, b int, counts map[int]float64) float64 {
	low, high, between := min(a, b), max(a, b), 0.0
	for level, n := range counts {
		if level >= low && level <= high {
			between += n
		}
	}
	between -= (counts[low] + counts[high]) / 2
	return between * between
}

// SquaredLevels is the squared difference of the levels (interval metric).
func SquaredLevels(a, b int, _ map[int]float64) float64 { return float64((a - b) * (a - b)) }

// Alpha is Krippendorff's alpha: one minus the observed over the expected
// disagreement, for any number of raters and with missing ratings. 1 is perfect
// agreement, 0 chance. Items with fewer than two ratings do not count. NaN when
// nothing can be paired or all ratings are equal. Source: Krippendorff, "Computing
// Krippendorff's alpha-reliability", 2011.
func (r Ratings) Alpha(distance Distance) float64 {
	coincidence, counts := r.coincidences()
	n := 0.0
	for _, c := range counts {
		n += c
	}
	observed, expected := 0.0, 0.0
	for pair, c := range coincidence {
		observed += c * distance(pair[0], pair[1], counts)
	}
	for a, na := range counts {
		for b, nb := range counts {
			expected += na * nb * distance(a, b, counts)
		}
	}
	if expected == 0 {
		return math.NaN()
	}
	return 1 - (n-1)*observed/expected
}

// coincidences counts ordered pairs of ratings of the same item, each item with m
// ratings weighted by 1/(m-1), and the ratings that take part.
func (r Ratings) coincidences() (pairs map[[2]int]float64, counts map[int]float64) {
	pairs, counts = map[[2]int]float64{}, map[int]float64{}
	if len(r) == 0 {
		return pairs, counts
	}
	for item := range r[0] {
		var levels []int
		for _, rater := range r {
			if rater[item] != Missing {
				levels = append(levels, rater[item])
			}
		}
		if len(levels) < 2 {
			continue
		}
		for i, a := range levels {
			counts[a]++
			for j, b := range levels {
				if i != j {
					pairs[[2]int{a, b}] += 1 / float64(len(levels)-1)
				}
			}
		}
	}
	return pairs, counts
}

// Between is the confusion of two raters over the items that both rated; its
// Kappa and WeightedKappa are Cohen's. Levels off the scale are left out.
func (r Ratings) Between(a, b int, scale metric.Scale) metric.Confusion {
	c := metric.NewConfusion(scale)
	for item, x := range r[a] {
		if y := r[b][item]; scale.Holds(x) && scale.Holds(y) {
			c[x-scale.Min][y-scale.Min]++
		}
	}
	return c
}

// Share is the share of pairs of ratings of the same item that are equal; NaN
// without any.
func (r Ratings) Share() float64 {
	equal, all := 0.0, 0.0
	pairs, _ := r.coincidences()
	for pair, c := range pairs {
		all += c
		if pair[0] == pair[1] {
			equal += c
		}
	}
	return equal / all
}
