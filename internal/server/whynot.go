package server

import (
	"context"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
)

func (m *matches) WhyNot(ctx context.Context, req *pb.WhyNotRequest) (*pb.WhyNotResponse, error) {
	if req.GetRequest() == nil {
		return nil, match.Invalidf("request", "is missing")
	}
	asked, err := fromMatch(req.GetRequest())
	if err != nil {
		return nil, err
	}
	asked.ID = requestID(ctx)
	got, err := m.engine.WhyNot(ctx, asked, req.GetId())
	if err != nil {
		return nil, err
	}
	m.metrics.degradedBy(got.Degraded)
	return wire.ToWhyNot(got), nil
}
