package server

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

func TestLabelsAreWrittenAllOrNoneAndListedInPages(t *testing.T) {
	r := start(t, nil)
	ctx := t.Context()
	var list []*pb.Label
	for i := range 7 {
		list = append(list, &pb.Label{DemandId: fmt.Sprint("D", i), PatentNumber: "CN1", Level: 3, Rater: "甲"})
	}
	bad := append(list[:2:2], &pb.Label{DemandId: "D9", PatentNumber: "CN1", Level: 9})
	_, err := r.labels().BatchWriteLabels(ctx, &pb.BatchWriteLabelsRequest{Labels: bad})
	r.refused(err, codes.InvalidArgument, "labels[2].level")
	for _, rater := range []string{"", " \t"} {
		bad := append(list[:1:1], &pb.Label{DemandId: "D9", PatentNumber: "CN1", Level: 3, Rater: rater})
		_, err := r.labels().BatchWriteLabels(ctx, &pb.BatchWriteLabelsRequest{Labels: bad})
		r.refused(err, codes.InvalidArgument, "labels[1].rater")
	}
	_, err = r.labels().BatchWriteLabels(ctx, &pb.BatchWriteLabelsRequest{Labels: make([]*pb.Label, 501)})
	r.refused(err, codes.InvalidArgument, "labels")
	_, err = r.labels().BatchWriteLabels(ctx, &pb.BatchWriteLabelsRequest{Tenant: "acme"})
	r.refused(err, codes.PermissionDenied, "")
	_, err = r.labels().ListLabels(ctx, &pb.ListLabelsRequest{PageToken: "x"})
	r.refused(err, codes.InvalidArgument, "page_token")
	_, err = r.labels().ListLabels(ctx, &pb.ListLabelsRequest{PageSize: -1})
	r.refused(err, codes.InvalidArgument, "page_size")

	none, err := r.labels().ListLabels(ctx, &pb.ListLabelsRequest{})
	r.ok(err)
	_, err = r.labels().BatchWriteLabels(ctx, &pb.BatchWriteLabelsRequest{Labels: list})
	r.ok(err)
	var got string
	req := &pb.ListLabelsRequest{PageSize: 3}
	for {
		page, err := r.labels().ListLabels(ctx, req)
		r.ok(err)
		for _, l := range page.GetLabels() {
			got += l.GetDemandId()
		}
		got += "|"
		if req.PageToken = page.GetNextPageToken(); req.PageToken == "" {
			break
		}
	}
	if len(none.GetLabels()) != 0 || got != "D0D1D2|D3D4D5|D6|" {
		t.Errorf("before %v, after %s", none, got)
	}
}

