package replay_test

import (
	"context"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/server/replay"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/store"
)

// answered is an answer of ten explained hits over the sample.
func answered(t testing.TB) replay.Answered {
	t.Helper()
	ctx := context.Background()
	in, err := instance.Open(ctx, instance.Config{Data: t.TempDir(), Now: sample.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	var items []store.Item
	for _, r := range s.Records() {
		items = append(items, store.Item{Record: r})
	}
	if _, err := in.Catalog.Write(ctx, store.Batch{Tenant: match.DefaultTenant, Items: items}); err != nil {
		t.Fatal(err)
	}
	if err := in.Catalog.Await(ctx); err != nil {
		t.Fatal(err)
	}
	req := match.Request{ID: "r", Tenant: match.DefaultTenant, From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: "D-BAT1"}, Limit: 10, Explain: true}
	a, err := in.Engine.Match(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	return replay.Answered{Asked: req, Answer: a, Response: wire.ToAnswer(a), At: time.Now(),
		Request: &pb.MatchRequest{Query: &pb.MatchRequest_DemandId{DemandId: "D-BAT1"}, Explain: true}}
}

func TestWhatIsKeptHoldsNoTextOfARecordAndLeavesTheAnswerAlone(t *testing.T) {
	a := answered(t)
	before := proto.CloneOf(a.Response)
	kept, err := a.Kept()
	if err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(before, a.Response) {
		t.Error("the answer that is sent has changed")
	}
	back := &pb.ReplayResponse{}
	if err := proto.Unmarshal(kept.Sent, back); err != nil {
		t.Fatal(err)
	}
	for i, h := range back.GetAnswer().GetHits() {
		if h.GetPatent().GetTitle() != "" || h.GetPatent().GetAbstract() != "" {
			t.Errorf("hit %d has its texts", i)
		}
		for _, e := range h.GetExplanation().GetEvidence() {
			if e.GetDemand().GetText()+e.GetPatent().GetText() != "" || e.GetPatent().GetEnd() == 0 {
				t.Errorf("hit %d: evidence %v", i, e)
			}
		}
	}
	body, err := revision.EncodeKept(kept)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("an answer of ten explained hits takes %d bytes in the store", len(body))
}

// BenchmarkKept is what keeping an answer costs on the path of its request.
func BenchmarkKept(b *testing.B) {
	a := answered(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Kept(); err != nil {
			b.Fatal(err)
		}
	}
}
