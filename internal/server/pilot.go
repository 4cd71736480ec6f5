package server

import (
	"context"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/pilot"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/vocabulary"
)

// pilots is the PilotService.
type pilots struct {
	pb.UnimplementedPilotServiceServer
	registry *registry.Registry // nil: there are none
	sources  pilot.Sources
}

func (p *pilots) StartPilot(ctx context.Context, req *pb.StartPilotRequest) (*pb.StartPilotResponse, error) {
	if p.registry == nil {
		return nil, errFixedRanker
	}
	asked, err := wire.FromPilot(req.GetPilot())
	if err != nil {
		return nil, err
	}
	asked.Where = vocabulary.Alias(asked.Where)
	begun, err := p.registry.StartPilot(ctx, asked)
	if err != nil {
		return nil, err
	}
	return &pb.StartPilotResponse{Pilot: wire.ToPilot(&begun)}, nil
}

func (p *pilots) EndPilot(ctx context.Context, req *pb.EndPilotRequest) (*pb.EndPilotResponse, error) {
	if p.registry == nil {
		return nil, errFixedRanker
	}
	if err := p.registry.EndPilot(ctx, req.GetName(), req.GetBy(), req.GetReason()); err != nil {
		return nil, err
	}
	return &pb.EndPilotResponse{}, nil
}

func (p *pilots) ListPilots(context.Context, *pb.ListPilotsRequest) (*pb.ListPilotsResponse, error) {
	if p.registry == nil {
		return nil, errFixedRanker
	}
	out := &pb.ListPilotsResponse{}
	l := p.registry.Lineup()
	for i := range l.Pilots {
		out.Pilots = append(out.Pilots, wire.ToPilot(&l.Pilots[i]))
	}
	return out, nil
}

func (p *pilots) GetPilotReport(ctx context.Context, req *pb.GetPilotReportRequest) (*pb.GetPilotReportResponse, error) {
	if p.registry == nil {
		return nil, errFixedRanker
	}
	if err := notEmpty("name", req.GetName()); err != nil {
		return nil, err
	}
	which, running := p.registry.Lineup().Pilot(req.GetName())
	if !running {
		var err error
		if which, err = p.registry.FormerPilot(ctx, req.GetName()); err != nil {
			return nil, err
		}
	}
	report, err := pilot.Look(ctx, p.sources, which, running)
	if err != nil {
		return nil, err
	}
	return wire.ToPilotReport(report), nil
}
