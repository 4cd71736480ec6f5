package server

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc/codes"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/judge"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// chatty judges by how many code points of the demand's title the patent's has.
type chatty struct {
	mu   sync.Mutex
	seen []string
}

func (c *chatty) Ask(_ context.Context, _, data string) (chat.Answer, error) {
	c.mu.Lock()
	c.seen = append(c.seen, data)
	c.mu.Unlock()
	var got struct{ Demand, Patent struct{ Title, Text string } }
	if err := json.Unmarshal([]byte(data), &got); err != nil {
		return chat.Answer{}, err
	}
	n := 0
	for _, r := range got.Demand.Title {
		if strings.ContainsRune(got.Patent.Title, r) {
			n++
		}
	}
	raw, err := json.Marshal(map[string]any{"level": min(4, 1+n/3), "demand": got.Demand.Title, "patent": got.Patent.Title, "why": "按名称判断"})
	return chat.Answer{Text: string(raw), Tokens: 100}, err
}

func TestAChatModelProposesLabelsThatNeverCountAsExperts(t *testing.T) {
	model := &chatty{}
	r := start(t, func(c *Config) {
		producing(t)(c)
		c.Judge = &judge.Judge{Asker: model, Model: "fake"}
	})
	s := r.sampled()
	ctx := t.Context()
	expert, ofBattery := map[[2]string]bool{}, 0
	sector := map[string]string{}
	for _, d := range s.Demands {
		sector[d.ID] = d.Sector
	}
	for _, l := range s.Labels {
		expert[[2]string{l.Demand, l.Patent}] = true
		if sector[l.Demand] == "battery" {
			ofBattery++
		}
	}
	begun, err := r.labels().JudgeLabels(ctx, &pb.JudgeLabelsRequest{Budget: 20, PerDemand: 2, Check: new(int32(100)), Seed: 1})
	r.ok(err)
	op := r.trained(begun.GetOperation().GetId())
	got := op.GetJudgeLabels()
	if op.GetError() != nil || got.GetPairs() != 120 || got.GetLabels() != 120 || got.GetRequests() != 120 || got.GetTokens() != 12000 || got.GetRater() != "llm:fake" || op.GetProgress() != 120 {
		t.Fatalf("%v", op)
	}
	text := r.scrape("/metrics")
	for _, want := range []string{`duijie_judge_requests_total{result="proposed"} 120`, "duijie_judge_tokens_total 12000", "duijie_judge_duration_seconds_count 120"} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics do not say %q", want)
		}
	}
	first, sum := got.GetAgreements()[0], int64(0)
	for _, a := range got.GetAgreements()[1:] {
		sum += a.GetPairs()
	}
	if first.GetSector() != "" || first.GetPairs() != 100 || sum != 100 || first.Kappa == nil || !(first.GetKappaLow() <= first.GetKappa() && first.GetKappa() <= first.GetKappaHigh()) || len(first.GetConfusion()) != 16 {
		t.Errorf("%v", first)
	}
	listed, err := r.labels().ListLabels(ctx, &pb.ListLabelsRequest{Source: pb.LabelSource_LABEL_SOURCE_MODEL, PageSize: 500})
	r.ok(err)
	unjudged := 0
	for _, l := range listed.GetLabels() {
		if !expert[[2]string{l.GetDemandId(), l.GetPatentNumber()}] {
			unjudged++
		}
		if l.GetRater() != "llm:fake" || !strings.Contains(l.GetReason(), "需求「") || l.GetDemandRevision() == 0 {
			t.Errorf("%v", l)
		}
	}
	if len(listed.GetLabels()) != 120 || unjudged != 20 {
		t.Errorf("%d labels, %d of them of pairs that nobody has judged", len(listed.GetLabels()), unjudged)
	}
	// The next run judges others.
	begun, err = r.labels().JudgeLabels(ctx, &pb.JudgeLabelsRequest{Budget: 20, PerDemand: 2, Check: new(int32(0))})
	r.ok(err)
	if op := r.trained(begun.GetOperation().GetId()); op.GetJudgeLabels().GetLabels() != 20 {
		t.Errorf("%v", op)
	}
	listed, err = r.labels().ListLabels(ctx, &pb.ListLabelsRequest{Source: pb.LabelSource_LABEL_SOURCE_MODEL, PageSize: 500})
	r.ok(err)
	if len(listed.GetLabels()) != 140 {
		t.Errorf("%d labels after the second run", len(listed.GetLabels()))
	}
	// Experts alone are suggested against, frozen and learned from.
	suggested, err := r.labels().SuggestLabels(ctx, &pb.SuggestLabelsRequest{Budget: 20, PerDemand: 2})
	r.ok(err)
	again := 0
	for _, x := range suggested.GetSuggestions() {
		for _, l := range listed.GetLabels() {
			if l.GetDemandId() == x.GetDemandId() && l.GetPatentNumber() == x.GetPatentNumber() {
				again++
			}
		}
	}
	if again != 20 {
		t.Errorf("%d of the pairs that a model alone has judged are suggested to experts", again)
	}
	tuned, err := r.models().Tune(ctx, &pb.TuneRequest{Name: "b", Sectors: []string{"battery"}})
	r.ok(err)
	if m := r.trained(tuned.GetOperation().GetId()).GetTune().GetModel(); m.GetLabels() != int64(ofBattery) {
		t.Errorf("learned from %d labels, experts gave %d", m.GetLabels(), ofBattery)
	}
	frozen, err := r.models().FreezeDataset(ctx, &pb.FreezeDatasetRequest{Name: "all", By: "李四", Share: 1})
	r.ok(err)
	if n := frozen.GetDataset().GetPairs(); n != int64(len(expert)) {
		t.Errorf("%d pairs are frozen, experts judged %d", n, len(expert))
	}
	if n := frozen.GetRemainingPairs(); n != 0 {
		t.Errorf("%d pairs are left of all", n)
	}
	if got := r.call("POST", "/v1/datasets/all:retire", `{"by": "李四", "reason": "nothing is left to learn from"}`); got.code != 200 || !strings.Contains(got.text, `"retired":true`) {
		t.Errorf("retiring: %d %s", got.code, got.text)
	}
	// The report is there without the chat model, for its tenant alone.
	agreed := r.call("GET", "/v1/labels:agreement?rater=llm:fake&sectors=battery", "")
	if agreed.code != 200 || strings.Count(agreed.text, `"sector"`) != 2 || !strings.Contains(agreed.text, "kappa") {
		t.Errorf("%d %s", agreed.code, agreed.text)
	}
	_, err = r.labels().GetLabelAgreement(ctx, &pb.GetLabelAgreementRequest{Tenant: "other"})
	r.refused(err, codes.PermissionDenied, "")
	_, err = r.labels().JudgeLabels(ctx, &pb.JudgeLabelsRequest{Tenant: "other"})
	r.refused(err, codes.PermissionDenied, "")
	_, err = r.labels().GetLabelAgreement(ctx, &pb.GetLabelAgreementRequest{Source: pb.LabelSource_LABEL_SOURCE_EXPERT})
	r.refused(err, codes.InvalidArgument, "source")
}

