package retrieve_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
)

func whyNot(t testing.TB, in *instance.Instance, req match.Request, id string) *match.WhyNot {
	t.Helper()
	got, err := in.Engine.WhyNot(context.Background(), req, id)
	if err != nil {
		t.Fatal(err)
	}
	if got.Reason.ZH == "" || got.Reason.EN == "" || strings.Contains(got.Reason.ZH+got.Reason.EN+got.Remedy.ZH+got.Remedy.EN, "%!") {
		t.Errorf("%s: reason %+v, remedy %+v", id, got.Reason, got.Remedy)
	}
	if (got.Remedy == match.LocalText{}) != (got.Stage == match.InAnswer) {
		t.Errorf("%s is %s, remedy %+v", id, got.Stage, got.Remedy)
	}
	return got
}

func TestARecordOfTheAnswerIsThereWithItsRankAndOneBehindThePageIsMeasured(t *testing.T) {
	in, _ := open(t, nil)
	for _, order := range match.Orders {
		req := request(match.DemandKind, "D-BAT1", 16)
		req.Order = order
		all := ask(t, in, req)
		req.Limit = 10
		for i, h := range all.Hits {
			got := whyNot(t, in, req, h.Record.ID)
			want := match.BelowPage
			if i < 10 {
				want = match.InAnswer
			}
			if got.Stage != want || got.Rank != i+1 || got.LastRank != 10 || got.Shortfall.LastID != all.Hits[9].Record.ID {
				t.Errorf("%s: rank %d is %+v", order, i+1, got)
			}
			if d := cmp.Diff(h.Score, *got.Score); d != "" {
				t.Errorf("%s: score (-hit +why): %s", order, d)
			}
			if want == match.BelowPage {
				checkShortfall(t, got, &all.Hits[9].Score)
			}
		}
	}
}

// checkShortfall adds the legs up.
func checkShortfall(t *testing.T, got *match.WhyNot, last *match.Score) {
	t.Helper()
	s := got.Shortfall
	if s.Gap != last.Logit-got.Score.Logit || s.LastLogit != last.Logit || s.LastValue != last.Value || s.Ordered > s.LastOrdered {
		t.Errorf("shortfall %+v, last %+v", s, last)
	}
	sum := 0.0
	for i, l := range last.Legs {
		d := l.Contribution - got.Score.Legs[i].Contribution
		sum += d
		at := slices.IndexFunc(s.Behind, func(b match.LegDifference) bool { return b.Leg == l.Name })
		if (at >= 0) != (d > 0) || at >= 0 && s.Behind[at].Difference != d {
			t.Errorf("%s differs by %v, told is %+v", l.Name, d, s.Behind)
		}
	}
	if math.Abs(sum-s.Gap) > 1e-9 {
		t.Errorf("the legs differ by %v together, the logits by %v", sum, s.Gap)
	}
	if !slices.IsSortedFunc(s.Behind, func(a, b match.LegDifference) int { return int(math.Copysign(1, b.Difference-a.Difference)) }) {
		t.Errorf("not the largest first: %+v", s.Behind)
	}
}

