package wire

import (
	"math"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/judge"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/worth"
)

// FromLabel reads a label that is to be written for tenant, and validates it. An
// unspecified source is an expert: labels are told apart by their source, and one
// judgement must not be kept under two of them.
func FromLabel(l *pb.Label, tenant string) (match.Label, error) {
	r := reader{at: "label"}
	if l == nil {
		r.fail("", "is missing")
		return match.Label{}, r.err
	}
	if own := l.GetTenant(); own != "" && own != tenant {
		r.fail("tenant", "differs from the request's tenant "+tenant)
	}
	out := match.Label{
		Tenant:         tenant,
		Demand:         l.GetDemandId(),
		Patent:         match.NormaliseNumber(l.GetPatentNumber()),
		Level:          read(&r, "level", levels, l.GetLevel(), 0),
		Rater:          l.GetRater(),
		At:             r.time("time", l.GetTime()),
		Reason:         l.GetReason(),
		Source:         read(&r, "source", labelSources, l.GetSource(), pb.LabelSource_LABEL_SOURCE_EXPERT),
		DemandRevision: l.GetDemandRevision(),
		PatentRevision: l.GetPatentRevision(),
		Relevance:      l.GetRelevance(),
		Weight:         l.GetWeight(),
	}
	if err := r.done("", out.Validate()); err != nil {
		return match.Label{}, err
	}
	return out, nil
}

// ToLabel writes a label.
func ToLabel(l match.Label) *pb.Label {
	return &pb.Label{
		Tenant:         l.Tenant,
		DemandId:       l.Demand,
		PatentNumber:   l.Patent,
		Level:          levels.number(l.Level),
		Rater:          l.Rater,
		Time:           toTime(l.At),
		Reason:         l.Reason,
		Source:         labelSources.number(l.Source),
		DemandRevision: l.DemandRevision,
		PatentRevision: l.PatentRevision,
		Relevance:      l.Relevance,
		Weight:         l.Weight,
	}
}

// FromLabelName reads which label of tenant is meant. An unspecified source is an
// expert.
func FromLabelName(l *pb.LabelName, tenant string) (match.Label, error) {
	r := reader{at: "label"}
	if l.GetDemandId() == "" {
		r.fail("demand_id", "is empty")
	}
	if l.GetPatentNumber() == "" {
		r.fail("patent_number", "is empty")
	}
	out := match.Label{
		Tenant: tenant,
		Demand: l.GetDemandId(),
		Patent: match.NormaliseNumber(l.GetPatentNumber()),
		Rater:  l.GetRater(),
		Source: read(&r, "source", labelSources, l.GetSource(), pb.LabelSource_LABEL_SOURCE_EXPERT),
	}
	return out, r.err
}

// FromListLabels reads which labels of tenant are wanted, without the page.
func FromListLabels(q *pb.ListLabelsRequest, tenant string) (store.LabelQuery, error) {
	var r reader
	out := store.LabelQuery{
		Tenant: tenant,
		Demand: q.GetDemandId(),
		Patent: match.NormaliseNumber(q.GetPatentNumber()),
		Rater:  q.GetRater(),
		Source: read(&r, "source", labelSources, q.GetSource(), 0),
	}
	return out, r.err
}

// FromPair reads a pair of tenant's records, both of which must be named.
func FromPair(p *pb.Pair, tenant string) (match.Pair, error) {
	r := reader{at: "pair"}
	if p.GetDemandId() == "" {
		r.fail("demand_id", "is empty")
	}
	if p.GetPatentNumber() == "" {
		r.fail("patent_number", "is empty")
	}
	return match.Pair{
		Demand: match.Ref{Tenant: tenant, Kind: match.DemandKind, ID: p.GetDemandId()},
		Patent: match.RefOf(tenant, match.PatentKind, p.GetPatentNumber()),
	}, r.err
}

// ToPair writes a pair, without its tenants.
func ToPair(p match.Pair) *pb.Pair {
	return &pb.Pair{DemandId: p.Demand.ID, PatentNumber: p.Patent.ID}
}

// ToSuggestion writes a pair that is worth judging.
func ToSuggestion(s *worth.Suggestion) *pb.LabelSuggestion {
	return &pb.LabelSuggestion{
		DemandId: s.Demand, PatentNumber: s.Patent, Worth: s.Worth(), Uncertainty: s.Uncertainty, Disagreement: s.Disagreement,
		Reason: toLocalText(s.Why),
	}
}

// FromLabelSource reads a source; unspecified is the one given.
func FromLabelSource(s pb.LabelSource, unspecified match.LabelSource) (match.LabelSource, error) {
	var r reader
	return read(&r, "source", labelSources, s, labelSources.number(unspecified)), r.err
}

// ToJudged writes what a chat model has judged.
func ToJudged(rater string, o judge.Outcome, agreed []judge.Agreement) *pb.JudgeLabelsResult {
	out := &pb.JudgeLabelsResult{
		Rater: rater, Pairs: int64(o.Pairs), Labels: int64(o.Proposed), Requests: int64(o.Requests), Tokens: int64(o.Tokens),
		Dropped: map[string]int64{}, Agreements: ToAgreements(agreed),
	}
	for fault, n := range o.Dropped {
		out.Dropped[string(fault)] = int64(n)
	}
	return out
}

// ToAgreements writes how far labels agree with experts'. What is not defined is unset.
func ToAgreements(list []judge.Agreement) []*pb.LabelAgreement {
	defined := func(v float64) *float64 {
		if math.IsNaN(v) {
			return nil
		}
		return &v
	}
	return convert(list, func(a judge.Agreement) *pb.LabelAgreement {
		out := &pb.LabelAgreement{
			Sector: a.Sector, Pairs: int64(a.Pairs), Demands: int64(a.Demands),
			Equal: defined(a.Equal), Kappa: defined(a.Kappa), KappaLow: defined(a.Low), KappaHigh: defined(a.High),
		}
		for _, row := range a.Confusion {
			for _, n := range row {
				out.Confusion = append(out.Confusion, int64(n))
			}
		}
		return out
	})
}
