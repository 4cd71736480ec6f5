package server

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

func (r *rig) replay(request string) *pb.ReplayResponse {
	r.Helper()
	got, err := r.replays().Replay(r.Context(), &pb.ReplayRequest{RequestId: request})
	r.ok(err)
	return got
}

func (r *rig) answered(req *pb.MatchRequest) *pb.MatchResponse {
	r.Helper()
	got, err := r.matches().Match(r.Context(), req)
	r.ok(err)
	return got
}

func TestAnAnswerIsGivenAgainAsItWasAfterItsRecordsHaveChanged(t *testing.T) {
	r := start(t, keeping(t, false))
	r.fill()
	ctx := t.Context()
	req := byDemand("D1")
	req.Explain, req.PageSize = true, 2
	req.Filter = &pb.Filter{IncludeUnavailable: true}
	then := r.answered(req)
	if x := then.GetHits()[0].GetExplanation(); len(x.GetEvidence()) == 0 || x.GetEvidence()[0].GetPatent().GetText() == "" {
		t.Fatal("there is no evidence: the test shows nothing")
	}
	got := r.replay(then.GetRequestId())
	if d := cmp.Diff(then, got.GetAnswer(), protocmp.Transform()); d != "" {
		t.Error("at once (-then +again):", d)
	}
	if len(got.GetChanges()) != 0 || !proto.Equal(req, got.GetRequest()) || got.GetAnswerTime() == nil {
		t.Errorf("%v", got)
	}

	_, err := r.patents().UpdatePatent(ctx, &pb.UpdatePatentRequest{Patent: &pb.Patent{Number: "CN1", Title: "一种全新的标题", Abstract: "全新的摘要。", Region: "440300"}})
	r.ok(err)
	_, err = r.demands().UpdateDemand(ctx, &pb.UpdateDemandRequest{Demand: &pb.Demand{Id: "D1", Title: "低温锂电池", Text: "别的内容。"}})
	r.ok(err)
	gone := then.GetHits()[1].GetPatent().GetNumber()
	_, err = r.patents().WithdrawPatent(ctx, &pb.WithdrawPatentRequest{Number: gone})
	r.ok(err)
	got = r.replay(then.GetRequestId())
	if d := cmp.Diff(then, got.GetAnswer(), protocmp.Transform()); d != "" {
		t.Error("after updates (-then +again):", d)
	}
	want := []*pb.RecordChange{
		{Kind: pb.RecordKind_RECORD_KIND_DEMAND, Id: "D1", RevisionThen: 1, RevisionNow: 2, Fields: []string{"confidential_fields", "text"}},
		{Kind: pb.RecordKind_RECORD_KIND_PATENT, Id: "CN1", RevisionThen: 1, RevisionNow: 2, Fields: []string{"abstract", "title"}},
		{Kind: pb.RecordKind_RECORD_KIND_PATENT, Id: gone, RevisionThen: 1, RevisionNow: 2, Withdrawn: true},
	}
	if d := cmp.Diff(want, got.GetChanges(), protocmp.Transform()); d != "" {
		t.Error("changes (-want +got):", d)
	}
	if now, was := got.GetVersionsNow(), then.GetVersions(); now.GetRanker() != was.GetRanker() || now.GetCatalog() <= was.GetCatalog() {
		t.Errorf("versions %v, then %v", now, was)
	}
}

func TestWhatBecameConfidentialIsInNoReplay(t *testing.T) {
	r := start(t, keeping(t, false))
	r.fill()
	ctx := t.Context()
	req := byPatent("CN1")
	req.Explain = true
	then := r.answered(req)
	if !strings.Contains(then.String(), "寻求低温放电") {
		t.Fatal("the answer does not quote the demand: the test shows nothing")
	}
	hidden := &pb.Demand{Id: "D1", Title: "低温锂电池", Text: "寻求低温放电容量高的锂离子电池正极材料。", Enterprise: &pb.Enterprise{Name: "甲公司"}, ConfidentialFields: []string{"enterprise.name", "text"}}
	_, err := r.demands().UpdateDemand(ctx, &pb.UpdateDemandRequest{Demand: hidden})
	r.ok(err)
	got := r.replay(then.GetRequestId())
	text := prototext(got)
	for _, secret := range []string{"甲公司", "寻求低温放电", "正极材料。"} {
		if strings.Contains(strings.ReplaceAll(text, then.GetHits()[0].GetPatent().GetTitle(), ""), secret) {
			t.Errorf("%q is in the replay: %s", secret, text)
		}
	}
	if len(got.GetWithheld()) == 0 || len(got.GetAnswer().GetHits()) != len(then.GetHits()) || got.GetAnswer().GetHits()[0].GetScore().GetValue() != then.GetHits()[0].GetScore().GetValue() {
		t.Errorf("%v", got)
	}
	_, err = r.demands().UpdateDemand(ctx, &pb.UpdateDemandRequest{Demand: &pb.Demand{Id: "D1", Title: "低温锂电池", Info: &pb.RecordInfo{Visibility: pb.Visibility_VISIBILITY_PRIVATE}}})
	r.ok(err)
	if text := prototext(r.replay(then.GetRequestId())); strings.Contains(text, "低温锂电池") {
		t.Errorf("a demand that was hidden is shown: %s", text)
	}
}

