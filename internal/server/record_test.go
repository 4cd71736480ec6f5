package server

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

func TestAPatentIsCreatedReadChangedAndWithdrawn(t *testing.T) {
	r := start(t, nil)
	ctx := t.Context()
	created, err := r.patents().CreatePatent(ctx, &pb.CreatePatentRequest{Patent: &pb.Patent{Number: "CN1", Title: "电池", Abstract: "一种电池"}})
	r.ok(err)
	if info := created.GetPatent().GetInfo(); info.GetRevision() != 1 || info.GetTenant() != "default" || info.GetCreateTime() == nil {
		t.Errorf("info %v", info)
	}
	_, err = r.patents().CreatePatent(ctx, &pb.CreatePatentRequest{Patent: &pb.Patent{Number: "CN1", Title: "另一个"}})
	r.refused(err, codes.AlreadyExists, "")
	_, err = r.patents().UpdatePatent(ctx, &pb.UpdatePatentRequest{Patent: &pb.Patent{Number: "CN1", Title: "锂电池"}})
	r.ok(err)
	r.ok(r.config.Catalog.Await(ctx))

	newest, err := r.patents().GetPatent(ctx, &pb.GetPatentRequest{Number: "CN1"})
	r.ok(err)
	if p := newest.GetPatent(); p.GetTitle() != "锂电池" || p.GetAbstract() != "" || p.GetInfo().GetState() != pb.RecordState_RECORD_STATE_INDEXED {
		t.Errorf("after the update: %v", p)
	}
	first, err := r.patents().GetPatent(ctx, &pb.GetPatentRequest{Number: "CN1", Revision: 1})
	r.ok(err)
	if p := first.GetPatent(); p.GetTitle() != "电池" || p.GetInfo().GetState() != 0 {
		t.Errorf("revision 1: %v", p)
	}
	gone, err := r.patents().WithdrawPatent(ctx, &pb.WithdrawPatentRequest{Number: "CN1", IfRevision: 2})
	r.ok(err)
	kept, err := r.patents().GetPatent(ctx, &pb.GetPatentRequest{Number: "CN1"})
	r.ok(err)
	if diff := cmp.Diff(gone.GetPatent(), kept.GetPatent(), protocmp.Transform()); diff != "" || !kept.GetPatent().GetInfo().GetWithdrawn() || kept.GetPatent().GetTitle() != "锂电池" {
		t.Errorf("withdrawn %v, diff %s", kept, diff)
	}
	_, err = r.patents().UpdatePatent(ctx, &pb.UpdatePatentRequest{Patent: &pb.Patent{Number: "CN1", Title: "又来"}})
	r.refused(err, codes.NotFound, "")
	again, err := r.patents().CreatePatent(ctx, &pb.CreatePatentRequest{Patent: &pb.Patent{Number: "CN1", Title: "又来"}})
	r.ok(err)
	if info := again.GetPatent().GetInfo(); info.GetRevision() != 4 || info.GetWithdrawn() {
		t.Errorf("created again: %v", info)
	}
}

