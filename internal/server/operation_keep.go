package server

import (
	"context"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/store"
)

const (
	// beatEvery is the time between two signs of life, and silent after how long without
	// one a process is taken to be gone.
	beatEvery = 5 * time.Second
	silent    = 30 * time.Second
	// keepTime bounds the writing of a state.
	keepTime = 10 * time.Second
)

// keep writes a state.
func (o *operations) keep(state *pb.Operation) error {
	if o.kept == nil {
		return nil
	}
	body, err := proto.Marshal(state)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), keepTime)
	defer cancel()
	return o.kept.PutOperation(ctx, store.OperationState{
		ID: state.GetId(), Owner: o.owner, Done: state.GetDone(), At: state.GetCreateTime().AsTime(), Seen: time.Now(), Body: body,
	})
}

// beat writes how far an operation is, as a sign of life too.
func (o *operations) beat(ctx context.Context, op *operation) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		o.mu.Lock()
		state := copyOf(op)
		o.mu.Unlock()
		if state.GetDone() || ctx.Err() != nil {
			return
		}
		if err := o.keep(state); err != nil {
			o.log.Warn("the state of an operation could not be written", "operation", state.GetId(), "error", err)
		}
	}
}

// others are the operations of other processes, those included that are gone.
func (o *operations) others(ctx context.Context) ([]*pb.Operation, error) {
	if o.kept == nil {
		return nil, nil
	}
	kept, err := o.kept.ListOperations(ctx, keptOperations)
	if err != nil {
		return nil, err
	}
	var out []*pb.Operation
	for _, k := range kept {
		if k.Owner == o.owner {
			continue
		}
		state := &pb.Operation{}
		if err := proto.Unmarshal(k.Body, state); err != nil {
			return nil, &match.Error{Kind: match.Corrupt, Record: "operation " + k.ID, Reason: "its state cannot be read", Err: err}
		}
		if !k.Done && (o.alone || time.Since(k.Seen) > silent) {
			if err := o.adopt(ctx, k, state); err != nil {
				return nil, err
			}
		}
		out = append(out, state)
	}
	return out, nil
}

// adopt notes that an operation has ended with its process.
func (o *operations) adopt(ctx context.Context, k store.OperationState, state *pb.Operation) error {
	state.Done, state.UpdateTime = true, timestamppb.New(k.Seen)
	state.Result = &pb.Operation_Error{Error: wire.ItemStatus(&match.Error{Kind: match.Unavailable, Record: "operation " + k.ID, Reason: "its process ended before it did; start it again"})}
	body, err := proto.Marshal(state)
	if err != nil {
		return err
	}
	k.Done, k.Body = true, body
	o.log.Warn("an operation ended with its process", "operation", k.ID, "type", state.GetType())
	return o.kept.PutOperation(ctx, k)
}

// keptOne finds an operation of another process; nil for none.
func (o *operations) keptOne(ctx context.Context, id string) (*pb.Operation, error) {
	all, err := o.others(ctx)
	for _, state := range all {
		if state.GetId() == id {
			return state, err
		}
	}
	return nil, err
}
