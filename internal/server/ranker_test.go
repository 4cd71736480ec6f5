package server

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/pilot"
	"github.com/duijie/duijie/internal/registry"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/tune"
)

// own is the ranker that is built in.
func (r *rig) own() string { return r.config.Live.Live().Own().Identity() }

func (r *rig) pilots() pb.PilotServiceClient { return pb.NewPilotServiceClient(r.conn) }

// producing gives a server a registry, a router and a place for shadows.
func producing(t *testing.T) func(*Config) {
	return producingTo(t, func(c *Config) store.Shadows { return c.Store })
}

// producingTo has observations of challengers in the shadow written to a store of their own.
func producingTo(t *testing.T, shadowStore func(*Config) store.Shadows) func(*Config) {
	return func(c *Config) {
		keeping(t, false)(c)
		e := c.Engine.(*retrieve.Engine)
		r, err := registry.Open(t.Context(), registry.Config{
			Store: c.Store, Embedder: func() embed.Embedder { return e.Live().Embedder }, Builtin: e.Own, Every: 20 * time.Millisecond,
		})
		if err != nil {
			t.Fatal(err)
		}
		shadows := pilot.NewShadows(shadowStore(c), nil)
		e.Router = &pilot.Router{Registry: r, Shadows: shadows}
		c.Rankers, c.Live, c.Alone, c.Shadows = r, e, true, shadows
		t.Cleanup(func() {
			r.Close()
			shadows.Close()
		})
	}
}

// sampled puts the sample with its labels into the server's store.
func (r *rig) sampled() *sample.Catalog {
	r.Helper()
	s, err := sample.Load()
	r.ok(err)
	var items []store.Item
	for _, record := range s.Records() {
		items = append(items, store.Item{Record: record})
	}
	_, err = r.config.Catalog.Write(r.Context(), store.Batch{Tenant: match.DefaultTenant, Items: items})
	r.ok(err)
	for i := range s.Labels {
		s.Labels[i].Tenant = match.DefaultTenant
	}
	r.ok(r.config.Store.PutLabels(r.Context(), s.Labels))
	r.ok(r.config.Catalog.Await(r.Context()))
	return s
}

// smallModel and otherModel are files of models that have learned from a few labels of the
// sample.
var (
	smallModel = sync.OnceValues(func() ([]byte, error) { return learned("small", 0) })
	otherModel = sync.OnceValues(func() ([]byte, error) { return learned("other", 20) })
)

// learned learns from the labels of four demands.
func learned(name string, from int32) ([]byte, error) {
	s, err := sample.Load()
	if err != nil {
		return nil, err
	}
	set, demands, patents := &tune.Set{}, map[string]int32{}, map[string]int32{}
	for i, d := range s.Demands {
		demands[d.ID] = int32(i)
		set.Demands = append(set.Demands, tune.Record{ID: d.ID, Title: d.Title, Text: d.Text})
	}
	for i, p := range s.Patents {
		patents[p.Number] = int32(i)
		set.Patents = append(set.Patents, tune.Record{ID: p.Number, Title: p.Title, Text: p.Abstract})
	}
	for _, l := range s.Labels {
		if at := demands[l.Demand]; from <= at && at < from+4 {
			set.Labels = append(set.Labels, tune.Label{Demand: demands[l.Demand], Patent: patents[l.Patent], Level: int8(l.Level)})
		}
	}
	e, err := builtin()
	if err != nil {
		return nil, err
	}
	m, err := tune.Train(context.Background(), name, set, e, tune.Options{Seed: 1})
	if err != nil {
		return nil, err
	}
	return m.Encode()
}

// added is the small model, added.
func (r *rig) added() *pb.Model {
	r.Helper()
	file, err := smallModel()
	r.ok(err)
	got, err := r.models().AddModel(r.Context(), &pb.AddModelRequest{File: file, By: "李四", Sectors: []string{"battery"}})
	r.ok(err)
	return got.GetModel()
}

