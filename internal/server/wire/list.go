package wire

import (
	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/vocabulary"
)

var boostLevels = newEnum(map[match.BoostLevel]pb.BoostLevel{
	match.SlightBoost:   pb.BoostLevel_BOOST_LEVEL_SLIGHT,
	match.ModerateBoost: pb.BoostLevel_BOOST_LEVEL_MODERATE,
	match.StrongBoost:   pb.BoostLevel_BOOST_LEVEL_STRONG,
})

var collapseReasons = newEnum(map[match.CollapseReason]pb.CollapseReason{
	match.SameFamily:    pb.CollapseReason_COLLAPSE_REASON_FAMILY,
	match.SameTitle:     pb.CollapseReason_COLLAPSE_REASON_TITLE,
	match.NearDuplicate: pb.CollapseReason_COLLAPSE_REASON_NEAR_DUPLICATE,
})

// FromShape reads how a list is to be put together. What it asks for is checked by
// match.Shape.Validate, which knows the wanted kind.
func FromShape(req *pb.MatchRequest) (match.Shape, error) {
	out := match.Shape{
		MaxPerHolder: int(req.GetMaxPerHolder()), Collapse: req.GetCollapse(), Diversity: req.GetDiversity(),
		MoreLike: copied(req.GetMoreLike()), LessLike: copied(req.GetLessLike()), MinHits: int(req.GetMinHits()), Facets: req.GetFacets(),
		Exclusions: req.GetExclusions(),
	}
	var all []error
	for i, b := range req.GetBoosts() {
		r := reader{at: indexed("boosts", i)}
		boost := match.Boost{}
		if b.GetLevel() == pb.BoostLevel_BOOST_LEVEL_UNSPECIFIED {
			r.fail("level", "is unspecified")
		} else {
			boost.Level = read(&r, "level", boostLevels, b.GetLevel(), 0)
		}
		all = append(all, r.err)
		filter, err := FromFilter(b.GetFilter())
		all = append(all, under(indexed("boosts", i), err))
		boost.Filter = vocabulary.Filter(filter)
		out.Boosts = append(out.Boosts, boost)
	}
	if err := match.Faults(all...); err != nil {
		return match.Shape{}, err
	}
	return out, nil
}

// ToShape writes a shape into a request, for clients.
func ToShape(s match.Shape, req *pb.MatchRequest) {
	req.MaxPerHolder, req.Collapse, req.Diversity = int32Of(s.MaxPerHolder), s.Collapse, s.Diversity
	req.MoreLike, req.LessLike, req.MinHits, req.Facets = copied(s.MoreLike), copied(s.LessLike), int32Of(s.MinHits), s.Facets
	req.Exclusions = s.Exclusions
	req.Boosts = convert(s.Boosts, func(b match.Boost) *pb.Boost {
		return &pb.Boost{Filter: ToFilter(b.Filter), Level: boostLevels.number(b.Level)}
	})
}

func toPlacement(p *match.Placement) *pb.Placement {
	if p == nil {
		return nil
	}
	return &pb.Placement{
		Base: p.Base, Key: p.Key, MovedFrom: int32Of(p.MovedFrom), Unmet: copied(p.Unmet), Why: convert(p.Why, toLocalText),
		Terms: convert(p.Terms, func(t match.OrderTerm) *pb.OrderTerm {
			return &pb.OrderTerm{Name: string(t.Name), Score: t.Score, Weight: t.Weight, Logit: t.Logit, Why: toLocalText(t.Why)}
		}),
		Collapsed: convert(p.Collapsed, func(c match.Collapsed) *pb.CollapsedHit {
			return &pb.CollapsedHit{Id: c.Ref.ID, Reason: collapseReasons.number(c.Reason), Similarity: c.Similarity, Why: toLocalText(c.Why)}
		}),
	}
}

func toShaped(s *match.Shaped) *pb.Shaped {
	if s == nil {
		return nil
	}
	out := &pb.Shaped{Listed: int32Of(s.Listed), Collapsed: int32Of(s.Collapsed), OverCap: int32Of(s.OverCap)}
	if b := s.Broadening; b != nil {
		out.Broadening = &pb.Broadening{Met: int32Of(b.Met), Enough: b.Enough, Steps: convert(b.Steps, func(t match.BroadenStep) *pb.BroadenStep {
			return &pb.BroadenStep{Field: t.Field, Hits: int32Of(t.Hits), Why: toLocalText(t.Why)}
		})}
	}
	out.Facets = convert(s.Facets, func(f match.Facet) *pb.Facet {
		return &pb.Facet{Field: f.Field, Without: int32Of(f.Without), Values: convert(f.Values, func(v match.FacetValue) *pb.FacetValue {
			return &pb.FacetValue{Value: v.Value, Count: int32Of(v.Count)}
		})}
	})
	return out
}

// under puts the name of a message before the fields of faults.
func under(name string, err error) error {
	return match.Renamed(err, func(field string) string { return join(name, field) })
}