func TestLabelsSayWhichRecordsDoNotExist(t *testing.T) {
	r := start(t, nil)
	r.fill()
	got, err := r.labels().BatchWriteLabels(t.Context(), &pb.BatchWriteLabelsRequest{Labels: []*pb.Label{
		{DemandId: "D1", PatentNumber: "CN1", Level: 3, Rater: "甲"}, {DemandId: "D1", PatentNumber: "CN8", Level: 3, Rater: "甲"},
		{DemandId: "D8", PatentNumber: "CN8", Level: 3, Rater: "甲"}, {DemandId: "D8", PatentNumber: "CN1", Level: 3, Rater: "甲"},
	}})
	r.ok(err)
	want := &pb.BatchWriteLabelsResponse{LabelsWithoutRecords: 3, UnknownDemandIds: []string{"D8"}, UnknownPatentNumbers: []string{"CN8"}}
	if !proto.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestLabelsAreFilteredAndWithdrawn(t *testing.T) {
	r := start(t, nil)
	ctx := t.Context()
	var list []*pb.Label
	for _, d := range []string{"D1", "D2"} {
		for _, source := range []pb.LabelSource{0, pb.LabelSource_LABEL_SOURCE_MODEL} {
			list = append(list, &pb.Label{DemandId: d, PatentNumber: "CN1", Level: 3, Rater: "甲", Source: source})
		}
	}
	_, err := r.labels().BatchWriteLabels(ctx, &pb.BatchWriteLabelsRequest{Labels: list})
	r.ok(err)
	count := func(query string) int {
		t.Helper()
		got := r.call("GET", "/v1/labels?"+query, "")
		found, ok := got.body["labels"].([]any)
		if got.code != 200 || !ok {
			t.Fatalf("%s: %d %s", query, got.code, got.text)
		}
		return len(found)
	}
	for query, want := range map[string]int{
		"": 4, "demand_id=D2": 2, "patent_number=CN1": 4, "patent_number=CN2": 0, "rater=%E7%94%B2": 4, "rater=b": 0,
		"source=LABEL_SOURCE_EXPERT": 2, "source=LABEL_SOURCE_MODEL&demand_id=D1": 1,
	} {
		if got := count(query); got != want {
			t.Errorf("%q finds %d labels, want %d", query, got, want)
		}
	}
	got := r.call("POST", "/v1/labels:withdraw", `{"labels": [{"demand_id": "D1", "patent_number": "CN1", "rater": "甲"}, {"demand_id": "D9", "patent_number": "CN1"}]}`)
	if got.code != 200 || got.body["withdrawn"] != 1.0 || count("source=LABEL_SOURCE_EXPERT") != 1 || count("") != 3 {
		t.Errorf("%d %s, %d are left", got.code, got.text, count(""))
	}
	_, err = r.labels().WithdrawLabels(ctx, &pb.WithdrawLabelsRequest{Labels: []*pb.LabelName{{DemandId: "D1", PatentNumber: "CN1"}, {DemandId: "D1"}}})
	r.refused(err, codes.InvalidArgument, "labels[1].patent_number")
	_, err = r.labels().WithdrawLabels(ctx, &pb.WithdrawLabelsRequest{Labels: make([]*pb.LabelName, 501)})
	r.refused(err, codes.InvalidArgument, "labels")
	_, err = r.labels().WithdrawLabels(ctx, &pb.WithdrawLabelsRequest{})
	r.ok(err)
}

func TestModelsAreTheLiveOnesEmbeddersFirst(t *testing.T) {
	r := start(t, nil)
	got, err := pb.NewModelServiceClient(r.conn).ListModels(t.Context(), &pb.ListModelsRequest{})
	r.ok(err)
	m := got.GetModels()
	if len(m) != 2 || m[0].GetKind() != pb.ModelKind_MODEL_KIND_EMBEDDER || m[0].GetDim() != 256 || m[1].GetId() != "zero-shot/3" || !m[1].GetLive() {
		t.Errorf("got %v", m)
	}
}

func TestTheCatalogIsCounted(t *testing.T) {
	r := start(t, nil)
	r.fill()
	got, err := r.catalog().GetCatalog(t.Context(), &pb.GetCatalogRequest{})
	r.ok(err)
	for i, want := range []int64{3, 2} {
		if c := got.GetCounts()[i]; c.GetStored() != want || c.GetSearchable() != want || c.GetPending() != 0 || int(c.GetKind()) != i+1 {
			t.Errorf("counts %v", c)
		}
	}
	if v := got.GetVersions(); v.GetCatalog() != 5 || v.GetEmbedder() == "" || v.GetRanker() != "zero-shot/3" {
		t.Errorf("versions %v", v)
	}
	_, err = r.catalog().GetCatalog(t.Context(), &pb.GetCatalogRequest{Tenant: "acme"})
	r.refused(err, codes.PermissionDenied, "")
	none, err := r.catalog().ListUnsearchable(t.Context(), &pb.ListUnsearchableRequest{})
	r.ok(err)
	if len(none.GetRecords()) != 0 {
		t.Errorf("unsearchable %v", none)
	}
	_, err = r.catalog().ListUnsearchable(t.Context(), &pb.ListUnsearchableRequest{PageSize: 501})
	r.refused(err, codes.InvalidArgument, "page_size")
}

func TestAReindexIsAnOperationWithAResult(t *testing.T) {
	r := start(t, nil)
	r.fill()
	begun, err := r.catalog().Reindex(t.Context(), &pb.ReindexRequest{})
	r.ok(err)
	done := r.ended(begun.GetOperation().GetId())
	if done.GetReindex().GetIndexed() != 5 || done.GetProgress() == 0 || done.GetProgress() != done.GetTotal() {
		t.Errorf("got %v", done)
	}
	_, err = r.ops().GetOperation(t.Context(), &pb.GetOperationRequest{Id: "none"})
	r.refused(err, codes.NotFound, "")
	_, err = r.ops().CancelOperation(t.Context(), &pb.CancelOperationRequest{})
	r.refused(err, codes.InvalidArgument, "id")
	_, err = r.ops().CancelOperation(t.Context(), &pb.CancelOperationRequest{Id: done.GetId()})
	r.ok(err)
}

func TestOperationsAreListedJoinedAndCancelled(t *testing.T) {
	r := start(t, nil)
	failed, err := r.operations.start("failing", func(context.Context, func(done, total int64)) (*pb.Operation, error) {
		return nil, errors.New("boom")
	})
	r.ok(err)
	panics, err := r.operations.start("panicking", func(context.Context, func(done, total int64)) (*pb.Operation, error) { panic("boom") })
	r.ok(err)
	waits := func(ctx context.Context, progress func(done, total int64)) (*pb.Operation, error) {
		progress(1, 2)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	running, err := r.operations.start("waiting", waits)
	r.ok(err)
	joined, err := r.operations.start("waiting", waits)
	r.ok(err)
	if joined.GetId() != running.GetId() {
		t.Error("a second operation of one type was begun")
	}
	list, err := r.ops().ListOperations(t.Context(), &pb.ListOperationsRequest{})
	r.ok(err)
	if l := list.GetOperations(); len(l) != 3 || l[0].GetId() != running.GetId() || l[2].GetId() != failed.GetId() {
		t.Errorf("list %v", l)
	}
	_, err = r.ops().CancelOperation(t.Context(), &pb.CancelOperationRequest{Id: running.GetId()})
	r.ok(err)
	for id, want := range map[string]codes.Code{running.GetId(): codes.Canceled, failed.GetId(): codes.Internal, panics.GetId(): codes.Internal} {
		if got := r.ended(id); codes.Code(got.GetError().GetCode()) != want {
			t.Errorf("ended as %v, want %v", got, want)
		}
	}
	last, err := r.operations.start("waiting", waits)
	r.ok(err)
	r.stop()
	r.ok(<-r.stopped)
	if _, err := r.operations.start("late", waits); err == nil {
		t.Error("an operation began after the end")
	}
	op, err := r.operations.GetOperation(t.Context(), &pb.GetOperationRequest{Id: last.GetId()})
	r.ok(err)
	if !op.GetOperation().GetDone() {
		t.Error("an operation outlives the server")
	}
}

// ended waits for the end of an operation.
func (r *rig) ended(id string) *pb.Operation {
	r.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		got, err := r.ops().GetOperation(r.Context(), &pb.GetOperationRequest{Id: id})
		r.ok(err)
		if got.GetOperation().GetDone() {
			return got.GetOperation()
		}
	}
	r.Fatalf("operation %s does not end", id)
	return nil
}