func TestBadRecordRequestsNameTheField(t *testing.T) {
	r := start(t, func(c *Config) { c.MaxBatch = 3 })
	r.fill()
	ctx := t.Context()
	p, d := r.patents(), r.demands()
	long := strings.Repeat("k", 129)
	for name, c := range map[string]struct {
		call  func() error
		code  codes.Code
		field string
	}{
		"get without a number": {func() error { _, err := p.GetPatent(ctx, &pb.GetPatentRequest{}); return err }, codes.InvalidArgument, "number"},
		"get of a bad revision": {func() error {
			_, err := p.GetPatent(ctx, &pb.GetPatentRequest{Number: "CN1", Revision: -1})
			return err
		}, codes.InvalidArgument, "revision"},
		"get of no revision": {func() error { _, err := p.GetPatent(ctx, &pb.GetPatentRequest{Number: "CN1", Revision: 9}); return err }, codes.NotFound, ""},
		"get of nothing":     {func() error { _, err := d.GetDemand(ctx, &pb.GetDemandRequest{Id: "D9"}); return err }, codes.NotFound, ""},
		"get without an id":  {func() error { _, err := d.GetDemand(ctx, &pb.GetDemandRequest{}); return err }, codes.InvalidArgument, "id"},
		"another tenant": {func() error {
			_, err := p.GetPatent(ctx, &pb.GetPatentRequest{Number: "CN1", Tenant: "acme"})
			return err
		}, codes.PermissionDenied, ""},
		"a tenant with a slash": {func() error {
			_, err := p.GetPatent(ctx, &pb.GetPatentRequest{Number: "CN1", Tenant: "a/b"})
			return err
		}, codes.InvalidArgument, "tenant"},
		"a negative page":       {func() error { _, err := p.ListPatents(ctx, &pb.ListPatentsRequest{PageSize: -1}); return err }, codes.InvalidArgument, "page_size"},
		"a large page":          {func() error { _, err := d.ListDemands(ctx, &pb.ListDemandsRequest{PageSize: 501}); return err }, codes.InvalidArgument, "page_size"},
		"a garbage token":       {func() error { _, err := p.ListPatents(ctx, &pb.ListPatentsRequest{PageToken: "=%="}); return err }, codes.InvalidArgument, "page_token"},
		"a token of other JSON": {func() error { _, err := p.ListPatents(ctx, &pb.ListPatentsRequest{PageToken: "e30"}); return err }, codes.InvalidArgument, "page_token"},
		"create of nothing":     {func() error { _, err := p.CreatePatent(ctx, &pb.CreatePatentRequest{}); return err }, codes.InvalidArgument, "patent"},
		"create without title": {func() error {
			_, err := p.CreatePatent(ctx, &pb.CreatePatentRequest{Patent: &pb.Patent{Number: "CN9"}})
			return err
		}, codes.InvalidArgument, "patent.title"},
		"create of a bad region": {func() error {
			_, err := p.CreatePatent(ctx, &pb.CreatePatentRequest{Patent: &pb.Patent{Number: "CN9", Title: "t", Region: "4"}})
			return err
		}, codes.InvalidArgument, "patent.region"},
		"a long key": {func() error {
			_, err := p.CreatePatent(ctx, &pb.CreatePatentRequest{Patent: &pb.Patent{Number: "CN9", Title: "t"}, IdempotencyKey: long})
			return err
		}, codes.InvalidArgument, "idempotency_key"},
		"update of nothing": {func() error { _, err := p.UpdatePatent(ctx, &pb.UpdatePatentRequest{}); return err }, codes.InvalidArgument, "patent"},
		"update without a number": {func() error {
			_, err := p.UpdatePatent(ctx, &pb.UpdatePatentRequest{Patent: &pb.Patent{Title: "t"}})
			return err
		}, codes.InvalidArgument, "patent.number"},
		"update of no record": {func() error {
			_, err := p.UpdatePatent(ctx, &pb.UpdatePatentRequest{Patent: &pb.Patent{Number: "CN9", Title: "t"}})
			return err
		}, codes.NotFound, ""},
		"update with a bad mask": {func() error { _, err := p.UpdatePatent(ctx, masked("t", "nonsense")); return err }, codes.InvalidArgument, "update_mask.paths[0]"},
		"update of a negative revision": {func() error {
			_, err := p.UpdatePatent(ctx, &pb.UpdatePatentRequest{Patent: &pb.Patent{Number: "CN1", Title: "t"}, IfRevision: -1})
			return err
		}, codes.InvalidArgument, "if_revision"},
		"update of another revision": {func() error {
			_, err := p.UpdatePatent(ctx, &pb.UpdatePatentRequest{Patent: &pb.Patent{Number: "CN1", Title: "t"}, IfRevision: 7})
			return err
		}, codes.Aborted, ""},
		"withdraw of no record": {func() error { _, err := d.WithdrawDemand(ctx, &pb.WithdrawDemandRequest{Id: "D9"}); return err }, codes.NotFound, ""},
		"withdraw of another revision": {func() error {
			_, err := d.WithdrawDemand(ctx, &pb.WithdrawDemandRequest{Id: "D1", IfRevision: 7})
			return err
		}, codes.Aborted, ""},
		"a large batch": {func() error {
			_, err := d.BatchWriteDemands(ctx, &pb.BatchWriteDemandsRequest{Demands: make([]*pb.Demand, 4)})
			return err
		}, codes.InvalidArgument, "demands"},
	} {
		t.Run(name, func(t *testing.T) {
			r := *r
			r.T = t
			r.refused(c.call(), c.code, c.field)
		})
	}
}

