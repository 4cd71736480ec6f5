package server

import (
	"context"

	"google.golang.org/grpc"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
)

// demands is the DemandService.
type demands struct {
	pb.UnimplementedDemandServiceServer
	side    side[*pb.Demand]
	imports importLimits
}

func demandSide(c Config) side[*pb.Demand] {
	return side[*pb.Demand]{
		catalog: c.Catalog, store: c.Store, maxBatch: c.MaxBatch,
		kind: match.DemandKind, idField: "id", id: (*pb.Demand).GetId,
		read: wire.FromDemand, write: wire.ToDemand, merge: wire.ApplyDemandMask,
	}
}

func (s *demands) GetDemand(ctx context.Context, req *pb.GetDemandRequest) (*pb.GetDemandResponse, error) {
	got, err := s.side.get(ctx, req.GetTenant(), req.GetId(), req.GetRevision())
	if err != nil {
		return nil, err
	}
	return &pb.GetDemandResponse{Demand: got}, nil
}

func (s *demands) ListDemands(ctx context.Context, req *pb.ListDemandsRequest) (*pb.ListDemandsResponse, error) {
	page, next, err := s.side.list(ctx, req)
	if err != nil {
		return nil, err
	}
	return &pb.ListDemandsResponse{Demands: page, NextPageToken: next}, nil
}

func (s *demands) CreateDemand(ctx context.Context, req *pb.CreateDemandRequest) (*pb.CreateDemandResponse, error) {
	written, err := s.side.create(ctx, req, req.GetDemand())
	if err != nil {
		return nil, err
	}
	return &pb.CreateDemandResponse{Demand: written, Intake: intakeOf(written)}, nil
}

func (s *demands) UpdateDemand(ctx context.Context, req *pb.UpdateDemandRequest) (*pb.UpdateDemandResponse, error) {
	written, err := s.side.update(ctx, req, req.GetDemand())
	if err != nil {
		return nil, err
	}
	return &pb.UpdateDemandResponse{Demand: written, Intake: intakeOf(written)}, nil
}

func (s *demands) WithdrawDemand(ctx context.Context, req *pb.WithdrawDemandRequest) (*pb.WithdrawDemandResponse, error) {
	kept, err := s.side.withdraw(ctx, req, req.GetId())
	if err != nil {
		return nil, err
	}
	return &pb.WithdrawDemandResponse{Demand: kept}, nil
}

func (s *demands) BatchWriteDemands(ctx context.Context, req *pb.BatchWriteDemandsRequest) (*pb.BatchWriteDemandsResponse, error) {
	results, err := s.side.batch(ctx, req, req.GetDemands())
	if err != nil {
		return nil, err
	}
	return &pb.BatchWriteDemandsResponse{Results: results}, nil
}

func (s *demands) ImportDemands(stream grpc.BidiStreamingServer[pb.ImportDemandsRequest, pb.ImportDemandsResponse]) error {
	return s.side.receive(stream.Context(), s.imports, importStream[*pb.Demand]{
		recv: func() (importRequest, []*pb.Demand, error) {
			req, err := stream.Recv()
			return req, req.GetDemands(), err
		},
		send: func(sequence int64, results []*pb.WriteResult) error {
			return stream.Send(&pb.ImportDemandsResponse{Sequence: sequence, Results: results})
		},
	})
}
