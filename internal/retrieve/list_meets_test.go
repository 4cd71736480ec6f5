package retrieve_test

import (
	"context"
	"slices"
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
)

// ahead is a store with newer revisions than the indexes have.
type ahead struct {
	retrieve.Records
	newer map[string]func(*match.Record)
}

func (a ahead) Get(ctx context.Context, refs []match.Ref) ([]*match.Record, error) {
	got, err := a.Records.Get(ctx, refs)
	for i, r := range got {
		if change := a.newer[refs[i].ID]; change != nil && r != nil {
			own := *r
			patent := *r.Patent
			own.Patent = &patent
			own.Revision++
			own.Seq += 1_000_000
			change(&own)
			got[i] = &own
		}
	}
	return got, err
}

func TestNoRecordIsShownThatDoesNotMeetTheFilterInTheRevisionShown(t *testing.T) {
	in, _ := open(t, nil)
	req := request(match.DemandKind, "D-BAT1", 100)
	req.Filter.Sectors = []string{"battery"}
	before := ids(ask(t, in, req))
	if len(before) < 8 {
		t.Fatalf("%d hits are too few to change", len(before))
	}
	changes := []func(*match.Record){
		func(r *match.Record) { r.Patent.Sector = "food" },
		func(r *match.Record) { r.Patent.LegalStatus = match.Lapsed },
		func(r *match.Record) { r.Patent.ExpiryDate = "2020-01-01" },
		func(r *match.Record) { r.Visibility = match.Private },
		func(r *match.Record) { r.Withdrawn = true },
	}
	newer := map[string]func(*match.Record){}
	for i, change := range changes {
		newer[before[i]] = change
	}
	kept := before[len(changes)]
	newer[kept] = func(r *match.Record) { r.Patent.Tier = "Z" }
	records := in.Engine.Records
	in.Engine.Records = ahead{records, newer}
	after := ids(ask(t, in, req))
	for _, id := range before[:len(changes)] {
		if slices.Contains(after, id) {
			t.Errorf("%s does not meet the filter any more and is shown", id)
		}
	}
	if !slices.Contains(after, kept) || len(after) != len(before)-len(changes) {
		t.Errorf("%d hits of %d, want %d with %s", len(after), len(before), len(before)-len(changes), kept)
	}

	demand, err := records.Get(t.Context(), []match.Ref{ref(match.DemandKind, "D-BAT1")})
	if err != nil {
		t.Fatal(err)
	}
	conditions, err := req.Filter.Conditions(match.PatentKind, match.DefaultTenant, match.DateOf(in.Engine.Now()))
	if err != nil {
		t.Fatal(err)
	}
	many, err := in.Engine.MatchMany(t.Context(), retrieve.Many{Kind: match.DemandKind, Records: demand, Conditions: conditions, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range many[0].Hits {
		if slices.Contains(before[:len(changes)], h.Ref.ID) {
			t.Errorf("matching many: %s does not meet the filter any more and is shown", h.Ref.ID)
		}
	}
}
