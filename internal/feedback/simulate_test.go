package feedback

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// simulator is a market: demands, each with patents of a true relevance, which two
// rankers order, not very well. Enterprises look at a hit with a chance that falls with
// its rank, and view it, save it and contact the holder by its relevance.
type simulator struct {
	random    *rand.Rand
	relevance [][]float64 // by demand and patent, 0 to 1
	rankers   [2][][]int  // the order of each demand's patents
	power     float64     // of the rank
}

func newSimulator(seed uint64, demands, patents int, power, noise float64) *simulator {
	s := &simulator{random: rand.New(rand.NewPCG(seed, 1)), power: power}
	for range demands {
		row := make([]float64, patents)
		for i := range row {
			row[i] = s.random.Float64()
		}
		s.relevance = append(s.relevance, row)
	}
	for r := range s.rankers {
		for _, row := range s.relevance {
			noisy, order := make([]float64, patents), make([]int, patents)
			for i := range row {
				noisy[i], order[i] = row[i]+noise*s.random.NormFloat64(), i
			}
			slices.SortFunc(order, func(a, b int) int { return cmp.Compare(noisy[b], noisy[a]) })
			s.rankers[r] = append(s.rankers[r], order)
		}
	}
	return s
}

func (s *simulator) looksAt(rank int) bool {
	return s.random.Float64() < math.Pow(float64(rank), -s.power)
}

// events are those of so many answers to each demand, by either ranker in turn.
func (s *simulator) events(answers int) []match.Event {
	var out []match.Event
	add := func(d, p, rank int, request string, kind match.EventType) {
		out = append(out, match.Event{ID: fmt.Sprint("e", len(out)), Tenant: match.DefaultTenant, Request: request, Demand: fmt.Sprint("D", d),
			Patent: fmt.Sprint("P", p), Rank: rank, Side: match.DemandKind, Type: kind, Seq: int64(len(out) + 1)})
	}
	for a := range answers {
		for d, row := range s.relevance {
			request := fmt.Sprintf("r%d-%d", a, d)
			for i, p := range s.rankers[a%2][d] {
				rank := i + 1
				add(d, p, rank, request, match.Impression)
				if !s.looksAt(rank) || s.random.Float64() > row[p] {
					continue
				}
				add(d, p, rank, request, match.View)
				if s.random.Float64() < row[p]/2 {
					add(d, p, rank, request, match.Save)
				}
			}
		}
	}
	return out
}

// listed is a store of events in memory.
type listed struct {
	store.Events
	all []match.Event
}

func (l listed) ListEvents(_ context.Context, q store.EventQuery) ([]match.Event, error) {
	from, _ := slices.BinarySearchFunc(l.all, q.After+1, func(e match.Event, seq int64) int { return cmp.Compare(e.Seq, seq) })
	return l.all[from:min(len(l.all), from+q.Limit)], nil
}

// concordance is the share of a demand's pairs of patents, of all demands, that scores
// put in the true order; a tie counts a half.
func (s *simulator) concordance(score func(d, p int) float64) float64 {
	right, n := 0.0, 0.0
	for d, row := range s.relevance {
		for p := range row {
			for q := range p {
				n++
				switch c := cmp.Compare(score(d, p), score(d, q)); {
				case c == 0:
					right += 0.5
				case c == cmp.Compare(row[p], row[q]):
					right++
				}
			}
		}
	}
	return right / n
}

func TestLabelsCorrectedForTheRankOrderPatentsBetterThanRawClicks(t *testing.T) {
	var raw, corrected float64
	const seeds = 5
	for seed := range uint64(seeds) {
		s := newSimulator(seed, 20, 12, 1, 1)
		events := s.events(60)
		got, err := Derive(t.Context(), listed{all: events}, match.DefaultTenant, nil)
		if err != nil {
			t.Fatal(err)
		}
		relevance, clicks := map[string]float64{}, map[string]float64{}
		for _, l := range got.Labels {
			relevance[l.Demand+l.Patent] = l.Relevance
		}
		for _, e := range events {
			clicks[e.Demand+e.Patent] += gains[e.Type]
		}
		of := func(m map[string]float64) func(d, p int) float64 {
			return func(d, p int) float64 { return m[fmt.Sprintf("D%dP%d", d, p)] }
		}
		a, b := s.concordance(of(clicks)), s.concordance(of(relevance))
		t.Logf("seed %d: raw clicks order %.3f of the pairs rightly, corrected labels %.3f", seed, a, b)
		if b <= a {
			t.Errorf("seed %d: %.3f corrected, %.3f raw", seed, b, a)
		}
		raw, corrected = raw+a/seeds, corrected+b/seeds
	}
	if corrected < raw+0.04 {
		t.Errorf("corrected labels order %.3f of the pairs rightly, raw clicks %.3f: a gain below 0.04", corrected, raw)
	}
}

func TestPropensitiesAreFoundFromItemsShownAtSeveralRanks(t *testing.T) {
	for _, power := range []float64{0.3, 1, 1.5} {
		s := newSimulator(7, 150, 10, power, 0.6)
		tally := &tally{pairs: map[pairName]*pairTally{}}
		for _, e := range s.events(20) {
			tally.add(&e)
		}
		got, fixed := Estimate(tally.items()), FixedPropensities()
		if got.RankPairs == 0 {
			t.Fatal("nothing was measured")
		}
		for k := 1; k <= 10; k++ {
			want := math.Pow(float64(k), -power)
			if d := math.Abs(got.Of(k) - want); d > max(0.06, math.Abs(fixed.Of(k)-want)/2) {
				t.Errorf("power %g, rank %d: %.3f, want %.3f (the fixed curve has %.3f)", power, k, got.Of(k), want, fixed.Of(k))
			}
		}
	}
}

func TestWithoutInterventionsThereIsTheFixedCurve(t *testing.T) {
	one := Shown{}
	for range 50 {
		one.Add(3, true)
	}
	got := Estimate([]Shown{one})
	if got.RankPairs != 0 || !slices.Equal(got.At, FixedPropensities().At) {
		t.Errorf("%+v", got)
	}
	if got.Of(0) != 1 || got.Of(1000) != got.Of(ranked) {
		t.Error("ranks beyond the ends have no propensity")
	}
}

func TestPropensitiesNeverRiseAndAreClipped(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for range 50 {
		var items []Shown
		for range 30 {
			item := Shown{}
			for range 20 {
				item.Add(1+random.IntN(60), random.IntN(3) == 0)
			}
			items = append(items, item)
		}
		p := Estimate(items)
		for k := 2; k <= ranked; k++ {
			if p.Of(k) > p.Of(k-1) || p.Of(k) < clip || p.Of(k) > 1 {
				t.Fatalf("rank %d: %v after %v", k, p.Of(k), p.Of(k-1))
			}
		}
	}
}
