package statistic

import "math"

// PairedTest is the two-sided paired randomisation test of the hypothesis that
// two models are exchangeable: under it the sign of each cluster's summed
// difference is arbitrary. differences[q] is candidate minus baseline of query q,
// NaN where q is not in the population. The p-value is (1+b)/(1+permutations),
// where b counts the random sign assignments whose absolute sum is not below the
// observed one; so it is never 0. It is 1 when there is no difference at all, and
// NaN without any query.
//
// Source: Smucker, Allan and Carterette, CIKM 2007; the +1 correction after
// Phipson and Smyth, 2010.
func PairedTest(differences []float64, c Clusters, permutations int, seed uint64) float64 {
	sums := clusterSums(differences, c)
	if len(sums) == 0 {
		return math.NaN()
	}
	observed, scale := 0.0, 0.0
	for _, s := range sums {
		observed += s
		scale += math.Abs(s)
	}
	// Sums that are equal but for the order of addition count as equal.
	observed = math.Abs(observed) - 1e-12*scale
	extreme := 0
	for i := range permutations {
		if math.Abs(flipped(sums, seed, i)) >= observed {
			extreme++
		}
	}
	return float64(1+extreme) / float64(1+permutations)
}

// clusterSums adds up the differences of each cluster that has any.
func clusterSums(differences []float64, c Clusters) []float64 {
	var sums []float64
	for _, group := range c {
		sum, any := 0.0, false
		for _, q := range group {
			if d := differences[q]; !math.IsNaN(d) {
				sum += d
				any = true
			}
		}
		if any {
			sums = append(sums, sum)
		}
	}
	return sums
}

// flipped is the sum under the random signs of one permutation, a bit a cluster.
func flipped(sums []float64, seed uint64, permutation int) float64 {
	random, total := source(seed, permutation), 0.0
	for len(sums) > 0 {
		signs := random.Uint64()
		block := sums[:min(64, len(sums))]
		for _, s := range block {
			// The lowest bit becomes the sign bit of the number.
			total += math.Float64frombits(math.Float64bits(s) ^ signs<<63)
			signs >>= 1
		}
		sums = sums[len(block):]
	}
	return total
}
