package retrieve

import (
	"cmp"
	"slices"
)

// offer is a patent as a member of a pool.
type offer struct {
	worth  []float64 // by element, 0 to 1
	holder string    // empty is a holder of its own
	open   bool      // an open licence
	logit  float64
}

// exactSets is how many sets are compared at most; above that the choice is greedy.
const exactSets = 200_000

// worthEps is what sums of weights may differ by and still count as equal.
const worthEps = 1e-9

// choice is a set of offers and what it is compared by.
type choice struct {
	members []int
	worth   float64
	holders int
	open    int
	logit   float64
}

// better compares what two choices are worth, then their size, how many holders there are to
// deal with, how many open licences, how well the patents fit, and their places.
func (c *choice) better(o *choice) bool {
	if d := c.worth - o.worth; d > worthEps || d < -worthEps {
		return d > 0
	}
	return cmp.Or(cmp.Compare(len(c.members), len(o.members)), cmp.Compare(c.holders, o.holders), cmp.Compare(o.open, c.open),
		cmp.Compare(o.logit, c.logit), slices.Compare(c.members, o.members)) < 0
}

// cover chooses at most most of the offers so that the weighted sum over the elements of the
// best worth is as large as can be, with as few offers as can be, and tells whether all sets
// were compared. It is weighted maximum coverage with partial worths, for which the greedy
// choice reaches at least 1 − 1/e of the best (Nemhauser, Wolsey and Fisher, 1978).
func cover(offers []offer, weights []float64, most int) (choice, bool) {
	most = min(most, len(offers))
	var all []int
	for i := range offers {
		all = append(all, i)
	}
	reachable := chosen(offers, weights, all).worth
	if sets(len(offers), most) > exactSets {
		return greedy(offers, weights, most), false
	}
	best := choice{}
	for size := 1; size <= most && best.worth < reachable-worthEps; size++ {
		eachSet(len(offers), size, func(members []int) {
			if c := chosen(offers, weights, members); c.better(&best) {
				c.members = slices.Clone(members)
				best = c
			}
		})
	}
	return best, true
}

// chosen is what a set of offers is worth.
func chosen(offers []offer, weights []float64, members []int) choice {
	c := choice{members: members}
	for e, w := range weights {
		best := 0.0
		for _, m := range members {
			best = max(best, offers[m].worth[e])
		}
		c.worth += float64(w * best)
	}
	for i, m := range members {
		o := &offers[m]
		c.logit += o.logit
		if o.open {
			c.open++
		}
		if o.holder == "" || !slices.ContainsFunc(members[:i], func(n int) bool { return offers[n].holder == o.holder }) {
			c.holders++
		}
	}
	return c
}

// greedy adds the offer that is worth most besides those there, until none adds anything.
func greedy(offers []offer, weights []float64, most int) choice {
	best := choice{}
	for len(best.members) < most {
		next := best
		for i := range offers {
			if slices.Contains(best.members, i) {
				continue
			}
			c := chosen(offers, weights, append(slices.Clone(best.members), i))
			if c.worth > best.worth+worthEps && (len(next.members) == len(best.members) || c.better(&next)) {
				next = c
			}
		}
		if len(next.members) == len(best.members) {
			break
		}
		best = next
	}
	return best
}

// sets counts the sets of 1 to most out of n, or more than exactSets.
func sets(n, most int) int {
	total, of := 0, 1
	for k := 1; k <= most; k++ {
		of = of * (n - k + 1) / k
		if total += of; total > exactSets {
			return total
		}
	}
	return total
}

// eachSet calls visit with every set of size out of n, in the order of their members.
func eachSet(n, size int, visit func([]int)) {
	members := make([]int, size)
	var from func(at, first int)
	from = func(at, first int) {
		if at == size {
			visit(members)
			return
		}
		for i := first; i <= n-(size-at); i++ {
			members[at] = i
			from(at+1, i+1)
		}
	}
	from(0, 0)
}

// inOrder puts members in the order in which they add most, and lists for each the elements
// that it serves better than those before it.
func inOrder(offers []offer, weights []float64, members []int) (order []int, adds [][]int) {
	served := make([]float64, len(weights))
	left := slices.Clone(members)
	for len(left) > 0 {
		best, bestGain := 0, -1.0
		for i, m := range left {
			gain := 0.0
			for e, w := range weights {
				gain += float64(w * max(0, offers[m].worth[e]-served[e]))
			}
			if gain > bestGain+worthEps {
				best, bestGain = i, gain
			}
		}
		m := left[best]
		var added []int
		for e := range weights {
			if offers[m].worth[e] > served[e] {
				added, served[e] = append(added, e), offers[m].worth[e]
			}
		}
		order, adds = append(order, m), append(adds, added)
		left = slices.Delete(left, best, best+1)
	}
	return order, adds
}
