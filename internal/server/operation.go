package server

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
)

// operations is the OperationService. It holds its operations in memory: they end
// with the process.
//
//	start ──► running ──► done: result | error | canceled
type operations struct {
	pb.UnimplementedOperationServiceServer
	log *slog.Logger

	mu      sync.Mutex
	list    []*operation // newest last
	closed  bool
	running sync.WaitGroup
}

type operation struct {
	state  *pb.Operation // under operations.mu
	cancel context.CancelFunc
}

// keptOperations is how many operations are remembered.
const keptOperations = 100

// work is what an operation does. It calls progress as often as it likes.
type work func(ctx context.Context, progress func(done, total int64)) (*pb.ReindexResult, error)

func newOperations(log *slog.Logger) *operations { return &operations{log: log} }

// start begins work of a type and returns at once. Where work of that type is under
// way already, that is returned instead: two at a time would do the same.
func (o *operations) start(kind string, do work) (*pb.Operation, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return nil, &match.Error{Kind: match.Unavailable, Reason: "the server is stopping"}
	}
	for _, op := range o.list {
		if op.state.GetType() == kind && !op.state.GetDone() {
			return copyOf(op), nil
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	now := timestamppb.Now()
	op := &operation{cancel: cancel, state: &pb.Operation{Id: newID(), Type: kind, CreateTime: now, UpdateTime: now}}
	o.list = append(o.list, op)
	o.list = o.list[max(0, len(o.list)-keptOperations):]
	o.running.Go(func() { o.run(ctx, op, do) })
	return copyOf(op), nil
}

func (o *operations) run(ctx context.Context, op *operation, do work) {
	defer op.cancel()
	result, err := caught(do)(ctx, func(done, total int64) {
		o.change(op, func(s *pb.Operation) { s.Progress, s.Total = done, total })
	})
	o.change(op, func(s *pb.Operation) {
		s.Done = true
		if err != nil {
			s.Result = &pb.Operation_Error{Error: wire.ItemStatus(err)}
		} else {
			s.Result = &pb.Operation_Reindex{Reindex: result}
		}
	})
	if err != nil && match.KindOf(err) != match.Canceled {
		o.log.Error("an operation failed", "type", op.state.GetType(), "operation", op.state.GetId(), "error", err)
	}
}

// caught makes an error of a panic: outside of a call there is nobody else to.
func caught(do work) work {
	return func(ctx context.Context, progress func(done, total int64)) (_ *pb.ReindexResult, err error) {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return do(ctx, progress)
	}
}

func (o *operations) change(op *operation, change func(*pb.Operation)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	change(op.state)
	op.state.UpdateTime = timestamppb.Now()
}

// close cancels what is under way and waits for its end.
func (o *operations) close() {
	o.mu.Lock()
	o.closed = true
	for _, op := range o.list {
		op.cancel()
	}
	o.mu.Unlock()
	o.running.Wait()
}

// find returns an operation; the caller holds mu.
func (o *operations) find(id string) (*operation, error) {
	if err := notEmpty("id", id); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(o.list, func(op *operation) bool { return op.state.GetId() == id })
	if i < 0 {
		return nil, &match.Error{Kind: match.NotFound, Record: "operation " + id, Reason: "there is no such operation"}
	}
	return o.list[i], nil
}

// copyOf lets a state be sent while the operation goes on.
func copyOf(op *operation) *pb.Operation { return proto.CloneOf(op.state) }

func (o *operations) GetOperation(_ context.Context, req *pb.GetOperationRequest) (*pb.GetOperationResponse, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	op, err := o.find(req.GetId())
	if err != nil {
		return nil, err
	}
	return &pb.GetOperationResponse{Operation: copyOf(op)}, nil
}

func (o *operations) ListOperations(context.Context, *pb.ListOperationsRequest) (*pb.ListOperationsResponse, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := &pb.ListOperationsResponse{}
	for _, op := range slices.Backward(o.list) {
		out.Operations = append(out.Operations, copyOf(op))
	}
	return out, nil
}

// CancelOperation is no error for an operation that has ended.
func (o *operations) CancelOperation(_ context.Context, req *pb.CancelOperationRequest) (*pb.CancelOperationResponse, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	op, err := o.find(req.GetId())
	if err != nil {
		return nil, err
	}
	op.cancel()
	return &pb.CancelOperationResponse{Operation: copyOf(op)}, nil
}
