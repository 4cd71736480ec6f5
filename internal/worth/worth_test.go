package worth

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// vector is a direction of three dimensions, of length 1.
func vector(x, y, z float64) []float32 {
	n := math.Sqrt(x*x + y*y + z*z)
	return []float32{float32(x / n), float32(y / n), float32(z / n)}
}

func pairOf(demand, patent string, worth float64, d, p []float32) candidate {
	return candidate{Suggestion: Suggestion{Demand: demand, Patent: patent, Uncertainty: worth}, demand: d, patent: p}
}

func names(list []Suggestion) (out []string) {
	for _, s := range list {
		out = append(out, s.Demand+" "+s.Patent)
	}
	return out
}

var x, y, z = vector(1, 0, 0), vector(0, 1, 0), vector(0, 0, 1)

func TestNearTwinsOfChosenAndOfJudgedPairsAreLeftOut(t *testing.T) {
	nearX := vector(1, 0.1, 0)
	all := []candidate{
		pairOf("D1", "best", 0.9, x, x), pairOf("D1", "its twin", 0.89, x, nearX), pairOf("D1", "other", 0.3, x, y),
		pairOf("D2 a twin of D1", "best", 0.8, nearX, x), pairOf("D2 a twin of D1", "third", 0.2, nearX, z),
		pairOf("D3", "best", 0.7, z, x), // the same patent for quite another demand
		pairOf("D4", "judged", 0.9, y, x), pairOf("D4", "twin of judged", 0.9, y, nearX), pairOf("D4", "new", 0.1, y, y),
	}
	all[6].judged = true
	want := []string{"D1 best", "D3 best", "D1 other", "D2 a twin of D1 third", "D4 new"}
	if d := cmp.Diff(want, names(choose(all, 10, 3))); d != "" {
		t.Error(d)
	}
}

func TestLikePairsWaitForUnlikeOnes(t *testing.T) {
	like := vector(1, 0.5, 0) // cosine 0.89 with x: no twin, but much alike
	all := []candidate{pairOf("D1", "a", 0.9, x, x), pairOf("D1", "b", 0.8, x, like), pairOf("D1", "c", 0.5, x, z)}
	if d := cmp.Diff([]string{"D1 a", "D1 c"}, names(choose(all, 2, 3))); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"D1 a", "D1 b", "D1 c"}, names(choose(all, 3, 3))); d != "" {
		t.Errorf("in the order of worth:\n%s", d)
	}
}

func TestNoDemandHasMoreThanItsShareAndTheBudgetIsKept(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	draw := func() []float32 { return vector(random.NormFloat64(), random.NormFloat64(), random.NormFloat64()) }
	var all []candidate
	for d := range 12 {
		of := draw()
		for p := range 20 {
			all = append(all, pairOf(fmt.Sprintf("D%02d", d), fmt.Sprintf("CN%02d", p), random.Float64(), of, draw()))
		}
	}
	got := choose(all, 20, 2)
	counts, last := map[string]int{}, math.Inf(1)
	for _, s := range got {
		if counts[s.Demand]++; counts[s.Demand] > 2 || s.Worth() > last {
			t.Errorf("%+v, %d of its demand, after %v", s, counts[s.Demand], last)
		}
		last = s.Worth()
	}
	if len(got) != 20 {
		t.Errorf("%d suggestions", len(got))
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if d := cmp.Diff(got, choose(all, 20, 2)); d != "" {
		t.Errorf("the order of the candidates counts:\n%s", d)
	}
	if got := choose(all, 1000, 2); len(got) > 24 {
		t.Errorf("%d suggestions of 12 demands with 2 each", len(got))
	}
	for i := range all {
		all[i].judged = true
	}
	if got := choose(all, 10, 2); len(got) != 0 {
		t.Errorf("judged pairs are suggested: %v", got)
	}
}
