package server

import (
	"bytes"
	"testing"

	"google.golang.org/protobuf/proto"

	pb "github.com/duijie/duijie/api/duijie/v1"
)

func TestTheSameRequestTwiceIsAnsweredByteForByteButForIdAndTime(t *testing.T) {
	r := start(t, nil)
	r.fill()
	for name, req := range map[string]*pb.MatchRequest{
		"a demand": byDemand("D1"), "a patent": byPatent("CN1"), "a text": byText(&pb.PlainText{Title: "锂电池", Body: "低温放电容量高的正极材料。"}),
	} {
		for _, order := range []pb.Order{pb.Order_ORDER_FORWARD, pb.Order_ORDER_REVERSE, pb.Order_ORDER_MUTUAL} {
			req.Explain, req.Order = true, order
			var first []byte
			for i := range 3 {
				got := r.answered(req)
				if got.GetRequestId() == "" || len(got.GetHits()) == 0 {
					t.Fatalf("%s: %v", name, got)
				}
				got.RequestId, got.Took = "", nil
				if text := encoded(t, got); i == 0 {
					first = text
				} else if !bytes.Equal(first, text) {
					t.Errorf("%s, %v: answer %d differs", name, order, i+1)
				}
			}
		}
	}
}

func TestAHitIsTheSameOnAnyPageAndWithAnyFilter(t *testing.T) {
	r := start(t, nil)
	r.fill()
	whole := map[string][]byte{}
	req := byDemand("D1")
	req.Explain = true
	for _, h := range r.answered(req).GetHits() {
		whole[h.GetPatent().GetNumber()] = encoded(t, h)
	}
	seen := 0
	for page := proto.CloneOf(req); ; seen++ {
		page.PageSize = 1
		got := r.answered(page)
		h := got.GetHits()[0]
		if !bytes.Equal(whole[h.GetPatent().GetNumber()], encoded(t, h)) {
			t.Errorf("%s differs on a page of one", h.GetPatent().GetNumber())
		}
		if page.PageToken = got.GetNextPageToken(); page.PageToken == "" {
			break
		}
	}
	if seen != len(whole)-1 || len(whole) != 3 {
		t.Errorf("%d pages, %d hits", seen+1, len(whole))
	}
	for _, region := range []string{"44", "32", "43"} {
		req.Filter = &pb.Filter{Regions: []string{region}}
		h := r.answered(req).GetHits()[0]
		was := &pb.Hit{}
		r.ok(proto.Unmarshal(whole[h.GetPatent().GetNumber()], was))
		// The place and the places in the legs' lists are those of the answer.
		for _, x := range []*pb.Hit{h, was} {
			x.Rank = 0
			for _, l := range x.GetScore().GetLegs() {
				l.Rank = 0
			}
		}
		if !bytes.Equal(encoded(t, was), encoded(t, h)) {
			t.Errorf("%s differs in %s:\n%v\n%v", h.GetPatent().GetNumber(), region, was, h)
		}
	}
}
