package server

import (
	"context"

	"google.golang.org/protobuf/types/known/timestamppb"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

// Reembedder changes the embedder on a live catalog; *instance.Instance is one.
type Reembedder interface {
	Reembedding() (instance.Models, instance.Pace, error)
	SetPace(instance.Pace) error
	Rollback(ctx context.Context, progress func(instance.Models)) (instance.Models, error)
	Reembed(ctx context.Context, progress func(instance.Models)) (instance.Models, error)
}

// Types of operations.
const (
	reembedType  = "reembed"
	rollbackType = "rollback_embedder"
)

var errFixedEmbedder = &match.Error{Kind: match.Denied, Reason: "this server cannot change its embedder"}

func (m *models) GetReembedding(context.Context, *pb.GetReembeddingRequest) (*pb.GetReembeddingResponse, error) {
	state, err := m.reembedding()
	if err != nil {
		return nil, err
	}
	return &pb.GetReembeddingResponse{Reembedding: state}, nil
}

func (m *models) reembedding() (*pb.Reembedding, error) {
	if m.reembed == nil {
		return nil, errFixedEmbedder
	}
	models, pace, err := m.reembed.Reembedding()
	if err != nil {
		return nil, err
	}
	return ToReembedding(models, pace), nil
}

// ToReembedding is what the API tells of the models and the pace.
func ToReembedding(m instance.Models, p instance.Pace) *pb.Reembedding {
	out := &pb.Reembedding{
		Live: m.Live, Previous: m.Previous, RolledBack: m.RolledBack, Next: m.Next, RollingBack: m.GoesBack(),
		Done: m.Done, Total: m.Total, WritesPerSecond: m.Rate, Waiting: int64(m.Waiting), Refused: int64(m.Refused),
		Problem: m.Problem, Paused: p.Paused, TextsPerSecond: p.Texts,
	}
	if m.End != nil {
		out.EstimatedEndTime = timestamppb.New(*m.End)
	}
	return out
}

// UpdateReembedding changes what the request sets, and no more.
func (m *models) UpdateReembedding(_ context.Context, req *pb.UpdateReembeddingRequest) (*pb.UpdateReembeddingResponse, error) {
	if m.reembed == nil {
		return nil, errFixedEmbedder
	}
	m.pace.Lock()
	defer m.pace.Unlock()
	_, pace, err := m.reembed.Reembedding()
	if err != nil {
		return nil, err
	}
	if req.Paused != nil {
		pace.Paused = req.GetPaused()
	}
	if req.TextsPerSecond != nil {
		pace.Texts = req.GetTextsPerSecond()
	}
	if err := m.reembed.SetPace(pace); err != nil {
		return nil, err
	}
	state, err := m.reembedding()
	return &pb.UpdateReembeddingResponse{Reembedding: state}, err
}

// StartReembedding tells of the one that is under way, where there is one.
func (m *models) StartReembedding(context.Context, *pb.StartReembeddingRequest) (*pb.StartReembeddingResponse, error) {
	op, err := m.change(reembedType, Reembedder.Reembed)
	return &pb.StartReembeddingResponse{Operation: op}, err
}

// RollbackEmbedder tells of the one that is under way, where there is one.
func (m *models) RollbackEmbedder(context.Context, *pb.RollbackEmbedderRequest) (*pb.RollbackEmbedderResponse, error) {
	op, err := m.change(rollbackType, Reembedder.Rollback)
	return &pb.RollbackEmbedderResponse{Operation: op}, err
}

func (m *models) change(kind string, do func(Reembedder, context.Context, func(instance.Models)) (instance.Models, error)) (*pb.Operation, error) {
	if m.reembed == nil {
		return nil, errFixedEmbedder
	}
	return m.operations.start(kind, func(ctx context.Context, progress func(done, total int64)) (*pb.Operation, error) {
		got, err := do(m.reembed, ctx, func(m instance.Models) { progress(m.Done, m.Total) })
		if err != nil {
			return nil, err
		}
		return &pb.Operation{Result: &pb.Operation_Reembed{Reembed: &pb.ReembedResult{
			Live: got.Live, Previous: got.Previous, Refused: int64(got.Refused),
		}}}, nil
	})
}
