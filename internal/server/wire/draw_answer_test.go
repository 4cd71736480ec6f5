package wire

import (
	"pgregory.net/rapid"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
)

var spans = rapid.Custom(func(t *rapid.T) match.Span {
	return match.Span{
		Ref:      match.Ref{Kind: maybe(t, []match.Kind{match.PatentKind, match.DemandKind}, "kind"), ID: ids.Draw(t, "id")},
		Revision: rapid.Int64().Draw(t, "revision"),
		Field:    rapid.SampledFrom([]string{"title", "abstract", "text"}).Draw(t, "field"),
		Start:    int(rapid.Int32().Draw(t, "start")),
		End:      int(rapid.Int32().Draw(t, "end")),
		Text:     words.Draw(t, "text"),
	}
})

var explanations = rapid.Custom(func(t *rapid.T) match.Explanation {
	return match.Explanation{
		Evidence: list(t, rapid.Custom(func(t *rapid.T) match.Evidence {
			return match.Evidence{
				Demand:     spans.Draw(t, "demand"),
				Patent:     spans.Draw(t, "patent"),
				Similarity: rapid.Float64().Draw(t, "similarity"),
			}
		}), "evidence"),
		Terms: list(t, rapid.Custom(func(t *rapid.T) match.Term {
			return match.Term{
				Text:   words.Draw(t, "text"),
				Weight: rapid.Float64().Draw(t, "weight"),
				Demand: list(t, spans, "demand"),
				Patent: list(t, spans, "patent"),
			}
		}), "terms"),
		Summary: texts.Draw(t, "summary"),
		Elements: list(t, rapid.Custom(func(t *rapid.T) match.ElementMatch {
			return match.ElementMatch{
				Kind:    maybe(t, elementKindsDrawn, "kind"),
				Demand:  spans.Draw(t, "demand"),
				Patent:  spans.Draw(t, "patent"),
				Score:   rapid.Float64().Draw(t, "score"),
				Verdict: maybe(t, match.Verdicts, "verdict"),
				Note:    texts.Draw(t, "note"),
				Review:  reviews.Draw(t, "review"),
			}
		}), "elements"),
		Reviewer: words.Draw(t, "reviewer"),
		Offers: list(t, rapid.Custom(func(t *rapid.T) match.Offer {
			return match.Offer{Kind: maybe(t, elementKindsDrawn, "kind"), Patent: spans.Draw(t, "patent"), Note: texts.Draw(t, "note")}
		}), "offers"),
		Why:    list(t, texts, "why"),
		Holder: match.HolderView{Wanted: list(t, texts, "wanted"), Gaps: list(t, texts, "gaps")},
		Wording: list(t, rapid.Custom(func(t *rapid.T) match.Sentence {
			return match.Sentence{Text: texts.Draw(t, "text"), Cites: list(t, spans, "cites")}
		}), "wording"),
	}
})

var reviews = rapid.Custom(func(t *rapid.T) *match.Review {
	if !rapid.Bool().Draw(t, "reviewed") {
		return nil
	}
	return &match.Review{Verdict: maybe(t, match.Verdicts, "verdict"), Patent: list(t, spans, "patent")}
})

var texts = rapid.Custom(func(t *rapid.T) match.LocalText {
	return match.LocalText{ZH: words.Draw(t, "zh"), EN: words.Draw(t, "en")}
})

var elementKindsDrawn = []match.ElementKind{
	match.ProductElement, match.MaterialElement, match.MethodElement, match.EfficacyElement, match.ApplicationElement, match.QuantityElement,
}

var legs = rapid.Custom(func(t *rapid.T) match.Leg {
	return match.Leg{
		Name:         match.LegName(names.Draw(t, "name")),
		Score:        rapid.Float64().Draw(t, "score"),
		Rank:         int(rapid.Int32().Draw(t, "rank")),
		Weight:       rapid.Float64().Draw(t, "weight"),
		Contribution: rapid.Float64().Draw(t, "contribution"),
		Unknown:      rapid.Bool().Draw(t, "unknown"),
	}
})

