package server

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/server/wire"
)

func TestATokenGivesItsPlaceBack(t *testing.T) {
	req := &pb.ListLabelsRequest{PageSize: 3}
	want := labelPlace{"需求/1", "CN\u20281", "<甲>", "expert"}
	got, err := placeOf[labelPlace](&pb.ListLabelsRequest{Tenant: "default", PageToken: "any"}, nextPage(req, want))
	if err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestATokenIsGoodForItsRequestAlone(t *testing.T) {
	of := &pb.MatchRequest{Query: &pb.MatchRequest_DemandId{DemandId: "1"}, Explain: true, PageSize: 5}
	token := nextPage(of, 10)
	for name, c := range map[string]struct {
		req  *pb.MatchRequest
		good bool
	}{
		"the same":          {&pb.MatchRequest{Query: &pb.MatchRequest_DemandId{DemandId: "1"}}, true},
		"another kind":      {&pb.MatchRequest{Query: &pb.MatchRequest_PatentNumber{PatentNumber: "1"}}, false},
		"another filter":    {&pb.MatchRequest{Query: of.Query, Filter: &pb.Filter{Regions: []string{"44"}}}, false},
		"a filter of none":  {&pb.MatchRequest{Query: of.Query, Filter: &pb.Filter{}}, false},
		"another tenant":    {&pb.MatchRequest{Query: of.Query, Tenant: "acme"}, false},
		"the named default": {&pb.MatchRequest{Query: of.Query, Tenant: "default"}, true},
	} {
		if got, err := placeOf[int](c.req, token); (err == nil) != c.good || c.good && got != 10 {
			t.Errorf("%s: %d, %v", name, got, err)
		}
	}
}

func FuzzTokensAreReadOrRefused(f *testing.F) {
	req := &pb.ListPatentsRequest{}
	f.Add(nextPage(req, "CN1"))
	f.Add("e30")
	f.Add("%")
	f.Fuzz(func(t *testing.T, token string) {
		_, err := placeOf[string](req, token)
		if err != nil && status.Code(wire.Status(err)) != codes.InvalidArgument {
			t.Errorf("%q: %v", token, err)
		}
	})
}