// all lets what is undecided pass: the sample has too few demands to decide. Sectors that
// seem to lose must be named.
func all() []*pb.GateOverride {
	out := []*pb.GateOverride{{Check: "all", By: "王五", Reason: "a test"}}
	for _, sector := range []string{
		"agriculture", "battery", "biomedicine", "chemicals", "construction", "environment", "manufacturing", "materials",
		"medical_devices", "power", "semiconductor", "software", "telecom", "transport",
	} {
		out = append(out, &pb.GateOverride{Check: "sector=" + sector + "/ndcg@10:0.02", By: "王五", Reason: "a test"})
	}
	return out
}

func (r *rig) promote(alias, model string) *pb.ModelChange {
	r.Helper()
	got, err := r.models().PromoteModel(r.Context(), &pb.PromoteModelRequest{Alias: alias, Model: model, By: "李四", Reason: "a test", Overrides: all()})
	r.ok(err)
	op := r.trained(got.GetOperation().GetId())
	if op.GetError() != nil {
		r.Fatalf("promoting: %v", op.GetError())
	}
	return op.GetPromote()
}

// trained waits for the end of an operation that takes long on a busy machine.
func (r *rig) trained(id string) *pb.Operation {
	r.Helper()
	for r.Context().Err() == nil {
		got, err := r.ops().GetOperation(r.Context(), &pb.GetOperationRequest{Id: id})
		r.ok(err)
		if got.GetOperation().GetDone() {
			return got.GetOperation()
		}
		time.Sleep(5 * time.Millisecond)
	}
	r.Fatalf("operation %s does not end", id)
	return nil
}

func TestAnswersAreMadeByTheModelOfTheirSectorAndSayWhy(t *testing.T) {
	r := start(t, producing(t))
	s := r.sampled()
	m := r.added()
	sector := s.Demands[0].Sector
	other := ""
	for _, d := range s.Demands {
		if d.Sector != sector {
			other = d.ID
		}
	}
	change := r.promote("sector/"+sector, m.GetId())
	if change.GetNow() != m.GetId() || change.GetDecision().GetVerdict() != "pass" || change.GetDecision().GetChecks()[0].GetOverride().GetBy() != "王五" {
		t.Errorf("%v", change)
	}
	for _, check := range change.GetDecision().GetChecks() {
		if said := check.GetReasonText(); said.GetEn() != check.GetReason() || said.GetZh() == said.GetEn() || said.GetZh() == "" {
			t.Errorf("%s is told as %v", check.GetName(), said)
		}
	}
	own := r.answered(byDemand(s.Demands[0].ID)).GetVersions()
	if own.GetRanker() != m.GetId() || own.GetAlias() != "sector/"+sector || !strings.Contains(own.GetAliasReason().GetEn(), sector) || own.GetModelChange() != change.GetNumber() {
		t.Errorf("in its sector: %v", own)
	}
	if v := r.answered(byDemand(other)).GetVersions(); v.GetRanker() != r.own() || v.GetAlias() != "national" {
		t.Errorf("elsewhere: %v", v)
	}
	asked := byDemand(other)
	asked.Model = "sector/" + sector
	if v := r.answered(asked).GetVersions(); v.GetRanker() != m.GetId() || v.GetAlias() != asked.GetModel() {
		t.Errorf("asked for by alias: %v", v)
	}
	asked.Model = m.GetId()
	if v := r.answered(asked).GetVersions(); v.GetRanker() != m.GetId() || v.GetAlias() != "" {
		t.Errorf("asked for by id: %v", v)
	}
	for _, name := range []string{"tuned/none", "sector/none", "nonsense"} {
		asked.Model = name
		_, err := r.matches().Match(t.Context(), asked)
		r.refused(err, codes.NotFound, "")
	}
	hit := r.answered(byDemand(s.Demands[0].ID)).GetHits()[0]
	pairs, err := r.matches().ScorePairs(t.Context(), &pb.ScorePairsRequest{Pairs: []*pb.Pair{{DemandId: s.Demands[0].ID, PatentNumber: hit.GetPatent().GetNumber()}}})
	r.ok(err)
	if p := pairs.GetResults()[0]; p.GetScore().GetLogit() != hit.GetScore().GetLogit() || p.GetModel() != m.GetId() || pairs.GetVersions().GetRanker() != m.GetId() {
		t.Errorf("as a pair %v, as a hit %v", p, hit.GetScore())
	}
	back, err := r.models().RollbackModel(t.Context(), &pb.RollbackModelRequest{Alias: "sector/" + sector, By: "李四", Reason: "back"})
	r.ok(err)
	if back.GetChange().GetNow() != "" || r.answered(byDemand(s.Demands[0].ID)).GetVersions().GetAlias() != "national" {
		t.Errorf("%v", back)
	}
	history := r.call("GET", "/v1/modelChanges?page_size=1", "")
	if history.code != 200 || !strings.Contains(history.text, `"rollback"`) || strings.Contains(history.text, `"promote"`) || history.body["next_page_token"] == "" {
		t.Errorf("%s", history.text)
	}
}

