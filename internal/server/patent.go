package server

import (
	"context"

	"google.golang.org/grpc"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
)

// patents is the PatentService.
type patents struct {
	pb.UnimplementedPatentServiceServer
	side    side[*pb.Patent]
	imports importLimits
}

func patentSide(c Config) side[*pb.Patent] {
	return side[*pb.Patent]{
		catalog: c.Catalog, store: c.Store, maxBatch: c.MaxBatch,
		kind: match.PatentKind, idField: "number", id: (*pb.Patent).GetNumber,
		read: wire.FromPatent, write: wire.ToPatent, merge: wire.ApplyPatentMask,
	}
}

func (s *patents) GetPatent(ctx context.Context, req *pb.GetPatentRequest) (*pb.GetPatentResponse, error) {
	got, err := s.side.get(ctx, req.GetTenant(), req.GetNumber(), req.GetRevision())
	if err != nil {
		return nil, err
	}
	return &pb.GetPatentResponse{Patent: got}, nil
}

func (s *patents) ListPatents(ctx context.Context, req *pb.ListPatentsRequest) (*pb.ListPatentsResponse, error) {
	page, next, err := s.side.list(ctx, req)
	if err != nil {
		return nil, err
	}
	return &pb.ListPatentsResponse{Patents: page, NextPageToken: next}, nil
}

func (s *patents) CreatePatent(ctx context.Context, req *pb.CreatePatentRequest) (*pb.CreatePatentResponse, error) {
	written, err := s.side.create(ctx, req, req.GetPatent())
	if err != nil {
		return nil, err
	}
	return &pb.CreatePatentResponse{Patent: written}, nil
}

func (s *patents) UpdatePatent(ctx context.Context, req *pb.UpdatePatentRequest) (*pb.UpdatePatentResponse, error) {
	written, err := s.side.update(ctx, req, req.GetPatent())
	if err != nil {
		return nil, err
	}
	return &pb.UpdatePatentResponse{Patent: written}, nil
}

func (s *patents) WithdrawPatent(ctx context.Context, req *pb.WithdrawPatentRequest) (*pb.WithdrawPatentResponse, error) {
	kept, err := s.side.withdraw(ctx, req, req.GetNumber())
	if err != nil {
		return nil, err
	}
	return &pb.WithdrawPatentResponse{Patent: kept}, nil
}

func (s *patents) BatchWritePatents(ctx context.Context, req *pb.BatchWritePatentsRequest) (*pb.BatchWritePatentsResponse, error) {
	results, err := s.side.batch(ctx, req, req.GetPatents())
	if err != nil {
		return nil, err
	}
	return &pb.BatchWritePatentsResponse{Results: results}, nil
}

func (s *patents) ImportPatents(stream grpc.BidiStreamingServer[pb.ImportPatentsRequest, pb.ImportPatentsResponse]) error {
	return s.side.receive(stream.Context(), s.imports, importStream[*pb.Patent]{
		recv: func() (importRequest, []*pb.Patent, error) {
			req, err := stream.Recv()
			return req, req.GetPatents(), err
		},
		send: func(sequence int64, results []*pb.WriteResult) error {
			return stream.Send(&pb.ImportPatentsResponse{Sequence: sequence, Results: results})
		},
	})
}
