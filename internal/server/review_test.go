package server

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/review"
)

// first is a chat model that finds the first element contradicted by the first piece.
type first struct{}

func (first) Ask(context.Context, string, string) (chat.Answer, error) {
	return chat.Answer{Text: `{"verdicts":[{"n":1,"verdict":"contradicted","cites":["P1"]}]}`, Tokens: 500}, nil
}

func TestExplanationsAreReviewedOnRequestAndReplayedWithIt(t *testing.T) {
	by := &review.Reviewer{Asker: first{}, Model: "m", Price: 2}
	r := start(t, func(c *Config) {
		keeping(t, false)(c)
		c.Engine.(*retrieve.Engine).Reviewer, c.Review = by, by
	})
	r.fill()
	req := byDemand("D1")
	req.Explain = true
	plain := r.answered(req)
	if plain.GetHits()[0].GetExplanation().GetReviewer() != "" || by.Usage().Requests != 0 || !plain.GetCanReview() {
		t.Error("the model is asked without a request for it")
	}
	req.Review = true
	got := r.answered(req)
	for i, h := range got.GetHits() {
		x := h.GetExplanation()
		if len(x.GetElements()) == 0 || x.GetReviewer() != "m" || x.GetElements()[0].GetReview().GetVerdict() != pb.Verdict_VERDICT_CONTRADICTED {
			t.Fatalf("hit %d is not reviewed: %v", i+1, x)
		}
		if at := x.GetElements()[0].GetReview().GetPatent()[0]; at.GetId() != h.GetPatent().GetNumber() || at.GetText() == "" {
			t.Errorf("hit %d cites %v", i+1, at)
		}
	}
	if d := cmp.Diff(got, r.replay(got.GetRequestId()).GetAnswer(), protocmp.Transform()); d != "" {
		t.Errorf("replayed: %s", d)
	}
	pairs, err := r.matches().ScorePairs(t.Context(), &pb.ScorePairsRequest{Explain: true, Review: true,
		Pairs: []*pb.Pair{{DemandId: "D1", PatentNumber: got.GetHits()[0].GetPatent().GetNumber()}}})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(got.GetHits()[0].GetExplanation(), pairs.GetResults()[0].GetExplanation(), protocmp.Transform()); d != "" {
		t.Errorf("the named pair: %s", d)
	}
	for _, h := range got.GetHits() {
		h.Explanation.Reviewer, h.Explanation.Elements[0].Review = "", nil
	}
	got.RequestId, got.Took = plain.GetRequestId(), plain.GetTook()
	if d := cmp.Diff(plain, got, protocmp.Transform()); d != "" {
		t.Errorf("more than the reviews changed: %s", d)
	}
	text, hits := r.scrape("/metrics"), len(got.GetHits())
	for _, want := range []string{`duijie_review_requests_total{result="answered"} `, `duijie_review_requests_total{result="cached"} 1`, `duijie_review_verdicts_total{result="kept"} `, "duijie_review_tokens_total "} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics do not say %q", want)
		}
	}
	if n := by.Usage().Requests; int(n) != hits {
		t.Errorf("%d requests for %d hits", n, hits)
	}
}

func TestReviewsThatCannotBeAreRefused(t *testing.T) {
	r := start(t, nil)
	r.fill()
	req := byDemand("D1")
	req.Explain, req.Review = true, true
	_, err := r.matches().Match(t.Context(), req)
	r.refused(err, codes.InvalidArgument, "review")
	_, err = r.matches().ScorePairs(t.Context(), &pb.ScorePairsRequest{Explain: true, Review: true, Pairs: []*pb.Pair{{DemandId: "D1", PatentNumber: "CN1"}}})
	r.refused(err, codes.InvalidArgument, "review")

	r = start(t, func(c *Config) {
		c.Engine.(*retrieve.Engine).Reviewer = &review.Reviewer{Asker: first{}}
	})
	r.fill()
	req.Explain = false
	_, err = r.matches().Match(t.Context(), req)
	r.refused(err, codes.InvalidArgument, "review")
}
