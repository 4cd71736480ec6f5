package wire

import (
	"google.golang.org/protobuf/types/known/durationpb"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/intake"
	"github.com/duijie/duijie/internal/match"
)

// ToPool writes a pool.
func ToPool(p *match.Pool) *pb.SuggestPoolResponse {
	return &pb.SuggestPoolResponse{
		RequestId: p.RequestID, DemandId: p.Query.ID, DemandRevision: p.Query.Revision,
		Patents: convert(p.Patents, toPoolPatent), Elements: convert(p.Elements, toPoolElement),
		Reached: p.Reached, Reachable: p.Reachable, Whole: p.Whole, Considered: int32Of(p.Considered), Holders: int32Of(p.Holders), Exact: p.Exact,
		Summary: toLocalText(p.Summary), Degraded: ToDegraded(p.Degraded), Versions: ToVersions(p.Versions), Took: durationpb.New(p.Took),
	}
}

func toPoolPatent(p match.PoolPatent) *pb.PoolPatent {
	return &pb.PoolPatent{
		Patent: ToPatent(&p.Hit.Record, match.Indexed, ""), Rank: int32Of(p.Hit.Rank), Score: ToScore(p.Hit.Score),
		Adds: convert(p.Adds, int32Of), OpenLicence: p.OpenLicence, Why: toLocalText(p.Why),
	}
}

func toPoolElement(e match.PoolElement) *pb.PoolElement {
	return &pb.PoolElement{
		Kind: elementKinds.number(intake.Kind(e.Kind)), Demand: ToSpan(e.Demand), Weight: e.Weight, Verdict: verdicts.number(e.Verdict), Why: toLocalText(e.Why),
		Answers: convert(e.Answers, func(a match.PoolAnswer) *pb.PoolAnswer {
			out := &pb.PoolAnswer{PatentNumber: a.Patent.ID, Verdict: verdicts.number(a.Verdict), Score: a.Score, Note: toLocalText(a.Note)}
			if a.Evidence != (match.Span{}) {
				out.Evidence = ToSpan(a.Evidence)
			}
			return out
		}),
	}
}