// hits have records that the other side may see, and are thus invertible.
var hits = rapid.Custom(func(t *rapid.T) match.Hit {
	record := rapid.OneOf(patents, demands).Draw(t, "record")
	if record.Demand != nil {
		record.Demand.Confidential = nil
	}
	return match.Hit{
		Record: record,
		Rank:   int(rapid.Int32().Draw(t, "rank")),
		Score: match.Score{
			Value: rapid.Float64().Draw(t, "value"),
			Logit: rapid.Float64().Draw(t, "logit"),
			Bias:  rapid.Float64().Draw(t, "bias"),
			Legs:  list(t, legs, "legs"),

			Levels:    rapid.SliceOfN(rapid.Float64(), 4, 4).Draw(t, "levels"),
			Level:     match.Level(rapid.IntRange(1, 4).Draw(t, "level")),
			InCatalog: rapid.Float64().Draw(t, "in catalog"),
			TwoSided:  rapid.Ptr(fits, true).Draw(t, "two-sided"),
		},
		Explanation: rapid.Ptr(explanations, true).Draw(t, "explanation"),
		Ordering:    rapid.Ptr(orderings, true).Draw(t, "ordering"),
	}
})

var orderings = rapid.Custom(func(t *rapid.T) match.Ordering {
	return match.Ordering{Value: rapid.Float64().Draw(t, "value"), Rerank: legs.Draw(t, "rerank")}
})

var shrunk = rapid.Custom(func(t *rapid.T) match.ShrunkRating {
	return match.ShrunkRating{Mean: rapid.Float64().Draw(t, "mean"), Count: int(rapid.Int32().Draw(t, "count")),
		PriorMean: rapid.Float64().Draw(t, "prior mean"), PriorCount: rapid.Float64().Draw(t, "prior count"),
		Shrunk: rapid.Float64().Draw(t, "shrunk"), Factor: rapid.Float64().Draw(t, "factor")}
})

var fits = rapid.Custom(func(t *rapid.T) match.TwoSidedFit {
	return match.TwoSidedFit{Forward: rapid.Float64().Draw(t, "forward"), Reverse: rapid.Float64().Draw(t, "reverse"),
		Mutual: rapid.Float64().Draw(t, "mutual"), Patent: shrunk.Draw(t, "patent"), Demand: shrunk.Draw(t, "demand"), Rule: "rule"}
})

func readTwoSided(f *pb.TwoSidedFit) *match.TwoSidedFit {
	if f == nil {
		return nil
	}
	return &match.TwoSidedFit{Forward: f.Forward, Reverse: f.Reverse, Mutual: f.Mutual, Rule: f.Rule,
		Patent: readShrunk(f.Patent), Demand: readShrunk(f.Demand)}
}

func readShrunk(r *pb.ShrunkRating) match.ShrunkRating {
	return match.ShrunkRating{Mean: r.Mean, Count: int(r.Count), PriorMean: r.PriorMean, PriorCount: r.PriorCount, Shrunk: r.Shrunk, Factor: r.Factor}
}

// The inverses below are what a client would write. They keep ToHit honest: what it
// loses cannot be read back.

func readHit(t rapid.TB, h *pb.Hit) match.Hit {
	out := match.Hit{
		Rank: int(h.Rank),
		Score: match.Score{
			Value:     h.Score.Value,
			Logit:     h.Score.Logit,
			Bias:      h.Score.Bias,
			Legs:      convert(h.Score.Legs, readLeg),
			Levels:    h.Score.LevelProbabilities,
			Level:     levels.values[h.Score.Level],
			InCatalog: h.Score.InCatalog,
			TwoSided:  readTwoSided(h.Score.TwoSided),
		},
		Explanation: readExplanation(h.Explanation),
	}
	if h.Ordering != nil {
		out.Ordering = &match.Ordering{Value: h.Ordering.Value, Rerank: readLeg(h.Ordering.Rerank)}
	}
	if h.GetPatent() != nil {
		out.Record = readPatent(t, h.GetPatent())
	} else {
		out.Record = readDemand(t, h.GetDemand())
	}
	return out
}

