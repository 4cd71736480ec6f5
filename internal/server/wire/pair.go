package wire

import (
	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/retrieve"
)

// ToPairResult gives the score of a pair, or why there is none.
func ToPairResult(s *retrieve.PairScore) *pb.PairResult {
	out := &pb.PairResult{Pair: ToPair(s.Pair), Status: ItemStatus(s.Err)}
	if s.Err != nil {
		return out
	}
	out.DemandRevision, out.PatentRevision = s.Demand.Revision, s.Patent.Revision
	out.Score, out.Model = ToScore(s.Score), s.Route.Model
	out.Explanation = ToExplanation(s.Explanation)
	return out
}

// ToPairAnswer gives the results in the order of the pairs.
func ToPairAnswer(requestID string, a *retrieve.PairAnswer) *pb.ScorePairsResponse {
	out := &pb.ScorePairsResponse{RequestId: requestID, Degraded: ToDegraded(a.Degraded), Versions: ToVersions(a.Versions), Calibration: ToCalibration(a.Calibration)}
	for i := range a.Results {
		out.Results = append(out.Results, ToPairResult(&a.Results[i]))
	}
	return out
}
