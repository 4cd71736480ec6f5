package match_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/match"
)

func TestAPatentIsFilteredByEveryLevelAndOnceByEachValue(t *testing.T) {
	r := match.NewPatent("lab", match.Patent{
		Number: "CN1", Title: "x", Region: "440305", IPC: []string{"H01M 10/0525", "H01M 10/42", "C08L"}, Sector: "s",
		Applicants:  []match.Applicant{{Name: "a", Kind: match.University}, {Name: "b"}, {Name: "c", Kind: match.University}, {Name: "d", Kind: match.Person}},
		LegalStatus: match.Granted, TransferModes: []match.TransferMode{match.Licence, match.Assignment}, Tier: "A", Pools: []string{"p", "q"},
		FilingDate: "2020-01-02", ExpiryDate: "2040-01-02", Fee: &match.MoneyRange{Max: 5}, Readiness: 6,
	})
	want := match.Payload{
		Tokens: map[string][]string{
			"tenant": {"lab"}, "visibility": {"public"}, "sector": {"s"}, "region": {"44", "4403", "440305"},
			"ipc":            {"H", "H01", "H01M", "H01M 10", "H01M 10/05", "H01M 10/052", "H01M 10/0525", "H01M 10/42", "C", "C08", "C08L"},
			"applicant_kind": {"university", "person"}, "legal_status": {"granted"}, "transfer_mode": {"licence", "assignment"},
			"tier": {"A"}, "pool": {"p", "q"},
		},
		Numbers: map[string]int64{"filing_date": 20200102, "expiry_date": 20400102, "fee": 0, "readiness": 6},
	}
	if diff := cmp.Diff(want, r.Payload()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestADemandIsFilteredByEveryLevelAndIsOpenUnlessItSaysOtherwise(t *testing.T) {
	r := match.NewDemand("lab", match.Demand{
		ID: "D1", Title: "x", Enterprise: match.Enterprise{Region: "440000", Industry: "C3841"}, Budget: &match.MoneyRange{Min: 1, Max: 9}, Deadline: "2030-12-31",
	})
	want := match.Payload{
		Tokens: map[string][]string{
			"tenant": {"lab"}, "visibility": {"public"}, "region": {"44"}, "industry": {"C", "C38", "C384", "C3841"}, "demand_state": {"open"},
		},
		Numbers: map[string]int64{"budget": 9, "deadline": 20301231, "last_day": 20301231},
	}
	if diff := cmp.Diff(want, r.Payload()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestADemandIsNotFilteredByWhatItKeepsConfidential(t *testing.T) {
	all := match.Demand{
		ID: "D1", Title: "x", Sector: "s", Budget: &match.MoneyRange{Min: 1, Max: 9}, Deadline: "2030-12-31",
		Enterprise: match.Enterprise{Name: "n", Region: "440300", Industry: "C3841", Kind: match.LittleGiant},
	}
	for _, c := range []struct {
		confidential []string
		lost         []string
	}{
		{[]string{"budget"}, []string{"budget"}},
		{[]string{"deadline"}, []string{"deadline"}},
		{[]string{"enterprise.region"}, []string{"region"}},
		{[]string{"enterprise.industry"}, []string{"industry"}},
		{[]string{"enterprise.kind"}, []string{"enterprise_kind"}},
		{[]string{"enterprise"}, []string{"region", "industry", "enterprise_kind"}},
		{[]string{"title", "text", "attributes", "enterprise.name"}, nil},
	} {
		d := all
		r := match.NewDemand("lab", d)
		want := r.Payload()
		for _, field := range c.lost {
			delete(want.Tokens, field)
			delete(want.Numbers, field)
		}
		d.Confidential = c.confidential
		kept := match.NewDemand("lab", d)
		if diff := cmp.Diff(want, kept.Payload()); diff != "" {
			t.Errorf("%v (-want +got):\n%s", c.confidential, diff)
		}
	}
}

func TestDaysAreReadAsTheTimePackageReadsThem(t *testing.T) {
	part := func(t *rapid.T, name string, width int) string {
		return rapid.StringMatching(map[int]string{2: `[0-3 -][0-9/]`, 4: `[0-2][09][0-9][0-9x]`}[width]).Draw(t, name)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := part(t, "year", 4) + "-" + part(t, "month", 2) + "-" + part(t, "day", 2) + rapid.SampledFrom([]string{"", "", "", " "}).Draw(t, "rest")
		want := int64(0)
		if at, err := time.Parse(time.DateOnly, s); err == nil {
			want = int64(at.Year())*10000 + int64(at.Month())*100 + int64(at.Day())
		}
		if got := match.Date(s).Number(); got != want {
			t.Fatalf("%q is %d, want %d", s, got, want)
		}
	})
	for at := time.Date(1999, 12, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2005; at = at.AddDate(0, 0, 1) {
		d := match.DateOf(at)
		if again, ok := match.ParseDate(string(d)); !ok || again != d || d.Number() != int64(at.Year()*10000+int(at.Month())*100+at.Day()) {
			t.Fatalf("%s is read as %q, %d", d, again, d.Number())
		}
	}
	for _, s := range []string{"1900-02-29", "2001-02-29", "2000-02-30", "0999-01-01"} {
		if d, ok := match.ParseDate(s); ok {
			t.Errorf("%s is read as %s", s, d)
		}
	}
}
