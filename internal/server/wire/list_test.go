package wire

import (
	"testing"

	"pgregory.net/rapid"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

func fullPlacement() *match.Placement {
	words := match.LocalText{ZH: "中", EN: "e"}
	return &match.Placement{
		Base: 1, Terms: []match.OrderTerm{{Name: match.BoostTerm, Score: 1, Weight: .5, Logit: .5, Why: words}}, Key: 1.5,
		Collapsed: []match.Collapsed{{Ref: fullPatent().Ref, Reason: match.NearDuplicate, Similarity: .9, Why: words}},
		MovedFrom: 3, Unmet: []string{"regions"}, Why: []match.LocalText{words},
	}
}

func fullShaped() *match.Shaped {
	return &match.Shaped{
		Listed: 4, Collapsed: 3, OverCap: 2,
		Broadening: &match.Broadening{Met: 1, Steps: []match.BroadenStep{{Field: "regions", Hits: 4, Why: match.LocalText{ZH: "中", EN: "e"}}}, Enough: true},
		Facets:     []match.Facet{{Field: "region", Values: []match.FacetValue{{Value: "44", Count: 2}}, Without: 1}},
	}
}

func fullShape() match.Shape {
	return match.Shape{
		MaxPerHolder: 1, Collapse: true, Diversity: .5, Boosts: []match.Boost{{Filter: match.Filter{Regions: []string{"44"}}, Level: match.StrongBoost}},
		MoreLike: []string{"a"}, LessLike: []string{"b"}, MinHits: 5, Facets: true, Exclusions: true,
	}
}

func fullShapeRequest() *pb.MatchRequest {
	req := &pb.MatchRequest{}
	ToShape(fullShape(), req)
	return req
}

func fullPool() *match.Pool {
	words := match.LocalText{ZH: "中", EN: "e"}
	span := match.Span{Ref: fullDemand().Ref, Revision: 3, Field: "text", Start: 1, End: 2, Text: "x"}
	return &match.Pool{
		RequestID: "q", Query: fullDemand(), Reached: 1, Reachable: 2, Whole: 3, Considered: 4, Holders: 1, Exact: true, Summary: words,
		Degraded: []string{"embedder: no answer"}, Versions: match.Versions{Binary: "1", Embedder: "e", Ranker: "r", Catalog: 7}, Took: 1,
		Patents: []match.PoolPatent{{Hit: fullHit(), Adds: []int{1}, OpenLicence: true, Why: words}},
		Elements: []match.PoolElement{{Kind: match.QuantityElement, Demand: span, Weight: 2, Verdict: match.Partly, Why: words,
			Answers: []match.PoolAnswer{{Patent: fullPatent().Ref, Verdict: match.Partly, Evidence: span, Score: .5, Note: words}}}},
	}
}

func TestAPoolIsWrittenWhole(t *testing.T) {
	p := ToPool(fullPool())
	e := p.Elements[0]
	if p.DemandId != "D1" || p.DemandRevision != 3 || p.Patents[0].Patent.Number != "CN1" || p.Patents[0].Adds[0] != 1 || p.Reachable != 2 ||
		e.Verdict != pb.Verdict_VERDICT_PARTLY || e.Answers[0].PatentNumber != "CN1" || e.Answers[0].Evidence.Text != "x" || e.Answers[0].Note.Zh != "中" {
		t.Errorf("pool %v", p)
	}
}

var shapes = rapid.Custom(func(t *rapid.T) match.Shape {
	return match.Shape{
		MaxPerHolder: int(rapid.Int32().Draw(t, "cap")), Collapse: rapid.Bool().Draw(t, "collapse"), Diversity: rapid.Float64().Draw(t, "diversity"),
		Boosts: list(t, rapid.Custom(func(t *rapid.T) match.Boost {
			return match.Boost{Filter: match.Filter{Regions: list(t, rapid.SampledFrom([]string{"44", "4403"}), "regions"), MaxFee: rapid.Int64().Draw(t, "fee"),
				TransferModes: list(t, rapid.SampledFrom(match.TransferModes), "modes")}, Level: rapid.SampledFrom(match.BoostLevels).Draw(t, "level")}
		}), "boosts"),
		MoreLike: list(t, ids, "more"), LessLike: list(t, ids, "less"), MinHits: int(rapid.Int32().Draw(t, "min hits")), Facets: rapid.Bool().Draw(t, "facets"), Exclusions: rapid.Bool().Draw(t, "exclusions"),
	}
})

func TestAShapeComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := shapes.Draw(t, "shape")
		req := &pb.MatchRequest{}
		ToShape(want, req)
		got, err := FromShape(req)
		if err != nil {
			t.Fatal(err)
		}
		same(t, want, got)
	})
}

func TestABadBoostNamesTheField(t *testing.T) {
	_, err := FromShape(&pb.MatchRequest{Boosts: []*pb.Boost{
		{Level: pb.BoostLevel_BOOST_LEVEL_SLIGHT}, {}, {Level: 77, Filter: &pb.Filter{LegalStatuses: []pb.LegalStatus{99}}},
	}})
	want := "boosts[1].level: is unspecified; boosts[2].level: unknown number 77; boosts[2].filter.legal_statuses[0]: unknown number 99"
	if err == nil || err.Error() != want || match.KindOf(err) != match.Invalid {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestAPlacementAndWhatWasDoneAreWrittenWhole(t *testing.T) {
	p, s := toPlacement(fullPlacement()), toShaped(fullShaped())
	if p.Base != 1 || p.Key != 1.5 || p.MovedFrom != 3 || p.Unmet[0] != "regions" || p.Why[0].Zh != "中" ||
		p.Terms[0].Name != "boost" || p.Terms[0].Logit != .5 || p.Collapsed[0].Id != "CN1" || p.Collapsed[0].Similarity != .9 {
		t.Errorf("placement %v", p)
	}
	if s.Listed != 4 || s.Collapsed != 3 || s.OverCap != 2 || s.Broadening.Met != 1 || !s.Broadening.Enough || s.Broadening.Steps[0].Hits != 4 ||
		s.Facets[0].Values[0].Value != "44" || s.Facets[0].Values[0].Count != 2 || s.Facets[0].Without != 1 {
		t.Errorf("shaped %v", s)
	}
}
