package server

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

func byDemand(id string) *pb.MatchRequest {
	return &pb.MatchRequest{Query: &pb.MatchRequest_DemandId{DemandId: id}}
}

func byPatent(number string) *pb.MatchRequest {
	return &pb.MatchRequest{Query: &pb.MatchRequest_PatentNumber{PatentNumber: number}}
}

func byText(text *pb.PlainText) *pb.MatchRequest {
	return &pb.MatchRequest{Query: &pb.MatchRequest_Text{Text: text}}
}

func TestMatchAnswersFromEitherSideAndFromText(t *testing.T) {
	r := start(t, nil)
	r.fill()
	req := byDemand("D1")
	req.Explain = true
	got, err := r.matches().Match(t.Context(), req)
	r.ok(err)
	best := got.GetHits()[0]
	if best.GetPatent().GetNumber() != "CN1" || best.GetRank() != 1 || best.GetExplanation().GetSummary().GetZh() == "" || best.GetPatent().GetInfo().GetState() != pb.RecordState_RECORD_STATE_INDEXED {
		t.Errorf("for D1: %v", best)
	}
	if got.GetRequestId() == "" || got.GetQuery().GetId() != "D1" || got.GetQuery().GetRevision() != 1 || got.GetConsidered() != 3 || got.GetVersions().GetBinary() != "test" {
		t.Errorf("answer %v", got)
	}
	back, err := r.matches().Match(t.Context(), byPatent("CN1"))
	r.ok(err)
	if hit := back.GetHits()[0]; hit.GetDemand().GetId() != "D1" || hit.GetDemand().GetEnterprise().GetName() != "" {
		t.Errorf("for CN1: %v", hit)
	}
	text, err := r.matches().Match(t.Context(), byText(&pb.PlainText{Body: "水稻秸秆还田"}))
	r.ok(err)
	if hit := text.GetHits()[0]; hit.GetPatent().GetNumber() != "CN3" {
		t.Errorf("for a text: %v", hit)
	}
	filtered := byDemand("D1")
	filtered.Filter = &pb.Filter{Regions: []string{"43"}}
	only, err := r.matches().Match(t.Context(), filtered)
	r.ok(err)
	if hits := only.GetHits(); len(hits) != 1 || hits[0].GetPatent().GetNumber() != "CN3" {
		t.Errorf("in 43: %v", hits)
	}
}

func TestBadMatchRequestsNameTheField(t *testing.T) {
	r := start(t, nil)
	r.fill()
	with := func(change func(*pb.MatchRequest)) *pb.MatchRequest {
		req := byDemand("D1")
		change(req)
		return req
	}
	for name, c := range map[string]struct {
		req   *pb.MatchRequest
		code  codes.Code
		field string
	}{
		"no query":            {&pb.MatchRequest{}, codes.InvalidArgument, "query"},
		"no id":               {byDemand(""), codes.InvalidArgument, "demand_id"},
		"no number":           {byPatent(""), codes.InvalidArgument, "patent_number"},
		"no text":             {byText(&pb.PlainText{}), codes.InvalidArgument, "text"},
		"an unknown demand":   {byDemand("D9"), codes.NotFound, ""},
		"a negative page":     {with(func(m *pb.MatchRequest) { m.PageSize = -1 }), codes.InvalidArgument, "page_size"},
		"a large page":        {with(func(m *pb.MatchRequest) { m.PageSize = 101 }), codes.InvalidArgument, "page_size"},
		"a garbage token":     {with(func(m *pb.MatchRequest) { m.PageToken = "x" }), codes.InvalidArgument, "page_token"},
		"a token too deep":    {with(func(m *pb.MatchRequest) { m.PageToken = nextPage(byDemand("D1"), matchPlace{Offset: 200}) }), codes.InvalidArgument, "page_token"},
		"a token of D2":       {with(func(m *pb.MatchRequest) { m.PageToken = nextPage(byDemand("D2"), matchPlace{Offset: 1}) }), codes.InvalidArgument, "page_token"},
		"a bad region":        {with(func(m *pb.MatchRequest) { m.Filter = &pb.Filter{Regions: []string{"4"}} }), codes.InvalidArgument, "filter.regions[0]"},
		"a filter of demands": {with(func(m *pb.MatchRequest) { m.Filter = &pb.Filter{MinBudgetCny: 1} }), codes.InvalidArgument, "filter.min_budget_cny"},
		"an unknown status":   {with(func(m *pb.MatchRequest) { m.Filter = &pb.Filter{LegalStatuses: []pb.LegalStatus{99}} }), codes.InvalidArgument, "filter.legal_statuses[0]"},
		"another tenant":      {with(func(m *pb.MatchRequest) { m.Tenant = "acme" }), codes.PermissionDenied, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.matches().Match(t.Context(), c.req)
			(&rig{T: t}).refused(err, c.code, c.field)
		})
	}
}

