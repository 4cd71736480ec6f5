package wire

import (
	"strings"

	"google.golang.org/protobuf/types/known/durationpb"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/intake"
	"github.com/duijie/duijie/internal/match"
)

// ToAnswer writes an answer without its page token, which the handler adds where
// a.More is set.
func ToAnswer(a *match.Answer) *pb.MatchResponse {
	hits := make([]*pb.Hit, len(a.Hits))
	for i := range a.Hits {
		hits[i] = ToHit(&a.Hits[i])
	}
	return &pb.MatchResponse{
		RequestId:   a.RequestID,
		Hits:        hits,
		Considered:  int32Of(a.Considered),
		CanReview:   a.CanReview,
		Query:       ToQuery(&a.Query),
		Degraded:    ToDegraded(a.Degraded),
		Versions:    toRouted(ToVersions(a.Versions), a.Route),
		Took:        durationpb.New(a.Took),
		Supply:      toSupply(a.Supply),
		Shaped:      toShaped(a.Shaped),
		Calibration: ToCalibration(a.Calibration),
	}
}

func toSupply(s *match.Supply) *pb.Supply {
	if s == nil {
		return nil
	}
	return &pb.Supply{NoneGood: s.NoneGood, Chance: s.Chance, Threshold: s.Threshold,
		ChanceInCatalog: s.ChanceInCatalog, CatalogThreshold: s.CatalogThreshold,
		FalseAlarm: s.FalseAlarm, Missed: s.Missed, Reason: toLocalText(s.Reason)}
}

// ToCalibration writes what the probabilities of levels mean; none is none.
func ToCalibration(c *match.Calibration) *pb.Calibration {
	if c == nil {
		return nil
	}
	return &pb.Calibration{Ranker: c.Ranker, Population: toLocalText(c.Population), Pairs: int32Of(c.Pairs), Share: c.Share,
		Ece: c.ECE, EceLow: c.ECELow, EceHigh: c.ECEHigh, Cuts: c.Cuts,
		CatalogBias: c.CatalogBias, CatalogSlope: c.CatalogSlope, CatalogSize: int32Of(c.CatalogSize)}
}

// ToQuery names the record that was matched.
func ToQuery(r *match.Record) *pb.QueryRecord {
	return &pb.QueryRecord{Kind: kinds.number(r.Kind), Id: r.ID, Revision: r.Revision}
}

// ToHit writes a hit. A demand is written as the other side may see it, whatever
// the steps before have taken out already.
func ToHit(h *match.Hit) *pb.Hit {
	out := &pb.Hit{
		Rank:        int32Of(h.Rank),
		Score:       ToScore(h.Score),
		Explanation: ToExplanation(h.Explanation),
		Model:       h.Model,
		Placement:   toPlacement(h.Placement),
		Ordering:    toOrdering(h.Ordering),
	}
	record := h.Record.Redacted()
	switch {
	case record.Patent != nil:
		out.Record = &pb.Hit_Patent{Patent: ToPatent(record, match.Indexed, "")}
	case record.Demand != nil:
		out.Record = &pb.Hit_Demand{Demand: ToDemand(record, match.Indexed, "")}
	}
	return out
}

// ToScore writes a score with its legs in their order.
func ToScore(s match.Score) *pb.Score {
	return &pb.Score{Value: s.Value, Logit: s.Logit, Bias: s.Bias, Legs: convert(s.Legs, toLeg),
		LevelProbabilities: s.Levels, Level: levels.number(s.Level), InCatalog: s.InCatalog, TwoSided: toTwoSided(s.TwoSided)}
}

func toTwoSided(t *match.TwoSidedFit) *pb.TwoSidedFit {
	if t == nil {
		return nil
	}
	return &pb.TwoSidedFit{Forward: t.Forward, Reverse: t.Reverse, Mutual: t.Mutual, Rule: t.Rule,
		Patent: toShrunk(t.Patent), Demand: toShrunk(t.Demand)}
}

func toShrunk(r match.ShrunkRating) *pb.ShrunkRating {
	return &pb.ShrunkRating{Mean: r.Mean, Count: int32Of(r.Count), PriorMean: r.PriorMean, PriorCount: r.PriorCount,
		Shrunk: r.Shrunk, Factor: r.Factor}
}

