package wire

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/store"
)

// Values with no field left empty. A field that is added to the domain or to the
// proto and not to the conversion fails the tests below.

var noon = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)

func fullPatent() match.Record {
	day := match.Date("2024-05-06")
	r := match.NewPatent("t", match.Patent{
		Number: "CN1", Title: "电池", Abstract: "a", Claims: "c",
		Applicants: []match.Applicant{{Name: "大学", Kind: match.University}},
		Region:     "440300", IPC: []string{"H01M 10/0525"}, Sector: "s",
		FilingDate: day, PublicationDate: day, GrantDate: day, ExpiryDate: day,
		LegalStatus: match.Granted, Family: "f", TransferModes: []match.TransferMode{match.Licence},
		Fee: &match.MoneyRange{Min: 1, Max: 2}, Tier: "A", Pools: []string{"p"}, Readiness: 5, SelfRating: 4,
		Rating: &match.Rating{Mean: 3.5, Count: 2}, Attributes: map[string]string{"k": "v"},
	})
	return enveloped(r)
}

func fullDemand() match.Record {
	r := match.NewDemand("t", match.Demand{
		ID: "D1", Title: "电池", Text: "x",
		Enterprise: match.Enterprise{Name: "厂", Region: "4403", Industry: "C3841", Kind: match.LittleGiant},
		Sector:     "s", Budget: &match.MoneyRange{Min: 1, Max: 2}, Deadline: "2026-12-31",
		TransferModes: []match.TransferMode{match.Assignment}, State: match.Paused,
		Confidential: []string{"enterprise.name"}, Standing: true,
		Rating: &match.Rating{Mean: 5, Count: 1}, Attributes: map[string]string{"k": "v"},
	})
	return enveloped(r)
}

func enveloped(r match.Record) match.Record {
	r.Revision, r.Seq, r.CreatedAt, r.UpdatedAt = 3, 9, noon, noon
	r.Visibility, r.Withdrawn = match.TenantOnly, true
	return r
}

func fullHit() match.Hit {
	rating := match.ShrunkRating{Mean: 4, Count: 2, PriorMean: 3, PriorCount: 5, Shrunk: 3.3, Factor: .66}
	span := match.Span{Ref: fullDemand().Ref, Revision: 3, Field: "text", Start: 1, End: 2, Text: "x"}
	return match.Hit{
		Record: fullPatent(),
		Rank:   1,
		Team:   match.ChallengerArm, Model: "m",
		Placement: fullPlacement(),
		Ordering:  &match.Ordering{Value: 1.1, Rerank: match.Leg{Name: match.RerankLeg, Score: .5, Rank: 2, Weight: 2, Contribution: 1}},
		Score: match.Score{Value: .5, Logit: .1, Bias: .2, Legs: []match.Leg{{Name: match.TextLeg, Score: 1, Rank: 2, Weight: 3, Contribution: 3, Unknown: true}},
			Levels: []float64{.1, .2, .3, .4}, Level: match.RatherGoodFit, InCatalog: .01,
			TwoSided: &match.TwoSidedFit{Forward: .5, Reverse: .4, Mutual: .3, Patent: rating, Demand: rating, Rule: "f"}},
		Explanation: &match.Explanation{
			Evidence: []match.Evidence{{Demand: span, Patent: span, Similarity: .9}},
			Terms:    []match.Term{{Text: "x", Weight: 1, Demand: []match.Span{span}, Patent: []match.Span{span}}},
			Summary:  match.LocalText{ZH: "中", EN: "e"},
			Elements: []match.ElementMatch{{Kind: match.QuantityElement, Demand: span, Patent: span, Score: .5, Verdict: match.Partly, Note: match.LocalText{ZH: "中", EN: "e"}, Review: &match.Review{Verdict: match.Covered, Patent: []match.Span{span}}}},
			Reviewer: "m",
			Offers:   []match.Offer{{Kind: match.EfficacyElement, Patent: span, Note: match.LocalText{ZH: "中", EN: "e"}}},
			Why:      []match.LocalText{{ZH: "中", EN: "e"}},
			Wording:  []match.Sentence{{Text: match.LocalText{ZH: "中", EN: "e"}, Cites: []match.Span{span}}},
			Holder:   match.HolderView{Wanted: []match.LocalText{{ZH: "中", EN: "e"}}, Gaps: []match.LocalText{{ZH: "中", EN: "e"}}},
		},
	}
}

