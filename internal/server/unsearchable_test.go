package server

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// picky embeds no text with 拒 in it, until it is told to.
type picky struct {
	embed.Embedder
	lenient atomic.Bool
}

func (p *picky) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	out, err := p.Embedder.Embed(ctx, role, texts)
	if err != nil || p.lenient.Load() {
		return out, err
	}
	errs := map[int]error{}
	for i, text := range texts {
		if strings.Contains(text, "拒") {
			out[i], errs[i] = nil, errors.New("the text is refused")
		}
	}
	if len(errs) > 0 {
		return out, &embed.PartialError{Errs: errs}
	}
	return out, nil
}

// startPicky has written n patents of which every other one fails, and a demand that
// does, too. None of them is tried again for an hour.
func startPicky(t *testing.T, n int) (*rig, *picky) {
	t.Helper()
	model, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	p := &picky{Embedder: model}
	r := start(t, func(c *Config) { *c = partsOf(t, p, func(s store.Store) store.Store { return s }) })
	var list []*pb.Patent
	for i := range n {
		list = append(list, &pb.Patent{Number: fmt.Sprintf("CN%02d", i), Title: []string{"拒绝", "电池"}[i%2]})
	}
	_, err = r.patents().BatchWritePatents(t.Context(), &pb.BatchWritePatentsRequest{Patents: list})
	r.ok(err)
	_, err = r.demands().CreateDemand(t.Context(), &pb.CreateDemandRequest{Demand: &pb.Demand{Id: "D1", Title: "拒"}})
	r.ok(err)
	r.ok(r.config.Catalog.Await(t.Context()))
	notes, err := r.config.Store.Failures(t.Context(), "", 100)
	r.ok(err)
	for i := range notes {
		notes[i].RetryAt = time.Now().Add(time.Hour)
	}
	notes[0].RetryAt = time.Time{} // never
	r.ok(r.config.Store.PutFailures(t.Context(), notes))
	return r, p
}

func TestUnsearchableRecordsAreListedInPages(t *testing.T) {
	r, _ := startPicky(t, 14)
	whole, err := r.catalog().ListUnsearchable(t.Context(), &pb.ListUnsearchableRequest{})
	r.ok(err)
	if n := len(whole.GetRecords()); n != 8 || whole.GetNextPageToken() != "" {
		t.Fatalf("%d records", n)
	}
	var paged []*pb.Unsearchable
	req := &pb.ListUnsearchableRequest{PageSize: 3}
	for {
		page, err := r.catalog().ListUnsearchable(t.Context(), req)
		r.ok(err)
		paged = append(paged, page.GetRecords()...)
		if req.PageToken = page.GetNextPageToken(); req.PageToken == "" {
			break
		}
	}
	if diff := cmp.Diff(whole.GetRecords(), paged, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	first, err := r.catalog().ListUnsearchable(t.Context(), &pb.ListUnsearchableRequest{PageSize: 3})
	r.ok(err)
	// What is struck out or noted before the place of a token moves nothing.
	notes, err := r.config.Store.Failures(t.Context(), "", 2)
	r.ok(err)
	r.ok(r.config.Store.ClearFailures(t.Context(), notes[0].Follower, []match.Ref{notes[0].Ref, notes[1].Ref}))
	second := &pb.ListUnsearchableRequest{PageSize: 2, PageToken: first.GetNextPageToken()}
	got, err := r.catalog().ListUnsearchable(t.Context(), second)
	r.ok(err)
	if diff := cmp.Diff(whole.GetRecords()[3:5], got.GetRecords(), protocmp.Transform()); diff != "" {
		t.Errorf("after some were struck out: %s", diff)
	}
	for i := range 9 {
		notes[0].Ref.ID = fmt.Sprint("A", i)
		r.ok(r.config.Store.PutFailures(t.Context(), notes[:1]))
	}
	got, err = r.catalog().ListUnsearchable(t.Context(), second)
	r.ok(err)
	if diff := cmp.Diff(whole.GetRecords()[3:5], got.GetRecords(), protocmp.Transform()); diff != "" {
		t.Errorf("after some were noted: %s", diff)
	}
	_, err = r.catalog().ListUnsearchable(t.Context(), &pb.ListUnsearchableRequest{PageToken: "x"})
	r.refused(err, codes.InvalidArgument, "page_token")
}

func TestListedRecordsHaveTheStateThatEachHasAlone(t *testing.T) {
	r, _ := startPicky(t, 6)
	page, err := r.patents().ListPatents(t.Context(), &pb.ListPatentsRequest{})
	r.ok(err)
	for i, listed := range page.GetPatents() {
		alone, err := r.patents().GetPatent(t.Context(), &pb.GetPatentRequest{Number: listed.GetNumber()})
		r.ok(err)
		if diff := cmp.Diff(alone.GetPatent(), listed, protocmp.Transform()); diff != "" {
			t.Error(diff)
		}
		want := []pb.RecordState{pb.RecordState_RECORD_STATE_FAILED, pb.RecordState_RECORD_STATE_INDEXED}[i%2]
		if info := listed.GetInfo(); info.GetState() != want || (info.GetStateReason() != "") != (i%2 == 0) {
			t.Errorf("%s: %v", listed.GetNumber(), info)
		}
	}
}

func TestUnsearchableRecordsAreTriedAgainWhenAsked(t *testing.T) {
	r, p := startPicky(t, 6)
	p.lenient.Store(true)
	got := r.call("POST", "/v1/catalog/unsearchable:retry", "{}")
	if got.code != 200 || got.body["due"] != "4" {
		t.Fatalf("%d %s", got.code, got.text)
	}
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		left, err := r.catalog().ListUnsearchable(t.Context(), &pb.ListUnsearchableRequest{})
		r.ok(err)
		if len(left.GetRecords()) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("left: %v", left)
		}
	}
	r.within("拒绝", "CN00", true)
	none, err := r.catalog().RetryUnsearchable(t.Context(), &pb.RetryUnsearchableRequest{})
	r.ok(err)
	if none.GetDue() != 0 {
		t.Errorf("%d are due", none.GetDue())
	}
}

func TestAFailedRetryIsCounted(t *testing.T) {
	r, _ := startPicky(t, 2)
	_, err := r.catalog().RetryUnsearchable(t.Context(), &pb.RetryUnsearchableRequest{})
	r.ok(err)
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		left, err := r.catalog().ListUnsearchable(t.Context(), &pb.ListUnsearchableRequest{PageSize: 1})
		r.ok(err)
		if left.GetRecords()[0].GetAttempts() > 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("left: %v", left)
		}
	}
}
