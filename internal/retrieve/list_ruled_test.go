package retrieve_test

import (
	"math"
	"strings"
	"testing"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
)

// plating is a demand that rules electroplating out, a patent that is that, one that replaces
// it and one that does not speak of it.
func plating(t *testing.T) (*instance.Instance, match.Demand) {
	t.Helper()
	in, err := instance.Open(t.Context(), instance.Config{Data: t.TempDir(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	d := match.Demand{ID: "D1", Title: "铝材表面防护", Text: "铝材表面防护，不采用电镀，耐盐雾。"}
	put(t, in, match.NewDemand(match.DefaultTenant, d),
		match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN1", Title: "一种铝材表面防护的电镀方法", Abstract: "铝材表面防护采用电镀镍，耐盐雾。"}),
		match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN2", Title: "一种铝材阳极氧化方法", Abstract: "替代电镀，铝材耐盐雾。"}),
		match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN3", Title: "一种铝材涂装方法", Abstract: "铝材涂装后耐盐雾。"}))
	return in, d
}

func TestWhatADemandRulesOutByItsNameGoesDownAndSaysWhy(t *testing.T) {
	in, d := plating(t)
	plain, list := shaped(t, in, d.ID, match.Shape{}), shaped(t, in, d.ID, match.Shape{Exclusions: true})
	if first := plain.Hits[0].Record.ID; first != "CN1" {
		t.Fatalf("%s is first, the test needs CN1 there", first)
	}
	before := scoresOf(plain)
	for i, h := range list.Hits {
		checkKey(t, h)
		if h.Score.Logit != before[h.Record.ID] {
			t.Errorf("the score of %s is %v, and was %v", h.Record.ID, h.Score.Logit, before[h.Record.ID])
		}
		if last := i == len(list.Hits)-1; last != (h.Record.ID == "CN1") || last != (len(h.Placement.Terms) == 1) {
			t.Errorf("%s at %d: %+v", h.Record.ID, i+1, h.Placement)
		}
	}
	term := list.Hits[2].Placement.Terms[0]
	if term.Name != match.RuledOutTerm || term.Logit != -retrieve.RuledOutWeight ||
		term.Why.ZH != "需求写明“不采用电镀”，专利却涉及“一种铝材表面防护的电镀方法”：-8.00" || !strings.Contains(term.Why.EN, "“不采用电镀”") {
		t.Errorf("%+v", term)
	}
}

func TestADemandThatRulesAPatentOutGoesDownForItToo(t *testing.T) {
	in, _ := plating(t)
	for id, want := range map[string]float64{"CN1": retrieve.RuledOutWeight, "CN2": 0} {
		req := request(match.PatentKind, id, 10)
		req.Shape = match.Shape{Exclusions: true}
		h := ask(t, in, req).Hits[0]
		checkKey(t, h)
		if math.Abs(h.Score.Logit-h.Placement.Key-want) > 1e-12 {
			t.Errorf("%s: %+v", id, h.Placement)
		}
	}
}

// TestADemandsConfidentialTextRulesNothingOut, for the term would quote it.
func TestADemandsConfidentialTextRulesNothingOut(t *testing.T) {
	in, d := plating(t)
	d.Confidential = []string{"text"}
	put(t, in, match.NewDemand(match.DefaultTenant, d))
	for _, h := range shaped(t, in, d.ID, match.Shape{Exclusions: true}).Hits {
		if len(h.Placement.Terms) != 0 {
			t.Errorf("%+v", h.Placement)
		}
	}
}