func TestEveryRecordOfACatalogFellOutAtOneStage(t *testing.T) {
	in, s := open(t, nil)
	var more []match.Record
	for i := range 350 {
		p := match.Patent{Number: fmt.Sprintf("CNX%03d", i), Title: fmt.Sprintf("第%d号锂电池隔膜", i), Abstract: "一种隔膜。"}
		if i%2 == 0 { // near by its title, far by its text
			p.Abstract = strings.Repeat("用于水稻秸秆还田的农业机械，", 1+i%5)
		}
		more = append(more, match.NewPatent(match.DefaultTenant, p))
	}
	put(t, in, more...)
	req := match.Request{Tenant: match.DefaultTenant, From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind}, Texts: match.Texts{Title: "锂电池隔膜", Body: "需要热收缩率低的锂电池隔膜。"}, Limit: 10}
	stages := map[match.WhyNotStage]int{}
	firsts := map[int]string{}
	ranked := map[string]int{} // by id
	for _, offset := range []int{0, 100} {
		page := req
		page.Limit, page.Offset = 100, offset
		for _, h := range ask(t, in, page).Hits {
			ranked[h.Record.ID] = h.Rank
		}
	}
	for i, r := range append(s.Records()[:len(s.Patents)], more...) {
		if i%4 != 0 && (ranked[r.ID] == 0 || ranked[r.ID] > 12) {
			continue
		}
		got := whyNot(t, in, req, r.ID)
		stages[got.Stage]++
		if rank := ranked[r.ID]; got.Rank != rank || (got.Stage == match.InAnswer) != (rank > 0 && rank <= 10) || (got.Stage == match.BelowPage) != (rank > 10) {
			t.Errorf("%s has rank %d, and is %+v", r.ID, rank, got)
		}
		switch got.Stage {
		case match.LostFirstPass:
			f := got.FirstPass
			if f.Rank <= match.MaxDepth || firsts[f.Rank] != "" {
				t.Errorf("%s and %q are at %d of the first pass", r.ID, firsts[f.Rank], f.Rank)
			}
			firsts[f.Rank] = r.ID
			if f.Logit > f.Cutoff || !slices.ContainsFunc(got.Nominations, func(n match.Nomination) bool { return n.Nominated }) {
				t.Errorf("%s: %+v, %+v", r.ID, f, got.Nominations)
			}
		case match.NotNominated:
			for _, n := range got.Nominations {
				if n.Nominated || n.Rank > 0 && n.Rank <= n.Depth || n.Score > n.Cutoff {
					t.Errorf("%s: %+v", r.ID, n)
				}
			}
			if len(got.Nominations) != 3 || got.Score == nil {
				t.Errorf("%s: %+v", r.ID, got)
			}
		}
		if i%40 == 0 && got.Score != nil { // the score is the pair's, wherever it fell out
			pair := score(t, in, req.Texts, r.Ref)
			if d := cmp.Diff(pair.Value, got.Score.Value); d != "" {
				t.Errorf("%s: %s", r.ID, d)
			}
		}
	}
	t.Logf("%v", stages)
	if stages[match.LostFirstPass] == 0 || stages[match.NotNominated] == 0 || stages[match.UnavailableRecord] == 0 {
		t.Errorf("a stage is missing, and the test shows nothing of it: %v", stages)
	}
}

// score is that of a text and a patent, from a search that takes in everything.
func score(t *testing.T, in *instance.Instance, texts match.Texts, patent match.Ref) match.Score {
	t.Helper()
	d := match.NewDemand(match.DefaultTenant, match.Demand{ID: "D-SAME", Title: texts.Title, Text: texts.Body, State: match.Closed})
	put(t, in, d)
	got, err := in.Engine.ScorePairs(t.Context(), []match.Pair{{Demand: d.Ref, Patent: patent}}, retrieve.PairOptions{})
	if err != nil || got.Results[0].Err != nil {
		t.Fatal(err, got)
	}
	return got.Results[0].Score
}

