package metric

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawPairs draws judged documents with few distinct scores, so that ties abound.
func drawPairs(t *rapid.T) []Scored {
	pairs := make([]Scored, rapid.IntRange(2, 40).Draw(t, "n"))
	for i := range pairs {
		pairs[i] = Scored{float64(rapid.IntRange(-3, 3).Draw(t, "score")), int8(rapid.IntRange(1, 4).Draw(t, "level"))}
		if rapid.IntRange(0, 9).Draw(t, "missing") == 0 {
			pairs[i].Score = math.Inf(-1)
		}
	}
	SortScored(pairs)
	return pairs
}

func close(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-12
}

func TestAssociationsEqualTheirDefinitionsPairByPair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs := drawPairs(t)
		auc, tau := slowly(pairs)
		if got := AUC(pairs, 3); !close(got, auc) {
			t.Fatalf("AUC is %v, want %v of %v", got, auc, pairs)
		}
		if got := Kendall(pairs, Levels4); !close(got, tau) {
			t.Fatalf("tau is %v, want %v of %v", got, tau, pairs)
		}
		if got, want := Spearman(pairs, Levels4), pearsonOfRanks(pairs); !close(got, want) {
			t.Fatalf("rho is %v, want %v of %v", got, want, pairs)
		}
	})
}

// slowly counts all pairs of pairs.
func slowly(pairs []Scored) (auc, tau float64) {
	wins, classes, difference, scoreUntied, levelUntied := 0.0, 0.0, 0.0, 0.0, 0.0
	for i, a := range pairs {
		for j, b := range pairs {
			score, level := compare(a.Score, b.Score), compare(float64(a.Level), float64(b.Level))
			if a.Level >= 3 && b.Level < 3 {
				classes++
				wins += (score + 1) / 2
			}
			if i < j {
				difference += score * level
				scoreUntied += math.Abs(score)
				levelUntied += math.Abs(level)
			}
		}
	}
	tau = difference / math.Sqrt(scoreUntied*levelUntied)
	if levelUntied > 0 && scoreUntied == 0 {
		tau = 0
	}
	return wins / classes, tau
}

func compare(a, b float64) float64 {
	switch {
	case a > b:
		return 1
	case a < b:
		return -1
	}
	return 0
}

func pearsonOfRanks(pairs []Scored) float64 {
	rank := func(value func(Scored) float64) (ranks []float64, spread float64) {
		for _, a := range pairs {
			r := 0.5
			for _, b := range pairs {
				r += (compare(value(a), value(b)) + 1) / 2
			}
			ranks = append(ranks, r)
			spread += (r - float64(len(pairs)+1)/2) * (r - float64(len(pairs)+1)/2)
		}
		return ranks, spread
	}
	x, sx := rank(func(s Scored) float64 { return s.Score })
	y, sy := rank(func(s Scored) float64 { return float64(s.Level) })
	covariance, mean := 0.0, float64(len(pairs)+1)/2
	for i := range x {
		covariance += (x[i] - mean) * (y[i] - mean)
	}
	if sy == 0 {
		return math.NaN()
	}
	if sx == 0 {
		return 0
	}
	return covariance / math.Sqrt(sx*sy)
}

func drawRanking(t *rapid.T) Ranking {
	judged := make([]int8, rapid.IntRange(1, 30).Draw(t, "judged"))
	for i := range judged {
		judged[i] = int8(rapid.IntRange(1, 4).Draw(t, "level"))
	}
	ranked := slices.Clone(judged[:rapid.IntRange(0, len(judged)).Draw(t, "ranked")])
	for range rapid.IntRange(0, 10).Draw(t, "unjudged") {
		ranked = append(ranked, Unjudged)
	}
	return NewRanking(Levels4, rapid.Permutation(ranked).Draw(t, "order"), judged)
}

