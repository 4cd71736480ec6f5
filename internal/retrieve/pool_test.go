package retrieve_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/match"
)

func worth(v match.Verdict) float64 {
	return map[match.Verdict]float64{match.Covered: 1, match.Partly: 0.5}[v]
}

func poolRequest(id string, most int) match.PoolRequest {
	return match.PoolRequest{ID: "test", Tenant: match.DefaultTenant, From: ref(match.DemandKind, id), MaxPatents: most}
}

func TestAPoolCoversWhatItSaysAndHasNoPatentTooMany(t *testing.T) {
	in, s := shared(t)
	pools, together := 0, 0
	for _, d := range s.Demands[:12] {
		p, err := in.Engine.SuggestPool(t.Context(), poolRequest(d.ID, 4))
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Patents) > 4 || p.Reached > p.Reachable || p.Reachable > p.Whole || p.Summary.ZH == "" || p.Summary.EN == "" {
			t.Errorf("%s: %d patents, %v of %v of %v", d.ID, len(p.Patents), p.Reached, p.Reachable, p.Whole)
		}
		reached := 0.0
		without := make([]float64, len(p.Patents)) // what the pool reaches without each
		for _, e := range p.Elements {
			reached += e.Weight * worth(e.Verdict)
			if e.Why.ZH == "" || e.Why.EN == "" || e.Demand.Text == "" {
				t.Errorf("%s: an element without a word: %+v", d.ID, e)
			}
			checkSpan(t, &d, &s.Patents[0], e.Demand)
			for i := range p.Patents {
				best := 0.0
				for _, a := range e.Answers {
					if a.Patent != p.Patents[i].Hit.Record.Ref {
						best = max(best, worth(a.Verdict))
					}
				}
				without[i] += e.Weight * best
			}
			for _, a := range e.Answers {
				for _, member := range p.Patents {
					if member.Hit.Record.Ref == a.Patent && a.Evidence.Text != "" {
						checkSpan(t, &d, member.Hit.Record.Patent, a.Evidence)
					}
				}
			}
		}
		if reached != p.Reached {
			t.Errorf("%s: elements add up to %v, the pool says %v", d.ID, reached, p.Reached)
		}
		for i, rest := range without {
			if rest >= reached {
				t.Errorf("%s: %s adds nothing to the pool", d.ID, p.Patents[i].Hit.Record.ID)
			}
			if len(p.Patents[i].Adds) == 0 || p.Patents[i].Why.ZH == "" {
				t.Errorf("%s: %s is in the pool for %v", d.ID, p.Patents[i].Hit.Record.ID, p.Patents[i].Adds)
			}
		}
		if len(p.Patents) > 0 {
			pools++
		}
		if len(p.Patents) > 1 {
			together++
		}
		again, err := in.Engine.SuggestPool(t.Context(), poolRequest(d.ID, 4))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, again, cmpopts.IgnoreFields(match.Pool{}, "Took")); diff != "" {
			t.Errorf("%s: the same request again: %s", d.ID, diff)
		}
		one, err := in.Engine.SuggestPool(t.Context(), poolRequest(d.ID, 1))
		if err != nil || len(one.Patents) > 1 || one.Reached > p.Reached {
			t.Errorf("%s: %v, one patent reaches %v, four %v", d.ID, err, one.Reached, p.Reached)
		}
	}
	if pools < 10 || together == 0 {
		t.Errorf("%d of 12 demands have a pool, %d of several patents", pools, together)
	}
}

func TestPatentsThatAnswerApartAreFoundTogether(t *testing.T) {
	in, _ := open(t, nil)
	patent := func(number, title, abstract string) match.Record {
		return match.NewPatent(match.DefaultTenant, match.Patent{Number: number, Title: title, Abstract: abstract, Applicants: []match.Applicant{{Name: "甲大学"}}})
	}
	put(t, in,
		patent("CN-A", "一种耐磨涂层", "一种喷涂耐磨涂层，涂层硬度为64HRC。"),
		patent("CN-B", "一种薄层耐磨涂层的喷涂方法", "喷涂耐磨涂层的方法，涂层厚度为1.5mm。"),
	)
	req := match.PoolRequest{Tenant: match.DefaultTenant, From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind}, MaxPatents: 3,
		Texts: match.Texts{Title: "耐磨涂层", Body: "喷涂耐磨涂层，要求硬度不低于60HRC，厚度≤2mm。"}}
	p, err := in.Engine.SuggestPool(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]string{}
	for _, e := range p.Elements {
		if e.Kind == match.QuantityElement && e.Verdict == match.Covered {
			by[e.Demand.Text] = e.Answers[0].Patent.ID
		}
	}
	if len(by) != 2 || len(p.Patents) < 2 {
		t.Fatalf("%+v by %d patents, want both figures by two: %+v", by, len(p.Patents), p.Elements)
	}
	seen := map[string]bool{}
	for _, id := range by {
		seen[id] = true
	}
	if !seen["CN-A"] || !seen["CN-B"] {
		t.Errorf("the figures are covered by %v", by)
	}
}

func TestBadPoolRequestsNameTheField(t *testing.T) {
	in, _ := shared(t)
	patent := poolRequest("CN202110312047B", 3)
	patent.From.Kind = match.PatentKind
	for name, c := range map[string]struct {
		req   match.PoolRequest
		kind  match.ErrorKind
		field string
	}{
		"no patents wanted":    {poolRequest("D-BAT1", 0), match.Invalid, "max_patents"},
		"too many":             {poolRequest("D-BAT1", 11), match.Invalid, "max_patents"},
		"for a patent":         {patent, match.Invalid, "text.kind"},
		"for nothing":          {poolRequest("", 3), match.Invalid, "text"},
		"for a demand of none": {poolRequest("none", 3), match.NotFound, ""},
	} {
		_, err := in.Engine.SuggestPool(t.Context(), c.req)
		var e *match.Error
		if match.KindOf(err) != c.kind || !errors.As(err, &e) || e.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}
