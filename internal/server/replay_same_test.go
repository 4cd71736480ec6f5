package server

import (
	"bytes"
	"testing"

	"google.golang.org/protobuf/proto"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

// TestAnAnswerIsGivenAgainByteForByte asks for all that an answer can tell: another
// order, levels, supply, both sides' fit with ratings, and verdicts on elements.
func TestAnAnswerIsGivenAgainByteForByte(t *testing.T) {
	r := start(t, keeping(t, false))
	r.fill()
	for _, e := range []*pb.Event{
		{Id: "e1", DemandId: "D1", PatentNumber: "CN1", Side: pb.RecordKind_RECORD_KIND_DEMAND, Type: pb.EventType_EVENT_TYPE_CONTRACT, Rating: 5},
		{Id: "e2", DemandId: "D1", PatentNumber: "CN1", Side: pb.RecordKind_RECORD_KIND_PATENT, Type: pb.EventType_EVENT_TYPE_CONTRACT, Rating: 2},
	} {
		_, err := r.events().RecordEvents(t.Context(), &pb.RecordEventsRequest{Events: []*pb.Event{e}})
		r.ok(err)
	}
	for name, req := range map[string]*pb.MatchRequest{"by demand": byDemand("D1"), "by patent": byPatent("CN1")} {
		for _, order := range []pb.Order{pb.Order_ORDER_FORWARD, pb.Order_ORDER_REVERSE, pb.Order_ORDER_MUTUAL} {
			req := proto.CloneOf(req)
			req.Explain, req.Order = true, order
			then := r.answered(req)
			first := then.GetHits()[0]
			if s := first.GetScore(); len(s.GetLevelProbabilities()) != 4 || s.GetTwoSided().GetPatent().GetCount() != 1 || then.GetCalibration() == nil || (then.GetSupply() == nil) != (name == "by patent") {
				t.Fatalf("%s, %v: something is missing, and the test shows nothing of it: %v", name, order, then)
			}
			if len(first.GetExplanation().GetElements()) == 0 {
				t.Fatalf("%s, %v: there is no verdict", name, order)
			}
			again := r.replay(then.GetRequestId())
			if again.GetRequest().GetOrder() != order || !proto.Equal(req, again.GetRequest()) {
				t.Errorf("%s, %v: the request is %v", name, order, again.GetRequest())
			}
			a, b := encoded(t, then), encoded(t, again.GetAnswer())
			if !bytes.Equal(a, b) {
				t.Errorf("%s, %v: then\n%s\nagain\n%s", name, order, prototext(then), prototext(again.GetAnswer()))
			}
		}
	}
}

func encoded(t *testing.T, m proto.Message) []byte {
	t.Helper()
	out, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