// prototext is what a reader of the answer could find.
func prototext(m proto.Message) string {
	text, _ := newCodec().Marshal(m)
	return string(text)
}

func TestATextThatIsNotStoredIsKeptAsItsHashUnlessItIsAskedFor(t *testing.T) {
	for _, texts := range []bool{false, true} {
		r := start(t, keeping(t, texts))
		r.fill()
		req := byText(&pb.PlainText{Title: "电池", Body: "代号蓝鲸，低温放电容量高的锂离子电池。"})
		req.Explain = true
		then := r.answered(req)
		got := r.replay(then.GetRequestId())
		if len(got.GetTextHash()) != 64 {
			t.Errorf("hash %q", got.GetTextHash())
		}
		if texts {
			if d := cmp.Diff(then, got.GetAnswer(), protocmp.Transform()); d != "" || !proto.Equal(req, got.GetRequest()) {
				t.Error("with texts:", d, got.GetRequest())
			}
			continue
		}
		if strings.Contains(prototext(got), "蓝鲸") || len(got.GetWithheld()) != 1 || got.GetAnswer().GetHits()[0].GetExplanation() != nil {
			t.Errorf("without texts: %v", got)
		}
		kept, err := r.config.Archive.Find(t.Context(), "default", []string{then.GetRequestId()})
		if err != nil || strings.Contains(string(kept[0].Sent), "蓝鲸") || kept[0].Query.Texts != nil {
			t.Errorf("the text is kept: %+v, %v", kept[0], err)
		}
		bare := proto.CloneOf(then)
		for i, h := range got.GetAnswer().GetHits() {
			bare.Hits[i].Explanation = nil
			if !proto.Equal(bare.GetHits()[i], h) {
				t.Errorf("hit %d is %v, was %v", i, h, bare.GetHits()[i])
			}
		}
	}
}

func TestReplayOfWhatIsNotKept(t *testing.T) {
	r := start(t, keeping(t, false))
	_, err := r.replays().Replay(t.Context(), &pb.ReplayRequest{RequestId: "none"})
	r.refused(err, codes.NotFound, "")
	_, err = r.replays().Replay(t.Context(), &pb.ReplayRequest{})
	r.refused(err, codes.InvalidArgument, "request_id")
	if a := r.call("GET", "/v1/answers/none", ""); a.code != 404 {
		t.Errorf("HTTP %d", a.code)
	}
	without := start(t, nil)
	_, err = without.replays().Replay(t.Context(), &pb.ReplayRequest{RequestId: "r"})
	without.refused(err, codes.PermissionDenied, "")
}

func TestARepeatedRequestIdReplacesNoAnswer(t *testing.T) {
	r := start(t, keeping(t, false))
	r.fill()
	ctx := t.Context()
	first := r.call("GET", "/v1/demands/D1/matches", "", "X-Request-Id", "mine")
	second := r.call("GET", "/v1/demands/D2/matches", "", "X-Request-Id", "mine")
	again := r.call("GET", "/v1/demands/D1/matches", "", "X-Request-Id", "mine")
	ids := map[string]bool{}
	for i, a := range []answer{first, second, again} {
		id, _ := a.body["request_id"].(string)
		if head := a.header.Values("X-Request-Id"); id == "" || ids[id] || len(head) != 1 || head[0] != id || (id == "mine") != (i == 0) {
			t.Errorf("answer %d has the id %q, its header says %q", i, id, head)
		}
		ids[id] = true
	}
	var header metadata.MD
	got, err := r.matches().Match(metadata.AppendToOutgoingContext(ctx, idKey, "mine"), byDemand("D2"), grpc.Header(&header))
	r.ok(err)
	if id := got.GetRequestId(); ids[id] || len(header[idKey]) != 1 || header[idKey][0] != id {
		t.Errorf("by gRPC the id is %q, the header %q", id, header[idKey])
	}
	renewed, _ := second.body["request_id"].(string)
	for demand, id := range map[string]string{"D1": "mine", "D2": renewed} {
		if got := r.replay(id).GetAnswer().GetQuery().GetId(); got != demand {
			t.Errorf("%s is of %s, want %s", id, got, demand)
		}
	}
	view := func(id, request, demand, patent string) *pb.Event {
		return &pb.Event{Id: id, RequestId: request, DemandId: demand, PatentNumber: patent, Side: pb.RecordKind_RECORD_KIND_DEMAND, Type: pb.EventType_EVENT_TYPE_VIEW}
	}
	told, err := r.events().RecordEvents(ctx, &pb.RecordEventsRequest{Events: []*pb.Event{view("e1", "mine", "D1", "CN1"), view("e2", renewed, "D2", "CN3")}})
	r.ok(err)
	for _, x := range told.GetResults() {
		if x.GetProof() != pb.EventProof_EVENT_PROOF_SHOWN {
			t.Errorf("event %v", x)
		}
	}
}
