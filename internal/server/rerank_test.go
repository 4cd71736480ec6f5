package server

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/rerank"
	"github.com/duijie/duijie/internal/retrieve"
)

// lastFirst is a chat model that wants the third of three documents first.
type lastFirst struct{}

func (lastFirst) Ask(context.Context, string, string) (chat.Answer, error) {
	return chat.Answer{Text: `{"order":[3,1,2]}`, Tokens: 1500}, nil
}

func TestAnswersAreRerankedOnRequestAndReplayedWithIt(t *testing.T) {
	by, err := rerank.New(rerank.Config{Asker: lastFirst{}, Weight: 100, Price: 2})
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, func(c *Config) {
		keeping(t, false)(c)
		c.Engine.(*retrieve.Engine).Reranker, c.Rerank = by, by
	})
	r.fill()
	plain := r.answered(byDemand("D1"))
	if plain.GetHits()[0].GetOrdering() != nil || by.Usage().Requests != 0 {
		t.Error("the model is asked without a request for it")
	}
	req := byDemand("D1")
	req.Rerank = true
	got := r.answered(req)
	for i, was := range []int{2, 0, 1} {
		h, before := got.GetHits()[i], plain.GetHits()[was]
		if h.GetPatent().GetNumber() != before.GetPatent().GetNumber() || !cmp.Equal(h.GetScore(), before.GetScore(), protocmp.Transform()) {
			t.Errorf("hit %d is %v, want %v", i+1, h, before)
		}
		if o := h.GetOrdering(); o.GetValue() != h.GetScore().GetLogit()+o.GetRerank().GetContribution() || o.GetRerank().GetName() != "rerank" || o.GetRerank().GetRank() != int32(i+1) {
			t.Errorf("hit %d: %v", i+1, o)
		}
	}
	if d := cmp.Diff(got, r.replay(got.GetRequestId()).GetAnswer(), protocmp.Transform()); d != "" {
		t.Errorf("replayed: %s", d)
	}
	again := r.answered(req)
	again.RequestId, again.Took = got.GetRequestId(), got.GetTook()
	if d := cmp.Diff(got, again, protocmp.Transform()); d != "" {
		t.Errorf("the same request again: %s", d)
	}
	text := r.scrape("/metrics")
	for _, want := range []string{`duijie_rerank_requests_total{result="ordered"} 1`, `duijie_rerank_requests_total{result="cached"} 1`, "duijie_rerank_tokens_total 1500", "duijie_rerank_cost_total 0.003"} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics do not say %q", want)
		}
	}
}
