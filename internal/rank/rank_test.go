package rank

import (
	"math"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"pgregory.net/rapid"
)

func TestContributionsAddUpToTheScoreExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := func(name string) float64 { return rapid.Float64Range(-20, 20).Draw(t, name) }
		l := Linear{Bias: f("bias"), Title: f("wt"), Text: f("wx"), Coverage: f("wc")}
		s := l.Score(Features{Title: f("title"), Text: f("text"), Coverage: f("coverage"), Lexical: f("lexical")})
		sum := s.Bias
		for _, leg := range s.Legs {
			if leg.Contribution != leg.Weight*leg.Score {
				t.Fatalf("leg %s: %v is not %v × %v", leg.Name, leg.Contribution, leg.Weight, leg.Score)
			}
			sum += leg.Contribution
		}
		if sum != s.Logit || s.Value != 1/(1+math.Exp(-s.Logit)) {
			t.Fatalf("sum %v, logit %v, value %v", sum, s.Logit, s.Value)
		}
	})
}

func TestMoreOfAnyFeatureNeverLowersTheZeroShotScore(t *testing.T) {
	r := ZeroShot()
	base := r.Score(Features{0.3, 0.3, 0.3, 3}).Logit
	for _, f := range []Features{{0.4, 0.3, 0.3, 3}, {0.3, 0.4, 0.3, 3}, {0.3, 0.3, 0.4, 3}} {
		if got := r.Score(f).Logit; got <= base {
			t.Errorf("%+v scores %v, not above %v", f, got, base)
		}
	}
}

func TestTiesAreInTheOrderOfIDs(t *testing.T) {
	hit := func(id string, logit float64) match.Hit {
		return match.Hit{Record: match.Record{Ref: match.Ref{ID: id}}, Score: match.Score{Logit: logit}}
	}
	hits := []match.Hit{hit("c", 1), hit("b", 1), hit("a", 0), hit("d", 2)}
	Order(hits)
	got := ""
	for i, h := range hits {
		got += h.Record.ID
		if h.Rank != i+1 {
			t.Errorf("hit %d has rank %d", i, h.Rank)
		}
	}
	if got != "dbca" {
		t.Errorf("order %s", got)
	}
}
