package retrieve

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
)

// drawn makes offers of random worths.
func drawn(draw *rand.Rand, patents, elements int) ([]offer, []float64) {
	offers, weights := make([]offer, patents), make([]float64, elements)
	for e := range weights {
		weights[e] = float64(1 + draw.IntN(2))
	}
	for i := range offers {
		offers[i] = offer{worth: make([]float64, elements), holder: fmt.Sprint(draw.IntN(4)), open: draw.IntN(2) == 0, logit: draw.Float64()}
		for e := range weights {
			offers[i].worth[e] = []float64{0, 0, 0, 0.5, 1}[draw.IntN(5)]
		}
	}
	return offers, weights
}

func TestTheSmallestSetThatCoversMostIsFound(t *testing.T) {
	for seed := range uint64(300) {
		draw := rand.New(rand.NewPCG(seed, 1))
		offers, weights := drawn(draw, 1+draw.IntN(9), draw.IntN(7))
		most := 1 + draw.IntN(4)
		got, exact := cover(offers, weights, most)
		if !exact {
			t.Fatal("a small choice was greedy")
		}
		want := choice{}
		for bits := range 1 << len(offers) { // all sets
			var members []int
			for i := range offers {
				if bits>>i&1 == 1 {
					members = append(members, i)
				}
			}
			if c := chosen(offers, weights, members); len(members) <= most && c.better(&want) {
				c.members = slices.Clone(members)
				want = c
			}
		}
		if !slices.Equal(want.members, got.members) || want.worth != got.worth {
			t.Fatalf("seed %d: got %+v, the best of all sets is %+v", seed, got, want)
		}
		g := greedy(offers, weights, most)
		if g.worth > got.worth+worthEps || g.worth < (1-1/2.71829)*got.worth-worthEps || len(g.members) > most {
			t.Errorf("seed %d: greedy reaches %v of %v", seed, g.worth, got.worth)
		}
	}
}

func TestOfEqualSetsThoseOfOneHolderAndUnderOpenLicencesWin(t *testing.T) {
	weights := []float64{1, 1}
	offers := []offer{
		{worth: []float64{1, 0}, holder: "a", logit: 9}, {worth: []float64{0, 1}, holder: "b", logit: 9},
		{worth: []float64{1, 0}, holder: "c"}, {worth: []float64{0, 1}, holder: "c"}, {worth: []float64{0, 1}, holder: "c", open: true},
	}
	if got, _ := cover(offers, weights, 3); !slices.Equal(got.members, []int{2, 4}) || got.holders != 1 || got.open != 1 {
		t.Errorf("got %+v, want the two of c with the open licence", got)
	}
}

func TestALargeChoiceIsGreedyAndBounded(t *testing.T) {
	offers, weights := drawn(rand.New(rand.NewPCG(5, 5)), 40, 12)
	if got, exact := cover(offers, weights, 10); exact || len(got.members) > 10 || got.worth == 0 {
		t.Errorf("%+v, exact %t", got, exact)
	}
	if n := sets(40, 10); n <= exactSets {
		t.Errorf("%d sets of 40", n)
	}
	if n := sets(5, 2); n != 15 {
		t.Errorf("%d sets of 1 or 2 out of 5, want 15", n)
	}
}

func BenchmarkCover(b *testing.B) {
	offers, weights := drawn(rand.New(rand.NewPCG(5, 5)), 30, 12)
	for b.Loop() {
		cover(offers, weights, 5)
	}
}

func TestWhatPatentsContradictIsNotSaidToBeLeftOut(t *testing.T) {
	for against, want := range map[int]match.LocalText{
		0: {ZH: "未满足：所考虑的 40 件专利都没有提及", EN: "not covered: none of 40 patents considered speaks of it"},
		3: {ZH: "未满足：所考虑的 40 件专利中有 3 件与之不符，其余没有提及", EN: "not covered: of 40 patents considered 3 say otherwise, and none of the others speaks of it"},
	} {
		if d := cmp.Diff(want, elementWhy(&match.PoolElement{Verdict: match.Missing}, 0, against, 40)); d != "" {
			t.Error(d)
		}
	}
}
