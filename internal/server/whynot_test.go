package server

import (
	"testing"

	"google.golang.org/grpc/codes"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

func TestWhyNotSaysOverBothWaysWhereARecordFellOut(t *testing.T) {
	r := start(t, nil)
	r.fill()
	ctx := t.Context()
	req := byDemand("D1")
	req.PageSize = 1
	first := r.answered(req).GetHits()[0].GetPatent().GetNumber()
	ask := func(req *pb.MatchRequest, id string) *pb.WhyNotResponse {
		got, err := r.matches().WhyNot(ctx, &pb.WhyNotRequest{Request: req, Id: id})
		r.ok(err)
		return got
	}
	if got := ask(req, first); got.GetStage() != pb.WhyNotStage_WHY_NOT_STAGE_IN_ANSWER || got.GetRank() != 1 || got.GetRequestId() == "" || got.GetQuery().GetId() != "D1" || got.GetVersions().GetRanker() == "" {
		t.Errorf("the first hit: %v", got)
	}
	if got := ask(req, "CN3"); got.GetStage() != pb.WhyNotStage_WHY_NOT_STAGE_BELOW_PAGE || got.GetRank() < 2 || got.GetShortfall().GetLastId() != first || got.GetShortfall().GetGap() <= 0 || len(got.GetShortfall().GetBehind()) == 0 {
		t.Errorf("CN3: %v", got)
	}
	filtered := byDemand("D1")
	filtered.Filter = &pb.Filter{Regions: []string{"浙江"}}
	if got := ask(filtered, "CN3"); got.GetStage() != pb.WhyNotStage_WHY_NOT_STAGE_FILTERED || got.GetConditions()[0].GetField() != "filter.regions" || got.GetConditions()[0].GetFound().GetZh() != "湖南 4301" {
		t.Errorf("outside 33: %v", got)
	}
	if got := ask(byPatent("CN1"), "D9"); got.GetStage() != pb.WhyNotStage_WHY_NOT_STAGE_UNKNOWN || got.GetScore() != nil {
		t.Errorf("D9: %v", got)
	}
	a := r.call("POST", "/v1/match:whyNot", `{"request": {"demand_id": "D1"}, "id": "CN9"}`)
	if a.code != 200 || a.body["stage"] != "WHY_NOT_STAGE_UNKNOWN" {
		t.Errorf("over HTTP: %d %s", a.code, a.text)
	}
	for field, bad := range map[string]*pb.WhyNotRequest{
		"request": {Id: "CN1"}, "id": {Request: byDemand("D1")}, "demand_id": {Request: byDemand(""), Id: "CN1"}, "rerank": {Request: &pb.MatchRequest{Query: byDemand("D1").Query, Rerank: true}, Id: "CN1"},
	} {
		_, err := r.matches().WhyNot(ctx, bad)
		r.refused(err, codes.InvalidArgument, field)
	}
	_, err := r.matches().WhyNot(ctx, &pb.WhyNotRequest{Request: byDemand("D9"), Id: "CN1"})
	r.refused(err, codes.NotFound, "")
}