func readLeg(l *pb.Leg) match.Leg {
	return match.Leg{Name: match.LegName(l.Name), Score: l.Score, Rank: int(l.Rank), Weight: l.Weight, Contribution: l.Contribution, Unknown: l.Unknown}
}

func readExplanation(e *pb.Explanation) *match.Explanation {
	if e == nil {
		return nil
	}
	return &match.Explanation{
		Evidence: convert(e.Evidence, func(v *pb.Evidence) match.Evidence {
			return match.Evidence{Demand: readSpan(v.Demand), Patent: readSpan(v.Patent), Similarity: v.Similarity}
		}),
		Terms: convert(e.Terms, func(v *pb.Term) match.Term {
			return match.Term{Text: v.Text, Weight: v.Weight, Demand: convert(v.Demand, readSpan), Patent: convert(v.Patent, readSpan)}
		}),
		Summary: readText(e.Summary),
		Elements: convert(e.Elements, func(v *pb.ElementMatch) match.ElementMatch {
			return match.ElementMatch{
				Kind: match.ElementKind(elementKinds.values[v.Kind]), Demand: readSpan(v.Demand), Patent: readSpan(v.Patent),
				Score: v.Score, Verdict: verdicts.values[v.Verdict], Note: readText(v.Note), Review: readReview(v.Review),
			}
		}),
		Reviewer: e.Reviewer,
		Offers: convert(e.Offers, func(v *pb.Offer) match.Offer {
			return match.Offer{Kind: match.ElementKind(elementKinds.values[v.Kind]), Patent: readSpan(v.Patent), Note: readText(v.Note)}
		}),
		Why: convert(e.Why, readText),
		Wording: convert(e.Wording, func(v *pb.Sentence) match.Sentence {
			return match.Sentence{Text: readText(v.Text), Cites: convert(v.Cites, readSpan)}
		}),
		Holder: match.HolderView{Wanted: convert(e.Holder.GetWanted(), readText), Gaps: convert(e.Holder.GetGaps(), readText)},
	}
}

func readReview(r *pb.Review) *match.Review {
	if r == nil {
		return nil
	}
	return &match.Review{Verdict: verdicts.values[r.Verdict], Patent: convert(r.Patent, readSpan)}
}

func readText(t *pb.LocalText) match.LocalText { return match.LocalText{ZH: t.GetZh(), EN: t.GetEn()} }

func readSpan(s *pb.Span) match.Span {
	if s == nil {
		return match.Span{}
	}
	return match.Span{
		Ref:      match.Ref{Kind: kinds.values[s.Kind], ID: s.Id},
		Revision: s.Revision,
		Field:    s.Field,
		Start:    int(s.Start),
		End:      int(s.End),
		Text:     s.Text,
	}
}

func readPatent(t rapid.TB, p *pb.Patent) match.Record {
	r, err := FromPatent(p, p.GetInfo().GetTenant())
	if err != nil {
		t.Fatal(err)
	}
	return withInfo(r, p.GetInfo())
}

func readDemand(t rapid.TB, d *pb.Demand) match.Record {
	r, err := FromDemand(d, d.GetInfo().GetTenant())
	if err != nil {
		t.Fatal(err)
	}
	return withInfo(r, d.GetInfo())
}

// withInfo adds what a write does not take.
func withInfo(r match.Record, info *pb.RecordInfo) match.Record {
	r.Revision, r.Withdrawn = info.Revision, info.Withdrawn
	r.CreatedAt, r.UpdatedAt = info.CreateTime.AsTime(), info.UpdateTime.AsTime()
	return r
}
