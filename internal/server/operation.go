package server

import (
	"context"
	"errors"
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
	"github.com/duijie/duijie/internal/store"
)

// operations is the OperationService. Its operations end with the process; their states
// are in the store, so that one that a crash has ended does not look as if it ran.
//
//	start ──► running ──► done: result | error | canceled
//	             └── the process is gone ──► done: error (see adopt)
type operations struct {
	pb.UnimplementedOperationServiceServer
	log   *slog.Logger
	kept  store.Operations // nil: they are forgotten with the process
	owner string           // this process
	alone bool             // no other process has the store open

	mu      sync.Mutex
	list    []*operation // newest last
	closed  bool
	running sync.WaitGroup
}

type operation struct {
	state  *pb.Operation // under operations.mu
	key    string        // two operations with one do the same
	cancel context.CancelFunc
}

// keptOperations is how many operations are remembered.
const keptOperations = 100

// work is what an operation does. It calls progress as often as it likes, and returns an
// operation of which the result alone counts.
type work func(ctx context.Context, progress func(done, total int64)) (*pb.Operation, error)

func newOperations(c Config) *operations {
	return &operations{log: c.Log, kept: c.Store, owner: newID(), alone: c.Alone}
}

// start begins work of a type and returns at once. Where work of that type is under
// way already, that is returned instead: two at a time would do the same.
func (o *operations) start(kind string, do work) (*pb.Operation, error) {
	return o.startAs(kind, kind, do)
}

// startAs is start for work of which several kinds, told apart by a key, may go on at
// once.
func (o *operations) startAs(kind, key string, do work) (*pb.Operation, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.begin(kind, key, do)
}

// startAlone is start for work of which one of a type goes on at a time: where that under
// way does the same (has the same key) it is returned, and else refused with
// match.Conflict, naming what is under way. Nothing waits in a queue.
func (o *operations) startAlone(kind, key string, do work) (*pb.Operation, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, op := range o.list {
		if op.state.GetType() == kind && op.key != key && !op.state.GetDone() {
			return nil, (&match.Error{Kind: match.Conflict, Record: kind}).Because("another one is under way (operation %s): wait for its end, or cancel it", op.state.GetId())
		}
	}
	return o.begin(kind, key, do)
}

// begin is startAs for who holds mu.
func (o *operations) begin(kind, key string, do work) (*pb.Operation, error) {
	if o.closed {
		return nil, &match.Error{Kind: match.Unavailable, Reason: "the server is stopping"}
	}
	for _, op := range o.list {
		if op.key == key && !op.state.GetDone() {
			return copyOf(op), nil
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	now := timestamppb.Now()
	op := &operation{cancel: cancel, key: key, state: &pb.Operation{Id: newID(), Type: kind, CreateTime: now, UpdateTime: now}}
	o.list = append(o.list, op)
	o.list = o.list[max(0, len(o.list)-keptOperations):]
	if err := o.keep(copyOf(op)); err != nil {
		cancel()
		return nil, err
	}
	o.running.Go(func() { o.run(ctx, op, do) })
	return copyOf(op), nil
}

func (o *operations) run(ctx context.Context, op *operation, do work) {
	defer op.cancel()
	beating, stop := context.WithCancel(context.Background())
	defer stop()
	beaten := make(chan struct{})
	go func() {
		defer close(beaten)
		o.beat(beating, op)
	}()
	ended, err := caught(do)(ctx, func(done, total int64) {
		o.change(op, func(s *pb.Operation) { s.Progress, s.Total = done, total })
	})
	final := o.now(op)
	final.Done, final.UpdateTime = true, timestamppb.Now()
	if err != nil {
		final.Result, final.Refusal = &pb.Operation_Error{Error: wire.ItemStatus(err)}, ended.GetRefusal()
	} else {
		final.Result = ended.Result
	}
	// The end is kept before it is told, and no sign of life is written after it.
	stop()
	<-beaten
	if err := o.keep(final); err != nil {
		o.log.Error("the end of an operation could not be written", "operation", final.GetId(), "error", err)
	}
	o.mu.Lock()
	op.state = final
	o.mu.Unlock()
	if err != nil && match.KindOf(err) != match.Canceled {
		o.log.Error("an operation failed", "type", final.GetType(), "operation", final.GetId(), "error", err)
	}
}

// caught makes an error of a panic: outside of a call there is nobody else to.
func caught(do work) work {
	return func(ctx context.Context, progress func(done, total int64)) (_ *pb.Operation, err error) {
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

// now is a state to be sent.
func (o *operations) now(op *operation) *pb.Operation {
	o.mu.Lock()
	defer o.mu.Unlock()
	return copyOf(op)
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

func (o *operations) GetOperation(ctx context.Context, req *pb.GetOperationRequest) (*pb.GetOperationResponse, error) {
	o.mu.Lock()
	op, err := o.find(req.GetId())
	o.mu.Unlock()
	if err == nil {
		return &pb.GetOperationResponse{Operation: o.now(op)}, nil
	}
	state, kept := o.keptOne(ctx, req.GetId())
	if kept != nil || state == nil {
		return nil, errors.Join(kept, err)
	}
	return &pb.GetOperationResponse{Operation: state}, nil
}

func (o *operations) ListOperations(ctx context.Context, _ *pb.ListOperationsRequest) (*pb.ListOperationsResponse, error) {
	out := &pb.ListOperationsResponse{}
	o.mu.Lock()
	for _, op := range slices.Backward(o.list) {
		out.Operations = append(out.Operations, copyOf(op))
	}
	o.mu.Unlock()
	others, err := o.others(ctx)
	if err != nil {
		return nil, err
	}
	out.Operations = append(out.Operations, others...)
	slices.SortStableFunc(out.Operations, func(a, b *pb.Operation) int {
		return b.GetCreateTime().AsTime().Compare(a.GetCreateTime().AsTime())
	})
	return out, nil
}

// CancelOperation is no error for an operation that has ended.
func (o *operations) CancelOperation(ctx context.Context, req *pb.CancelOperationRequest) (*pb.CancelOperationResponse, error) {
	o.mu.Lock()
	op, err := o.find(req.GetId())
	o.mu.Unlock()
	if err == nil {
		op.cancel()
		return &pb.CancelOperationResponse{Operation: o.now(op)}, nil
	}
	state, kept := o.keptOne(ctx, req.GetId())
	switch {
	case kept != nil || state == nil:
		return nil, errors.Join(kept, err)
	case !state.GetDone():
		return nil, &match.Error{Kind: match.Unavailable, Record: "operation " + req.GetId(), Reason: "runs in another replica, which alone can cancel it"}
	}
	return &pb.CancelOperationResponse{Operation: state}, nil
}
