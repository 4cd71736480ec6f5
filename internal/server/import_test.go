package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

// importOf is a client's end of an import of patents.
type importOf struct {
	*rig
	grpc.BidiStreamingClient[pb.ImportPatentsRequest, pb.ImportPatentsResponse]
}

func (r *rig) imports(ctx context.Context) importOf {
	r.Helper()
	stream, err := r.patents().ImportPatents(ctx)
	r.ok(err)
	return importOf{r, stream}
}

// acked sends a batch and waits until it is acknowledged.
func (i importOf) acked(req *pb.ImportPatentsRequest) []*pb.WriteResult {
	i.rig.Helper()
	i.ok(i.Send(req))
	got, err := i.Recv()
	i.ok(err)
	if got.GetSequence() != req.GetSequence() || len(got.GetResults()) != len(req.GetPatents()) {
		i.Fatalf("sent %d with %d patents, got %v", req.GetSequence(), len(req.GetPatents()), got)
	}
	return got.GetResults()
}

// ends gives the error that a stream ends with; nil for a proper end.
func (i importOf) ends() error {
	for {
		if _, err := i.Recv(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// mixed are patents of which some are bad, some the same as others, and some new
// revisions of others.
func mixed(n int) []*pb.Patent {
	var out []*pb.Patent
	for i := range n {
		p := &pb.Patent{Number: fmt.Sprintf("CN%04d", i), Title: fmt.Sprint("一种电池 ", i)}
		switch i % 10 {
		case 3:
			p.Title = ""
		case 5:
			p.Region = "x"
		case 7:
			p.Number = fmt.Sprintf("CN%04d", i-1)
		case 8:
			p.Number, p.Title = fmt.Sprintf("CN%04d", i-2), fmt.Sprint("一种电池 ", i-1)
		case 9:
			p = &pb.Patent{}
		}
		out = append(out, p)
	}
	return out
}

func TestAnImportGivesWhatBatchWritesGive(t *testing.T) {
	streamed, written := start(t, nil), start(t, nil)
	in := streamed.imports(t.Context())
	list := mixed(1000)
	for n := 0; n < len(list); n += 250 {
		batch := list[n : n+250]
		got := in.acked(&pb.ImportPatentsRequest{Sequence: int64(n + 250), Patents: batch})
		want, err := written.patents().BatchWritePatents(t.Context(), &pb.BatchWritePatentsRequest{Patents: batch})
		written.ok(err)
		if diff := cmp.Diff(want.GetResults(), got, protocmp.Transform()); diff != "" {
			t.Fatalf("batch at %d: %s", n, diff)
		}
	}
	streamed.ok(in.CloseSend())
	streamed.ok(in.ends())
	if diff := cmp.Diff(written.stored(), streamed.stored(), protocmp.Transform(), withoutTimes); diff != "" {
		t.Error(diff)
	}
	counts := map[pb.Change]int{}
	again := streamed.imports(t.Context())
	for n := 0; n < len(list); n += 500 {
		for _, w := range again.acked(&pb.ImportPatentsRequest{Sequence: int64(n + 1), Patents: list[n : n+500]}) {
			counts[w.GetChange()]++
		}
	}
	want := map[pb.Change]int{pb.Change_CHANGE_UNSPECIFIED: 300, pb.Change_CHANGE_UNCHANGED: 500, pb.Change_CHANGE_UPDATED: 200}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("sent again: %s", diff)
	}
}

var withoutTimes = protocmp.IgnoreFields(&pb.RecordInfo{}, "create_time", "update_time")

// stored are all patents, when they are searchable.
func (r *rig) stored() (all []*pb.Patent) {
	r.Helper()
	r.ok(r.config.Catalog.Await(r.Context()))
	req := &pb.ListPatentsRequest{PageSize: 500}
	for {
		page, err := r.patents().ListPatents(r.Context(), req)
		r.ok(err)
		all = append(all, page.GetPatents()...)
		if req.PageToken = page.GetNextPageToken(); req.PageToken == "" {
			return all
		}
	}
}

func one(sequence int64, number string) *pb.ImportPatentsRequest {
	return &pb.ImportPatentsRequest{Sequence: sequence, Patents: []*pb.Patent{{Number: number, Title: "电池"}}}
}

func TestAnImportEndsAtAMessageThatMayNotFollow(t *testing.T) {
	r := start(t, func(c *Config) { c.MaxBatch = 3 })
	with := func(req *pb.ImportPatentsRequest, change func(*pb.ImportPatentsRequest)) *pb.ImportPatentsRequest {
		change(req)
		return req
	}
	for name, c := range map[string]struct {
		bad   *pb.ImportPatentsRequest
		code  codes.Code
		field string
	}{
		"no number":         {one(0, "BAD"), codes.InvalidArgument, "sequence"},
		"a negative number": {one(-1, "BAD"), codes.InvalidArgument, "sequence"},
		"a number twice":    {one(9, "BAD"), codes.InvalidArgument, "sequence"},
		"a smaller number":  {one(8, "BAD"), codes.InvalidArgument, "sequence"},
		"a large batch": {&pb.ImportPatentsRequest{Sequence: 10, Patents: []*pb.Patent{
			{Number: "BAD1", Title: "t"}, {Number: "BAD2", Title: "t"}, {Number: "BAD3", Title: "t"}, {Number: "BAD4", Title: "t"},
		}}, codes.InvalidArgument, "patents"},
		"another tenant": {with(one(10, "BAD"), func(q *pb.ImportPatentsRequest) { q.Tenant = "acme" }), codes.PermissionDenied, ""},
		"a bad tenant":   {with(one(10, "BAD"), func(q *pb.ImportPatentsRequest) { q.Tenant = "a/b" }), codes.InvalidArgument, "tenant"},
		"a long key": {with(one(10, "BAD"), func(q *pb.ImportPatentsRequest) { q.IdempotencyKey = strings.Repeat("k", 129) }),
			codes.InvalidArgument, "idempotency_key"},
		"a key of another batch": {with(one(10, "BAD"), func(q *pb.ImportPatentsRequest) { q.IdempotencyKey = name9 }), codes.Aborted, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := *r
			r.T = t
			in := r.imports(t.Context())
			in.acked(with(one(2, "CN2"), func(q *pb.ImportPatentsRequest) { q.Tenant = "default" }))
			in.acked(with(one(9, "CN9"), func(q *pb.ImportPatentsRequest) { q.IdempotencyKey = name9 })) // a gap, and no tenant
			r.ok(in.Send(c.bad))
			err := in.ends()
			r.refused(err, c.code, c.field)
			if c.code == codes.InvalidArgument && !strings.Contains(err.Error(), fmt.Sprintf("sequence %d", c.bad.GetSequence())) {
				t.Errorf("which one is not told: %v", err)
			}
			if all := r.stored(); len(all) != 2 || all[0].GetNumber() != "CN2" || all[1].GetNumber() != "CN9" {
				t.Errorf("stored %v", all)
			}
		})
	}
}

const name9 = "batch 9"

func TestABatchWithAKeyHasItsFirstResultsWhenSentAgain(t *testing.T) {
	r := start(t, nil)
	req := one(7, "CN7")
	req.IdempotencyKey = "nightly/7"
	for range 2 {
		got := r.imports(t.Context()).acked(req)
		if got[0].GetChange() != pb.Change_CHANGE_CREATED || got[0].GetRevision() != 1 {
			t.Errorf("got %v", got)
		}
	}
}

func TestDemandsAreImportedToo(t *testing.T) {
	r := start(t, nil)
	in, err := r.demands().ImportDemands(t.Context())
	r.ok(err)
	r.ok(in.Send(&pb.ImportDemandsRequest{Sequence: 1, Demands: []*pb.Demand{{Id: "D1", Title: "需求"}, {Id: "D2"}}}))
	r.ok(in.Send(&pb.ImportDemandsRequest{Sequence: 2}))
	r.ok(in.CloseSend())
	got, err := in.Recv()
	r.ok(err)
	if w := got.GetResults(); len(w) != 2 || w[0].GetRevision() != 1 || codes.Code(w[1].GetStatus().GetCode()) != codes.InvalidArgument {
		t.Errorf("got %v", got)
	}
	none, err := in.Recv()
	r.ok(err)
	if none.GetSequence() != 2 || len(none.GetResults()) != 0 {
		t.Errorf("an empty batch gives %v", none)
	}
	if _, err := in.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
}