func TestAFilterThatLeavesNothingIsNotBlamedOnTheCatalog(t *testing.T) {
	r := start(t, producing(t))
	s := r.sampled()
	req := byDemand(s.Demands[0].ID)
	req.Filter = &pb.Filter{Pools: []string{"there is no such pool"}}
	got := r.answered(req)
	if supply := got.GetSupply(); len(got.GetHits()) != 0 || !supply.GetNoneGood() || !strings.Contains(supply.GetReason().GetEn(), "the filter leaves no patent") || !strings.Contains(supply.GetReason().GetZh(), "筛选条件") {
		t.Errorf("%v", got)
	}
	for _, h := range []*pb.MatchRequest{byDemand(s.Demands[0].ID), byText(&pb.PlainText{Body: "需要核聚变反应堆第一壁材料"})} {
		h.PageSize = 5
		got := r.answered(h)
		none, supply := 1.0, got.GetSupply()
		for _, hit := range got.GetHits() {
			none *= 1 - hit.GetScore().GetInCatalog()
		}
		if math.Abs(1-none-supply.GetChanceInCatalog()) > 1e-9 || supply.GetNoneGood() != (supply.GetChanceInCatalog() < supply.GetCatalogThreshold() || supply.GetChance() < supply.GetThreshold()) {
			t.Errorf("the hits' chances make %v: %v", 1-none, supply)
		}
	}
}

func TestATunedModelTellsOverTheWireWhatItsScoresAreMadeOf(t *testing.T) {
	r := start(t, producing(t))
	s := r.sampled()
	m := r.added()
	r.promote("national", m.GetId())
	requests := []*pb.MatchRequest{byText(&pb.PlainText{Body: "需要一种低温锂电池电解液"})}
	for i := range 8 { // of the first four there are labels
		requests = append(requests, byDemand(s.Demands[i].ID))
	}
	for i := 0; i < len(s.Patents); i += 40 {
		requests = append(requests, byPatent(s.Patents[i].Number))
	}
	for _, req := range requests {
		req.Explain = true
		got := r.answered(req)
		if c := got.GetCalibration(); got.GetVersions().GetRanker() != m.GetId() || c.GetRanker() != m.GetId() || !strings.Contains(c.GetPopulation().GetEn(), "small") {
			t.Fatalf("%v: calibration %v by %v", req, c, got.GetVersions())
		}
		for _, h := range got.GetHits() {
			checkReasons(t, h)
		}
	}
}

// checkReasons checks that a hit's contributions add up, and that the strongest is told.
func checkReasons(t *testing.T, h *pb.Hit) {
	t.Helper()
	s, x := h.GetScore(), h.GetExplanation()
	sum, strongest := s.GetBias(), &pb.Leg{}
	for _, l := range s.GetLegs() {
		sum += l.GetContribution()
		if math.Abs(l.GetContribution()) > math.Abs(strongest.GetContribution()) {
			strongest = l
		}
	}
	if sum != s.GetLogit() || strongest.GetContribution() == 0 || s.GetInCatalog() != 0 {
		t.Errorf("contributions add up to %v, the logit is %v: %v", sum, s.GetLogit(), s)
	}
	words := match.LegName(strongest.GetName()).Words()
	if len(x.GetWhy()) == 0 || !strings.Contains(x.GetWhy()[0].GetEn(), words.EN) || !strings.Contains(x.GetWhy()[0].GetZh(), words.ZH) || !strings.Contains(x.GetSummary().GetZh(), words.ZH) {
		t.Errorf("%s is not told first: %v, %v", strongest.GetName(), x.GetWhy(), x.GetSummary())
	}
}

