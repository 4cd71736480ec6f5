package server

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/retrieve"
)

// fillMany writes n patents on batteries, of five holders, and D1.
func (r *rig) fillMany(n int) {
	r.Helper()
	r.fill()
	var list []*pb.Patent
	for i := range n {
		list = append(list, &pb.Patent{Number: fmt.Sprintf("CN-M%03d", i), Title: fmt.Sprintf("第%d种锂离子电池正极材料", i), Abstract: fmt.Sprintf("第%d种配方，低温放电容量提高%d%%。", i, i+1),
			Region: []string{"440300", "320500"}[i%2], Applicants: []*pb.Applicant{{Name: fmt.Sprintf("第%d大学", i%5)}}})
	}
	_, err := r.patents().BatchWritePatents(r.Context(), &pb.BatchWritePatentsRequest{Patents: list})
	r.ok(err)
	r.ok(r.config.Catalog.Await(r.Context()))
}

func TestAListIsShapedOverTheAPI(t *testing.T) {
	r := start(t, nil)
	r.fillMany(30)
	req := byDemand("D1")
	req.PageSize, req.MaxPerHolder, req.Diversity, req.Facets = 100, 2, 0.2, true
	req.Boosts = []*pb.Boost{{Filter: &pb.Filter{Regions: []string{"江苏"}}, Level: pb.BoostLevel_BOOST_LEVEL_STRONG}}
	req.MoreLike, req.LessLike = []string{"CN1"}, []string{"CN-M004"}
	req.Filter, req.MinHits = &pb.Filter{Tiers: []string{"A"}}, 5
	got, err := r.matches().Match(t.Context(), req)
	r.ok(err)
	count, boosted := map[string]int{}, 0
	for _, h := range got.GetHits() {
		for _, a := range h.GetPatent().GetApplicants() {
			count[a.GetName()]++
		}
		if h.GetPlacement().GetTerms()[0].GetName() == "boost" {
			boosted++
		}
		if u := h.GetPlacement().GetUnmet(); len(u) != 1 || u[0] != "tiers" {
			t.Errorf("%s does not meet %v", h.GetPatent().GetNumber(), u)
		}
	}
	for holder, n := range count {
		if n > 2 {
			t.Errorf("%s has %d hits", holder, n)
		}
	}
	s := got.GetShaped()
	if boosted == 0 || s.GetListed() != int32(len(got.GetHits())) || s.GetListed()+s.GetCollapsed()+s.GetOverCap() != got.GetConsidered() ||
		s.GetBroadening().GetMet() != 0 || !s.GetBroadening().GetEnough() || len(s.GetFacets()) != 6 || s.GetOverCap() == 0 {
		t.Errorf("%d boosted of %d, %v", boosted, got.GetConsidered(), s)
	}
	a := r.call(http.MethodPost, "/v1/match", `{"demand_id": "D1", "max_per_holder": 1, "boosts": [{"filter": {"regions": ["44"]}, "level": "BOOST_LEVEL_SLIGHT"}]}`)
	if a.code != http.StatusOK || a.body["shaped"].(map[string]any)["over_cap"].(float64) == 0 {
		t.Errorf("over HTTP: %d %s", a.code, a.text)
	}
	a = r.call(http.MethodGet, "/v1/demands/D1/matches?collapse=true&diversity=0.5&more_like=CN1&facets=true", "")
	if a.code != http.StatusOK || a.body["shaped"].(map[string]any)["collapsed"].(float64) == 0 {
		t.Errorf("over HTTP by GET: %d %s", a.code, a.text)
	}
}

func TestABadShapeNamesTheFieldOverTheAPI(t *testing.T) {
	r := start(t, nil)
	r.fill()
	for name, c := range map[string]struct {
		change func(*pb.MatchRequest)
		code   codes.Code
		field  string
	}{
		"diversity": {func(m *pb.MatchRequest) { m.Diversity = 2 }, codes.InvalidArgument, "diversity"},
		"cap":       {func(m *pb.MatchRequest) { m.MaxPerHolder = -1 }, codes.InvalidArgument, "max_per_holder"},
		"boost":     {func(m *pb.MatchRequest) { m.Boosts = []*pb.Boost{{}} }, codes.InvalidArgument, "boosts[0].level"},
		"region": {func(m *pb.MatchRequest) {
			m.Boosts = []*pb.Boost{{Filter: &pb.Filter{Regions: []string{"火星"}}, Level: 1}}
		}, codes.InvalidArgument, "boosts[0].filter.regions[0]"},
		"like":  {func(m *pb.MatchRequest) { m.MoreLike = []string{"CN1", "none"} }, codes.NotFound, ""},
		"both":  {func(m *pb.MatchRequest) { m.MoreLike, m.LessLike = []string{"CN1"}, []string{"CN1"} }, codes.InvalidArgument, "less_like[0]"},
		"least": {func(m *pb.MatchRequest) { m.MinHits = 1000 }, codes.InvalidArgument, "min_hits"},
	} {
		req := byDemand("D1")
		c.change(req)
		_, err := r.matches().Match(t.Context(), req)
		t.Log(name)
		r.refused(err, c.code, c.field)
	}
}

func TestTheSecondPageGoesOnWithTheFirstOneWhileRecordsAreWritten(t *testing.T) {
	r := start(t, nil)
	r.fillMany(40)
	req := byDemand("D1")
	req.PageSize = 30
	whole, err := r.matches().Match(t.Context(), req)
	r.ok(err)
	req.PageSize = 10
	first, err := r.matches().Match(t.Context(), req)
	r.ok(err)
	again, err := r.matches().Match(t.Context(), req)
	r.ok(err)
	if first.GetNextPageToken() != again.GetNextPageToken() {
		t.Error("the same request twice has two tokens")
	}
	_, err = r.patents().CreatePatent(t.Context(), &pb.CreatePatentRequest{Patent: &pb.Patent{Number: "CN-BEST", Title: "低温锂电池", Abstract: "低温放电容量高的锂离子电池正极材料。"}})
	r.ok(err)
	r.ok(r.config.Catalog.Await(t.Context()))
	next := byDemand("D1")
	next.PageSize, next.PageToken = 20, first.GetNextPageToken()
	second, err := r.matches().Match(t.Context(), next)
	r.ok(err)
	if diff := cmp.Diff(whole.GetHits()[10:], second.GetHits(), protocmp.Transform()); diff != "" {
		t.Error("pages 2 and 3 (-before +after the write):", diff)
	}
	// The service starts anew, and keeps no list.
	engine := r.config.Engine.(*retrieve.Engine)
	engine.Swap(&retrieve.Engine{Records: engine.Records, Embedder: engine.Embedder, Sides: engine.Sides, Lexicon: engine.Lexicon, Explainer: engine.Explainer, Now: engine.Now})
	_, err = r.matches().Match(t.Context(), next)
	r.refused(err, codes.FailedPrecondition, "")
	if !strings.Contains(err.Error(), "page_token: the list that the token goes on with is not kept any more") {
		t.Error(err)
	}
}
