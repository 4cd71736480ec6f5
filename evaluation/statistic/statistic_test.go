package statistic

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// differencesOf draws per-query differences of two runs that differ by noise and
// by effect, in clusters of one to three queries that share most of the noise.
func differencesOf(random *rand.Rand, clusters int, effect float64) ([]float64, Clusters) {
	var labels []int
	var d []float64
	for c := range clusters {
		shared := random.NormFloat64()
		for range 1 + random.IntN(3) {
			labels = append(labels, c)
			d = append(d, effect+0.1*(shared+0.3*random.NormFloat64()))
		}
	}
	return d, GroupBy(labels)
}

// The test of the tests: noise alone is rejected at p < 0.05 in 4 to 6 % of 2,000
// pairs of runs (5.3 % on average over ten seeds), and 95 % intervals exclude zero
// about as often.
func TestNoiseIsRejectedAsOftenAsTheLevelSays(t *testing.T) {
	random := rand.New(rand.NewPCG(16, 1))
	rejected, excluded := 0, 0
	const runs = 2000
	for i := range runs {
		d, clusters := differencesOf(random, 40, 0)
		if PairedTest(d, clusters, 999, uint64(i)) < 0.05 {
			rejected++
		}
		if i%10 == 0 {
			if interval := meanInterval(d, clusters, uint64(i)); interval.Low > 0 || interval.High < 0 {
				excluded++
			}
		}
	}
	t.Logf("rejected %.2f %%; 95 %% intervals without zero %.1f %%", 100*float64(rejected)/runs, 100*float64(excluded)/(runs/10))
	if rejected < runs*4/100 || rejected > runs*6/100 {
		t.Errorf("%d of %d noise pairs were rejected", rejected, runs)
	}
	if excluded > runs/10*10/100 {
		t.Errorf("%d of %d intervals exclude zero", excluded, runs/10)
	}
}

func meanInterval(d []float64, c Clusters, seed uint64) Interval {
	samples := Bootstrap(c, len(d), 400, seed, func(weights []uint16) float64 {
		sum, n := 0.0, 0.0
		for q, w := range weights {
			sum += float64(w) * d[q]
			n += float64(w)
		}
		return sum / n
	})
	i, _ := Percentile(samples)
	return i
}

// Ignoring clusters is what the clusters are for: twins would be counted twice.
func TestWithoutClustersNoiseIsRejectedTooOften(t *testing.T) {
	random, rejected := rand.New(rand.NewPCG(2, 2)), 0
	for i := range 500 {
		d, _ := differencesOf(random, 40, 0)
		if PairedTest(d, Singles(len(d)), 499, uint64(i)) < 0.05 {
			rejected++
		}
	}
	if rejected < 40 {
		t.Errorf("only %d of 500 were rejected: the clusters of the other test do not matter", rejected)
	}
}

func TestAPlantedEffectOfTheDetectableSizeIsFoundInEightyPercent(t *testing.T) {
	random, found := rand.New(rand.NewPCG(3, 3)), 0
	probe, clusters := differencesOf(random, 400, 0)
	sums := clusterSums(probe, clusters)
	effect := DetectableEffect(Deviation(sums)/math.Sqrt(60)) / 2 // two queries a cluster on average
	const runs = 400
	for i := range runs {
		d, c := differencesOf(random, 60, effect)
		if PairedTest(d, c, 499, uint64(i)) < 0.05 {
			found++
		}
	}
	t.Logf("found %.1f %% of effects of %.4f", 100*float64(found)/runs, effect)
	if found < runs*70/100 || found > runs*92/100 {
		t.Errorf("found %d of %d", found, runs)
	}
}

func TestPairedTestOfSpecialCases(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name string
		d    []float64
		want func(p float64) bool
	}{
		{"no difference", []float64{0, 0, 0}, func(p float64) bool { return p == 1 }},
		{"no query", []float64{nan, nan}, math.IsNaN},
		{"one query", []float64{0.3}, func(p float64) bool { return p == 1 }},
		{"ten wins", slices.Repeat([]float64{0.1}, 10), func(p float64) bool { return p > 0 && p < 0.01 }},
	} {
		if p := PairedTest(c.d, Singles(len(c.d)), 9999, 1); !c.want(p) {
			t.Errorf("%s: p is %v", c.name, p)
		}
	}
}

func TestTheSignOfTheDifferenceDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SliceOfN(rapid.Float64Range(-1, 1), 1, 80).Draw(t, "d")
		negated := make([]float64, len(d))
		for i, x := range d {
			negated[i] = -x
		}
		c := Singles(len(d))
		if a, b := PairedTest(d, c, 99, 5), PairedTest(negated, c, 99, 5); a != b {
			t.Errorf("p is %v one way and %v the other", a, b)
		}
	})
}

func TestHolm(t *testing.T) {
	got := Holm([]float64{0.01, math.NaN(), 0.04, 0.03, 0.9})
	want := []float64{0.04, math.NaN(), 0.09, 0.09, 0.9}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-12 || math.IsNaN(got[i]) != math.IsNaN(want[i]) {
			t.Errorf("got %v, want %v", got, want)
			break
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "p")
		for i, c := range Holm(p) {
			if c < p[i] || c > 1 || c > p[i]*float64(len(p))+1e-15 && c > slices.Max(p)*float64(len(p)) {
				t.Errorf("%v became %v", p[i], c)
			}
		}
	})
}

func TestDrawKeepsClustersTogether(t *testing.T) {
	c := GroupBy([]string{"a", "b", "a", "c"})
	weights := make([]uint16, 4)
	for sample := range 50 {
		c.Draw(9, sample, weights)
		if weights[0] != weights[2] {
			t.Fatalf("sample %d has weights %v", sample, weights)
		}
		if weights[0]+weights[1]+weights[3] != 3 {
			t.Fatalf("sample %d draws %v", sample, weights)
		}
	}
}

func TestNonInferiority(t *testing.T) {
	for _, c := range []struct {
		name       string
		difference float64
		interval   Interval
		clusters   int
		want       Verdict
	}{
		{"better", 0.02, Interval{0.01, 0.03}, 50, Pass},
		{"a little worse, surely", -0.005, Interval{-0.01, 0}, 50, Pass},
		{"a little worse, unsurely", -0.005, Interval{-0.03, 0.02}, 50, Undecided},
		{"clearly worse", -0.05, Interval{-0.06, -0.04}, 50, Fail},
		{"worse at best estimate", -0.03, Interval{-0.07, 0.01}, 50, Fail},
		{"too few", 0.5, Interval{0.4, 0.6}, 3, Undecided},
		{"the bound is the margin", 0, Interval{-0.02, 0.02}, 50, Undecided},
	} {
		if got := NonInferior(c.difference, c.interval, c.clusters, 10, 0.02); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestDetectableEffectIsTwoPointEightErrors(t *testing.T) {
	if got := DetectableEffect(1); math.Abs(got-2.8015852) > 1e-6 {
		t.Errorf("got %v", got)
	}
}
