package split

import (
	"cmp"
	"hash/fnv"
	"slices"

	"github.com/duijie/duijie/evaluation"
)

// NearTwins is the cosine of bigrams from which demands are one piece of evidence.
const NearTwins = 0.95

// DrawIDs gives the ids of the queries that are drawn, as by [Draw], with those from
// [NearTwins] on together.
func DrawIDs(d *evaluation.Dataset, share float64, seed uint64) map[string]bool {
	return DrawIDsBeside(d, nil, share, seed)
}

// DrawIDsBeside is [DrawIDs] where some queries, with what is drawn together with them, are
// drawn whatever their share is: others come in addition until the share is reached.
func DrawIDsBeside(d *evaluation.Dataset, given map[string]bool, share float64, seed uint64) map[string]bool {
	groups, ids := Groups(d, NearTwins, BigramCosine(d)), map[string]bool{}
	certain := map[int]bool{}
	for q, g := range groups {
		if given[d.Query(int32(q)).ID] {
			certain[g] = true
		}
	}
	for q, is := range draw(d, groups, certain, share, seed) {
		if is {
			ids[d.Query(int32(q)).ID] = true
		}
	}
	return ids
}

// Draw tells which queries are drawn when whole groups of them, as [Groups] finds them, are
// taken until the share of all queries is reached; at least one group, and all for a share
// of 1. The order of the groups is that of hashes of the seed and of their first members'
// ids.
func Draw(d *evaluation.Dataset, groups []int, share float64, seed uint64) []bool {
	return draw(d, groups, nil, share, seed)
}

// draw is Draw where some groups are certain to be taken.
func draw(d *evaluation.Dataset, groups []int, certain map[int]bool, share float64, seed uint64) []bool {
	type group struct {
		hash  uint64
		first int32
		size  int
	}
	var all []group
	for q, g := range groups { // numbered in the order of first members
		if g == len(all) {
			all = append(all, group{hash: drawn(d.Query(int32(q)).ID, seed), first: int32(q)})
		}
		all[g].size++
	}
	slices.SortFunc(all, func(a, b group) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.first, b.first)) })
	out := make([]bool, len(groups))
	taken, n := map[int]bool{}, 0
	for _, g := range all {
		if certain[groups[g.first]] {
			taken[groups[g.first]] = true
			n += g.size
		}
	}
	for _, g := range all {
		if n > 0 && float64(n) >= share*float64(len(groups)) {
			break
		}
		if !taken[groups[g.first]] {
			taken[groups[g.first]] = true
			n += g.size
		}
	}
	for q, g := range groups {
		out[q] = taken[g]
	}
	return out
}

func drawn(id string, seed uint64) uint64 {
	h := fnv.New64a()
	for i := range 8 {
		h.Write([]byte{byte(seed >> (8 * i))})
	}
	h.Write([]byte(id))
	x := h.Sum64()
	x = (x ^ x>>33) * 0xff51afd7ed558ccd // FNV alone leaves like ids side by side
	return x ^ x>>33
}