func TestRankingMeasuresStayInRangeAndTheBestOrderIsPerfect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRanking(t)
		for name, x := range map[string]float64{"ndcg": r.NDCG(10), "rr": r.ReciprocalRank(3), "ap": r.AveragePrecision(3),
			"p": r.Precision(5, 3), "recall": r.Recall(5, 3), "bpref": r.BPref(3), "unjudged": r.UnjudgedAt(5)} {
			if !(x >= 0 && x <= 1+1e-12) {
				t.Fatalf("%s of %v is %v", name, r, x)
			}
		}
		var best []int8
		for i, n := range r.Judged {
			best = append(best, slices.Repeat([]int8{int8(1 + i)}, n)...)
		}
		slices.Reverse(best)
		perfect := NewRanking(Levels4, best, best)
		if r.Rankable(1) && !close(perfect.NDCG(10), 1) {
			t.Fatalf("nDCG of the best order is %v", perfect.NDCG(10))
		}
		if r.HasRelevant(3) && !(close(perfect.AveragePrecision(3), 1) && close(perfect.BPref(3), 1) && perfect.ReciprocalRank(3) == 1) {
			t.Fatal("the best order is not perfect")
		}
	})
}

func TestNDCGByHand(t *testing.T) {
	r := NewRanking(Levels4, []int8{2, Unjudged, 4}, []int8{4, 3, 2, 1, 1})
	got := r.NDCG(3)
	want := (1 + 7/2.0) / (7 + 3/math.Log2(3) + 1/2.0)
	if !close(got, want) {
		t.Errorf("nDCG@3 is %v, want %v", got, want)
	}
	if r.UnjudgedAt(10) != 1.0/3 {
		t.Errorf("unjudged@10 is %v", r.UnjudgedAt(10))
	}
}

func TestLevelsAndCalibrationByHand(t *testing.T) {
	c := Confusion{{3, 1, 0, 0}, {1, 2, 0, 0}, {0, 1, 1, 0}, {0, 0, 0, 1}}
	if !close(c.MAE(), 0.3) || !close(Official(c.MAE()), 1/1.3) || !close(c.Accuracy(), 0.7) {
		t.Errorf("MAE %v, accuracy %v", c.MAE(), c.Accuracy())
	}
	if single := (Confusion{{5, 0}, {0, 0}}); !math.IsNaN(single.WeightedKappa()) {
		t.Error("kappa of one level is a number")
	}
	bins := make([]Bin, Bins)
	bins[2] = Bin{Count: 4, Predicted: 1, Observed: 2}
	bins[9] = Bin{Count: 6, Predicted: 5.7, Observed: 6}
	if !close(ECE(bins), 0.13) || BinOf(1) != 9 || BinOf(0.1999) != 1 || BinOf(0) != 0 {
		t.Errorf("ECE is %v", ECE(bins))
	}
	if !close(Brier(0.8, true), 0.04) || !close(Brier(0.8, false), 0.64) {
		t.Error("Brier")
	}
}

func TestExposureAndMutualByHand(t *testing.T) {
	if g := Gini([]int32{0, 0, 0, 4}); !close(g, 0.75) {
		t.Errorf("Gini of one for all is %v", g)
	}
	if g := Gini([]int32{2, 2, 2}); !close(g, 0) {
		t.Errorf("Gini of equals is %v", g)
	}
	if Coverage([]int32{0, 1, 5, 0}) != 0.5 || !math.IsNaN(Gini([]int32{0})) {
		t.Error("coverage or empty Gini")
	}
	share, reciprocal := Mutual([]int32{1, 0, 12, 2}, 10)
	if share != 0.5 || !close(reciprocal, (1+1.0/12+0.5)/4) {
		t.Errorf("mutual %v, reverse %v", share, reciprocal)
	}
	if Percentile([]float64{1, 2, 3, 4}, 0.5) != 2 || Percentile([]float64{1, 2, 3, 4}, 0.99) != 4 {
		t.Error("percentile")
	}
}
