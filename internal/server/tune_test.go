package server

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

// running waits until an operation tells of progress.
func (r *rig) running(id string) *pb.Operation {
	r.Helper()
	for r.Context().Err() == nil {
		got, err := r.ops().GetOperation(r.Context(), &pb.GetOperationRequest{Id: id})
		r.ok(err)
		if o := got.GetOperation(); o.GetDone() || o.GetProgress() > 0 {
			return o
		}
		time.Sleep(2 * time.Millisecond)
	}
	r.Fatalf("operation %s does not begin", id)
	return nil
}

func TestATrainingGoesOnAloneAndCanBeCancelled(t *testing.T) {
	r := start(t, producing(t))
	r.sampled() // enough labels for trees, which take seconds
	ctx := t.Context()
	req := &pb.TuneRequest{Name: "long", By: "李四", Seed: 1}
	begun, err := r.models().Tune(ctx, req)
	r.ok(err)
	id := begun.GetOperation().GetId()
	if o := r.running(id); o.GetDone() || o.GetTotal() != 1000 {
		t.Fatalf("%v", o)
	}
	again, err := r.models().Tune(ctx, req)
	r.ok(err)
	if again.GetOperation().GetId() != id {
		t.Errorf("the same request again has begun %v", again)
	}
	_, err = r.models().Tune(ctx, &pb.TuneRequest{Name: "other", By: "李四", Seed: 1})
	r.refused(err, codes.Aborted, "")
	if !strings.Contains(err.Error(), id) {
		t.Errorf("the refusal does not name what is under way: %v", err)
	}
	if got := r.call("POST", "/v1/models:tune", `{"name": "other"}`); got.code != 409 || !strings.Contains(got.text, id) {
		t.Errorf("over HTTP: %d %s", got.code, got.text)
	}
	if got := r.call("POST", "/v1/operations/"+id+":cancel", "{}"); got.code != 200 {
		t.Fatalf("cancelling over HTTP: %d %s", got.code, got.text)
	}
	o := r.trained(id)
	if codes.Code(o.GetError().GetCode()) != codes.Canceled || o.GetProgress() >= o.GetTotal() {
		t.Errorf("ended as %v", o)
	}
	list, err := r.models().ListModels(ctx, &pb.ListModelsRequest{})
	r.ok(err)
	for _, m := range list.GetModels() {
		if strings.HasPrefix(m.GetId(), "tuned/") {
			t.Errorf("a training that was cancelled has added %s", m.GetId())
		}
	}
	next, err := r.models().Tune(ctx, &pb.TuneRequest{Name: "next", Sectors: []string{"battery"}})
	r.ok(err)
	if next.GetOperation().GetId() == id {
		t.Error("a training that has ended is returned for a new one")
	}
	ended := r.trained(next.GetOperation().GetId())
	if ended.GetTune().GetModel().GetId() == "" {
		t.Fatalf("ended as %v", ended)
	}
	// Another process with the same store, after this one: what was told is told again.
	after := newOperations(Config{Store: r.config.Store, Alone: true, Log: r.config.Log})
	for _, want := range []*pb.Operation{o, ended} {
		got, err := after.GetOperation(ctx, &pb.GetOperationRequest{Id: want.GetId()})
		r.ok(err)
		if !proto.Equal(want, got.GetOperation()) {
			t.Errorf("after a restart %v, it was %v", got.GetOperation(), want)
		}
	}
}