func TestWhatIsFilteredOrUnavailableIsNamedWithTheRecordsValue(t *testing.T) {
	in, _ := open(t, nil)
	put(t, in, match.NewPatent(match.DefaultTenant, match.Patent{
		Number: "CN1", Title: "防爆锂离子电池隔膜", Region: "330100", IPC: []string{"H01M 10/0525"}, LegalStatus: match.Lapsed, ExpiryDate: "2026-10-31",
		Fee: &match.MoneyRange{Min: 500_000}, Readiness: 3, TransferModes: []match.TransferMode{match.Licence},
	}))
	req := request(match.DemandKind, "D-BAT1", 10)
	got := whyNot(t, in, req, "CN1")
	if got.Stage != match.UnavailableRecord || len(got.Conditions) != 2 || got.Score == nil {
		t.Errorf("%+v", got)
	}
	want := []match.FailedCondition{
		{Field: "legal_status", Required: local("法律状态不为 终止、届满、宣告无效、驳回、撤回", "legal status none of lapsed, expired, revoked, rejected, withdrawn"), Found: local("终止", "lapsed")},
		{Field: "expiry_date", Required: local("到期日 ≥ 2026-11-01", "day of expiry ≥ 2026-11-01"), Found: local("2026-10-31", "2026-10-31")},
	}
	if d := cmp.Diff(want, got.Conditions); d != "" {
		t.Error(d)
	}
	req.Filter = match.Filter{
		Regions: []string{"44"}, IPC: []string{"H01M", "C08J"}, MaxFee: 100_000, MinReadiness: 5, TransferModes: []match.TransferMode{match.OpenLicence},
		Tiers: []string{"A"}, IncludeUnavailable: true,
	}
	got = whyNot(t, in, req, "CN1")
	want = []match.FailedCondition{
		{Field: "filter.regions", Required: local("地区为 广东 44", "region guangdong 44"), Found: local("浙江 3301", "zhejiang 3301")},
		{Field: "filter.transfer_modes", Required: local("转化方式为 开放许可", "way of transfer open licence"), Found: local("许可", "licence")},
		{Field: "filter.tiers", Required: local("分级为 A", "tier A"), Found: local("未填写", "not given")},
		{Field: "filter.max_fee_cny", Required: local("最低费用 ≤ 100000 元", "lowest fee ≤ 100000 yuan"), Found: local("500000 元", "500000 yuan")},
		{Field: "filter.min_readiness", Required: local("技术成熟度 ≥ 5", "readiness ≥ 5"), Found: local("3", "3")},
	}
	if d := cmp.Diff(want, got.Conditions); d != "" || got.Stage != match.FilteredOut {
		t.Errorf("%s: %s", got.Stage, d)
	}
	req.Filter = match.Filter{IncludeUnavailable: true}
	if got = whyNot(t, in, req, "CN1"); got.Stage != match.InAnswer && got.Stage != match.BelowPage {
		t.Errorf("without the conditions it is %+v", got)
	}
}

func local(zh, en string) match.LocalText { return match.LocalText{ZH: zh, EN: en} }

// TestWhyNotAgreesWithTheAnswerOnEveryFilter asks of all patents of the sample.
func TestWhyNotAgreesWithTheAnswerOnEveryFilter(t *testing.T) {
	in, s := open(t, nil)
	for _, f := range []match.Filter{
		{Sectors: []string{"battery", "power"}}, {Regions: []string{"32"}}, {IPC: []string{"H01M"}}, {MinReadiness: 7}, {Tiers: []string{"A"}},
		{TransferModes: []match.TransferMode{match.OpenLicence}, Regions: []string{"44", "33"}}, {LegalStatuses: []match.LegalStatus{match.Lapsed}},
	} {
		req := request(match.DemandKind, "D-BAT1", 100)
		req.Filter = f
		in100 := ids(ask(t, in, req))
		for i, p := range s.Patents {
			if i%6 != 0 && p.LegalStatus != match.Lapsed {
				continue
			}
			got := whyNot(t, in, req, p.Number)
			if (got.Stage == match.InAnswer) != slices.Contains(in100, p.Number) {
				t.Errorf("%+v: %s is %s", f, p.Number, got.Stage)
			}
			if (len(got.Conditions) > 0) != (got.Stage == match.FilteredOut || got.Stage == match.UnavailableRecord) {
				t.Errorf("%+v: %s is %s with %+v", f, p.Number, got.Stage, got.Conditions)
			}
		}
	}
}

