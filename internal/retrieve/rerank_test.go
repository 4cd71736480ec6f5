package retrieve_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
)

// reversing puts the last one first, unless it is told otherwise, and keeps what it saw.
type reversing struct {
	places []int
	err    error
	asked  int
	query  *match.Record
	seen   []*match.Record
}

func (r *reversing) Weight() float64 { return 2 }

func (r *reversing) Rerank(_ context.Context, query *match.Record, of []*match.Record) ([]int, error) {
	r.asked, r.query, r.seen = r.asked+1, query, of
	if r.err != nil || r.places != nil {
		return r.places, r.err
	}
	places := make([]int, len(of))
	for i := range places {
		places[i] = len(of) - i
	}
	return places, nil
}

func TestRerankingMovesTheFirstHitsAndItsTermAddsUpBesideTheScore(t *testing.T) {
	in, _ := open(t, nil)
	req := request(match.DemandKind, "D-BAT1", 50)
	plain := ask(t, in, req)
	by := &reversing{}
	in.Engine.Reranker, req.Rerank = by, true
	got := ask(t, in, req)
	scores := map[string]match.Score{}
	for _, h := range plain.Hits {
		scores[h.Record.ID] = h.Score
	}
	if want, have := slices.Sorted(slices.Values(ids(plain))), slices.Sorted(slices.Values(ids(got))); !slices.Equal(want, have) {
		t.Fatalf("hits were dropped or added: %v, were %v", have, want)
	}
	if d := cmp.Diff(plain.Hits[retrieve.RerankDepth:], got.Hits[retrieve.RerankDepth:]); d != "" {
		t.Errorf("hits behind the first %d have changed: %s", retrieve.RerankDepth, d)
	}
	if cmp.Equal(ids(plain)[:20], ids(got)[:20]) || len(got.Degraded) > 0 {
		t.Errorf("the order is the same, degraded %v", got.Degraded)
	}
	before := math.Inf(1)
	for i, h := range got.Hits[:retrieve.RerankDepth] {
		if d := cmp.Diff(scores[h.Record.ID], h.Score); d != "" {
			t.Errorf("%s: the pair's score has changed: %s", h.Record.ID, d)
		}
		o := h.Ordering
		if o == nil || o.Value != h.Score.Logit+o.Rerank.Contribution || o.Rerank.Contribution != o.Rerank.Weight*o.Rerank.Score || o.Value > before {
			t.Errorf("hit %d: %+v", i+1, o)
		}
		if want := float64(20-o.Rerank.Rank) / 19; o.Rerank.Score != want || h.Rank != i+1 {
			t.Errorf("hit %d: %+v", i+1, o)
		}
		before = o.Value
	}
	var paged []string
	for offset := 0; offset < 50; offset += 7 {
		page := req
		page.Offset, page.Limit = offset, min(7, 50-offset)
		paged = append(paged, ids(ask(t, in, page))...)
	}
	if d := cmp.Diff(ids(got), paged); d != "" {
		t.Errorf("pages do not join: %s", d)
	}
	by.asked = 0
	page := req
	page.Offset = retrieve.RerankDepth
	if ask(t, in, page); by.asked != 0 {
		t.Error("the model is asked for a page without any of the first hits")
	}
	id := got.Hits[0].Record.ID
	if w := whyNot(t, in, req, id); w.Stage != match.InAnswer || w.Rank != 1 {
		t.Errorf("why not the first hit: %+v", w)
	}
}

func TestWhatTheModelCannotDoLeavesTheAnswerAsItIs(t *testing.T) {
	in, _ := open(t, nil)
	req := request(match.DemandKind, "D-BAT1", 30)
	plain := ask(t, in, req)
	req.Rerank = true
	for reason, by := range map[string]*reversing{
		"rerank: no answer within 10s":             {err: errors.New("no answer within 10s")},
		"rerank: the order is not one of the hits": {places: []int{1, 1, 2}},
	} {
		in.Engine.Reranker = by
		got := ask(t, in, req)
		if d := cmp.Diff([]string{reason}, got.Degraded); d != "" {
			t.Error(d)
		}
		got.Degraded = nil
		if d := cmp.Diff(plain, got, cmpopts.IgnoreFields(match.Answer{}, "Took", "Snapshot")); d != "" { // lists are named by what was asked
			t.Errorf("%s: something changed: %s", reason, d)
		}
	}
	for _, places := range [][]int{{}, make([]int, 20), {0, 1, 2}, slices.Repeat([]int{1}, 20), append([]int{-1}, make([]int, 19)...)} {
		in.Engine.Reranker = &reversing{places: places}
		if got := ask(t, in, req); !slices.Equal(ids(got), ids(plain)) {
			t.Errorf("%v moves hits", places)
		}
	}
}

func TestRerankingIsSentNothingConfidential(t *testing.T) {
	in, _ := open(t, nil)
	put(t, in, match.NewDemand(match.DefaultTenant, match.Demand{
		ID: "D-SECRET", Title: "电池隔膜涂覆", Text: "代号蓝鲸九号的隔膜涂覆线。", Enterprise: match.Enterprise{Name: "某某保密公司"},
		Attributes: map[string]string{"联系人": "王某"}, Confidential: []string{"text", "enterprise.name", "attributes"},
	}))
	by := &reversing{}
	in.Engine.Reranker = by
	check := func(r *match.Record) {
		if r.ID == "D-SECRET" && (r.Demand.Text != "" || r.Demand.Enterprise.Name != "" || r.Demand.Attributes != nil) {
			t.Errorf("the model gets %+v", r.Demand)
		}
	}
	req := request(match.DemandKind, "D-SECRET", 10)
	req.Rerank = true
	ask(t, in, req)
	check(by.query)
	if by.query.ID != "D-SECRET" {
		t.Fatal("the query is another one")
	}
	back := byText(match.PatentKind, match.Texts{Title: "电池隔膜涂覆"})
	back.Rerank = true
	ask(t, in, back)
	if !slices.ContainsFunc(by.seen, func(r *match.Record) bool { return r.ID == "D-SECRET" }) {
		t.Fatal("the demand is not among those that are sent: the test shows nothing")
	}
	for _, r := range by.seen {
		check(r)
	}
}

func TestRerankingIsRefusedWhereItCannotBe(t *testing.T) {
	in, _ := open(t, nil)
	req := request(match.DemandKind, "D-BAT1", 10)
	req.Rerank = true
	if _, err := in.Engine.Match(t.Context(), req); match.KindOf(err) != match.Invalid || !strings.Contains(err.Error(), "rerank: there is no chat model") {
		t.Error(err)
	}
	in.Engine.Reranker = &reversing{}
	for _, order := range []match.Order{match.ReverseOrder, match.MutualOrder} {
		req.Order = order
		if _, err := in.Engine.Match(t.Context(), req); match.KindOf(err) != match.Invalid || !strings.Contains(err.Error(), "forward order alone") {
			t.Errorf("%s: %v", order, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req.Order = ""
	if _, err := in.Engine.Match(ctx, req); match.KindOf(err) != match.Canceled {
		t.Error(err)
	}
}
