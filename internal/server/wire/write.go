package wire

import (
	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// ToWriteResult writes what became of one item of a batch.
func ToWriteResult(o store.Outcome) *pb.WriteResult {
	return &pb.WriteResult{
		Id:       o.Ref.ID,
		Change:   changes.number(o.Change),
		Revision: o.Revision,
		Status:   ItemStatus(o.Err),
	}
}

// RefusedResult is the result of an item that did not get as far as the store.
func RefusedResult(id string, err error) *pb.WriteResult {
	return &pb.WriteResult{Id: clip(id), Status: ItemStatus(err)}
}

// FromWriteResult reads what became of one item of a batch, which was that of ref.
func FromWriteResult(ref match.Ref, r *pb.WriteResult) store.Outcome {
	out := store.Outcome{Ref: ref, Change: changes.values[r.GetChange()], Revision: r.GetRevision()}
	if s := r.GetStatus(); s != nil {
		out.Change, out.Err = store.Refused, fromItemStatus(s)
	}
	return out
}

// ToUnsearchable writes a record that is in no answer, and why.
func ToUnsearchable(f store.Failure) *pb.Unsearchable {
	return &pb.Unsearchable{
		Kind:      kinds.number(f.Ref.Kind),
		Tenant:    f.Ref.Tenant,
		Id:        f.Ref.ID,
		Reached:   states.number(f.Stage),
		Reason:    clip(f.Reason),
		Attempts:  int32Of(f.Attempts),
		RetryTime: toTime(f.RetryAt),
	}
}
