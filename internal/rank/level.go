package rank

import (
	"fmt"
	"math"
	"slices"

	"github.com/duijie/duijie/internal/match"
)

// fusionCuts are those of proportional odds on the logit, fitted on the judged pairs
// of bdci2019 train: P(level > l) = 1/(1 + exp(cuts[l−1] − logit)).
var fusionCuts = [3]float64{WeakCut, 0, 1.55}

// The chance that a pair of the whole sample, of catalogSize patents, was judged at
// all, as far as that bears on its level: 1/(1 + exp(−(catalogBias + catalogSlope·logit))).
// A catalog of n patents has n/catalogSize times as many pairs that nobody would look
// at, so that ln(n/catalogSize) is taken off the logit of that chance.
const (
	catalogBias  = 3.5
	catalogSlope = 2.6
	catalogSize  = 252
)

// fusionCalibration is what was measured of the probabilities on bdci2019 train: each
// half of the demands, near twins together, with the cuts and the slope fitted on the
// other one. See evaluation/decisions/0016-levels-and-supply.md.
var fusionCalibration = match.Calibration{
	Population: match.LocalText{
		ZH: "bdci2019 训练集：技术转移人员评判过的候选（仅成果标题），其中好的配对比整个目录中多得多",
		EN: "bdci2019 train: candidates that technology-transfer staff had judged (titles of achievements alone), far richer in good pairs than a catalog is",
	},
	Pairs: 7376, Share: 0.1245, ECE: 0.027, ECELow: 0.018, ECEHigh: 0.043,
	Cuts: fusionCuts[:], CatalogBias: catalogBias, CatalogSlope: catalogSlope,
}

// What Supply rests on. The threshold and its errors: chosen on one half of the 221 demands
// of bdci2019 train that count, measured on the other (16 of 109 demands have no candidate
// of level 3 or 4). The threshold for whole catalogs: the largest one that adds no false
// alarm on those demands nor on the sample, in catalogs of up to supplyCatalog patents. See
// evaluation/decisions/0016-levels-and-supply.md.
const (
	supplyBest       = 5
	supplyThreshold  = 0.5
	supplyFalseAlarm = 0.15
	supplyMissed     = 0.81

	supplyInCatalog = 0.2
	supplyCatalog   = 7376
)

// Supply says whether one of the candidates is likely to be good, of the logits of all of
// them, in any order, that are one or more.
func Supply(c *match.Calibration, logits []float64) *match.Supply {
	best := slices.Sorted(slices.Values(logits))
	none, noneOfCatalog := 1.0, 1.0
	for _, logit := range best[max(0, len(best)-supplyBest):] {
		none *= 1 - chance(logit)
		noneOfCatalog *= 1 - InCatalog(c, match.Score{Value: chance(logit), Logit: logit})
	}
	s := &match.Supply{
		Chance: 1 - none, Threshold: supplyThreshold, ChanceInCatalog: 1 - noneOfCatalog,
		FalseAlarm: supplyFalseAlarm, Missed: supplyMissed,
	}
	if c.CatalogSize <= supplyCatalog {
		s.CatalogThreshold = supplyInCatalog
	}
	switch {
	case s.ChanceInCatalog < s.CatalogThreshold:
		s.Reason = match.LocalText{
			ZH: fmt.Sprintf("目录中可能没有能满足该需求的专利：按整个目录计，前五名中有一件较强匹配的概率只有 %.0f%%（阈值 %.0f%%）。", 100*s.ChanceInCatalog, 100*s.CatalogThreshold),
			EN: fmt.Sprintf("the catalog may have no good supply for this demand: the chance that one of the first five fits rather strongly, as pairs out of the whole catalog, is %.0f%% (threshold %.0f%%)", 100*s.ChanceInCatalog, 100*s.CatalogThreshold),
		}
	case s.Chance < s.Threshold:
		s.Reason = match.LocalText{
			ZH: fmt.Sprintf("目录中可能没有能满足该需求的专利：前五名中有一件较强匹配的概率只有 %.0f%%（阈值 %.0f%%）。", 100*s.Chance, 100*s.Threshold),
			EN: fmt.Sprintf("the catalog may have no good supply for this demand: the chance that one of the first five fits rather strongly is %.0f%% (threshold %.0f%%)", 100*s.Chance, 100*s.Threshold),
		}
	}
	s.NoneGood = s.Reason != match.LocalText{}
	return s
}

// NoSupply is said where there is no candidate: nothing meets the filter where one was
// given, else there is nothing that can be had.
func NoSupply(filtered bool) *match.Supply {
	s := &match.Supply{NoneGood: true, Threshold: supplyThreshold, FalseAlarm: supplyFalseAlarm, Missed: supplyMissed}
	if s.Reason = (match.LocalText{ZH: "目录中没有可得的专利。", EN: "the catalog has no patent that can be had"}); filtered {
		s.Reason = match.LocalText{
			ZH: "筛选条件之下没有任何专利；这并不说明目录中没有合适的专利，请放宽或去掉条件。",
			EN: "the filter leaves no patent, which says nothing of the catalog: widen or drop its conditions",
		}
	}
	return s
}

// Grade sets the probabilities of the levels from the logit.
func (f *Fusion) Grade(s *match.Score) {
	s.Levels = levelsOf(s.Logit)
	s.Level = median(s.Levels)
}

// levelsOf gives the probabilities of the levels 1 to 4, which add up to 1.
func levelsOf(logit float64) []float64 {
	out := make([]float64, len(fusionCuts)+1)
	above := 1.0
	for l, cut := range fusionCuts {
		next := chance(logit - cut)
		out[l] = above - next
		above = next
	}
	out[len(fusionCuts)] = above
	return out
}

// median is the level with the least expected distance.
func median(levels []float64) match.Level {
	sum := 0.0
	for l, p := range levels {
		if sum += p; sum >= 0.5 {
			return match.Level(l + 1)
		}
	}
	return match.Level(len(levels))
}

// Calibration says what the probabilities mean in a catalog of n patents, for every demand
// alike.
func (f *Fusion) Calibration(_ Prepared, n int) *match.Calibration {
	c := fusionCalibration
	c.Ranker, c.CatalogSize = f.identity, n
	c.CatalogBias -= math.Log(float64(max(n, 1)) / catalogSize)
	return &c
}

// InCatalog corrects a score's chance for a catalog; c must have its size.
func InCatalog(c *match.Calibration, s match.Score) float64 {
	return s.Value * chance(c.CatalogBias+float64(c.CatalogSlope*s.Logit))
}
