package statistic

import (
	"math"
	"slices"
)

// Holm corrects p-values for their number: it controls the probability of any
// false rejection in the whole family. The result is in the order of p, at most 1
// and never below p; NaN stays NaN and does not count. Source: Holm, Scandinavian
// Journal of Statistics 6, 1979.
func Holm(p []float64) []float64 {
	corrected := slices.Clone(p)
	var order []int
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	highest := 0.0
	for rank, i := range order {
		highest = max(highest, min(1, p[i]*float64(len(order)-rank)))
		corrected[i] = highest
	}
	return corrected
}

// Record counts queries on which the candidate was better, equal and worse.
type Record struct {
	Win  int `json:"win"`
	Tie  int `json:"tie"`
	Loss int `json:"loss"`
}

// WinTieLoss counts differences (candidate minus baseline); those of at most
// margin either way are ties, NaN is not counted. Where lower is better, negate
// the differences.
func WinTieLoss(differences []float64, margin float64) Record {
	var r Record
	for _, d := range differences {
		switch {
		case math.IsNaN(d):
		case d > margin:
			r.Win++
		case d < -margin:
			r.Loss++
		default:
			r.Tie++
		}
	}
	return r
}
