package server

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

// withdrawal is a batch that writes a patent, withdraws one by its number alone and
// one with content that is not taken, and wants to withdraw one that is not there.
func withdrawal() []*pb.Patent {
	gone := func() *pb.RecordInfo { return &pb.RecordInfo{Withdrawn: true} }
	return []*pb.Patent{
		{Number: "N1", Title: "一种新电池"},
		{Number: "W1", Info: gone()},
		{Number: "W2", Title: "别的标题", Info: gone()},
		{Number: "W9", Info: gone()},
		{Info: gone()},
	}
}

var withdrawn = []*pb.WriteResult{
	{Id: "N1", Change: pb.Change_CHANGE_CREATED, Revision: 1},
	{Id: "W1", Change: pb.Change_CHANGE_WITHDRAWN, Revision: 2},
	{Id: "W2", Change: pb.Change_CHANGE_WITHDRAWN, Revision: 2},
	{Id: "W9", Status: &pb.ItemStatus{Code: 5, Message: "patent W9: there is nothing to withdraw",
		Faults: []*pb.Fault{{Reason: &pb.LocalText{Zh: "没有可以下架的记录", En: "there is nothing to withdraw"}}}}},
	{Status: &pb.ItemStatus{Code: 3, Message: "patent: patent.number: is empty; patent.title: is empty", Field: "patent.number",
		Faults: []*pb.Fault{
			{Field: "patent.number", Reason: &pb.LocalText{Zh: "不能为空", En: "is empty"}},
			{Field: "patent.title", Reason: &pb.LocalText{Zh: "不能为空", En: "is empty"}},
		}}},
}

func TestBatchesAndImportsWithdraw(t *testing.T) {
	for name, write := range map[string]func(*rig, []*pb.Patent, string) []*pb.WriteResult{
		"batch": func(r *rig, list []*pb.Patent, key string) []*pb.WriteResult {
			got, err := r.patents().BatchWritePatents(r.Context(), &pb.BatchWritePatentsRequest{Patents: list, IdempotencyKey: key})
			r.ok(err)
			return got.GetResults()
		},
		"import": func(r *rig, list []*pb.Patent, key string) []*pb.WriteResult {
			return r.imports(r.Context()).acked(&pb.ImportPatentsRequest{Sequence: 1, Patents: list, IdempotencyKey: key})
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, nil)
			write(r, []*pb.Patent{{Number: "W1", Title: "一"}, {Number: "W2", Title: "二"}}, "")
			got := write(r, withdrawal(), "nightly")
			if diff := cmp.Diff(withdrawn, got, protocmp.Transform()); diff != "" {
				t.Error(diff)
			}
			if again := write(r, withdrawal(), "nightly"); !cmp.Equal(got[:3], again[:3], protocmp.Transform()) {
				t.Errorf("the repetition with the same key gives %v", again)
			}
			if again := write(r, withdrawal(), ""); again[1].GetChange() != pb.Change_CHANGE_UNCHANGED {
				t.Errorf("withdrawing twice gives %v", again[1])
			}
			kept, err := r.patents().GetPatent(r.Context(), &pb.GetPatentRequest{Number: "W2"})
			r.ok(err)
			if p := kept.GetPatent(); !p.GetInfo().GetWithdrawn() || p.GetTitle() != "二" {
				t.Errorf("kept: %v", p)
			}
		})
	}
}
