package rank_test

import (
	"math"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func lexicon(t interface{ Fatal(...any) }) *static.Model {
	m, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// drawnRecord is a record of a kind with texts by chance, and its vectors, of which
// either may be missing.
func drawnRecord(t *rapid.T, kind match.Kind) (*match.Record, rank.Vectors) {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"锂电池", "隔膜", "涂覆", "耐高温", "battery", "3.5%", "；", "\n", "的", "🔋", "\x00"}), 0, 12)
	text := func(name string) (s string) {
		for _, w := range words.Draw(t, name) {
			s += w
		}
		return s
	}
	r := match.NewDemand(match.DefaultTenant, match.Demand{ID: "D", Title: text("title"), Text: text("text")})
	if kind == match.PatentKind {
		r = match.NewPatent(match.DefaultTenant, match.Patent{Number: "P", Title: text("title"), Abstract: text("text")})
	}
	vector := func(name string) []float32 {
		if rapid.Bool().Draw(t, "no "+name) {
			return nil
		}
		a := rapid.Float64Range(0, 2*math.Pi).Draw(t, name)
		return []float32{float32(math.Sin(a)), float32(math.Cos(a))}
	}
	return &r, rank.Vectors{Title: vector("title vector"), Text: vector("text vector")}
}

// drawnFusion is a fusion, scaled by chance, with a small reference sample by chance.
func drawnFusion(t *rapid.T) *rank.Fusion {
	f := rank.NewFusion(lexicon(t))
	if rapid.Bool().Draw(t, "scaled") {
		x := func(name string, least float64) float64 { return rapid.Float64Range(least, 1).Draw(t, name) }
		var err error
		if f, err = f.Scaled(rank.Scale{TitleMean: x("m", -1), TitleSpread: x("s", 0.01), TextMean: x("n", -1), TextSpread: x("r", 0.01)}); err != nil {
			t.Fatal(err)
		}
	}
	var sample [2][]rank.Sampled
	for i, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		for range rapid.IntRange(0, 4).Draw(t, "sample") {
			r, v := drawnRecord(t, kind)
			sample[i] = append(sample[i], rank.Sampled{Record: r, Vectors: v})
		}
	}
	return f.With(f.NewReference(sample[0], sample[1]))
}

func TestContributionsAddUpToTheScoreExactlyAndLevelsToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawnFusion(t)
		demand, patent := f.Prepare(drawnRecord(t, match.DemandKind)), f.Prepare(drawnRecord(t, match.PatentKind))
		var first match.Score
		for again := range 12 { // from the fifth on, a memo answers; from the ninth, another one
			if again == 7 {
				rank.Forget(demand)
			}
			s := f.Score(demand, patent)
			if again == 0 {
				first = s
			}
			if diff := cmp.Diff(first, s); diff != "" {
				t.Fatalf("asked again (-first +again):\n%s", diff)
			}
		}
		sum := first.Bias
		for _, leg := range first.Legs {
			if leg.Contribution != leg.Weight*leg.Score {
				t.Fatalf("leg %s: %v is not %v × %v", leg.Name, leg.Contribution, leg.Weight, leg.Score)
			}
			if q := leg.Standing; q.Patents < 0 || q.Patents > 1 || q.Demands < 0 || q.Demands > 1 {
				t.Fatalf("leg %s stands at %v", leg.Name, q)
			}
			sum += leg.Contribution
		}
		if sum != first.Logit || first.Value != 1/(1+math.Exp(-first.Logit)) || math.IsNaN(sum) {
			t.Fatalf("sum %v, logit %v, value %v", sum, first.Logit, first.Value)
		}
		if got := f.Logit(demand, patent); got != first.Logit {
			t.Fatalf("ordered by %v, shown as %v", got, first.Logit)
		}
		total := 0.0
		for _, p := range first.Levels {
			total += p
		}
		if math.Abs(total-1) > 1e-12 || math.Abs(first.Levels[2]+first.Levels[3]-first.Value) > 1e-12 {
			t.Fatalf("levels %v of value %v", first.Levels, first.Value)
		}
	})
}

