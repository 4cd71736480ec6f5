package registry

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/gate"
	"github.com/duijie/duijie/evaluation/statistic"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/store"
)

// sampled has the sample, its demands in the sectors that a function gives them, and half
// of them frozen, drawn so that what is learned from flipped labels shows in the others; the labels of the sector "poisoned" that are not are flipped.
func sampled(t *testing.T, sectorOf func(string) string) (r *Registry, flipped int) {
	t.Helper()
	s := openStore(t)
	c, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	sector := map[string]string{}
	var items []store.Item
	for _, record := range c.Records() {
		if d := record.Demand; d != nil {
			d.Sector = sectorOf(d.Sector)
			sector[d.ID] = d.Sector
		}
		items = append(items, store.Item{Record: record})
	}
	if _, err := s.Put(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
		t.Fatal(err)
	}
	for i := range c.Labels {
		c.Labels[i].Tenant = match.DefaultTenant
	}
	if err := s.PutLabels(t.Context(), c.Labels); err != nil {
		t.Fatal(err)
	}
	r = open(t, s)
	if _, _, err := r.Freeze(t.Context(), Freezing{Name: "half", Tenant: match.DefaultTenant, By: "李四", Share: 0.5, Seed: 2}); err != nil {
		t.Fatal(err)
	}
	frozen, err := r.Frozen(t.Context(), match.DefaultTenant)
	if err != nil {
		t.Fatal(err)
	}
	var wrong []match.Label
	for _, l := range c.Labels {
		if sector[l.Demand] == "poisoned" && !frozen[[2]string{l.Demand, l.Patent}] {
			l.Level = 5 - l.Level
			wrong = append(wrong, l)
		}
	}
	if err := s.PutLabels(t.Context(), wrong); err != nil {
		t.Fatal(err)
	}
	return r, len(wrong)
}