func TestAHundredPromotionsUnderLoadSpoilNoAnswer(t *testing.T) {
	r := start(t, producing(t))
	s := r.sampled()
	_, err := r.models().FreezeDataset(t.Context(), &pb.FreezeDatasetRequest{Name: "tiny", By: "李四", Share: 0.05})
	r.ok(err)
	m := r.added()
	scores := map[string]map[string]*pb.MatchResponse{} // by model and demand
	demands := []string{s.Demands[0].ID, s.Demands[20].ID, s.Demands[40].ID}
	note := func() {
		for _, d := range demands {
			got := r.answered(byDemand(d))
			id := got.GetVersions().GetRanker()
			if scores[id] == nil {
				scores[id] = map[string]*pb.MatchResponse{}
			}
			scores[id][d] = got
		}
	}
	note()
	r.promote("national", m.GetId())
	note()
	if len(scores) != 2 {
		t.Fatalf("%d models have answered", len(scores))
	}
	file, err := otherModel()
	r.ok(err)
	other, err := r.models().AddModel(t.Context(), &pb.AddModelRequest{File: file, By: "李四"})
	r.ok(err)
	r.promote("challenger", m.GetId())
	challenged := func(d string) *pb.MatchRequest {
		req := byDemand(d)
		req.Model = "challenger"
		return req
	}
	r.promote("challenger", other.GetModel().GetId())
	for _, d := range demands {
		got := r.answered(challenged(d))
		id := got.GetVersions().GetRanker()
		if scores[id] == nil {
			scores[id] = map[string]*pb.MatchResponse{}
		}
		scores[id][d] = got
	}
	if len(scores) != 3 {
		t.Fatalf("%d models have answered", len(scores))
	}
	var answers, byNew atomic.Int64
	load, stop := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	for c := range 2 {
		clients.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(c)))
			for load.Err() == nil {
				d := demands[random.IntN(len(demands))]
				req := byDemand(d)
				if random.IntN(2) == 0 {
					req = challenged(d)
				}
				got, err := r.matches().Match(t.Context(), req)
				if err != nil {
					t.Errorf("an answer failed: %v", err)
					return
				}
				want := scores[got.GetVersions().GetRanker()][d]
				if want == nil {
					t.Errorf("an answer by %q", got.GetVersions().GetRanker())
					return
				}
				if diff := cmp.Diff(want.GetHits(), got.GetHits(), protocmp.Transform()); diff != "" {
					t.Errorf("a mixed answer by %s:\n%s", got.GetVersions().GetRanker(), diff)
					return
				}
				if answers.Add(1); got.GetVersions().GetRanker() == m.GetId() {
					byNew.Add(1)
				}
			}
		})
	}
	for round := range 50 { // some through the gate, which takes longer
		for answers.Load() < int64(4*round) && !t.Failed() { // a change for every two answers at most
			time.Sleep(time.Millisecond)
		}
		alias, model := "challenger", other.GetModel().GetId()
		if round%10 == 0 {
			alias, model = "national", m.GetId()
		}
		_, err := r.models().RollbackModel(t.Context(), &pb.RollbackModelRequest{Alias: alias, By: "李四", Reason: fmt.Sprint("round ", round)})
		r.ok(err)
		r.promote(alias, model)
	}
	stop()
	clients.Wait()
	t.Logf("%d answers during 100 changes, %d of them by the tuned model", answers.Load(), byNew.Load())
	if n := byNew.Load(); n == 0 || n == answers.Load() {
		t.Error("only one of the models has answered: the test shows nothing")
	}
	changes, err := r.config.Store.SettingHistory(t.Context(), "", 0, 1000)
	r.ok(err)
	if len(changes) != 103 {
		t.Errorf("%d changes are in the history", len(changes))
	}
}

