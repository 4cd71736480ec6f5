package gate

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/metric"
	"github.com/duijie/duijie/evaluation/statistic"
	"github.com/google/go-cmp/cmp"
)

func TestRulesAreParsed(t *testing.T) {
	for text, want := range map[string]Requirement{
		"ndcg@10 +0.01 p<0.05":    {Metric: "ndcg@10", Gain: 0.01, P: 0.05},
		"MRR p<0.01":              {Metric: "MRR", P: 0.01},
		"recall@100(rel>=3) +0.1": {Metric: "recall@100(rel>=3)", Gain: 0.1},
		"ece <=0.05":              {Metric: "ece", Fixed: "<=", Bound: 0.05},
	} {
		got, err := ParseRequirement(text)
		want.Text = text
		if err != nil || got != want {
			t.Errorf("%q: got %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "ndcg@10", "ndcg@10 0.01", "ndcg@10 +x", "ndcg@10 +0.1 +0.2", "ndcg@10 p<2", "ndcg@10 p<0",
		"ndcg@10 +-1", "ndcg@10 +NaN", "ece <=0.05 p<0.05"} {
		if _, err := ParseRequirement(text); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", text)) {
			t.Errorf("%q: %v", text, err)
		}
	}
	got, err := ParseNonInferiority("sector/mrr:0.02")
	if diff := cmp.Diff(NonInferiority{"sector/mrr:0.02", "sector", "mrr", 0.02}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for _, text := range []string{"sector", "sector:", "sector:-1", "sector:0", ":0.1", "sector/:0.1", "sector:inf"} {
		if _, err := ParseNonInferiority(text); err == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

// planted makes a baseline and a candidate of 320 queries in four sectors of 100
// and one of 5. The candidate puts better documents first by boost, but in the
// sector "worse", where harm is added to some irrelevant document's score.
func planted(t testing.TB, boost, harm float64) *evaluation.Result {
	t.Helper()
	random := rand.New(rand.NewPCG(4, 4))
	d := evaluation.NewDataset(metric.Levels4)
	a, b := &evaluation.Run{}, &evaluation.Run{}
	for q := range 405 {
		sector := []string{"worse", "s1", "s2", "s3"}[q%4]
		if q >= 400 {
			sector = "tiny"
		}
		query, _ := d.AddQuery(evaluation.Query{ID: fmt.Sprint("q", q), Attributes: map[string]string{"sector": sector}})
		a.Hits, b.Hits = append(a.Hits, nil), append(b.Hits, nil)
		for i := range 20 {
			doc, _ := d.AddDocument(evaluation.Document{ID: fmt.Sprintf("d%d-%d", q, i)})
			level := 1 + i%4
			_ = d.Judge(query, doc, level)
			score := float64(level) + 1.5*random.NormFloat64()
			a.Hits[q] = append(a.Hits[q], evaluation.Hit{Document: doc, Score: score})
			score += boost*float64(level) + 0.02*random.NormFloat64()
			if sector == "worse" {
				score -= harm * float64(level)
			}
			b.Hits[q] = append(b.Hits[q], evaluation.Hit{Document: doc, Score: score})
		}
	}
	r, err := evaluation.Evaluate(d, []evaluation.Model{{Name: "old", Run: a}, {Name: "new", Run: b}}, evaluation.Options{
		Compare: []string{"ndcg@10"}, Slices: []evaluation.Slice{evaluation.ByAttribute(d, "sector")}, Permutations: 2000, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rules(t testing.TB, require, nonInferior string) Rules {
	t.Helper()
	var r Rules
	if require != "" {
		one, err := ParseRequirement(require)
		if err != nil {
			t.Fatal(err)
		}
		r.Require = append(r.Require, one)
	}
	if nonInferior != "" {
		one, err := ParseNonInferiority(nonInferior)
		if err != nil {
			t.Fatal(err)
		}
		r.NonInferior = append(r.NonInferior, one)
	}
	return r
}

func decide(t testing.TB, r *evaluation.Result, rules Rules) (Decision, map[string]statistic.Verdict) {
	t.Helper()
	d, err := Decide(r, "old", "new", rules)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]statistic.Verdict{}
	for _, c := range d.Checks {
		by[c.Name] = c.Verdict
		if c.Reason == "" {
			t.Errorf("%s has no reason", c.Name)
		}
	}
	return d, by
}

func TestADefectInOneSectorIsFlaggedThoughTheWholeIsBetter(t *testing.T) {
	r := planted(t, 0.3, 0.55)
	var loss float64
	for _, s := range r.Slices {
		if s.Value == "worse" {
			loss = -s.Comparisons[0].Difference.Float()
		}
	}
	if loss < 0.04 || loss > 0.06 {
		t.Fatalf("the planted loss is %.4f, meant to be 0.05", loss)
	}
	d, by := decide(t, r, rules(t, "ndcg@10 +0.01 p<0.05", "sector:0.02"))
	want := map[string]statistic.Verdict{"ndcg@10 +0.01 p<0.05": "pass", "sector=worse/ndcg@10:0.02": "fail", "sector=s1/ndcg@10:0.02": "pass",
		"sector=s2/ndcg@10:0.02": "pass", "sector=s3/ndcg@10:0.02": "pass", "sector=tiny/ndcg@10:0.02": "undecided"}
	if diff := cmp.Diff(want, by); diff != "" || d.Verdict != statistic.Fail {
		t.Errorf("%s\n%s", d.Verdict, diff)
	}
}

func TestATinySliceIsUndecidedUntilSomebodyAnswersForIt(t *testing.T) {
	r := planted(t, 0.3, 0)
	rules := rules(t, "ndcg@10 p<0.05", "sector:0.02")
	d, _ := decide(t, r, rules)
	if d.Verdict != statistic.Undecided {
		t.Fatalf("%+v", d)
	}
	rules.Overrides = []Override{{Check: "sector=tiny/ndcg@10:0.02", By: "li", Reason: "five demands, all looked at"}}
	d, _ = decide(t, r, rules)
	out, err := json.Marshal(d)
	if err != nil || d.Verdict != statistic.Pass || !strings.Contains(string(out), `"by":"li"`) {
		t.Errorf("%s %v", out, err)
	}
	rules.Overrides[0].Reason = ""
	if _, err := Decide(r, "old", "new", rules); err == nil {
		t.Error("an override without a reason is accepted")
	}
}

func TestNoDifferenceIsNoGainAndAFailureCannotBeOverridden(t *testing.T) {
	rules := rules(t, "ndcg@10 +0.01 p<0.05", "")
	rules.Overrides = []Override{{Check: "ndcg@10 +0.01 p<0.05", By: "li", Reason: "hope"}}
	if d, _ := decide(t, planted(t, 0, 0), rules); d.Verdict != statistic.Fail {
		t.Errorf("%+v", d)
	}
}

func TestRulesThatTheResultCannotAnswerAreErrors(t *testing.T) {
	r := planted(t, 0, 0)
	for name, rules := range map[string]Rules{
		"no rules": {}, "unknown metric": rules(t, "xyz p<0.1", ""), "not compared": rules(t, "mrr p<0.1", ""),
		"no such slices": rules(t, "", "region:0.1"),
	} {
		if _, err := Decide(r, "old", "new", rules); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	d, err := Decide(r, "new", "old", rules(t, "ece <=0.1", "all:0.02"))
	if err != nil || d.Checks[0].Verdict != statistic.Undecided || d.Checks[1].Verdict != statistic.Pass {
		t.Errorf("%+v %v", d, err)
	}
}

func FuzzRules(f *testing.F) {
	for _, s := range []string{"ndcg@10 +0.01 p<0.05", "sector:0.02", "a/b:1", "ece <=0.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := ParseRequirement(text); err == nil && (r.Metric == "" || r.Gain < 0 || r.P < 0 || r.P >= 1) {
			t.Errorf("%q became %+v", text, r)
		}
		if r, err := ParseNonInferiority(text); err == nil && (r.Attribute == "" || !(r.Margin > 0)) {
			t.Errorf("%q became %+v", text, r)
		}
	})
}

func TestALossIsNoNegativeGain(t *testing.T) {
	r := planted(t, 0, 0.55)
	d, _ := decide(t, r, rules(t, "ndcg@10 +0.01 p<0.05", ""))
	if reason := d.Checks[0].Reason; d.Verdict != statistic.Fail || !strings.HasPrefix(reason, "ndcg@10 is worse by 0.0") {
		t.Error(d.Verdict, reason)
	}
}
