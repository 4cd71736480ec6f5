package agreement

import (
	"fmt"
	"math"
	"testing"

	"github.com/duijie/duijie/evaluation/metric"
	"github.com/google/go-cmp/cmp"
)

func TestATableKeepsTheLastRatingAndTheItemsOfSeveralRaters(t *testing.T) {
	var table Table
	table.Add("甲", "p1", 4)
	table.Add("甲", "p2", 1)
	table.Add("乙", "p1", 3)
	table.Add("甲", "p3", 2)
	table.Add("丙", "p4", 2)
	table.Add("甲", "p1", 2)
	table.Add("乙", "p3", 2)
	if diff := cmp.Diff(Ratings{{2, 2}, {3, 2}, {Missing, Missing}}, table.Ratings()); diff != "" {
		t.Error(diff)
	}
}

func TestAgreementOfATableIsThatOfItsRatings(t *testing.T) {
	var table Table
	for rater, row := range krippendorff {
		for item, level := range row {
			if level != Missing {
				table.Add(fmt.Sprint("rater ", rater), fmt.Sprint("item ", item), level)
			}
		}
	}
	got := table.Agreement(metric.Scale{Min: 1, Max: 5})
	if got.Raters != 4 || got.Pairs != 11 {
		t.Errorf("%d raters, %d pairs", got.Raters, got.Pairs)
	}
	if math.Abs(got.Alpha.Float()-0.815) > 0.0005 {
		t.Errorf("alpha is %v, want 0.815", got.Alpha)
	}
	sum, weight := 0.0, 0.0
	for a := range krippendorff {
		for b := range a {
			c := krippendorff.Between(a, b, metric.Scale{Min: 1, Max: 5})
			sum, weight = sum+c.Total()*c.WeightedKappa(), weight+c.Total()
		}
	}
	if math.Abs(got.Kappa.Float()-sum/weight) > 1e-12 {
		t.Errorf("kappa is %v, want %v", got.Kappa, sum/weight)
	}
}

func TestRatersOfDifferentPairsHaveNoAgreement(t *testing.T) {
	var table Table
	table.Add("a", "p1", 4)
	table.Add("b", "p2", 4)
	got := table.Agreement(metric.Levels4)
	if got.Alpha.Known() || got.Kappa.Known() || got.Equal.Known() || got.Raters != 2 || got.Pairs != 0 {
		t.Errorf("%+v", got)
	}
	if none := new(Table).Agreement(metric.Levels4); none.Alpha.Known() || none.Raters != 0 {
		t.Errorf("%+v", none)
	}
}
