package pilot

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/store"
)

// lived is what was answered and done in a pilot.
type lived struct {
	store.Shadows // none are asked for
	store.Events
	answers []store.PilotAnswer
	events  []match.Event
}

func (l *lived) PilotAnswers(_ context.Context, _ string, after int64, limit int) ([]store.PilotAnswer, error) {
	return l.answers[min(int(after), len(l.answers)):min(int(after)+limit, len(l.answers))], nil
}

func (l *lived) ListEvents(_ context.Context, q store.EventQuery) ([]match.Event, error) {
	return l.events[min(int(q.After), len(l.events)):min(int(q.After)+q.Limit, len(l.events))], nil
}

func (l *lived) ListShadows(context.Context, string, int64, int) ([]store.Shadow, error) {
	return nil, nil
}

// answer notes an interleaved answer, and that the party contacted the holder of a hit.
func (l *lived) answer(party, query string, teams []string, liked int) {
	request := fmt.Sprint("r", len(l.answers))
	a := store.PilotAnswer{Number: int64(len(l.answers) + 1), Kept: match.Kept{
		RequestID: request, Tenant: "t", Query: match.KeptQuery{Kind: match.DemandKind, ID: query, Revision: 1}, Pilot: "p", Arm: match.BothArms, Party: party,
	}}
	for i, team := range teams {
		a.Hits = append(a.Hits, match.KeptHit{ID: fmt.Sprint("CN", i), Rank: i + 1, Team: team})
	}
	l.answers = append(l.answers, a)
	l.events = append(l.events, match.Event{
		Tenant: "t", Request: request, Demand: query, Patent: fmt.Sprint("CN", liked), Side: match.DemandKind, Type: match.Contact, Seq: int64(len(l.events) + 1),
	})
}

// drafted are the teams of a ranking of n hits whose two models agree on all of them: in
// each round a coin tells who picks first.
func drafted(random *rand.Rand, n int) []string {
	var out []string
	for len(out) < n {
		a, b := match.ChallengerArm, match.ChampionArm
		if random.IntN(2) == 0 {
			a, b = b, a
		}
		out = append(out, a, b)
	}
	return out
}

// TestEqualModelsAreSeldomToldApartThoughPartiesAskTheSameAgain compares a model with
// itself: parties ask the same up to twenty times, like the same hit each time, and
// somebody looks after every few answers.
func TestEqualModelsAreSeldomToldApartThoughPartiesAskTheSameAgain(t *testing.T) {
	const runs = 120
	random := rand.New(rand.NewPCG(9, 9))
	wrong := 0
	for range runs {
		l := &lived{}
		told := false
		for party := range 20 {
			teams, liked := drafted(random, 6), min(5, int(random.ExpFloat64()*2))
			for range 1 + random.IntN(20) {
				l.answer(fmt.Sprint("party", party), fmt.Sprint("D", party), teams, liked)
				if len(l.answers)%6 > 0 {
					continue
				}
				r, err := Look(t.Context(), l, registry.Pilot{Name: "p", Mode: registry.Interleave}, true)
				if err != nil {
					t.Fatal(err)
				}
				told = told || r.PValue <= alpha
			}
		}
		if told {
			wrong++
		}
	}
	rate := float64(wrong) / runs
	t.Logf("told apart in %.3f of %d runs", rate, runs)
	if limit := alpha + 3*math.Sqrt(alpha*(1-alpha)/runs); rate > limit {
		t.Errorf("%.3f, above %.3f", rate, limit)
	}
}

func TestAnswersOfOneCoinAreOneTrialAndOthersAreNot(t *testing.T) {
	l := &lived{}
	teams := []string{match.ChallengerArm, match.ChampionArm}
	l.answer("a", "D1", teams, 0)
	l.answer("a", "D1", teams, 0) // the same again
	l.answer("a", "D2", teams, 0) // another demand: another coin
	l.answer("b", "D1", teams, 1) // another party
	l.answer("c", "D1", teams, 0)
	l.answer("c", "D1", teams, 1) // and both the same: a tie
	r, err := Look(t.Context(), l, registry.Pilot{Name: "p", Mode: registry.Interleave}, true)
	if err != nil {
		t.Fatal(err)
	}
	if r.Wins != 2 || r.Losses != 1 || r.Ties != 1 || r.Answers[match.BothArms] != 6 || r.Events != 6 {
		t.Errorf("%+v", r)
	}
}
