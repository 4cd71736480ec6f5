package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// fitted is an answer of one hit with all that a calibrated ranker knows.
func fitted() *match.Answer {
	record := match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN1", Title: "耐磨涂层"})
	return &match.Answer{
		Hits: []match.Hit{{Record: record, Rank: 1, Score: match.Score{
			Value: 0.62, Logit: 0.49, Levels: []float64{.1, .28, .4, .22}, Level: match.RatherGoodFit, InCatalog: 0.034,
			TwoSided: rank.Mutual(0.62, 0.5, &match.Rating{Mean: 4.5, Count: 10}, nil),
		}}},
		Supply:      &match.Supply{Chance: 0.62, Threshold: 0.5},
		Calibration: &match.Calibration{Population: match.LocalText{ZH: "评判过的候选", EN: "judged candidates"}, Pairs: 7376, ECE: 0.027, ECELow: 0.018, ECEHigh: 0.043, CatalogSize: 12},
	}
}

func printedAnswer(t *testing.T, a *match.Answer, lang langFlag) string {
	t.Helper()
	var out strings.Builder
	if err := printAnswer(&out, a, lang); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAHitShowsItsLevelInWordsItsChanceAndBothSides(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {
			"level: rather strong; chance of level 3 or 4: 62% (of a pair out of the whole catalog: 3.4%)",
			"two-sided: forward 0.62, reverse 0.50, mutual 0.42; ratings: patent 4.5 of 10 (counts as 4.2), demand none yet (counts as 3.5)",
			"Chances of levels hold for: judged candidates; 7376 pairs, calibration error 0.027 [0.018, 0.043]; the catalog has 12 patents.",
		},
		"zh": {
			"等级：较强；3 级或 4 级的概率 62%（按整个目录计 3.4%）",
			"双向：专利合于需求 0.62，需求合于专利 0.50，综合 0.42；评价：专利 4.5，共 10 次（按 4.2 计），需求暂无（按 3.5 计）",
			"等级概率的依据：评判过的候选；7376 对，校准误差 0.027 [0.018, 0.043]；目录共 12 件专利。",
		},
	} {
		got := printedAnswer(t, fitted(), langFlag{Lang: lang})
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("%s does not say %q:\n%s", lang, part, got)
			}
		}
		if strings.Contains(got, "no good supply") || strings.Contains(got, "可能没有能满足") {
			t.Errorf("%s says that there is no good supply:\n%s", lang, got)
		}
	}
}

func TestWhereNothingIsGoodTheAnswerSaysSoFirst(t *testing.T) {
	a := fitted()
	a.Supply = rank.Supply(&match.Calibration{CatalogSize: 12}, []float64{-2.2, -3})
	for lang, want := range map[string]string{
		"en": "Note: the catalog may have no good supply for this demand",
		"zh": "注意：目录中可能没有能满足该需求的专利",
	} {
		if got := printedAnswer(t, a, langFlag{Lang: lang}); !strings.HasPrefix(got, want) {
			t.Errorf("begins with %q, want %q", got, want)
		}
	}
}

func TestAFilterThatLeavesNothingIsNoWordOnTheCatalog(t *testing.T) {
	for lang, want := range map[string]string{
		"en": "Note: the filter leaves no patent, which says nothing of the catalog: widen or drop its conditions\n",
		"zh": "注意：筛选条件之下没有任何专利；这并不说明目录中没有合适的专利，请放宽或去掉条件。\n",
	} {
		if got := printedAnswer(t, &match.Answer{Supply: rank.NoSupply(true)}, langFlag{Lang: lang}); got != want {
			t.Errorf("says %q, want %q", got, want)
		}
	}
}

func TestAnInterleavedAnswerNamesBothModelsAndEachHitItsOwn(t *testing.T) {
	a := fitted()
	a.Versions.Ranker, a.Versions.Rival, a.Hits[0].Model = "champion/1", "challenger/2", "challenger/2"
	got := printedAnswer(t, a, langFlag{Lang: "en"})
	for _, part := range []string{"champion/1 and challenger/2 pick hits in turn", "scored by challenger/2"} {
		if !strings.Contains(got, part) {
			t.Errorf("does not say %q:\n%s", part, got)
		}
	}
}

func TestARankerWithoutLevelsShowsNone(t *testing.T) {
	a := fitted()
	a.Supply, a.Calibration = nil, nil
	a.Hits[0].Score = match.Score{Value: 0.62}
	if got := printedAnswer(t, a, langFlag{Lang: "en"}); got != "  1  0.620  CN1              耐磨涂层\n" {
		t.Errorf("%q", got)
	}
}

func TestSmallChancesAreNotShownAsNoneNorLargeOnesAsCertain(t *testing.T) {
	for p, want := range map[float64]string{0: "0%", 0.0003: "<0.1%", 0.0031: "0.3%", 0.0996: "10%", 0.62: "62%", 0.994: "99%", 0.996: "99.6%", 0.9997: ">99.9%", 1: "100%"} {
		if got := percent(p); got != want {
			t.Errorf("%v is %s, want %s", p, got, want)
		}
	}
}

func TestWhyNotNamesFeaturesAndSignsAsAReaderWould(t *testing.T) {
	x := &match.WhyNot{
		Stage: match.FilteredOut, Reason: match.LocalText{ZH: "因"},
		Conditions:  []match.FailedCondition{{Field: "filter.regions", Required: match.LocalText{ZH: "地区为 广东 44"}, Found: match.LocalText{ZH: "浙江 33"}}},
		Nominations: []match.Nomination{{Leg: match.LexicalLeg, Rank: 3, Score: 1, Cutoff: 2}},
		Shortfall: &match.Shortfall{LastID: "CN1", LastValue: 0.5, Gap: -6.891,
			Behind: []match.LegDifference{{Leg: match.TitleWordsLeg, Last: 0.5, Own: 0.25, Difference: 0.25}}},
	}
	want := "因\n  要求地区为 广东 44，实为浙江 33\n                        名次        得分       入围线\n" +
		"  词语检索               3    1.0000    2.0000\n  所示末位 CN1：得分 0.500，logit 低 6.891\n" +
		"    专利标题用词在需求中的呼应：末位 0.500，它 0.250，落后 0.250\n"
	var got strings.Builder
	if err := printWhyNot(&got, x, langFlag{Lang: "zh"}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestFacetsNameTheirValues(t *testing.T) {
	for field, c := range map[string]struct{ value, want string }{
		match.FieldApplicantKind:  {"university", "高校"},
		match.FieldEnterpriseKind: {"little_giant", "专精特新小巨人"},
		match.FieldRegion:         {"44", "广东 44"},
		match.FieldLegalStatus:    {"lapsed", "终止"},
		match.FieldSector:         {"battery", "battery"},
	} {
		if got := facetValue(field, c.value, langFlag{Lang: "zh"}); got != c.want {
			t.Errorf("%s %s is %s, want %s", field, c.value, got, c.want)
		}
	}
}