func TestARecordOfAnotherTenantIsAsUnknownAsOneThatIsNot(t *testing.T) {
	in, _ := open(t, nil)
	foreign := match.NewPatent("other", match.Patent{Number: "CN-SAME", Title: "他人的锂电池隔膜"})
	if _, err := in.Catalog.Write(t.Context(), store.Batch{Tenant: "other", Items: []store.Item{{Record: foreign}}}); err != nil {
		t.Fatal(err)
	}
	if err := in.Catalog.Await(t.Context()); err != nil {
		t.Fatal(err)
	}
	req := request(match.DemandKind, "D-BAT1", 10)
	got := whyNot(t, in, req, "CN-SAME")
	again := whyNot(t, in, req, "CN-NONE")
	if got.Stage != match.UnknownRecord || got.Score != nil || got.State != "" {
		t.Errorf("%+v", got)
	}
	got.Reason.ZH, got.Reason.EN = strings.ReplaceAll(got.Reason.ZH, "CN-SAME", "CN-NONE"), strings.ReplaceAll(got.Reason.EN, "CN-SAME", "CN-NONE")
	if d := cmp.Diff(again, got, cmpopts.IgnoreFields(match.WhyNot{}, "Took")); d != "" {
		t.Errorf("they differ: %s", d)
	}
}

func TestWithdrawnAndPrivateRecordsAreNamedAndNotScored(t *testing.T) {
	in, s := open(t, nil)
	gone, hidden := s.Records()[0], s.Records()[1]
	gone.Withdrawn, hidden.Visibility = true, match.Private
	put(t, in, gone, hidden)
	req := request(match.DemandKind, "D-BAT1", 10)
	for id, want := range map[string]match.WhyNotStage{gone.ID: match.WithdrawnRecord, hidden.ID: match.HiddenRecord} {
		if got := whyNot(t, in, req, id); got.Stage != want || got.Score != nil || got.Shortfall != nil {
			t.Errorf("%s: %+v", id, got)
		}
	}
}