func TestAModelIsTrainedFromStoredLabelsAsAnOperationAndKnowsWhatScoresLookedLike(t *testing.T) {
	r := start(t, producing(t))
	s := r.sampled()
	ctx := t.Context()
	frozen, err := r.models().FreezeDataset(ctx, &pb.FreezeDatasetRequest{Name: "most", By: "李四", Share: 0.8, Seed: 3})
	r.ok(err)
	got, err := r.models().Tune(ctx, &pb.TuneRequest{Name: "from-labels", By: "李四", Seed: 7})
	r.ok(err)
	op := r.trained(got.GetOperation().GetId())
	m := op.GetTune().GetModel()
	if op.GetError() != nil || op.GetProgress() != op.GetTotal() || m.GetLabels()+frozen.GetDataset().GetPairs() != int64(len(s.Labels)) || len(op.GetTune().GetWarnings()) == 0 {
		t.Fatalf("ended as %v; %d pairs are frozen of %d", op, frozen.GetDataset().GetPairs(), len(s.Labels))
	}
	one, err := r.models().GetModel(ctx, &pb.GetModelRequest{Id: "tuned/from-labels"})
	r.ok(err)
	if one.GetModel().GetId() != m.GetId() || one.GetModel().GetSeed() != 7 || !strings.Contains(one.GetModel().GetCard(), "data_hash") {
		t.Errorf("%v", one)
	}
	r.promote("challenger", m.GetId())
	measured, err := r.config.Rankers.Frozen(ctx, match.DefaultTenant)
	r.ok(err)
	learned := map[string]bool{}
	for _, l := range s.Labels {
		learned[l.Demand] = learned[l.Demand] || !measured[[2]string{l.Demand, l.Patent}]
	}
	for id, yes := range learned {
		if req := byDemand(id); yes {
			req.Model = "challenger"
			r.answered(req)
		}
	}
	metrics := r.scrape("/metrics")
	for _, want := range []string{
		`duijie_drift_psi{model="` + m.GetId() + `",quantity="logit"}`, `duijie_drift_values{model="` + m.GetId() + `",quantity="logit"}`,
		`duijie_model_in_production{alias="challenger",model="` + m.GetId() + `"} 1`,
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("%s is not in the metrics", want)
		}
	}
	before := r.psi(m.GetId(), "logit")
	for i := range 60 { // what nobody asked for when the model was trained
		r.answered(&pb.MatchRequest{Model: "challenger", Query: &pb.MatchRequest_Text{Text: &pb.PlainText{Body: fmt.Sprint("zz ", i)}}})
	}
	if after := r.psi(m.GetId(), "logit"); !(before < 0.25 && after > 0.25 && after > 2*before) {
		t.Errorf("the stability index of the logit is %.3f for the questions of the training and %.3f after other ones", before, after)
	}
	short, err := r.models().Tune(ctx, &pb.TuneRequest{Name: "none", Sectors: []string{"nowhere"}})
	r.ok(err)
	if e := r.ended(short.GetOperation().GetId()).GetError(); codes.Code(e.GetCode()) != codes.InvalidArgument {
		t.Errorf("a training without labels: %v", e)
	}
	wrong, err := r.models().AddModel(ctx, &pb.AddModelRequest{File: []byte("nonsense")})
	r.refused(err, codes.InvalidArgument, "file")
	if wrong != nil {
		t.Error(wrong)
	}
}

// psi is the index of a quantity in the metrics.
func (r *rig) psi(model, quantity string) float64 {
	r.Helper()
	for line := range strings.Lines(r.scrape("/metrics")) {
		if value, ok := strings.CutPrefix(line, fmt.Sprintf("duijie_drift_psi{model=%q,quantity=%q} ", model, quantity)); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			r.ok(err)
			r.Logf("%s: %.3f", quantity, v)
			return v
		}
	}
	r.Fatalf("no index of %s", quantity)
	return 0
}