func TestPagesOfAMatchAreTheWholeRankingUpToItsDepth(t *testing.T) {
	r := start(t, nil)
	ctx := t.Context()
	var list []*pb.Patent
	for i := range 210 {
		list = append(list, &pb.Patent{Number: fmt.Sprintf("CN%03d", i), Title: fmt.Sprintf("第%d种电池材料", i)})
	}
	_, err := r.patents().BatchWritePatents(ctx, &pb.BatchWritePatentsRequest{Patents: list})
	r.ok(err)
	r.ok(r.config.Catalog.Await(ctx))
	walk := func(size int32) (hits []*pb.Hit) {
		req := byText(&pb.PlainText{Body: "电池材料"})
		req.PageSize = size
		for {
			page, err := r.matches().Match(ctx, req)
			r.ok(err)
			hits = append(hits, page.GetHits()...)
			if req.PageToken = page.GetNextPageToken(); req.PageToken == "" {
				return hits
			}
		}
	}
	whole, paged := walk(100), walk(37)
	if diff := cmp.Diff(whole, paged, protocmp.Transform()); diff != "" || len(whole) != 200 {
		t.Errorf("%d and %d hits: %s", len(whole), len(paged), diff)
	}
}

func TestPairsAreScoredAsTheyAreAsHits(t *testing.T) {
	r := start(t, nil)
	r.fill()
	ctx := t.Context()
	got, err := r.matches().ScorePairs(ctx, &pb.ScorePairsRequest{Explain: true, Pairs: []*pb.Pair{
		{DemandId: "D1", PatentNumber: "CN9"}, {DemandId: "D1"}, {DemandId: "D1", PatentNumber: "CN1"},
	}})
	r.ok(err)
	hits, err := r.matches().Match(ctx, byDemand("D1"))
	r.ok(err)
	results := got.GetResults()
	if c := codes.Code(results[0].GetStatus().GetCode()); c != codes.NotFound {
		t.Errorf("an unknown patent: %v", results[0])
	}
	if s := results[1].GetStatus(); codes.Code(s.GetCode()) != codes.InvalidArgument || s.GetField() != "pair.patent_number" {
		t.Errorf("half a pair: %v", results[1])
	}
	good := results[2]
	if good.GetStatus() != nil || good.GetScore().GetValue() != hits.GetHits()[0].GetScore().GetValue() || good.GetPatentRevision() != 1 || good.GetExplanation() == nil {
		t.Errorf("got %v, the hit %v", good, hits.GetHits()[0])
	}
	if got.GetRequestId() == "" || got.GetVersions().GetRanker() != "zero-shot/3" {
		t.Errorf("answer %v", got)
	}
	if d := cmp.Diff(hits.GetCalibration(), got.GetCalibration(), protocmp.Transform()); d != "" || got.GetCalibration() == nil {
		t.Errorf("calibration (-hits +pairs): %s", d)
	}
	_, err = r.matches().ScorePairs(ctx, &pb.ScorePairsRequest{Pairs: make([]*pb.Pair, 501)})
	r.refused(err, codes.InvalidArgument, "pairs")
	_, err = r.matches().ScorePairs(ctx, &pb.ScorePairsRequest{Tenant: "acme"})
	r.refused(err, codes.PermissionDenied, "")
}
