package server

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

// second is the built-in model under another name. It may be down.
type second struct {
	embed.Embedder
	down atomic.Bool
}

func (*second) Identity() string { return "second/1" }

func (e *second) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	if e.down.Load() {
		return nil, &match.Error{Kind: match.Unavailable, Reason: "the second model is down"}
	}
	return e.Embedder.Embed(ctx, role, texts)
}

// changing is a server on a folder with records under the built-in model, whose settings
// want the second one. It is down at first.
func changing(t *testing.T) (*rig, *second, string) {
	t.Helper()
	first, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	dir, e := t.TempDir(), &second{Embedder: first}
	e.down.Store(true)
	opened := func(c instance.Config) *instance.Instance {
		in, err := instance.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	in := opened(instance.Config{Data: dir})
	serving := func(in *instance.Instance) *rig {
		return start(t, func(c *Config) {
			c.Catalog, c.Engine, c.Store, c.Models, c.Reembed, c.Building = in.Catalog, in.Engine, in.Store, LiveModels(in.Engine), in, in.Building
		})
	}
	r := serving(in)
	r.fill()
	r.stop()
	r.ok(<-r.stopped)
	r.stopped <- nil
	r.ok(in.Close())
	in = opened(instance.Config{Data: dir, Embedder: e})
	t.Cleanup(func() { in.Close() })
	return serving(in), e, first.Identity()
}

func (r *rig) models() pb.ModelServiceClient { return pb.NewModelServiceClient(r.conn) }

// state waits for what is wanted of the re-embedding.
func (r *rig) state(want func(*pb.Reembedding) bool) *pb.Reembedding {
	r.Helper()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		got, err := r.models().GetReembedding(r.Context(), &pb.GetReembeddingRequest{})
		r.ok(err)
		if want(got.GetReembedding()) {
			return got.GetReembedding()
		}
		if time.Now().After(end) {
			r.Fatalf("the state stays %v", got)
		}
	}
}

func (r *rig) wantEmbedder(want string) {
	r.Helper()
	got, err := r.matches().Match(r.Context(), &pb.MatchRequest{Query: &pb.MatchRequest_DemandId{DemandId: "D1"}})
	r.ok(err)
	if got.GetVersions().GetEmbedder() != want || len(got.GetHits()) == 0 || len(got.GetDegraded()) != 0 {
		r.Errorf("%d hits by %s, degraded %v; want %s", len(got.GetHits()), got.GetVersions().GetEmbedder(), got.GetDegraded(), want)
	}
}

func TestAnEmbedderIsChangedRolledBackAndChangedAgainOverTheAPI(t *testing.T) {
	r, e, first := changing(t)
	got := r.state(func(s *pb.Reembedding) bool { return s.GetWaiting() == 5 })
	if got.GetLive() != first || got.GetNext() != "second/1" || got.GetTotal() == 0 || got.GetRollingBack() {
		t.Errorf("while the next one is down: %v", got)
	}
	r.wantEmbedder(first)
	if text := r.scrape("/metrics"); !strings.Contains(text, `duijie_reembed_writes{state="total"}`) {
		t.Error("there is no metric of the building")
	}
	e.down.Store(false)
	r.state(func(s *pb.Reembedding) bool {
		return s.GetLive() == "second/1" && s.GetPrevious() == first && s.GetNext() == ""
	})
	r.wantEmbedder("second/1")
	back, err := r.models().RollbackEmbedder(t.Context(), &pb.RollbackEmbedderRequest{})
	r.ok(err)
	if op := r.ended(back.GetOperation().GetId()); op.GetType() != "rollback_embedder" || op.GetReembed().GetLive() != first || op.GetReembed().GetPrevious() != "second/1" {
		t.Errorf("the rollback ended as %v", op)
	}
	r.wantEmbedder(first)
	if got := r.state(func(*pb.Reembedding) bool { return true }); got.GetRolledBack() != "second/1" {
		t.Errorf("after the rollback: %v", got)
	}
	again, err := r.models().StartReembedding(t.Context(), &pb.StartReembeddingRequest{})
	r.ok(err)
	if op := r.ended(again.GetOperation().GetId()); op.GetReembed().GetLive() != "second/1" {
		t.Errorf("the second change ended as %v", op)
	}
	r.wantEmbedder("second/1")
}

func TestARollbackOverTheAPIEndsABuilding(t *testing.T) {
	r, e, first := changing(t)
	r.state(func(s *pb.Reembedding) bool { return s.GetNext() != "" })
	begun, err := r.models().StartReembedding(t.Context(), &pb.StartReembeddingRequest{})
	r.ok(err)
	back, err := r.models().RollbackEmbedder(t.Context(), &pb.RollbackEmbedderRequest{})
	r.ok(err)
	if op := r.ended(back.GetOperation().GetId()); op.GetReembed().GetLive() != first {
		t.Errorf("the rollback ended as %v", op)
	}
	if op := r.ended(begun.GetOperation().GetId()); op.GetError() == nil {
		t.Errorf("the building that was given up ended as %v", op)
	}
	e.down.Store(false)
	r.wantEmbedder(first)
}

func TestThePaceIsChangedByWhatARequestSets(t *testing.T) {
	r, _, _ := changing(t)
	for _, step := range []struct {
		body   string
		code   int
		paused bool
		texts  float64
	}{
		{`{"paused": true}`, 200, true, 0},
		{`{"texts_per_second": 5.5}`, 200, true, 5.5},
		{`{}`, 200, true, 5.5},
		{`{"texts_per_second": -1}`, 400, true, 5.5},
		{`{"paused": false, "texts_per_second": 0}`, 200, false, 0},
	} {
		if got := r.call("PATCH", "/v1/reembedding", step.body); got.code != step.code {
			t.Errorf("%s: %d %s", step.body, got.code, got.text)
		}
		got := r.call("GET", "/v1/reembedding", "").body["reembedding"].(map[string]any)
		if got["paused"] != step.paused || got["texts_per_second"] != step.texts {
			t.Errorf("after %s: %v", step.body, got)
		}
	}
}

func TestAServerWithAFixedEmbedderRefusesToChangeIt(t *testing.T) {
	r := start(t, nil)
	_, err := r.models().RollbackEmbedder(t.Context(), &pb.RollbackEmbedderRequest{})
	r.refused(err, codes.PermissionDenied, "")
	_, err = r.models().GetReembedding(t.Context(), &pb.GetReembeddingRequest{})
	r.refused(err, codes.PermissionDenied, "")
	_, err = r.models().UpdateReembedding(t.Context(), &pb.UpdateReembeddingRequest{})
	r.refused(err, codes.PermissionDenied, "")
}
