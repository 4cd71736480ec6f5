package statistic

import (
	"math"
	"slices"
)

// Confidence is the confidence level of all intervals.
const Confidence = 0.95

// Interval is a 95 % interval, both bounds included.
type Interval struct{ Low, High float64 }

// Percentile is the percentile interval of bootstrap samples (Efron, Annals of
// Statistics 7, 1979): the values at 2.5 % and 97.5 %, interpolated linearly.
// Samples that are NaN, in which the statistic had no value, are left out; ok is
// false when more than one in twenty were.
func Percentile(samples []float64) (_ Interval, ok bool) {
	kept := make([]float64, 0, len(samples))
	for _, s := range samples {
		if !math.IsNaN(s) {
			kept = append(kept, s)
		}
	}
	if len(kept) == 0 || 20*(len(samples)-len(kept)) > len(samples) {
		return Interval{}, false
	}
	slices.Sort(kept)
	tail := (1 - Confidence) / 2
	return Interval{quantile(kept, tail), quantile(kept, 1-tail)}, true
}

func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	part := at - float64(i)
	return sorted[i]*(1-part) + sorted[i+1]*part
}

// Deviation is the standard deviation of the samples that have a value: the
// bootstrap's standard error of the statistic. NaN with fewer than two.
func Deviation(samples []float64) float64 {
	n, mean, squares := 0.0, 0.0, 0.0
	for _, s := range samples {
		if math.IsNaN(s) {
			continue
		}
		n++
		delta := s - mean
		mean += delta / n
		squares += delta * (s - mean)
	}
	if n < 2 {
		return math.NaN()
	}
	return math.Sqrt(squares / (n - 1))
}

// Bootstrap draws samples of the clusters and returns the statistic of each, in
// order of the sample's number. statistic gets how often each of n queries was
// drawn; the slice is only valid during the call.
func Bootstrap(c Clusters, n, samples int, seed uint64, statistic func(weights []uint16) float64) []float64 {
	weights, out := make([]uint16, n), make([]float64, samples)
	for i := range out {
		c.Draw(seed, i, weights)
		out[i] = statistic(weights)
	}
	return out
}
