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

// AUC is the area under the ROC curve for "judged at level or above": the
// probability that a relevant document scores higher than an irrelevant one,
// ties counting half. pairs must be in the order of [SortScored]. Range 0–1, 0.5
// for chance, NaN where one of the classes is empty. Source: Hanley and McNeil,
// Radiology 143, 1982 (the Mann–Whitney form).
func AUC(pairs []Scored, level int) float64 {
	relevant, wins := 0.0, 0.0
	for rest := pairs; len(rest) > 0; {
		group := rest[:tied(rest)]
		rest = rest[len(group):]
		r := 0.0
		for _, p := range group {
			if int(p.Level) >= level {
				r++
			}
		}
		irrelevant := float64(len(group)) - r
		wins += irrelevant * (relevant + r/2)
		relevant += r
	}
	irrelevant := float64(len(pairs)) - relevant
	if relevant == 0 || irrelevant == 0 {
		return math.NaN()
	}
	return wins / relevant / irrelevant
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
	var above, group [MaxLevels]float64
	n, difference, scoreTied := float64(len(pairs)), 0.0, 0.0
	for rest := pairs; len(rest) > 0; {
		same := rest[:tied(rest)]
		rest = rest[len(same):]
		if len(same) == 1 {
			i := int(same[0].Level) - scale.Min
			difference += concordant(&above, i, scale.Levels())
			above[i]++
			continue
		}
		clear(group[:])
		for _, p := range same {
			group[int(p.Level)-scale.Min]++
		}
		for i, c := range group[:scale.Levels()] {
			difference += c * concordant(&above, i, scale.Levels())
		}
		for i, c := range group {
			above[i] += c
		}
		g := float64(len(same))
		scoreTied += g * (g - 1) / 2
	}
	levelTied := 0.0
	for _, c := range above {
		levelTied += c * (c - 1) / 2
	}
	all := n * (n - 1) / 2
	if all-levelTied <= 0 {
		return math.NaN()
	}
	if all-scoreTied <= 0 {
		return 0
	}
	return difference / math.Sqrt((all-levelTied)*(all-scoreTied))
}

// concordant counts the pairs of a document and one above it: +1 where the one
// above has the higher level, -1 where it has the lower.
func concordant(above *[MaxLevels]float64, level, levels int) float64 {
	sum := 0.0
	for _, a := range above[:level] {
		sum -= a
	}
	for _, a := range above[level+1 : levels] {
		sum += a
	}
	return sum
}
