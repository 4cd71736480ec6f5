package wire

import (
	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
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
		Patent:         l.GetPatentNumber(),
		Level:          read(&r, "level", levels, l.GetLevel(), 0),
		Rater:          l.GetRater(),
		At:             r.time("time", l.GetTime()),
		Reason:         l.GetReason(),
		Source:         read(&r, "source", labelSources, l.GetSource(), pb.LabelSource_LABEL_SOURCE_EXPERT),
		DemandRevision: l.GetDemandRevision(),
		PatentRevision: l.GetPatentRevision(),
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
	}
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
		Patent: match.Ref{Tenant: tenant, Kind: match.PatentKind, ID: p.GetPatentNumber()},
	}, r.err
}

// ToPair writes a pair, without its tenants.
func ToPair(p match.Pair) *pb.Pair {
	return &pb.Pair{DemandId: p.Demand.ID, PatentNumber: p.Patent.ID}
}
