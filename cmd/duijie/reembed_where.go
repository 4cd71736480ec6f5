package main

import (
	"context"
	"errors"
	"time"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store/sqlite"
)

// folderModels are those of a folder that no server has open; the state is told and the
// pace is set beside one, too.
type folderModels struct{ dataFlags }

func (f folderModels) state(context.Context) (instance.Models, instance.Pace, error) {
	m, err := instance.ReadModels(f.Data)
	if err != nil {
		return m, instance.Pace{}, err
	}
	p, err := instance.ReadPace(f.Data)
	return m, p, err
}

func (f folderModels) pace(_ context.Context, change func(*instance.Pace)) (instance.Pace, error) {
	p, err := instance.ReadPace(f.Data)
	if err != nil {
		return p, err
	}
	change(&p)
	return p, instance.WritePace(f.Data, p)
}

// rollback needs no flags of a model: how each is opened is noted in the folder.
func (f folderModels) rollback(ctx context.Context, progress func(instance.Models)) error {
	return f.with(ctx, true, func(in *instance.Instance) error {
		_, err := in.Rollback(ctx, progress)
		return err
	})
}

func (f folderModels) again(ctx context.Context, progress func(instance.Models)) error {
	return f.with(ctx, false, func(in *instance.Instance) error {
		_, err := in.Reembed(ctx, progress)
		return err
	})
}

func (f folderModels) with(ctx context.Context, hold bool, do func(*instance.Instance) error) error {
	c, err := f.config(ctx)
	if err != nil {
		return err
	}
	c.Hold = hold
	in, err := instance.Open(ctx, c)
	if errors.Is(err, sqlite.ErrLocked) {
		return &match.Error{Kind: match.Conflict, Reason: "a running Duijie has the folder open; reach it with --server http://localhost:7601", Err: err}
	}
	if err != nil {
		return err
	}
	return errors.Join(do(in), in.Close())
}

// serverModels are those of a running server.
type serverModels struct{ *remote }

const reembeddingPath = "/v1/reembedding"

func (s serverModels) state(ctx context.Context) (instance.Models, instance.Pace, error) {
	var got pb.GetReembeddingResponse
	err := s.call(ctx, "GET", reembeddingPath, nil, nil, &got)
	return modelsOf(got.GetReembedding()), paceOf(got.GetReembedding()), err
}

func modelsOf(r *pb.Reembedding) instance.Models {
	m := instance.Models{
		Live: r.GetLive(), Previous: r.GetPrevious(), RolledBack: r.GetRolledBack(), Next: r.GetNext(),
		Done: r.GetDone(), Total: r.GetTotal(), Rate: r.GetWritesPerSecond(),
		Waiting: int(r.GetWaiting()), Refused: int(r.GetRefused()), Problem: r.GetProblem(),
	}
	if r.GetEstimatedEndTime() != nil {
		end := r.GetEstimatedEndTime().AsTime()
		m.End = &end
	}
	return m
}

// pace sends what change sets, of the pace as it is.
func (s serverModels) pace(ctx context.Context, change func(*instance.Pace)) (instance.Pace, error) {
	var was pb.GetReembeddingResponse
	if err := s.call(ctx, "GET", reembeddingPath, nil, nil, &was); err != nil {
		return instance.Pace{}, err
	}
	p := paceOf(was.GetReembedding())
	change(&p)
	var got pb.UpdateReembeddingResponse
	err := s.call(ctx, "PATCH", reembeddingPath, nil, &pb.UpdateReembeddingRequest{Paused: &p.Paused, TextsPerSecond: &p.Texts}, &got)
	return paceOf(got.GetReembedding()), err
}

func paceOf(r *pb.Reembedding) instance.Pace {
	return instance.Pace{Paused: r.GetPaused(), Texts: r.GetTextsPerSecond()}
}

func (s serverModels) rollback(ctx context.Context, progress func(instance.Models)) error {
	var got pb.RollbackEmbedderResponse
	if err := s.call(ctx, "POST", reembeddingPath+":rollback", nil, &pb.RollbackEmbedderRequest{}, &got); err != nil {
		return err
	}
	return s.follow(ctx, got.GetOperation(), progress)
}

func (s serverModels) again(ctx context.Context, progress func(instance.Models)) error {
	var got pb.StartReembeddingResponse
	if err := s.call(ctx, "POST", reembeddingPath+":start", nil, &pb.StartReembeddingRequest{}, &got); err != nil {
		return err
	}
	return s.follow(ctx, got.GetOperation(), progress)
}

// follow returns when an operation of the server has ended.
func (s serverModels) follow(ctx context.Context, op *pb.Operation, progress func(instance.Models)) error {
	for !op.GetDone() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second / 4):
		}
		m, _, err := s.state(ctx)
		if err != nil {
			return err
		}
		if m.Next != "" {
			progress(m)
		}
		var got pb.GetOperationResponse
		if err := s.call(ctx, "GET", "/v1/operations/"+op.GetId(), nil, nil, &got); err != nil {
			return err
		}
		op = got.GetOperation()
	}
	if e := op.GetError(); e != nil {
		return &match.Error{Kind: match.Unavailable, Record: s.base.String(), Reason: e.GetMessage()}
	}
	return nil
}
