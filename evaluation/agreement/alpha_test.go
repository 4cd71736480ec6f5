package agreement

import (
	"math"
	"testing"

	"github.com/duijie/duijie/evaluation/metric"
	"pgregory.net/rapid"
)

const m = Missing

// krippendorff is the example of Krippendorff 2011, section E: four observers,
// twelve units, five values, missing data.
var krippendorff = Ratings{
	{1, 2, 3, 3, 2, 1, 4, 1, 2, m, m, m},
	{1, 2, 3, 3, 2, 2, 4, 1, 2, 5, m, 3},
	{m, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, m},
	{1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, m},
}

func TestAlphaOfKrippendorffsExample(t *testing.T) {
	for _, c := range []struct {
		name     string
		distance Distance
		want     float64
	}{{"nominal", Nominal, 0.743}, {"ordinal", Ordinal, 0.815}, {"interval", SquaredLevels, 0.849}} {
		if got := krippendorff.Alpha(c.distance); math.Abs(got-c.want) > 0.0005 {
			t.Errorf("%s alpha is %.4f, want %.3f", c.name, got, c.want)
		}
	}
}

func TestKappaOfTwoRaters(t *testing.T) {
	// Worked out from the definition with numpy.
	r := Ratings{{1, 2, 3, 4, 4, 1, m, 2}, {1, 2, 4, 4, 3, 2, 1, 2}}
	c := r.Between(0, 1, metric.Levels4)
	if c.Total() != 7 || math.Abs(c.Kappa()-0.41666667) > 1e-8 || math.Abs(c.WeightedKappa()-0.82926829) > 1e-8 {
		t.Errorf("total %v, kappa %.8f, weighted %.8f", c.Total(), c.Kappa(), c.WeightedKappa())
	}
}

func TestPerfectAgreementIsOneAndTheOrderOfRatersDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(rapid.IntRange(1, 4), 2, 20).Draw(t, "a")
		b := rapid.SliceOfN(rapid.IntRange(1, 4), len(a), len(a)).Draw(t, "b")
		x, y := Ratings{a, b}.Alpha(Ordinal), Ratings{b, a}.Alpha(Ordinal)
		if math.Abs(x-y) > 1e-12 || x > 1 {
			t.Errorf("alpha is %v one way and %v the other", x, y)
		}
		if same := (Ratings{a, a}).Alpha(Ordinal); !math.IsNaN(same) && math.Abs(same-1) > 1e-12 {
			t.Errorf("a rater agrees with himself to %v", same)
		}
	})
}
