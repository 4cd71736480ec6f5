package server

import (
	"context"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/intake"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
)

func (s *demands) AnalyzeDemand(ctx context.Context, req *pb.AnalyzeDemandRequest) (*pb.AnalyzeDemandResponse, error) {
	if req.GetId() == "" {
		return analyzeWords(req)
	}
	if req.GetTitle() != "" || req.GetText() != "" {
		return nil, match.Invalidf("id", "is given beside title or text; give one of them")
	}
	d, err := s.side.get(ctx, req.GetTenant(), req.GetId(), 0)
	if err != nil {
		return nil, err
	}
	return &pb.AnalyzeDemandResponse{Id: d.GetId(), Revision: d.GetInfo().GetRevision(), Intake: intakeOf(d)}, nil
}

// intakeOf analyzes a demand as it is written to clients.
func intakeOf(d *pb.Demand) *pb.Intake {
	return wire.ToIntake(intake.Analyze(match.Texts{Title: d.GetTitle(), Body: d.GetText()}))
}

// analyzeWords analyzes what is not stored, under the limits of what can be.
func analyzeWords(req *pb.AnalyzeDemandRequest) (*pb.AnalyzeDemandResponse, error) {
	if _, err := tenantOf(req.GetTenant()); err != nil {
		return nil, err
	}
	d := match.Demand{ID: "words", Title: req.GetTitle(), Text: req.GetText()}
	if err := d.Validate(); err != nil {
		return nil, err
	}
	return &pb.AnalyzeDemandResponse{Intake: wire.ToIntake(intake.Analyze(d.Texts()))}, nil
}
