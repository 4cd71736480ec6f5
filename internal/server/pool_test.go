package server

import (
	"net/http"
	"testing"

	"google.golang.org/grpc/codes"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

func TestAPoolIsSuggestedForADemandAndForAText(t *testing.T) {
	r := start(t, nil)
	r.fill()
	got, err := r.matches().SuggestPool(t.Context(), &pb.SuggestPoolRequest{Query: &pb.SuggestPoolRequest_DemandId{DemandId: "D1"}})
	r.ok(err)
	if got.GetDemandId() != "D1" || got.GetRequestId() == "" || len(got.GetElements()) == 0 || len(got.GetPatents()) != 1 || got.GetPatents()[0].GetPatent().GetNumber() != "CN1" ||
		got.GetReached() <= 0 || !got.GetExact() || got.GetSummary().GetZh() == "" {
		t.Errorf("pool %v", got)
	}
	a := r.call(http.MethodPost, "/v1/pools:suggest", `{"text": {"body": "需要水稻秸秆还田的机械。"}, "max_patents": 2}`)
	if a.code != http.StatusOK || a.body["elements"] == nil {
		t.Errorf("over HTTP: %d %s", a.code, a.text)
	}
	a = r.call(http.MethodGet, "/v1/demands/D1/pool?max_patents=3&filter.regions=43", "")
	if a.code != http.StatusOK || a.body["considered"].(float64) > 1 {
		t.Errorf("over HTTP by GET: %d %s", a.code, a.text)
	}
	for field, req := range map[string]*pb.SuggestPoolRequest{
		"query":             {},
		"demand_id":         {Query: &pb.SuggestPoolRequest_DemandId{}},
		"text":              {Query: &pb.SuggestPoolRequest_Text{Text: &pb.PoolText{}}},
		"max_patents":       {Query: &pb.SuggestPoolRequest_DemandId{DemandId: "D1"}, MaxPatents: 11},
		"filter.regions[0]": {Query: &pb.SuggestPoolRequest_DemandId{DemandId: "D1"}, Filter: &pb.Filter{Regions: []string{"火星"}}},
	} {
		_, err := r.matches().SuggestPool(t.Context(), req)
		r.refused(err, codes.InvalidArgument, field)
	}
}