// refusedEverywhere trains through Train, and asks for the model in production through
// Promote, with an override of all that is undecided.
func refusedEverywhere(t *testing.T, r *Registry) {
	t.Helper()
	v, _, err := r.Train(t.Context(), Training{Tenant: match.DefaultTenant, Name: "poisoned", By: "李四", Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, alias := range []string{National, SectorOf + "software"} {
		ch, err := r.Promote(t.Context(), promotion(alias, v.ID, "all"), nil)
		if match.KindOf(err) != match.Denied || ch.Decision == nil || ch.Decision.Verdict == statistic.Pass {
			t.Fatalf("%s: %+v, %v", alias, ch, err)
		}
		for _, check := range ch.Decision.Checks {
			t.Logf("%s: %s: %s, %s", alias, check.Name, check.Verdict, check.Reason)
		}
		// Training compares with the fusion by cross-validation, so that it may have thrown
		// away all that the wrong labels taught; else the sector is what fails.
		i := slices.IndexFunc(ch.Decision.Checks, func(c gate.Check) bool { return strings.Contains(c.Name, "sector=poisoned") })
		if i < 0 || ch.Decision.Checks[i].Override != nil {
			t.Fatalf("%s: the poisoned sector is %+v", alias, ch.Decision.Checks)
		}
		sector := ch.Decision.Checks[i]
		learnedNothing := strings.HasPrefix(sector.Reason, "gain +0.0000 [+0.0000, +0.0000]")
		if !learnedNothing && (sector.Verdict != statistic.Fail || !strings.Contains(err.Error(), "sector=poisoned")) {
			t.Errorf("%s: the poisoned sector is %+v, the refusal %v", alias, sector, err)
		}
	}
	if l := r.Lineup(); len(l.Aliases) != 0 {
		t.Errorf("in production: %v", l.Aliases)
	}
}

func TestAPoisonedSectorOfTheSampleIsRefused(t *testing.T) {
	group := map[string]string{"battery": "poisoned", "power": "poisoned", "materials": "poisoned", "chemicals": "poisoned", "environment": "poisoned"}
	r, flipped := sampled(t, func(sector string) string { return or(group[sector], "software") })
	t.Logf("%d labels are flipped", flipped)
	refusedEverywhere(t, r)
}

func TestABlanketOverrideDoesNotWaveALossThrough(t *testing.T) {
	rule := gate.NonInferiority{Attribute: "sector", Metric: "ndcg@10", Margin: Margin}
	slice := func(value string, difference float64, turned bool) evaluation.SliceResult {
		c := evaluation.Comparison{Metric: "ndcg@10", Baseline: baselineName, Candidate: candidateName, Difference: evaluation.Number(difference)}
		if turned {
			c.Baseline, c.Candidate, c.Difference = candidateName, baselineName, evaluation.Number(-difference)
		}
		return evaluation.SliceResult{Attribute: "sector", Value: value, Comparisons: []evaluation.Comparison{c}}
	}
	got := losing(&evaluation.Result{Slices: []evaluation.SliceResult{
		slice("worse", -0.1, false), slice("worse too", -0.1, true), slice("a little worse", -0.01, false), slice("better", 0.1, true),
	}}, rule)
	want := map[string]bool{"sector=worse/ndcg@10:0.02": true, "sector=worse too/ndcg@10:0.02": true}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatal(d)
	}
	for _, c := range []struct {
		overrides []string
		want      statistic.Verdict
	}{{[]string{"all"}, statistic.Undecided}, {[]string{"all", "sector=worse/ndcg@10:0.02"}, statistic.Pass}, {[]string{"sector=worse/ndcg@10:0.02"}, statistic.Undecided}} {
		j := &judging{promotion: promotion(National, "m", c.overrides...), named: got}
		for _, name := range []string{"sector=worse/ndcg@10:0.02", "sector=small/ndcg@10:0.02"} {
			j.check(name, statistic.Undecided, "too small to decide")
		}
		if d := j.decide(); d.Verdict != c.want {
			t.Errorf("%v: %s, %+v", c.overrides, d.Verdict, d.Checks)
		}
	}
}

func TestRecordsOfTwoTenantsWithOneIDAreToldApart(t *testing.T) {
	s := openStore(t)
	r := open(t, s)
	for _, tenant := range []string{"a", "b"} {
		items := []store.Item{
			{Record: match.NewDemand(tenant, match.Demand{ID: "D1", Title: "需求 " + tenant, Sector: "s" + tenant})},
			{Record: match.NewPatent(tenant, match.Patent{Number: "CN1", Title: "专利 " + tenant})},
		}
		if _, err := s.Put(t.Context(), store.Batch{Tenant: tenant, Items: items}); err != nil {
			t.Fatal(err)
		}
		if err := s.PutLabels(t.Context(), []match.Label{{Tenant: tenant, Demand: "D1", Patent: "CN1", Level: match.StrongFit, Rater: "x", Source: match.ExpertSource}}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.Freeze(t.Context(), Freezing{Name: "of-" + tenant, Tenant: tenant, By: "李四", Share: 1}); err != nil {
			t.Fatal(err)
		}
	}
	d, err := r.dataset(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if d.Queries() != 2 || d.Documents() != 2 {
		t.Fatalf("%d demands and %d patents", d.Queries(), d.Documents())
	}
	for q, tenant := range []string{"a", "b"} {
		query, judged := d.Query(int32(q)), d.Judgements(int32(q))
		if query.Title != "需求 "+tenant || query.Attributes["tenant"] != tenant || len(judged) != 1 || d.Document(judged[0].Document).Title != "专利 "+tenant {
			t.Errorf("%+v with %+v", query, judged)
		}
	}
	own := part(d, TenantOf+"b", true)
	if own.Queries() != 1 || own.Query(0).Title != "需求 b" {
		t.Errorf("of the tenant b: %d demands", own.Queries())
	}
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}
