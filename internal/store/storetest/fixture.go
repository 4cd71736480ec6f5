package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

const tenant = match.DefaultTenant

// patent and demand are the least that a record needs.
func patent(number, title string) match.Record {
	return match.NewPatent(tenant, match.Patent{Number: number, Title: title})
}

func demand(id, text string) match.Record {
	return match.NewDemand(tenant, match.Demand{ID: id, Text: text})
}

// fullPatent and fullDemand have every field set.
func fullPatent(number string) match.Record {
	r := match.NewPatent(tenant, match.Patent{
		Number: number, Title: "一种高韧性 <复合> 材料 & 制备方法", Abstract: "本发明公开了\u2028一种复合材料。\n\"抗冲击韧性≥67%\"", Claims: "1. 一种复合材料。",
		Applicants: []match.Applicant{{Name: "清华大学", Kind: match.University}, {Name: "某公司"}},
		Region:     "440305", IPC: []string{"H01M 10/0525", "C08L"}, Sector: "新材料",
		FilingDate: "2021-03-04", PublicationDate: "2022-01-02", GrantDate: "2023-05-06", ExpiryDate: "2041-03-04",
		LegalStatus: match.Granted, Family: "F1", TransferModes: []match.TransferMode{match.Licence, match.OpenLicence},
		Fee: &match.MoneyRange{Min: 100_000, Max: 9_007_199_254_740_993}, Tier: "A", Pools: []string{"电池"},
		Readiness: 6, SelfRating: 4, Rating: &match.Rating{Mean: 4.1, Count: 7},
		Attributes: map[string]string{"来源": "高校", "b": "", "a": "1"},
	})
	r.Visibility = match.TenantOnly
	return r
}

func fullDemand(id string) match.Record {
	r := match.NewDemand(tenant, match.Demand{
		ID: id, Title: "需要高韧性材料", Text: "用于汽车保险杠 😀",
		Enterprise: match.Enterprise{Name: "某汽车厂", Region: "3301", Industry: "C3841", Kind: match.HighGrowthSME},
		Sector:     "汽车", Budget: &match.MoneyRange{Min: 0, Max: 500_000}, Deadline: "2027-01-31",
		TransferModes: []match.TransferMode{match.JointDevelopment}, State: match.Paused,
		Confidential: []string{"budget", "enterprise.name"}, Standing: true,
		Rating: &match.Rating{Mean: 5, Count: 1}, Attributes: map[string]string{"渠道": "园区"},
	})
	r.Visibility = match.Private
	return r
}

func write(r match.Record) store.Item { return store.Item{Record: r} }

func writeIf(r match.Record, revision int64) store.Item {
	return store.Item{Record: r, IfRevision: revision}
}

// withdraw has no body, as none is needed.
func withdraw(ref match.Ref) store.Item {
	return store.Item{Record: match.Record{Ref: ref, Withdrawn: true}}
}

func put(t *testing.T, s store.Store, items ...store.Item) []store.Outcome {
	t.Helper()
	return putBatch(t, s, store.Batch{Tenant: tenant, Items: items})
}

func putBatch(t *testing.T, s store.Store, batch store.Batch) []store.Outcome {
	t.Helper()
	outcomes, err := s.Put(t.Context(), batch)
	if err != nil {
		t.Fatalf("Put: %v", err)
	}
	for i, o := range outcomes {
		if o.Ref != batch.Items[i].Record.Ref {
			t.Errorf("outcome %d is of %v, want %v", i, o.Ref, batch.Items[i].Record.Ref)
		}
		if (o.Err != nil) != (o.Change == store.Refused) {
			t.Errorf("outcome %d is %s with error %v", i, o.Change, o.Err)
		}
	}
	return outcomes
}

// result is what matters of an outcome in most tests.
type result struct {
	Change   store.Change
	Revision int64
	Kind     match.ErrorKind // of a refusal
	Field    string
}

func results(outcomes []store.Outcome) []result {
	out := make([]result, len(outcomes))
	for i, o := range outcomes {
		out[i] = result{Change: o.Change, Revision: o.Revision}
		if o.Err != nil {
			out[i].Revision = 0 // not promised
			out[i].Kind, out[i].Field = match.KindOf(o.Err), fieldOf(o.Err)
		}
	}
	return out
}

func fieldOf(err error) string {
	var e *match.Error
	if errors.As(err, &e) {
		return e.Field
	}
	return ""
}

func get(t *testing.T, s store.Store, refs ...match.Ref) []*match.Record {
	t.Helper()
	records, err := s.Get(t.Context(), refs)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	if len(records) != len(refs) {
		t.Fatalf("Get returned %d entries for %d refs", len(records), len(refs))
	}
	return records
}

// stored is r as it comes back after a write with the outcome o.
func stored(t *testing.T, s store.Store, r match.Record, o store.Outcome) match.Record {
	t.Helper()
	got := get(t, s, r.Ref)[0]
	if got == nil {
		t.Fatalf("%v is not found after it was %s", r.Ref, o.Change)
	}
	r.Revision, r.Seq, r.CreatedAt, r.UpdatedAt = o.Revision, o.Seq, got.CreatedAt, got.UpdatedAt
	return r
}

func ids(records []match.Record) []string {
	out := []string{}
	for _, r := range records {
		out = append(out, r.ID)
	}
	return out
}

func diff(t *testing.T, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func wantKind(t *testing.T, err error, kind match.ErrorKind) {
	t.Helper()
	if err == nil || match.KindOf(err) != kind {
		t.Errorf("error %v is %s, want %s", err, match.KindOf(err), kind)
	}
}

func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

// checkTime accepts UTC times that a clock may have shown during the test.
func checkTime(t *testing.T, what string, at time.Time) {
	t.Helper()
	if at.Location() != time.UTC {
		t.Errorf("%s is in %v, want UTC", what, at.Location())
	}
	if age := time.Since(at); age < -time.Minute || age > time.Hour {
		t.Errorf("%s is %v, which is not the time of the write", what, at)
	}
}

func numbered(prefix string, i int) string { return fmt.Sprintf("%s%05d", prefix, i) }
