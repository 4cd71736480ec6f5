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
		Summary: match.LocalText{ZH: words.Draw(t, "zh"), EN: words.Draw(t, "en")},
	}
})

var legs = rapid.Custom(func(t *rapid.T) match.Leg {
	return match.Leg{
		Name:         match.LegName(names.Draw(t, "name")),
		Score:        rapid.Float64().Draw(t, "score"),
		Rank:         int(rapid.Int32().Draw(t, "rank")),
		Weight:       rapid.Float64().Draw(t, "weight"),
		Contribution: rapid.Float64().Draw(t, "contribution"),
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
		},
		Explanation: rapid.Ptr(explanations, true).Draw(t, "explanation"),
	}
})

// The inverses below are what a client would write. They keep ToHit honest: what it
// loses cannot be read back.

func readHit(t rapid.TB, h *pb.Hit) match.Hit {
	out := match.Hit{
		Rank: int(h.Rank),
		Score: match.Score{
			Value: h.Score.Value,
			Logit: h.Score.Logit,
			Bias:  h.Score.Bias,
			Legs: convert(h.Score.Legs, func(l *pb.Leg) match.Leg {
				return match.Leg{Name: match.LegName(l.Name), Score: l.Score, Rank: int(l.Rank), Weight: l.Weight, Contribution: l.Contribution}
			}),
		},
		Explanation: readExplanation(h.Explanation),
	}
	if h.GetPatent() != nil {
		out.Record = readPatent(t, h.GetPatent())
	} else {
		out.Record = readDemand(t, h.GetDemand())
	}
	return out
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
		Summary: match.LocalText{ZH: e.Summary.GetZh(), EN: e.Summary.GetEn()},
	}
}

func readSpan(s *pb.Span) match.Span {
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