func TestABatchWritesAllButItsBadItems(t *testing.T) {
	r := start(t, nil)
	batch := &pb.BatchWritePatentsRequest{IdempotencyKey: "k", Patents: []*pb.Patent{
		{Number: "CN1", Title: "电池"}, {Number: "CN2", Title: "电池", Region: "x"}, {Number: "CN3", Title: "电池"},
	}}
	for _, round := range []string{"first", "repeated"} {
		got, err := r.patents().BatchWritePatents(t.Context(), batch)
		r.ok(err)
		var said []string
		for _, w := range got.GetResults() {
			said = append(said, fmt.Sprintf("%s %v %d %v %s", w.GetId(), w.GetChange(), w.GetRevision(), codes.Code(w.GetStatus().GetCode()), w.GetStatus().GetField()))
		}
		want := []string{"CN1 CHANGE_CREATED 1 OK ", "CN2 CHANGE_UNSPECIFIED 0 InvalidArgument patent.region", "CN3 CHANGE_CREATED 1 OK "}
		if diff := cmp.Diff(want, said); diff != "" {
			t.Errorf("%s: %s", round, diff)
		}
	}
	empty, err := r.demands().BatchWriteDemands(t.Context(), &pb.BatchWriteDemandsRequest{})
	r.ok(err)
	if len(empty.GetResults()) != 0 {
		t.Errorf("an empty batch gives %v", empty)
	}
}

func TestPagesToTheEndAreTheWholeList(t *testing.T) {
	r := start(t, nil)
	ctx := t.Context()
	var list []*pb.Demand
	for i := range 23 {
		list = append(list, &pb.Demand{Id: fmt.Sprintf("D%02d", i), Title: "需求"})
	}
	_, err := r.demands().BatchWriteDemands(ctx, &pb.BatchWriteDemandsRequest{Demands: list})
	r.ok(err)
	_, err = r.demands().WithdrawDemand(ctx, &pb.WithdrawDemandRequest{Id: "D07"})
	r.ok(err)
	r.ok(r.config.Catalog.Await(ctx))
	for _, all := range []bool{false, true} {
		whole, err := r.demands().ListDemands(ctx, &pb.ListDemandsRequest{ShowWithdrawn: all})
		r.ok(err)
		var paged []*pb.Demand
		req := &pb.ListDemandsRequest{ShowWithdrawn: all, PageSize: 5}
		for {
			page, err := r.demands().ListDemands(ctx, req)
			r.ok(err)
			paged = append(paged, page.GetDemands()...)
			if req.PageToken = page.GetNextPageToken(); req.PageToken == "" {
				break
			}
		}
		if diff := cmp.Diff(whole.GetDemands(), paged, protocmp.Transform()); diff != "" || whole.GetNextPageToken() != "" {
			t.Errorf("withdrawn ones %t: %s", all, diff)
		}
		if want := 22; !all && len(paged) != want {
			t.Errorf("%d live demands, want %d", len(paged), want)
		}
	}
	page, err := r.demands().ListDemands(ctx, &pb.ListDemandsRequest{PageSize: 5, Tenant: "default"})
	r.ok(err)
	_, err = r.demands().ListDemands(ctx, &pb.ListDemandsRequest{PageSize: 7, PageToken: page.GetNextPageToken()})
	r.ok(err) // another size and the same tenant are no other request
	_, err = r.demands().ListDemands(ctx, &pb.ListDemandsRequest{ShowWithdrawn: true, PageToken: page.GetNextPageToken()})
	r.refused(err, codes.InvalidArgument, "page_token")
	_, err = r.patents().ListPatents(ctx, &pb.ListPatentsRequest{PageToken: page.GetNextPageToken()})
	r.refused(err, codes.InvalidArgument, "page_token")
}

func TestLargeRecordsMakeShorterPages(t *testing.T) {
	r := start(t, nil)
	var list []*pb.Patent
	for i := range 6 {
		list = append(list, &pb.Patent{Number: fmt.Sprint("CN", i), Title: "大", Claims: strings.Repeat("长", 300_000)})
	}
	_, err := r.patents().BatchWritePatents(t.Context(), &pb.BatchWritePatentsRequest{Patents: list})
	r.ok(err)
	page, err := r.patents().ListPatents(t.Context(), &pb.ListPatentsRequest{})
	r.ok(err)
	if n := len(page.GetPatents()); n != 4 || page.GetNextPageToken() == "" {
		t.Errorf("%d patents of 0.9 MB, token %q", n, page.GetNextPageToken())
	}
}
