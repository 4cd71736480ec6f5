package rank_test

import (
	"math"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

func TestMeasuredLegsAreThoseOfTheZeroShotRanker(t *testing.T) {
	f := rank.NewFusion(lexicon(t))
	for _, c := range [][4]string{
		{"锂电池隔膜", "需要耐高温的隔膜。", "一种耐高温隔膜", ""},
		{"", "只有正文", "陶瓷涂层", "用于锂电池隔膜的陶瓷涂层"},
		{"污水处理", "", "", ""},
	} {
		asked := match.NewDemand("", match.Demand{Title: c[0], Text: c[1]})
		offered := match.NewPatent("", match.Patent{Title: c[2], Abstract: c[3]})
		demand := f.Prepare(&asked, rank.Vectors{Title: []float32{1, 0}, Text: []float32{0.6, 0.8}})
		patent := f.Prepare(&offered, rank.Vectors{Title: []float32{0.8, 0.6}, Text: []float32{0, 1}})
		out := make([]float32, rank.PairFeatures)
		f.Measure(demand, patent, out)
		score := f.Score(demand, patent)
		for i, feature := range []int{rank.TitleCosine, rank.TextCosine, rank.Coverage, rank.TitleWords, rank.AskedWords, rank.PassagesMet} {
			if got, want := float64(out[feature]), score.Legs[i].Score; math.Abs(got-want) > 1e-6 {
				t.Errorf("%q: %s is %v, want %v", c, rank.PairNames[feature], got, want)
			}
		}
		if math.Abs(float64(out[rank.ZeroShotLogit])-score.Logit) > 1e-5 {
			t.Errorf("%q: logit %v, want %v", c, out[rank.ZeroShotLogit], score.Logit)
		}
	}
}

func TestAFusionIsLoadedFromItsParameters(t *testing.T) {
	f, err := rank.NewFusion(lexicon(t)).Scaled(rank.Scale{TitleMean: 0.4, TitleSpread: 0.1, TextMean: 0.5, TextSpread: 0.1})
	if err != nil {
		t.Fatal(err)
	}
	bias, weights := f.Parameters()
	loaded, err := rank.LoadFusion(lexicon(t), bias, weights)
	if err != nil {
		t.Fatal(err)
	}
	v := rank.Vectors{Title: []float32{1, 0}, Text: []float32{0.6, 0.8}}
	asked, offered := match.NewDemand("", match.Demand{Title: "锂电池隔膜"}), match.NewPatent("", match.Patent{Title: "一种耐高温隔膜"})
	logit := func(f *rank.Fusion) float64 { return f.Logit(f.Prepare(&asked, v), f.Prepare(&offered, v)) }
	if got, want := logit(loaded), logit(f); got != want {
		t.Errorf("the loaded fusion says %v, want %v", got, want)
	}
	if _, err := rank.LoadFusion(lexicon(t), bias, weights[1:]); match.KindOf(err) != match.Invalid {
		t.Errorf("with a weight too few: %v", err)
	}
}
