package pilot

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/sample"
)

// examples are the patents and demands of the sample with their vectors.
func examples(t *testing.T) ([]Example, embed.Embedder) {
	t.Helper()
	e, err := static.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	var out []Example
	for _, r := range s.Records() {
		got, err := e.Embed(context.Background(), retrieve.Role(r.Kind), []string{r.Texts().Full()})
		if err != nil {
			t.Fatal(err)
		}
		x := Example{Sector: r.Sector(), Text: got[0]}
		if r.Patent != nil {
			x.IPC = r.Patent.IPC
		}
		out = append(out, x)
	}
	return out, e
}

func TestSectorsAreGuessedWhereThatIsCertainAndMostlyRight(t *testing.T) {
	all, e := examples(t)
	var known, unknown []Example
	for i, x := range all {
		if i%5 == 0 {
			unknown = append(unknown, x)
		} else {
			known = append(known, x)
		}
	}
	s := NewSectors(e.Identity(), known)
	guessed, right := 0, 0
	for _, x := range unknown {
		sector, confidence, ok := s.Guess(x.Text, e.Identity())
		if !ok {
			continue
		}
		if confidence < s.threshold || confidence > 1 {
			t.Errorf("confidence %v, threshold %v", confidence, s.threshold)
		}
		guessed++
		if sector == x.Sector {
			right++
		}
	}
	t.Logf("%d sectors; of %d unknown records %d are guessed, %d rightly; on the known ones %.2f are guessed, %.2f rightly", len(s.names), len(unknown), guessed, right, s.Guessed, s.Right)
	if s.Right < wanted || guessed*2 < len(unknown) || float64(right) < 0.8*float64(guessed) {
		t.Error("too few are guessed, or too few rightly")
	}
	if _, _, ok := s.Guess(unknown[0].Text, "another embedder"); ok {
		t.Error("a vector of another embedder is guessed")
	}
	if _, _, ok := s.Guess(nil, e.Identity()); ok {
		t.Error("a text without a vector is guessed")
	}
	if NewSectors("e", nil) != nil {
		t.Error("something is learned of nothing")
	}
}

func TestSubclassesOfTheIPCVoteForASector(t *testing.T) {
	var of []Example
	for i := range 10 {
		of = append(of, Example{Sector: "battery", IPC: []string{"H01M 10/0525", "H01M 4/58"}}, Example{Sector: []string{"farm", "food"}[i%2], IPC: []string{"A01B 1/00"}},
			Example{Sector: "water", IPC: []string{"C02F 1/44"}})
	}
	s := NewSectors("e", of)
	for _, c := range []struct {
		ipc  []string
		want string
	}{
		{[]string{"H01M 50/20"}, "battery"}, {[]string{"A01B 3/00"}, ""}, {[]string{"G06F 1/00"}, ""}, {nil, ""},
		{[]string{"G06F 1/00", "C02F 9/00"}, "water"}, {[]string{"H01M 50/20", "C02F 9/00"}, ""},
	} {
		if got, share, ok := s.ByIPC(c.ipc); got != c.want || ok != (c.want != "") || ok && share < leastShare {
			t.Errorf("%v: %q, %v, %v; want %q", c.ipc, got, share, ok, c.want)
		}
	}
}

