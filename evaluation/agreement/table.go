package agreement

import (
	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
)

// Table gathers ratings one by one. The zero value is empty.
type Table struct {
	raters, items map[string]int
	levels        []map[int]int // of each item, by rater
}

// Add notes the level that a rater gave an item, in the place of an earlier one.
func (t *Table) Add(rater, item string, level int) {
	if t.items == nil {
		t.raters, t.items = map[string]int{}, map[string]int{}
	}
	r, known := t.raters[rater]
	if !known {
		r = len(t.raters)
		t.raters[rater] = r
	}
	i, known := t.items[item]
	if !known {
		i = len(t.items)
		t.items[item] = i
		t.levels = append(t.levels, map[int]int{})
	}
	t.levels[i][r] = level
}

// Ratings are those of the items that two raters or more have rated, in the order in
// which items and raters first came; raters of none of them have a row of Missing.
func (t *Table) Ratings() Ratings {
	var shared []map[int]int
	for _, byRater := range t.levels {
		if len(byRater) > 1 {
			shared = append(shared, byRater)
		}
	}
	out := make(Ratings, len(t.raters))
	for r := range out {
		out[r] = make([]int, len(shared))
		for i, byRater := range shared {
			out[r][i] = Missing
			if level, rated := byRater[r]; rated {
				out[r][i] = level
			}
		}
	}
	return out
}

// Agreement is how far the raters agree: Krippendorff's ordinal alpha, and Cohen's
// kappa with quadratic weights as the mean over the pairs of raters for whom it is
// defined, each weighing as many items as both rated.
func (t *Table) Agreement(scale metric.Scale) evaluation.Agreement {
	ratings := t.Ratings()
	out := evaluation.Agreement{Raters: len(t.raters)}
	if len(ratings) > 0 {
		out.Pairs = len(ratings[0])
	}
	if out.Pairs == 0 {
		reason := evaluation.Null("no pair was judged by two raters")
		out.Alpha, out.Kappa, out.Equal = reason, reason, reason
		return out
	}
	out.Alpha, out.Equal = evaluation.Number(ratings.Alpha(Ordinal)), evaluation.Number(ratings.Share())
	sum, weight := 0.0, 0.0
	for a := range ratings {
		for b := range a {
			c := ratings.Between(a, b, scale)
			if kappa := c.WeightedKappa(); kappa == kappa { // not NaN
				sum += c.Total() * kappa
				weight += c.Total()
			}
		}
	}
	out.Kappa = evaluation.Number(sum / weight)
	return out
}