func TestARecordWithoutVectorsSaysWhatItWaitsFor(t *testing.T) {
	in, _ := open(t, &down{})
	put(t, in, match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN-WAITS", Title: "xyzzy plugh"}))
	got := whyNot(t, in, request(match.DemandKind, "D-BAT1", 10), "CN-WAITS")
	if got.Stage != match.NotSearchable || got.State != match.EmbedPending || got.StateReason == "" || len(got.Nominations) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestWhatADemandKeepsConfidentialIsNotToldByItsConditions(t *testing.T) {
	in, _ := open(t, nil)
	secret := match.Demand{
		ID: "D-SECRET", Title: "防爆锂离子电池隔膜", Text: "代号蓝鲸九号。", Enterprise: match.Enterprise{Name: "某某保密公司", Region: "330106", Industry: "C3841", Kind: match.LittleGiant},
		Budget: &match.MoneyRange{Max: 123_456}, Deadline: "2026-12-24", Confidential: []string{"text", "enterprise", "budget", "deadline"},
	}
	put(t, in, match.NewDemand(match.DefaultTenant, secret))
	req := match.Request{Tenant: match.DefaultTenant, From: match.Ref{Tenant: match.DefaultTenant, Kind: match.PatentKind}, Texts: match.Texts{Body: "防爆锂离子电池隔膜"}, Limit: 10, Filter: match.Filter{
		Regions: []string{"44"}, Industries: []string{"A"}, EnterpriseKinds: []match.EnterpriseKind{match.SME}, MinBudget: 1_000_000, Deadline: match.DateRange{From: "2027-01-01"},
	}}
	got := whyNot(t, in, req, "D-SECRET")
	if got.Stage != match.FilteredOut || len(got.Conditions) != 5 {
		t.Fatalf("%+v", got)
	}
	text := fmt.Sprintf("%+v %+v", got.Conditions, got.Reason)
	for _, word := range []string{"3301", "C38", "little", "123456", "12-24", "蓝鲸", "某某"} {
		if strings.Contains(text, word) {
			t.Errorf("%q is told: %s", word, text)
		}
	}
	if strings.Count(text, "confidential") != 10 {
		t.Errorf("%s", text)
	}
}

func TestAConditionThatAConfidentialValueWouldMeetFindsNothing(t *testing.T) {
	in, _ := open(t, nil)
	secret := match.Demand{
		ID: "D-SECRET", Title: "鲸落防爆锂离子电池隔膜", Enterprise: match.Enterprise{Region: "330106", Industry: "C3841", Kind: match.LittleGiant},
		Budget: &match.MoneyRange{Max: 123_456}, Deadline: "2026-12-24", Confidential: []string{"enterprise", "budget", "deadline"},
	}
	past := secret
	past.ID, past.Deadline = "D-PAST", "2026-10-31"
	put(t, in, match.NewDemand(match.DefaultTenant, secret), match.NewDemand(match.DefaultTenant, past))
	req := match.Request{Tenant: match.DefaultTenant, From: match.Ref{Tenant: match.DefaultTenant, Kind: match.PatentKind}, Texts: match.Texts{Body: secret.Title}, Limit: 20}
	if got := ids(ask(t, in, req)); !slices.Contains(got, "D-SECRET") || slices.Contains(got, "D-PAST") {
		t.Fatalf("without a filter: %v; a demand whose confidential deadline has passed is not to be had", got)
	}
	for _, f := range []match.Filter{
		{Regions: []string{"33"}}, {Industries: []string{"C38"}}, {EnterpriseKinds: []match.EnterpriseKind{match.LittleGiant}}, {MinBudget: 1},
		{Deadline: match.DateRange{From: "2026-01-01"}}, {Deadline: match.DateRange{To: "2027-01-01"}},
	} {
		asked := req
		asked.Filter = f
		if slices.Contains(ids(ask(t, in, asked)), "D-SECRET") {
			t.Errorf("%+v finds it", f)
		}
		if got := whyNot(t, in, asked, "D-SECRET"); got.Stage != match.FilteredOut || got.Conditions[0].Found.EN != "confidential" {
			t.Errorf("%+v: %s, %+v", f, got.Stage, got.Conditions)
		}
		f.Sectors = []string{"nowhere"}
		asked.Filter, asked.Shape.MinHits = f, 50
		for _, h := range ask(t, in, asked).Hits {
			if h.Record.ID == "D-SECRET" && len(h.Placement.Unmet) != 2 {
				t.Errorf("%+v: it lacks only %v", f, h.Placement.Unmet)
			}
		}
		asked = req
		asked.Shape = match.Shape{Boosts: []match.Boost{{Filter: f, Level: match.StrongBoost}}}
		asked.Shape.Boosts[0].Filter.Sectors = nil
		for _, h := range ask(t, in, asked).Hits {
			if h.Record.ID == "D-SECRET" && len(h.Placement.Terms) > 0 {
				t.Errorf("%+v lifts it: %+v", f, h.Placement)
			}
		}
	}
	got := whyNot(t, in, req, "D-PAST")
	want := []match.FailedCondition{{Field: "deadline", Required: local("截止日 ≥ 2026-11-01", "deadline ≥ 2026-11-01"), Found: local("保密", "confidential")}}
	if d := cmp.Diff(want, got.Conditions); d != "" || got.Stage != match.UnavailableRecord {
		t.Errorf("%s: %s", got.Stage, d)
	}
}

func TestWhyNotWithoutAnIdNamesTheField(t *testing.T) {
	in, _ := open(t, nil)
	if _, err := in.Engine.WhyNot(t.Context(), request(match.DemandKind, "D-BAT1", 10), ""); match.KindOf(err) != match.Invalid {
		t.Error(err)
	}
	if _, err := in.Engine.WhyNot(t.Context(), request(match.DemandKind, "none", 10), "CN1"); match.KindOf(err) != match.NotFound {
		t.Error(err)
	}
}