func fullValues() (domain []any, messages []proto.Message) {
	patent, demand, hit := fullPatent(), fullDemand(), fullHit()
	label := match.Label{Tenant: "t", Demand: "D1", Patent: "CN1", Level: match.WeakFit, Rater: "r", At: noon,
		Reason: "why", Source: match.ModelSource, DemandRevision: 1, PatentRevision: 2, Relevance: 0.5, Weight: 0.25}
	event := match.Event{ID: "e", Tenant: "t", Request: "r", Demand: "D1", Patent: "CN1", Rank: 1, Side: match.DemandKind, Type: match.Rejection,
		Reason: match.TooExpensive, Rating: 4, Note: "n", At: noon, Proof: match.ShownProof, Seq: 1}
	days := match.DateRange{From: "2024-01-01", To: "2025-01-01"}
	one := []string{"1"}
	filter := match.Filter{Regions: one, IPC: one, Sectors: one, ApplicantKinds: match.ApplicantKinds,
		LegalStatuses: match.LegalStatuses, TransferModes: match.TransferModes, Tiers: one, Pools: one, Industries: one,
		EnterpriseKinds: match.EnterpriseKinds, DemandStates: match.DemandStates, FilingDate: days, PublicationDate: days,
		Deadline: days, MaxFee: 1, MinBudget: 1, MinReadiness: 1, IncludeUnavailable: true}
	answer := match.Answer{RequestID: "q", Query: demand, Hits: []match.Hit{hit}, More: true, Considered: 9,
		Degraded: []string{"embedder: no answer"}, Took: time.Second,
		Shaped: fullShaped(), Snapshot: "s", CanReview: true,
		Supply: &match.Supply{NoneGood: true, Chance: .1, Threshold: .2, ChanceInCatalog: .05, CatalogThreshold: .1, FalseAlarm: .3, Missed: .4, Reason: match.LocalText{ZH: "中", EN: "e"}},
		Calibration: &match.Calibration{Ranker: "r", Population: match.LocalText{ZH: "中", EN: "e"}, Pairs: 9, Share: .1, ECE: .2, ECELow: .1, ECEHigh: .3,
			Cuts: []float64{1, 2, 3}, CatalogBias: 1, CatalogSlope: 2, CatalogSize: 3},
		Versions: match.Versions{Binary: "1", Embedder: "e", Ranker: "r", Rival: "o", Catalog: 7},
		Route:    match.Route{Model: "r", Alias: "national", Why: match.LocalText{ZH: "中", EN: "e"}, Confidence: 0.5, Change: 3, Pilot: "p", Arm: match.BothArms, Party: "x"}}
	pairs := retrieve.PairAnswer{
		Results: []retrieve.PairScore{
			{Pair: match.Pair{Demand: demand.Ref, Patent: patent.Ref}, Demand: &demand, Patent: &patent, Score: hit.Score, Explanation: hit.Explanation, Route: answer.Route},
			{Err: match.Invalidf("pair", "is empty")}},
		Degraded: answer.Degraded, Versions: answer.Versions, Calibration: answer.Calibration}
	local := match.LocalText{ZH: "中", EN: "e"}
	why := match.WhyNot{RequestID: "q", Query: demand, Stage: match.BelowPage, Reason: local, Remedy: local, Rank: 9, LastRank: 5,
		State: match.Failed, StateReason: "why", Conditions: []match.FailedCondition{{Field: "filter.ipc", Required: local, Found: local}},
		Nominations: []match.Nomination{{Leg: match.TextLeg, Rank: 1, Looked: 2, Depth: 3, Score: .4, Cutoff: .5, Nominated: true}},
		FirstPass:   &match.FirstPass{Rank: 1, Depth: 2, Logit: .3, Cutoff: .4}, Score: &hit.Score,
		Shortfall: &match.Shortfall{LastID: "CN2", LastValue: .1, LastLogit: .2, Gap: .3, LastOrdered: .4, Ordered: .5,
			Behind: []match.LegDifference{{Leg: match.TextLeg, Last: 3, Own: 1, Difference: 2}}},
		Degraded: answer.Degraded, Versions: answer.Versions, Route: answer.Route, Took: time.Second}
	failure := store.Failure{Follower: "f", Ref: demand.Ref, Seq: 1, Stage: match.Embedded, Reason: "why", Attempts: 2, RetryAt: noon}

	domain = []any{*patent.Patent, *demand.Demand, hit.Score, *hit.Explanation, label, filter, failure, answer.Versions, *answer.Supply, *answer.Calibration, event,
		*hit.Placement, *answer.Shaped, fullShape(), fullPool().Elements[0], *why.Shortfall, why.Nominations[0], *why.FirstPass, why.Conditions[0]}
	messages = []proto.Message{ToPatent(&patent, match.Failed, "why"), ToDemand(&demand, match.Failed, "why"),
		ToHit(&hit), ToHit(&match.Hit{Record: demand}), ToLabel(label), ToFilter(filter), ToAnswer(&answer), ToUnsearchable(failure), ToEvent(&event),
		fullShapeRequest(), ToPool(fullPool()), &pb.MatchRequest{Rerank: true, Review: true}, ToPairAnswer("q", &pairs), ToWhyNot(&why)}
	return domain, messages
}

