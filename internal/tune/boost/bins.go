package boost

import (
	"math"
	"slices"
)

// maxBins is the number of bins of a feature, the one for missing values included.
const maxBins = 256

// binned is rows of features as bin numbers, by feature. Bin 0 holds what is
// missing; bin b > 0 the values v with cuts[b-2] < v <= cuts[b-1].
type binned struct {
	rows int
	cuts [][]float64 // of each feature, ascending
	bins [][]uint8   // of each feature, one for each row
}

// sampleForCuts is how many rows cut points are chosen from.
const sampleForCuts = 200_000

// bin cuts every feature at quantiles. Features with few values get a bin for each.
func bin(x Matrix, workers int) *binned {
	b := &binned{rows: x.Rows, cuts: make([][]float64, x.Columns), bins: make([][]uint8, x.Columns)}
	step := max(1, x.Rows/sampleForCuts)
	each(workers, x.Columns, func(f int) {
		values := make([]float64, 0, x.Rows/step+1)
		for r := 0; r < x.Rows; r += step {
			if v := x.At(r, f); !math.IsNaN(v) {
				values = append(values, v)
			}
		}
		b.cuts[f] = cutPoints(values)
		column := make([]uint8, x.Rows)
		for r := range column {
			column[r] = binOf(b.cuts[f], x.At(r, f))
		}
		b.bins[f] = column
	})
	return b
}

// cutPoints are at most maxBins−2 points, halfway between neighbouring values.
func cutPoints(values []float64) []float64 {
	slices.Sort(values)
	distinct := slices.Compact(slices.Clone(values))
	var cuts []float64
	if len(distinct) <= maxBins-1 {
		for i := 1; i < len(distinct); i++ {
			cuts = append(cuts, between(distinct[i-1], distinct[i]))
		}
		return cuts
	}
	for i := 1; i < maxBins-1; i++ {
		at := i * len(values) / (maxBins - 1)
		if values[at-1] < values[at] {
			cuts = append(cuts, between(values[at-1], values[at]))
		} else if j, _ := slices.BinarySearch(distinct, values[at]); j > 0 {
			cuts = append(cuts, between(distinct[j-1], distinct[j]))
		}
	}
	return slices.Compact(cuts)
}

// between is a number m with a <= m < b.
func between(a, b float64) float64 {
	m := a + (b-a)/2
	if m >= b {
		return a
	}
	return m
}

func binOf(cuts []float64, v float64) uint8 {
	if math.IsNaN(v) {
		return 0
	}
	at, _ := slices.BinarySearch(cuts, v)
	return uint8(at + 1)
}