func toLeg(l match.Leg) *pb.Leg {
	return &pb.Leg{
		Name:         string(l.Name),
		Score:        l.Score,
		Rank:         int32Of(l.Rank),
		Weight:       l.Weight,
		Contribution: l.Contribution,
		Unknown:      l.Unknown,
	}
}

// ToVersions writes with what an answer was made.
func ToVersions(v match.Versions) *pb.Versions {
	return &pb.Versions{Binary: v.Binary, Embedder: v.Embedder, Ranker: v.Ranker, RivalRanker: v.Rival, Catalog: v.Catalog}
}

// ToDegraded writes the entries of match.Answer.Degraded, each "part: reason".
func ToDegraded(list []string) []*pb.Degradation {
	return convert(list, func(s string) *pb.Degradation {
		part, reason, _ := strings.Cut(s, ": ")
		return &pb.Degradation{Part: clip(part), Reason: clip(reason)}
	})
}

// ToExplanation writes an explanation; none is none.
func ToExplanation(e *match.Explanation) *pb.Explanation {
	if e == nil {
		return nil
	}
	return &pb.Explanation{
		Evidence: convert(e.Evidence, toEvidence),
		Terms:    convert(e.Terms, toTerm),
		Summary:  toLocalText(e.Summary),
		Elements: convert(e.Elements, toElementMatch),
		Offers:   convert(e.Offers, toOffer),
		Why:      convert(e.Why, toLocalText),
		Holder:   toHolderView(e.Holder),
		Wording:  convert(e.Wording, toSentence),
		Reviewer: e.Reviewer,
	}
}

func toElementMatch(e match.ElementMatch) *pb.ElementMatch {
	out := &pb.ElementMatch{
		Kind: elementKinds.number(intake.Kind(e.Kind)), Demand: ToSpan(e.Demand),
		Score: e.Score, Verdict: verdicts.number(e.Verdict), Note: toLocalText(e.Note),
	}
	if e.Patent != (match.Span{}) {
		out.Patent = ToSpan(e.Patent)
	}
	if e.Review != nil {
		out.Review = &pb.Review{Verdict: verdicts.number(e.Review.Verdict), Patent: convert(e.Review.Patent, ToSpan)}
	}
	return out
}

var verdicts = newEnum(map[match.Verdict]pb.Verdict{
	match.Covered:      pb.Verdict_VERDICT_COVERED,
	match.Partly:       pb.Verdict_VERDICT_PARTLY,
	match.Contradicted: pb.Verdict_VERDICT_CONTRADICTED,
	match.Missing:      pb.Verdict_VERDICT_MISSING,
})

func toOffer(o match.Offer) *pb.Offer {
	return &pb.Offer{Kind: elementKinds.number(intake.Kind(o.Kind)), Patent: ToSpan(o.Patent), Note: toLocalText(o.Note)}
}

func toSentence(s match.Sentence) *pb.Sentence {
	return &pb.Sentence{Text: toLocalText(s.Text), Cites: convert(s.Cites, ToSpan)}
}

func toHolderView(v match.HolderView) *pb.HolderView {
	if len(v.Wanted)+len(v.Gaps) == 0 {
		return nil
	}
	return &pb.HolderView{Wanted: convert(v.Wanted, toLocalText), Gaps: convert(v.Gaps, toLocalText)}
}

func toEvidence(e match.Evidence) *pb.Evidence {
	return &pb.Evidence{Demand: ToSpan(e.Demand), Patent: ToSpan(e.Patent), Similarity: e.Similarity}
}

func toTerm(t match.Term) *pb.Term {
	return &pb.Term{
		Text:   t.Text,
		Weight: t.Weight,
		Demand: convert(t.Demand, ToSpan),
		Patent: convert(t.Patent, ToSpan),
	}
}

// ToSpan writes a span, without the tenant of its record.
func ToSpan(s match.Span) *pb.Span {
	return &pb.Span{
		Kind:     kinds.number(s.Ref.Kind),
		Id:       s.Ref.ID,
		Revision: s.Revision,
		Field:    s.Field,
		Start:    int32Of(s.Start),
		End:      int32Of(s.End),
		Text:     s.Text,
	}
}

func toLocalText(t match.LocalText) *pb.LocalText {
	if t == (match.LocalText{}) {
		return nil
	}
	return &pb.LocalText{Zh: t.ZH, En: t.EN}
}