// notYet lists fields of the proto that the domain has nothing for.
var notYet = map[protoreflect.FullName]bool{
	"duijie.v1.MatchResponse.next_page_token": true, // the handler's
	// Those of a request besides its shape; the handler reads them.
	"duijie.v1.MatchRequest.tenant": true, "duijie.v1.MatchRequest.demand_id": true, "duijie.v1.MatchRequest.patent_number": true,
	"duijie.v1.MatchRequest.text": true, "duijie.v1.MatchRequest.filter": true, "duijie.v1.MatchRequest.page_size": true,
	"duijie.v1.MatchRequest.page_token": true, "duijie.v1.MatchRequest.explain": true, "duijie.v1.MatchRequest.order": true,
	"duijie.v1.MatchRequest.model": true, "duijie.v1.MatchRequest.party": true,
}

func TestEveryFieldOfTheProtoIsWritten(t *testing.T) {
	_, messages := fullValues()
	written := map[protoreflect.FullName]bool{}
	for _, m := range messages {
		noteFields(m.ProtoReflect(), written)
	}
	for name, ok := range written {
		if ok == notYet[name] {
			t.Errorf("%s: written is %t, on the list of what the domain does not have: %t", name, ok, notYet[name])
		}
	}
}

// noteFields tells of each field whether it was set in any message.
func noteFields(m protoreflect.Message, written map[protoreflect.FullName]bool) {
	if m.Descriptor().ParentFile().Package() != "duijie.v1" {
		return
	}
	for i := range m.Descriptor().Fields().Len() {
		f := m.Descriptor().Fields().Get(i)
		written[f.FullName()] = written[f.FullName()] || m.Has(f)
		switch {
		case f.IsMap() || f.Message() == nil || !m.Has(f):
		case f.IsList():
			for j := range m.Get(f).List().Len() {
				noteFields(m.Get(f).List().Get(j).Message(), written)
			}
		default:
			noteFields(m.Get(f).Message(), written)
		}
	}
}

// TestTheFullValuesAreFull keeps the test above from passing for want of data.
func TestTheFullValuesAreFull(t *testing.T) {
	domain, _ := fullValues()
	for _, v := range domain {
		eachZero(reflect.ValueOf(v), fmt.Sprintf("%T", v), func(name string) { t.Errorf("%s is empty", name) })
	}
	same(t, fullPatent().Patent, readPatent(t, ToPatent(new(fullPatent()), "", "")).Patent)
	same(t, fullDemand().Demand, readDemand(t, ToDemand(new(fullDemand()), "", "")).Demand)
}

func eachZero(v reflect.Value, name string, found func(string)) {
	switch {
	case v.IsZero():
		found(name)
	case v.Kind() == reflect.Pointer:
		eachZero(v.Elem(), name, found)
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
		for i := range v.NumField() {
			eachZero(v.Field(i), name+"."+v.Type().Field(i).Name, found)
		}
	}
}
