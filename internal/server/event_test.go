package server

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/archive"
)

// keeping makes a server keep its answers.
func keeping(t *testing.T, texts bool) func(*Config) {
	return func(c *Config) {
		c.Archive, c.KeepTexts = archive.Open(archive.Config{Store: c.Store}), texts
		t.Cleanup(func() { c.Archive.Close() })
	}
}

func TestEventsAreHeldAgainstTheAnswerAtOnce(t *testing.T) {
	r := start(t, keeping(t, false))
	r.fill()
	ctx := t.Context()
	got, err := r.matches().Match(ctx, byDemand("D1"))
	r.ok(err)
	event := func(id, patent string, kind pb.EventType) *pb.Event {
		return &pb.Event{Id: id, RequestId: got.GetRequestId(), DemandId: "D1", PatentNumber: patent, Side: pb.RecordKind_RECORD_KIND_DEMAND, Type: kind}
	}
	first := event("e1", "CN1", pb.EventType_EVENT_TYPE_VIEW)
	wrong := event("e2", "CN1", pb.EventType_EVENT_TYPE_VIEW)
	wrong.RankShown = 3
	foreign := event("e3", "CN9", pb.EventType_EVENT_TYPE_VIEW)
	unknown := event("e4", "CN1", pb.EventType_EVENT_TYPE_CONTACT)
	unknown.RequestId, unknown.Rating = "of-last-year", 5
	bare := event("e5", "CN1", pb.EventType_EVENT_TYPE_REJECTION)
	out, err := r.events().RecordEvents(ctx, &pb.RecordEventsRequest{Events: []*pb.Event{first, wrong, foreign, unknown, bare, first}})
	r.ok(err)
	var told []string
	for _, x := range out.GetResults() {
		told = append(told, strings.Join([]string{x.GetChange().String(), x.GetProof().String(), codes.Code(x.GetStatus().GetCode()).String(), x.GetStatus().GetField()}, " "))
	}
	if d := cmp.Diff([]string{
		"CHANGE_CREATED EVENT_PROOF_SHOWN OK ",
		"CHANGE_UNSPECIFIED EVENT_PROOF_UNSPECIFIED InvalidArgument event.rank_shown",
		"CHANGE_UNSPECIFIED EVENT_PROOF_UNSPECIFIED InvalidArgument event.patent_number",
		"CHANGE_CREATED EVENT_PROOF_UNKNOWN_REQUEST OK ",
		"CHANGE_UNSPECIFIED EVENT_PROOF_UNSPECIFIED InvalidArgument event.reason",
		"CHANGE_UNCHANGED EVENT_PROOF_SHOWN OK ",
	}, told); d != "" {
		t.Error(d)
	}
	list, err := r.events().ListEvents(ctx, &pb.ListEventsRequest{DemandId: "D1", PageSize: 1})
	r.ok(err)
	if e := list.GetEvents()[0]; e.GetId() != "e1" || e.GetRankShown() != 1 || e.GetTime() == nil || list.GetNextPageToken() == "" {
		t.Errorf("the first page is %v", list)
	}
	rest := r.call("GET", "/v1/events?demand_id=D1&page_size=1&page_token="+list.GetNextPageToken(), "")
	if rest.code != 200 || !strings.Contains(rest.text, `"e4"`) || strings.Contains(rest.text, `"e1"`) {
		t.Errorf("the second page is %s", rest.text)
	}
}

func TestARatingIsInTheNextAnswer(t *testing.T) {
	r := start(t, nil)
	r.fill()
	ctx := t.Context()
	rated := func() *pb.Rating {
		got, err := r.matches().Match(ctx, byDemand("D1"))
		r.ok(err)
		return got.GetHits()[0].GetPatent().GetRating()
	}
	if rated() != nil {
		t.Fatal("it is rated before")
	}
	for i, stars := range []int32{5, 2} {
		a := r.call("POST", "/v1/events:record", `{"events":[{"id":"e`+string(rune('0'+i))+`","demand_id":"D`+string(rune('1'+i))+`","patent_number":"CN1","side":"RECORD_KIND_DEMAND","type":"EVENT_TYPE_CONTACT","rating":`+string(rune('0'+stars))+`}]}`)
		if a.code != 200 || !strings.Contains(a.text, "CHANGE_CREATED") {
			t.Fatal(a.text)
		}
	}
	want := &pb.Rating{Mean: 3.5, Count: 2}
	if d := cmp.Diff(want, rated(), protocmp.Transform()); d != "" {
		t.Error(d)
	}
	one, err := r.events().GetRating(ctx, &pb.GetRatingRequest{Kind: pb.RecordKind_RECORD_KIND_PATENT, Id: "CN1"})
	r.ok(err)
	if d := cmp.Diff(want, one.GetRating(), protocmp.Transform()); d != "" {
		t.Error(d)
	}
	if a := r.call("GET", "/v1/ratings/RECORD_KIND_DEMAND/D1", ""); a.code != 200 || a.body["rating"] != nil {
		t.Errorf("a demand that nobody rated: %s", a.text)
	}
	_, err = r.events().GetRating(ctx, &pb.GetRatingRequest{Id: "CN1"})
	r.refused(err, codes.InvalidArgument, "kind")
}

func TestLabelsAreDerivedFromEventsAsAnOperation(t *testing.T) {
	r := start(t, nil)
	ctx := t.Context()
	_, err := r.events().RecordEvents(ctx, &pb.RecordEventsRequest{Events: []*pb.Event{
		{Id: "e1", DemandId: "D1", PatentNumber: "CN1", Side: pb.RecordKind_RECORD_KIND_DEMAND, Type: pb.EventType_EVENT_TYPE_CONTRACT},
		{Id: "e2", DemandId: "D1", PatentNumber: "CN2", Side: pb.RecordKind_RECORD_KIND_DEMAND, Type: pb.EventType_EVENT_TYPE_REJECTION, Reason: pb.RejectionReason_REJECTION_REASON_WRONG_FIELD},
	}})
	r.ok(err)
	begun, err := r.labels().DeriveLabels(ctx, &pb.DeriveLabelsRequest{})
	r.ok(err)
	done := r.ended(begun.GetOperation().GetId())
	if d := done.GetDeriveLabels(); d.GetLabels() != 2 || d.GetEvents() != 2 || len(d.GetPropensities()) == 0 {
		t.Fatalf("ended as %v", done)
	}
	list, err := r.labels().ListLabels(ctx, &pb.ListLabelsRequest{Source: pb.LabelSource_LABEL_SOURCE_EVENT})
	r.ok(err)
	if len(list.GetLabels()) != 2 || list.GetLabels()[0].GetLevel() != pb.Level_LEVEL_STRONG || list.GetLabels()[1].GetLevel() != pb.Level_LEVEL_NONE || list.GetLabels()[0].GetWeight() == 0 {
		t.Errorf("the labels are %v", list)
	}
}