func TestAHigherLogitNeverMeansALowerLevelNorALowerChance(t *testing.T) {
	f := rank.NewFusion(lexicon(t))
	c := f.Calibration(nil, 1_350_000)
	before := match.Score{Logit: -20}
	f.Grade(&before)
	for l := -19.9; l < 20; l += 0.1 {
		s := match.Score{Logit: l, Value: 1 / (1 + math.Exp(-l))}
		f.Grade(&s)
		s.InCatalog = rank.InCatalog(c, s)
		above, aboveBefore := 1.0, 1.0
		for i := range s.Levels {
			above, aboveBefore = above-s.Levels[i], aboveBefore-before.Levels[i]
			if above < aboveBefore-1e-12 {
				t.Fatalf("P(level > %d) falls from %v to %v at logit %v", i+1, aboveBefore, above, l)
			}
		}
		if s.Level < before.Level || s.InCatalog < before.InCatalog || s.InCatalog > s.Value {
			t.Fatalf("at logit %v: level %d after %d, in a catalog %v after %v", l, s.Level, before.Level, s.InCatalog, before.InCatalog)
		}
		before = s
	}
}

func TestTheFirstPassGrowsWithEachFeature(t *testing.T) {
	base := rank.FirstPass(rank.Features{Title: 0.3, Text: 0.3, Coverage: 0.3})
	for _, f := range []rank.Features{{Title: 0.4, Text: 0.3, Coverage: 0.3}, {Title: 0.3, Text: 0.4, Coverage: 0.3}, {Title: 0.3, Text: 0.3, Coverage: 0.4}} {
		if got := rank.FirstPass(f); got <= base {
			t.Errorf("%+v scores %v, not above %v", f, got, base)
		}
	}
}

func TestCosinesOfAnyScaleAreBroughtToTheSameOne(t *testing.T) {
	f := rank.NewFusion(lexicon(t))
	own, err := f.Scaled(rank.Scale{TitleMean: 0.0188, TitleSpread: 0.0863, TextMean: 0.0517, TextSpread: 0.1260})
	if err != nil {
		t.Fatal(err)
	}
	half, err := f.Scaled(rank.Scale{TitleMean: 0.5 + 0.0188/2, TitleSpread: 0.0863 / 2, TextMean: 0.5 + 0.0517/2, TextSpread: 0.1260 / 2})
	if err != nil {
		t.Fatal(err)
	}
	d := match.NewDemand(match.DefaultTenant, match.Demand{ID: "D", Title: "隔膜"})
	p := match.NewPatent(match.DefaultTenant, match.Patent{Number: "P", Title: "涂覆隔膜"})
	pair := func(f *rank.Fusion, cosine float64) float64 {
		other := []float32{float32(cosine), float32(math.Sqrt(1 - cosine*cosine))}
		v := []float32{1, 0}
		return f.Logit(f.Prepare(&d, rank.Vectors{Title: v, Text: v}), f.Prepare(&p, rank.Vectors{Title: other, Text: other}))
	}
	for _, c := range []float64{0, 0.2, 0.6} {
		want := pair(f, c)
		if got := pair(own, c); math.Abs(got-want) > 1e-6 {
			t.Errorf("scaled by its own scale: %v, want %v", got, want)
		}
		if got := pair(half, 0.5+c/2); math.Abs(got-want) > 1e-6 {
			t.Errorf("cosines of half the spread: %v, want %v", got, want)
		}
	}
	if half.Identity() == own.Identity() || f.Unscaled().Identity() == f.Identity() {
		t.Error("two fusions that score differently have one identity")
	}
	if _, err := f.Scaled(rank.Scale{TitleSpread: 1}); match.KindOf(err) != match.Invalid {
		t.Errorf("an embedder without spread: %v", err)
	}
}

