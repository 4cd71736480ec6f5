package retrieve

import (
	"fmt"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// DiversityPool is how many of the first hits diversity puts in another order. It does not
// depend on the page, so that pages join to one list.
const DiversityPool = 50

// diversify orders the pool by maximal marginal relevance (Carbonell and Goldstein, The Use of
// MMR, SIGIR 1998): the next hit is the one with the largest
//
//	λ·relevance − (1 − λ)·max cosine with the hits before it, λ = 1 − diversity
//
// where relevance is the key, scaled to 0 to 1 over the pool. Hits pass none that meets more of
// the filter, nor one above the floor from below it. Of equal ones the first in the list wins.
func diversify(list []*candidate, diversity float64) []*candidate {
	n := min(len(list), DiversityPool)
	if n < 3 || diversity == 0 {
		return list
	}
	low, high := list[0].placing.Key, list[0].placing.Key
	for _, c := range list[:n] {
		low, high = min(low, c.placing.Key), max(high, c.placing.Key)
	}
	relevance := func(c *candidate) float64 {
		if high == low {
			return 1
		}
		return (c.placing.Key - low) / (high - low)
	}
	lambda := 1 - diversity
	out := make([]*candidate, 0, len(list))
	nearest, taken := make([]float64, n), make([]bool, n)
	for len(out) < n {
		first := -1
		best, bestValue := -1, 0.0
		for i, c := range list[:n] {
			if taken[i] {
				continue
			}
			if first < 0 {
				first = i
			} else if c.step != list[first].step || c.placing.below != list[first].placing.below {
				break
			}
			if v := lambda*relevance(c) - diversity*nearest[i]; best < 0 || v > bestValue {
				best, bestValue = i, v
			}
		}
		taken[best] = true
		pick := list[best]
		if len(out) != best {
			pick.placing.MovedFrom = best + 1
			pick.placing.Why = append(pick.placing.Why, movedWhy(best+1, len(out)+1))
		}
		out = append(out, pick)
		for i, c := range list[:n] {
			if !taken[i] {
				nearest[i] = max(nearest[i], rank.Cosine(pick.vectors.Text, c.vectors.Text))
			}
		}
	}
	return append(out, list[n:]...)
}

func movedWhy(from, to int) match.LocalText {
	if to < from {
		return match.LocalText{ZH: fmt.Sprintf("为增加多样性，从第 %d 位提前到第 %d 位", from, to), EN: fmt.Sprintf("moved up from %d to %d for diversity", from, to)}
	}
	return match.LocalText{ZH: fmt.Sprintf("为增加多样性，从第 %d 位后移到第 %d 位", from, to), EN: fmt.Sprintf("moved down from %d to %d for diversity", from, to)}
}
