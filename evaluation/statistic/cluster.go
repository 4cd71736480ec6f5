package statistic

import "math/rand/v2"

// Clusters are groups of query indices that are drawn together. Each index
// occurs in exactly one group.
type Clusters [][]int32

// Singles puts each of n queries in a cluster of its own.
func Singles(n int) Clusters {
	all, c := make([]int32, n), make(Clusters, n)
	for i := range all {
		all[i] = int32(i)
		c[i] = all[i : i+1]
	}
	return c
}

// GroupBy puts the queries with the same label in one cluster, in the order in
// which labels first occur. labels[i] belongs to query i.
func GroupBy[T comparable](labels []T) Clusters {
	seen := map[T]int{}
	var c Clusters
	for i, l := range labels {
		at, ok := seen[l]
		if !ok {
			at = len(c)
			seen[l] = at
			c = append(c, nil)
		}
		c[at] = append(c[at], int32(i))
	}
	return c
}

// Restrict keeps the queries for which keep is true, and drops empty clusters.
func (c Clusters) Restrict(keep func(query int32) bool) Clusters {
	var kept Clusters
	for _, group := range c {
		var g []int32
		for _, q := range group {
			if keep(q) {
				g = append(g, q)
			}
		}
		if len(g) > 0 {
			kept = append(kept, g)
		}
	}
	return kept
}

// Draw is one bootstrap sample: as many clusters as there are, with replacement.
// weights[q] becomes how often query q was drawn. The sample depends on seed and
// its number alone.
func (c Clusters) Draw(seed uint64, sample int, weights []uint16) {
	clear(weights)
	if len(c) == 0 {
		return
	}
	random := rand.New(source(seed, sample))
	for range c {
		for _, q := range c[random.IntN(len(c))] {
			weights[q]++
		}
	}
}

// source is the random stream of one sample. The number is scattered first
// (splitmix64), so that neighbouring samples start far apart.
func source(seed uint64, sample int) *rand.PCG {
	z := uint64(sample)*0x9e3779b97f4a7c15 + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return rand.NewPCG(seed, z^z>>31)
}