func TestARatingOfManyCountsMoreThanOneOfFew(t *testing.T) {
	rating := func(mean float64, n int) *match.Rating { return &match.Rating{Mean: mean, Count: n} }
	for _, c := range []struct {
		name      string
		low, high *match.Rating
	}{
		{"none is the prior", rating(2, 3), nil},
		{"and so less than a good one", nil, rating(4, 1)},
		{"few good ones are worth less than many", rating(5, 1), rating(5, 50)},
		{"many nearly full ones are worth more than one full one", rating(5, 1), rating(4.8, 50)},
		{"few bad ones harm less than many", rating(1, 50), rating(1, 1)},
	} {
		low, high := rank.Mutual(0.5, 0.5, c.low, nil), rank.Mutual(0.5, 0.5, c.high, nil)
		if !(low.Mutual < high.Mutual) || high.Mutual > 1 {
			t.Errorf("%s: %+v and %+v", c.name, low.Patent, high.Patent)
		}
		if swapped := rank.Mutual(0.5, 0.5, nil, c.low); swapped.Mutual != low.Mutual {
			t.Errorf("%s: the demand's rating counts %v, the patent's %v", c.name, swapped.Mutual, low.Mutual)
		}
	}
	if one := rank.Mutual(0.9, 0.1, nil, nil); one.Mutual >= rank.Mutual(0.5, 0.5, nil, nil).Mutual {
		t.Errorf("a fit of one side alone comes before one of both: %+v", one)
	}
	if none := rank.Mutual(0, 0, nil, nil); none.Mutual != 0 {
		t.Errorf("nothing fits, and the mutual fit is %v", none.Mutual)
	}
}

func TestSupplyLooksAtTheFiveBest(t *testing.T) {
	many := make([]float64, 200)
	for i := range many {
		many[i] = 0.1
	}
	f := rank.NewFusion(lexicon(t))
	for _, c := range []struct {
		name    string
		patents int
		chances []float64
		none    bool
	}{
		{"many weak ones are no supply", 252, many, true},
		{"one good one is", 252, []float64{0.01, 0.6, 0.02}, false},
		{"and so are several fair ones", 252, []float64{0.3, 0.3, 0.3, 0.3, 0.3}, false},
		{"several that few would have judged are none, whatever they were if judged", 252, []float64{0.15, 0.15, 0.14, 0.14, 0.14}, true},
		{"which is not said in catalogs that are larger than those it was measured on", 1_350_000, []float64{0.3, 0.3, 0.3, 0.3, 0.3}, false},
	} {
		var logits []float64
		for _, p := range c.chances {
			logits = append(logits, math.Log(p/(1-p)))
		}
		s := rank.Supply(f.Calibration(nil, c.patents), logits)
		if s.NoneGood != c.none || (s.Reason.ZH != "") != c.none || (s.Reason.EN != "") != c.none {
			t.Errorf("%s: %+v", c.name, s)
		}
		if s.NoneGood != (s.Chance < s.Threshold || s.ChanceInCatalog < s.CatalogThreshold) {
			t.Errorf("%s: what is said is not what the numbers say: %+v", c.name, s)
		}
	}
}

func TestWithoutCandidatesTheFilterIsBlamedWhereThereIsOne(t *testing.T) {
	for filtered, want := range map[bool]string{true: "the filter leaves no patent", false: "the catalog has no patent"} {
		if s := rank.NoSupply(filtered); !s.NoneGood || !strings.HasPrefix(s.Reason.EN, want) || s.Reason.ZH == "" {
			t.Errorf("filtered %v: %+v", filtered, s)
		}
	}
}

func TestWeightsAreThoseOfTheirTermsAndOthersAreRare(t *testing.T) {
	holding := map[uint32]int{0: 2, 1: 1, 1 << 16: 3, 1<<16 + 7: 5, math.MaxUint32 - 1: 4, math.MaxUint32: 9}
	w := rank.NewWeights(10, holding)
	terms, of := w.List()
	for _, w := range []rank.Weights{w, rank.LoadWeights(w.Rare, terms, of)} {
		for hash, n := range holding {
			if got, want := w.Of(hash), math.Log(11/float64(n+1)); math.Abs(got-want) > 1e-6 {
				t.Errorf("%d texts hold %d: %v, want %v", n, hash, got, want)
			}
		}
		if got := w.Of(2); got != w.Rare {
			t.Errorf("a term that nobody has has %v, want %v", got, w.Rare)
		}
	}
	if got := rank.NewWeights(10, nil).Of(5); got != w.Rare {
		t.Errorf("without terms it is %v", got)
	}
}
