package server

import (
	"context"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/server/wire"
)

func (m *matches) ScorePairs(ctx context.Context, req *pb.ScorePairsRequest) (*pb.ScorePairsResponse, error) {
	tenant, err := tenantOf(req.GetTenant())
	if err != nil {
		return nil, err
	}
	if err := checkBatch("pairs", len(req.GetPairs()), m.maxBatch); err != nil {
		return nil, err
	}
	results := make([]*pb.PairResult, len(req.GetPairs()))
	var pairs []match.Pair
	var places []int // of pairs in the request
	for i, p := range req.GetPairs() {
		pair, err := wire.FromPair(p, tenant)
		if err != nil {
			results[i] = &pb.PairResult{Pair: p, Status: wire.ItemStatus(err)}
			continue
		}
		pairs, places = append(pairs, pair), append(places, i)
	}
	answer, err := m.engine.ScorePairs(ctx, pairs, retrieve.PairOptions{Explain: req.GetExplain(), Review: req.GetReview()})
	if err != nil {
		return nil, err
	}
	for i := range answer.Results {
		results[places[i]] = wire.ToPairResult(&answer.Results[i])
	}
	m.metrics.degradedBy(answer.Degraded)
	return &pb.ScorePairsResponse{
		RequestId:   requestID(ctx),
		Results:     results,
		Degraded:    wire.ToDegraded(answer.Degraded),
		Versions:    wire.ToVersions(answer.Versions),
		Calibration: wire.ToCalibration(answer.Calibration),
	}, nil
}
