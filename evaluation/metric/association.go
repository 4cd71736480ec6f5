package metric

import (
	"cmp"
	"math"
	"slices"
)

// Scored is a judged document with the score that a model gave it. A judged
// document that a run left out has the score -Inf: tied below all others, so that
// leaving documents out never pays.
type Scored struct {
	Score float64
	Level int8
}

// SortScored orders pairs by score, highest first, as the functions below need
// them. It does nothing to a list that is already in order.
func SortScored(pairs []Scored) {
	byScore := func(a, b Scored) int { return cmp.Compare(b.Score, a.Score) }
	if !slices.IsSortedFunc(pairs, byScore) {
		slices.SortFunc(pairs, byScore)
	}
}

// tied is the length of the run of equal scores that sorted pairs begin with.
func tied(pairs []Scored) int {
	n := 1
	for n < len(pairs) && pairs[n].Score == pairs[0].Score {
		n++
	}
	return n
}

// tiedNext tells whether sorted pairs begin with a tie.
func tiedNext(pairs []Scored) bool { return len(pairs) > 1 && pairs[1].Score == pairs[0].Score }

// AUC is the area under the ROC curve for "judged at level or above": the
// probability that a relevant document scores higher than an irrelevant one,
// ties counting half. pairs must be in the order of [SortScored]. Range 0–1, 0.5
// for chance, NaN where one of the classes is empty. Source: Hanley and McNeil,
// Radiology 143, 1982 (the Mann–Whitney form).
func AUC(pairs []Scored, level int) float64 {
	above, wins := 0, 0 // relevant documents above; twice what the others lose to them
	for rest := pairs; len(rest) > 0; {
		if !tiedNext(rest) {
			hit := relevance(rest[0].Level, level)
			wins += 2 * above * (1 - hit)
			above += hit
			rest = rest[1:]
			continue
		}
		group := rest[:tied(rest)]
		rest = rest[len(group):]
		hits := 0
		for _, p := range group {
			hits += relevance(p.Level, level)
		}
		wins += (len(group) - hits) * (2*above + hits)
		above += hits
	}
	relevant, irrelevant := float64(above), float64(len(pairs)-above)
	if relevant == 0 || irrelevant == 0 {
		return math.NaN()
	}
	return float64(wins) / 2 / relevant / irrelevant
}

// Spearman is the rank correlation of scores and levels, both with mean ranks
// for ties. pairs must be in the order of [SortScored]. Range -1–1; 0 when all
// scores are equal (no order is no association), NaN when all levels are equal
// or fewer than two documents were judged. Source: Spearman, 1904; scipy's
// spearmanr agrees where neither side is constant.
func Spearman(pairs []Scored, scale Scale) float64 {
	n := float64(len(pairs))
	levelRank, levelTies := levelRanks(pairs, scale)
	mean, covariance, scoreTies, below := (n+1)/2, 0.0, 0.0, n
	for rest := pairs; len(rest) > 0; {
		if !tiedNext(rest) {
			covariance += (below - mean) * (levelRank[int(rest[0].Level)-scale.Min] - mean)
			below--
			rest = rest[1:]
			continue
		}
		group := rest[:tied(rest)]
		rest = rest[len(group):]
		g := float64(len(group))
		rank := below - (g-1)/2
		for _, p := range group {
			covariance += (rank - mean) * (levelRank[int(p.Level)-scale.Min] - mean)
		}
		scoreTies += g*g*g - g
		below -= g
	}
	whole := n*n*n - n
	if whole-levelTies <= 0 {
		return math.NaN()
	}
	if whole-scoreTies <= 0 {
		return 0
	}
	return covariance * 12 / math.Sqrt((whole-levelTies)*(whole-scoreTies))
}

// levelRanks gives each level its mean rank from the lowest, and the sum of
// t^3-t over the ties.
func levelRanks(pairs []Scored, scale Scale) (rank [MaxLevels]float64, tied float64) {
	var counts [MaxLevels]float64
	for _, p := range pairs {
		counts[int(p.Level)-scale.Min]++
	}
	below := 0.0
	for i, c := range counts {
		rank[i] = below + (c+1)/2
		tied += c*c*c - c
		below += c
	}
	return rank, tied
}

// Kendall is tau-b of scores and levels: concordant minus discordant pairs,
// divided by the geometric mean of the pairs untied in either. pairs must be in
// the order of [SortScored]. Range and special values as in [Spearman]. Source:
// Kendall, Biometrika 33, 1945; scipy's kendalltau (variant b) agrees.
func Kendall(pairs []Scored, scale Scale) float64 {
	var group, above [MaxLevels]int
	var net balance
	difference, scoreTied := 0, 0
	for rest := pairs; len(rest) > 0; {
		if !tiedNext(rest) {
			i := int(rest[0].Level) - scale.Min
			difference += net[i]
			net.add(i, 1)
			above[i]++
			rest = rest[1:]
			continue
		}
		same := rest[:tied(rest)]
		rest = rest[len(same):]
		clear(group[:])
		for _, p := range same {
			group[int(p.Level)-scale.Min]++
		}
		for i, n := range group {
			difference += n * net[i]
		}
		for i, n := range group {
			net.add(i, n)
			above[i] += n
		}
		scoreTied += len(same) * (len(same) - 1) / 2
	}
	levelTied := 0
	for _, n := range above {
		levelTied += n * (n - 1) / 2
	}
	all := len(pairs) * (len(pairs) - 1) / 2
	if all-levelTied <= 0 {
		return math.NaN()
	}
	if all-scoreTied <= 0 {
		return 0
	}
	return float64(difference) / math.Sqrt(float64(all-levelTied)*float64(all-scoreTied))
}

// balance is, for a document of each level, how many documents above it have a higher
// level, less those that have a lower one: its concordant less its discordant pairs.
type balance [MaxLevels]int

// add counts n more documents of a level.
func (b *balance) add(level, n int) {
	for i, sign := range signs[level] {
		b[i] += n * sign
	}
}

// signs[i][k] is the sign of i-k.
var signs = func() (s [MaxLevels][MaxLevels]int) {
	for i := range s {
		for k := range s {
			s[i][k] = cmp.Compare(i, k)
		}
	}
	return s
}()
