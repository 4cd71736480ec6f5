package server

import (
	"net/url"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

func TestEachRequestFindsAPatentByAnySpellingOfItsNumber(t *testing.T) {
	r := start(t, keeping(t, false))
	r.fill()
	ctx := t.Context()
	const number, other, third = "CN202110312047B", "zl202110312047.b", "ＣＮ 2021-10312047 Ｂ"
	written, err := r.patents().BatchWritePatents(ctx, &pb.BatchWritePatentsRequest{Patents: []*pb.Patent{
		{Number: other, Title: "一种低温锂离子电池"}, {Number: third, Title: "一种低温锂离子电池正极"},
	}})
	r.ok(err)
	if got := written.GetResults(); got[0].GetId() != number || got[1].GetId() != number || got[1].GetRevision() != 2 {
		t.Errorf("written: %v", got)
	}
	_, err = r.patents().UpdatePatent(ctx, &pb.UpdatePatentRequest{Patent: &pb.Patent{Number: third, Title: "一种低温锂离子电池正极材料"}, IfRevision: 2})
	r.ok(err)
	r.ok(r.config.Catalog.Await(ctx))
	for _, spelling := range []string{number, other, third} {
		got, err := r.patents().GetPatent(ctx, &pb.GetPatentRequest{Number: spelling})
		r.ok(err)
		if got.GetPatent().GetNumber() != number || got.GetPatent().GetInfo().GetRevision() != 3 {
			t.Errorf("%s is %v", spelling, got)
		}
		if a := r.call("GET", "/v1/patents/"+url.PathEscape(spelling)+"/matches", ""); a.code != 200 || a.body["query"].(map[string]any)["id"] != number {
			t.Errorf("matches of %s: %s", spelling, a.text)
		}
		why, err := r.matches().WhyNot(ctx, &pb.WhyNotRequest{Request: byDemand("D1"), Id: spelling})
		r.ok(err)
		if why.GetRank() == 0 {
			t.Errorf("why not %s: %v", spelling, why)
		}
		like := byDemand("D1")
		like.MoreLike = []string{spelling}
		if _, err = r.matches().Match(ctx, like); err != nil {
			t.Errorf("more like %s: %v", spelling, err)
		}
		score, err := r.matches().ScorePairs(ctx, &pb.ScorePairsRequest{Pairs: []*pb.Pair{{DemandId: "D1", PatentNumber: spelling}}})
		r.ok(err)
		if s := score.GetResults()[0]; s.GetPair().GetPatentNumber() != number || s.GetStatus().GetCode() != 0 {
			t.Errorf("the score of %s: %v", spelling, score)
		}
	}
	_, err = r.labels().BatchWriteLabels(ctx, &pb.BatchWriteLabelsRequest{Labels: []*pb.Label{
		{DemandId: "D1", PatentNumber: other, Level: pb.Level_LEVEL_STRONG, Rater: "a", Time: timestamppb.New(time.Unix(1e9, 0))},
	}})
	r.ok(err)
	labels, err := r.labels().ListLabels(ctx, &pb.ListLabelsRequest{PatentNumber: third})
	r.ok(err)
	if l := labels.GetLabels(); len(l) != 1 || l[0].GetPatentNumber() != number {
		t.Errorf("labels: %v", labels)
	}
	_, err = r.labels().WithdrawLabels(ctx, &pb.WithdrawLabelsRequest{Labels: []*pb.LabelName{{DemandId: "D1", PatentNumber: third, Rater: "a"}}})
	r.ok(err)
	_, err = r.events().RecordEvents(ctx, &pb.RecordEventsRequest{Events: []*pb.Event{
		{Id: "e1", DemandId: "D1", PatentNumber: other, Side: pb.RecordKind_RECORD_KIND_DEMAND, Type: pb.EventType_EVENT_TYPE_CONTRACT},
	}})
	r.ok(err)
	events, err := r.events().ListEvents(ctx, &pb.ListEventsRequest{PatentNumber: third})
	r.ok(err)
	if e := events.GetEvents(); len(e) != 1 || e[0].GetPatentNumber() != number {
		t.Errorf("events: %v", events)
	}
	gone, err := r.patents().BatchWritePatents(ctx, &pb.BatchWritePatentsRequest{Patents: []*pb.Patent{{Number: third, Info: &pb.RecordInfo{Withdrawn: true}}}})
	r.ok(err)
	if got := gone.GetResults()[0]; got.GetId() != number || got.GetChange() != pb.Change_CHANGE_WITHDRAWN {
		t.Errorf("withdrawn: %v", got)
	}
	_, err = r.patents().CreatePatent(ctx, &pb.CreatePatentRequest{Patent: &pb.Patent{Number: "1.20211E+11", Title: "t"}})
	r.refused(err, codes.InvalidArgument, "patent.number")
}
