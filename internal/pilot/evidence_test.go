package pilot

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// looked runs trials with a chance of a win and looks after each; it tells how the pilot
// ended, and after how many trials.
func looked(random *rand.Rand, null, chance float64, trials int) (Verdict, int) {
	e := Evidence{Null: null}
	for n := 1; n <= trials; n++ {
		if random.Float64() < chance {
			e.Wins++
		} else {
			e.Losses++
		}
		if v := e.Verdict(); v != GoOn {
			return v, n
		}
	}
	return GoOn, trials
}

func TestEquallyGoodModelsAreSeldomToldApartHoweverOftenOneLooks(t *testing.T) {
	const runs = 400
	for _, null := range []float64{0.5, 0.1, 0.8} {
		random := rand.New(rand.NewPCG(1, uint64(100*null)))
		wrong := 0
		for range runs {
			e := Evidence{Null: null}
			low := 1.0 // of the p-values seen
			for range 1500 {
				if random.Float64() < null {
					e.Wins++
				} else {
					e.Losses++
				}
				low = min(low, e.P())
			}
			if low <= alpha {
				wrong++
			}
		}
		rate := float64(wrong) / runs
		t.Logf("null %.1f: told apart in %.3f of %d runs with 1,500 looks each", null, rate, runs)
		if limit := alpha + 3*math.Sqrt(alpha*(1-alpha)/runs); rate > limit {
			t.Errorf("null %.1f: %.3f, above %.3f", null, rate, limit)
		}
	}
}

func TestTheIntervalHoldsTheTrueChanceAtAllTimesTogether(t *testing.T) {
	const runs = 150
	random := rand.New(rand.NewPCG(2, 2))
	missed := 0
	for range runs {
		chance := 0.2 + 0.6*random.Float64()
		e := Evidence{Null: 0.5}
		for range 400 {
			if random.Float64() < chance {
				e.Wins++
			} else {
				e.Losses++
			}
			if low, high := e.Interval(); chance < low || chance > high {
				missed++
				break
			}
		}
	}
	if limit := alpha + 3*math.Sqrt(alpha*(1-alpha)/runs); float64(missed)/runs > limit {
		t.Errorf("%d of %d runs leave the interval, above %.3f", missed, runs, limit)
	}
}

func TestABetterChallengerShipsAndAWorseOneStops(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	for _, c := range []struct {
		null, chance float64
		want         Verdict
	}{{0.5, 0.65, Ship}, {0.5, 0.35, Stop}, {0.2, 0.35, Ship}, {0.5, 0.5, Stop}} {
		right, trials := 0, 0
		const runs = 60
		for range runs {
			v, n := looked(random, c.null, c.chance, 4000)
			trials += n
			if v == c.want {
				right++
			}
		}
		t.Logf("null %g, chance %g: %s in %d of %d runs, after %d trials on average", c.null, c.chance, c.want, right, runs, trials/runs)
		if right < runs*9/10 {
			t.Errorf("null %g, chance %g: %s in %d of %d runs only", c.null, c.chance, c.want, right, runs)
		}
	}
}

func TestIntervalAndPValueAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := Evidence{rapid.IntRange(0, 300).Draw(t, "wins"), rapid.IntRange(0, 300).Draw(t, "losses"), rapid.Float64Range(0.05, 0.95).Draw(t, "null")}
		low, high := e.Interval()
		if !(0 <= low && low <= high && high <= 1) {
			t.Fatalf("[%v, %v]", low, high)
		}
		inside := low <= e.Null && e.Null <= high
		if p := e.P(); p < 0 || p > 1 || (p > alpha*1.0001) != inside && math.Abs(p-alpha) > 1e-9 {
			t.Fatalf("p %v, interval [%v, %v] of %+v", p, low, high, e)
		}
	})
	if e := (Evidence{Null: 0.5}); e.P() != 1 || e.Verdict() != GoOn {
		t.Error("without a trial something is known")
	}
}
