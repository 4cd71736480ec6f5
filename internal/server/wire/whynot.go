package wire

import (
	"google.golang.org/protobuf/types/known/durationpb"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

var whyNotStages = newEnum(map[match.WhyNotStage]pb.WhyNotStage{
	match.InAnswer:          pb.WhyNotStage_WHY_NOT_STAGE_IN_ANSWER,
	match.UnknownRecord:     pb.WhyNotStage_WHY_NOT_STAGE_UNKNOWN,
	match.WithdrawnRecord:   pb.WhyNotStage_WHY_NOT_STAGE_WITHDRAWN,
	match.HiddenRecord:      pb.WhyNotStage_WHY_NOT_STAGE_HIDDEN,
	match.FilteredOut:       pb.WhyNotStage_WHY_NOT_STAGE_FILTERED,
	match.UnavailableRecord: pb.WhyNotStage_WHY_NOT_STAGE_UNAVAILABLE,
	match.NotSearchable:     pb.WhyNotStage_WHY_NOT_STAGE_NOT_SEARCHABLE,
	match.NotNominated:      pb.WhyNotStage_WHY_NOT_STAGE_NOT_NOMINATED,
	match.LostFirstPass:     pb.WhyNotStage_WHY_NOT_STAGE_FIRST_PASS,
	match.BelowPage:         pb.WhyNotStage_WHY_NOT_STAGE_BELOW_PAGE,
})

// ToWhyNot writes where a record fell out of an answer.
func ToWhyNot(w *match.WhyNot) *pb.WhyNotResponse {
	out := &pb.WhyNotResponse{
		RequestId: w.RequestID, Stage: whyNotStages.number(w.Stage), Reason: toLocalText(w.Reason), Remedy: toLocalText(w.Remedy),
		Rank: int32Of(w.Rank), LastRank: int32Of(w.LastRank),
		State: states.number(w.State), StateReason: clip(w.StateReason),
		Conditions: convert(w.Conditions, toFailedCondition), Nominations: convert(w.Nominations, toNomination),
		Shortfall: toShortfall(w.Shortfall), Degraded: ToDegraded(w.Degraded),
		Versions: toRouted(ToVersions(w.Versions), w.Route), Took: durationpb.New(w.Took), Query: ToQuery(&w.Query),
	}
	if f := w.FirstPass; f != nil {
		out.FirstPass = &pb.FirstPass{Rank: int32Of(f.Rank), Depth: int32Of(f.Depth), Logit: f.Logit, Cutoff: f.Cutoff}
	}
	if w.Score != nil {
		out.Score = ToScore(*w.Score)
	}
	return out
}

func toFailedCondition(c match.FailedCondition) *pb.FailedCondition {
	return &pb.FailedCondition{Field: c.Field, Required: toLocalText(c.Required), Found: toLocalText(c.Found)}
}

func toNomination(n match.Nomination) *pb.Nomination {
	return &pb.Nomination{Leg: string(n.Leg), Rank: int32Of(n.Rank), Looked: int32Of(n.Looked), Depth: int32Of(n.Depth),
		Score: n.Score, Cutoff: n.Cutoff, Nominated: n.Nominated}
}

func toShortfall(s *match.Shortfall) *pb.Shortfall {
	if s == nil {
		return nil
	}
	return &pb.Shortfall{LastId: s.LastID, LastValue: s.LastValue, LastLogit: s.LastLogit, Gap: s.Gap,
		LastOrderedBy: s.LastOrdered, OrderedBy: s.Ordered, Behind: convert(s.Behind, func(d match.LegDifference) *pb.LegDifference {
			return &pb.LegDifference{Leg: string(d.Leg), Last: d.Last, Own: d.Own, Difference: d.Difference}
		})}
}

func toOrdering(o *match.Ordering) *pb.Ordering {
	if o == nil {
		return nil
	}
	return &pb.Ordering{Value: o.Value, Rerank: toLeg(o.Rerank)}
}