func TestAnOperationWhoseProcessIsGoneHasFailed(t *testing.T) {
	r := start(t, producing(t))
	left := &pb.Operation{Id: "left", Type: "tune", Progress: 3, Total: 10}
	body, err := proto.Marshal(left)
	r.ok(err)
	r.ok(r.config.Store.PutOperation(t.Context(), store.OperationState{ID: "left", Owner: "a process before", At: time.Now(), Seen: time.Now(), Body: body}))
	got, err := r.ops().GetOperation(t.Context(), &pb.GetOperationRequest{Id: "left"})
	r.ok(err)
	if o := got.GetOperation(); !o.GetDone() || codes.Code(o.GetError().GetCode()) != codes.Unavailable || !strings.Contains(o.GetError().GetMessage(), "process ended") || o.GetProgress() != 3 {
		t.Errorf("%v", o)
	}
	list, err := r.ops().ListOperations(t.Context(), &pb.ListOperationsRequest{})
	r.ok(err)
	if len(list.GetOperations()) != 1 {
		t.Errorf("%v", list)
	}
	shared := start(t, func(c *Config) { producing(t)(c); c.Alone = false })
	shared.ok(shared.config.Store.PutOperation(t.Context(), store.OperationState{ID: "left", Owner: "another replica", At: time.Now(), Seen: time.Now(), Body: body}))
	theirs, err := shared.ops().GetOperation(t.Context(), &pb.GetOperationRequest{Id: "left"})
	shared.ok(err)
	if theirs.GetOperation().GetDone() {
		t.Errorf("an operation of another replica that lives: %v", theirs)
	}
	_, err = shared.ops().CancelOperation(t.Context(), &pb.CancelOperationRequest{Id: "left"})
	shared.refused(err, codes.Unavailable, "")
	shared.ok(shared.config.Store.PutOperation(t.Context(), store.OperationState{ID: "left", Owner: "another replica", At: time.Now(), Seen: time.Now().Add(-time.Hour), Body: body}))
	theirs, err = shared.ops().GetOperation(t.Context(), &pb.GetOperationRequest{Id: "left"})
	shared.ok(err)
	if !theirs.GetOperation().GetDone() {
		t.Errorf("an operation of another replica that is silent: %v", theirs)
	}
}

func TestLabelsAreSuggestedThatNobodyHasGiven(t *testing.T) {
	r := start(t, producing(t))
	s := r.sampled()
	judged := map[string]bool{}
	for _, l := range s.Labels {
		judged[l.Demand+" "+l.Patent] = true
	}
	m := r.added()
	r.promote("challenger", m.GetId())
	got, err := r.labels().SuggestLabels(t.Context(), &pb.SuggestLabelsRequest{Budget: 40, PerDemand: 2})
	r.ok(err)
	of := map[string]int{}
	last := 3.0
	disagreed := false
	for _, x := range got.GetSuggestions() {
		if judged[x.GetDemandId()+" "+x.GetPatentNumber()] {
			t.Errorf("%s with %s has a label", x.GetDemandId(), x.GetPatentNumber())
		}
		if x.GetWorth() > last || x.GetReason().GetZh() == "" || x.GetUncertainty() < 0 || x.GetUncertainty() > 1 {
			t.Errorf("%v after %v", x, last)
		}
		last = x.GetWorth()
		disagreed = disagreed || x.GetDisagreement() > 0
		of[x.GetDemandId()]++
	}
	for d, n := range of {
		if n > 2 {
			t.Errorf("%d pairs of %s", n, d)
		}
	}
	if len(got.GetSuggestions()) != 40 || !disagreed {
		t.Errorf("%d suggestions, models disagree: %v", len(got.GetSuggestions()), disagreed)
	}
	again := r.call("GET", "/v1/labels:suggest?budget=40&per_demand=2", "")
	if again.code != 200 || strings.Count(again.text, "demand_id") != 40 {
		t.Errorf("HTTP %d", again.code)
	}
}