func TestTheNearestAliasComesFirst(t *testing.T) {
	all, e := examples(t)
	r := &Router{}
	r.SetSectors(NewSectors(e.Identity(), all))
	demand := func(change func(*match.Demand)) *match.Record {
		d := match.Demand{ID: "D", Title: "锂离子电池隔膜", Text: "需要耐高温的锂离子电池隔膜。"}
		change(&d)
		out := match.NewDemand("t", d)
		return &out
	}
	vectors, err := e.Embed(t.Context(), embed.Query, []string{"需要耐高温的锂离子电池隔膜，磷酸铁锂正极材料，电解液。"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		query retrieve.Query
		want  []string
	}{
		"nothing is known": {retrieve.Query{Tenant: match.DefaultTenant, Record: demand(func(*match.Demand) {})}, []string{"national"}},
		"a region is kept": {retrieve.Query{Record: demand(func(d *match.Demand) { d.Enterprise.Region, d.Confidential = "440300", []string{"enterprise.region"} })}, []string{"national"}},
		"all is known":     {retrieve.Query{Tenant: "acme", Record: demand(func(d *match.Demand) { d.Sector, d.Enterprise.Region = "steel", "440300" })}, []string{"tenant/acme", "sector/steel", "region/44", "national"}},
		"a guess":          {retrieve.Query{Record: demand(func(*match.Demand) {}), Vectors: rank.Vectors{Text: vectors[0]}, Embedder: e.Identity()}, []string{"sector/battery", "national"}},
	} {
		var got []string
		for _, p := range r.places(c.query) {
			got = append(got, p.alias)
			if p.why.ZH == "" || p.why.EN == "" {
				t.Errorf("%s: %s has no reason", name, p.alias)
			}
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestSharesAreEvenAndStay(t *testing.T) {
	const n = 20_000
	below := 0
	for i := range n {
		name := fmt.Sprint("厂", i)
		if share("salt", name) != share("salt", name) {
			t.Fatal("a party moves")
		}
		if share("salt", name) < 0.3 {
			below++
		}
	}
	if got := float64(below) / n; math.Abs(got-0.3) > 3*math.Sqrt(0.3*0.7/n) {
		t.Errorf("%.4f of the parties are below 0.3", got)
	}
	same := 0
	for i := range n {
		name := fmt.Sprint("厂", i)
		if (share("salt", name) < 0.5) == (share("pepper", name) < 0.5) {
			same++
		}
	}
	if got := float64(same) / n; math.Abs(got-0.5) > 0.02 {
		t.Errorf("two pilots divide %.3f of the parties alike", got)
	}
}

func TestAPartyIsTheRequestsOwnOrTheEnterprise(t *testing.T) {
	demand := match.NewDemand("t", match.Demand{ID: "D", Title: "x", Enterprise: match.Enterprise{Name: " 甲厂 "}})
	other := match.NewDemand("t", match.Demand{ID: "D2", Title: "x", Enterprise: match.Enterprise{Name: "甲厂"}})
	nameless := match.NewDemand("t", match.Demand{ID: "D3", Title: "x"})
	patent := match.NewPatent("t", match.Patent{Number: "CN1", Title: "x", Applicants: []match.Applicant{{Name: "甲厂"}}})
	of := func(r match.Record, party string) string {
		name, known := partyOf(retrieve.Query{Tenant: "t", Record: &r, Party: party})
		if want := party != "" || r.ID != "D3"; known != want {
			t.Errorf("%s for %q: known is %v", r.ID, party, known)
		}
		return name
	}
	if of(demand, "") != of(other, "") || of(demand, "") != of(patent, "") || of(demand, "乙厂") == of(demand, "") || of(nameless, "") == of(demand, "") {
		t.Error("parties are mixed up")
	}
	if p := of(demand, ""); len(p) != 16 || p == "甲厂" {
		t.Errorf("the party is shown as %q", p)
	}
}

func TestOrdersAreComparedFromTheTop(t *testing.T) {
	order := func(ids ...string) (out []retrieve.Ordered) {
		for _, id := range ids {
			out = append(out, retrieve.Ordered{Ref: match.Ref{ID: id}})
		}
		return out
	}
	same := differ(order("a", "b", "c"), order("a", "b", "c"))
	if math.Abs(same.RBO-1) > 1e-12 || same.Overlap != 1 || !same.First {
		t.Errorf("%+v", same)
	}
	top, bottom := differ(order("a", "b", "c", "d"), order("b", "a", "c", "d")), differ(order("a", "b", "c", "d"), order("a", "b", "d", "c"))
	if !(top.RBO < bottom.RBO && bottom.RBO < 1) || top.First || !bottom.First || top.Overlap != 1 {
		t.Errorf("%+v, %+v", top, bottom)
	}
	if none := differ(nil, nil); none.RBO != 0 || none.First {
		t.Errorf("%+v", none)
	}
}