func TestNamedPairsAreJudgedWithinTheTenantAlone(t *testing.T) {
	model := &chatty{}
	r := start(t, func(c *Config) {
		producing(t)(c)
		c.Judge = &judge.Judge{Asker: model, Model: "fake"}
	})
	r.fill()
	secret := match.NewDemand("other", match.Demand{ID: "D-theirs", Title: "别家机密需求", Text: "别家的秘密。"})
	_, err := r.config.Catalog.Write(t.Context(), store.Batch{Tenant: "other", Items: []store.Item{{Record: secret}}})
	r.ok(err)
	got := r.call("POST", "/v1/labels:judge", `{"check": 0, "pairs": [{"demand_id": "D1", "patent_number": "CN1"}, {"demand_id": "D-theirs", "patent_number": "CN1"}]}`)
	if got.code != 200 {
		t.Fatalf("%d %s", got.code, got.text)
	}
	op := r.trained(got.body["operation"].(map[string]any)["id"].(string)).GetJudgeLabels()
	if op.GetLabels() != 1 || op.GetDropped()["hidden"] != 1 || len(model.seen) != 1 || strings.Contains(model.seen[0], "别家") {
		t.Errorf("%v, sent %v", op, model.seen)
	}
	for field, req := range map[string]*pb.JudgeLabelsRequest{
		"check":                  {Check: new(int32(501))},
		"budget":                 {Budget: -1},
		"per_demand":             {PerDemand: 501},
		"pairs[1].patent_number": {Pairs: []*pb.Pair{{DemandId: "D1", PatentNumber: "CN1"}, {DemandId: "D1"}}},
	} {
		_, err := r.labels().JudgeLabels(t.Context(), req)
		r.refused(err, codes.InvalidArgument, field)
	}
}

func TestWithoutAChatModelNothingIsJudged(t *testing.T) {
	r := start(t, producing(t))
	_, err := r.labels().JudgeLabels(t.Context(), &pb.JudgeLabelsRequest{})
	r.refused(err, codes.PermissionDenied, "")
	if !strings.Contains(err.Error(), "--llm-url") {
		t.Error(err)
	}
}
