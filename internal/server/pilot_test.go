package server

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/pilot"
	"github.com/duijie/duijie/internal/store"
)

func (r *rig) pilot(name string, mode pb.PilotMode, share float64, challenger string) {
	r.Helper()
	_, err := r.pilots().StartPilot(r.Context(), &pb.StartPilotRequest{Pilot: &pb.Pilot{
		Name: name, Where: "national", Challenger: challenger, Mode: mode, Share: share, By: "李四", Reason: "a test",
	}})
	r.ok(err)
}

func (r *rig) report(name string) *pb.GetPilotReportResponse {
	r.Helper()
	got, err := r.pilots().GetPilotReport(r.Context(), &pb.GetPilotReportRequest{Name: name})
	r.ok(err)
	return got
}

// kept waits until all answers so far are kept.
func (r *rig) kept(n int64) {
	r.Helper()
	for deadline := time.Now().Add(2 * time.Minute); r.config.Archive.Counts().Kept < n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			r.Fatalf("%+v, want %d kept", r.config.Archive.Counts(), n)
		}
	}
}

func TestOnePartySeesOneModelInAnABPilot(t *testing.T) {
	r := start(t, producing(t))
	s := r.sampled()
	m := r.added()
	r.pilot("ab-1", pb.PilotMode_PILOT_MODE_AB, 0.5, m.GetId())
	models := map[string]string{} // by party
	arms := map[string]int{}
	var events []*pb.Event
	for i := range 40 {
		req := byDemand(s.Demands[i%10].ID)
		req.Party = fmt.Sprint("厂", i%20)
		got := r.answered(req)
		v := got.GetVersions()
		if was, seen := models[req.GetParty()]; seen && was != v.GetRanker() {
			t.Errorf("%s saw %s, and now %s", req.GetParty(), was, v.GetRanker())
		}
		models[req.GetParty()] = v.GetRanker()
		want := map[string]string{"champion": r.own(), "challenger": m.GetId()}[v.GetPilotArm()]
		if v.GetPilot() != "ab-1" || v.GetRanker() != want {
			t.Errorf("%v", v)
		}
		arms[v.GetPilotArm()]++
		if v.GetPilotArm() == "challenger" {
			events = append(events, &pb.Event{RequestId: got.GetRequestId(), DemandId: s.Demands[i%10].ID, PatentNumber: got.GetHits()[0].GetPatent().GetNumber(),
				Side: pb.RecordKind_RECORD_KIND_DEMAND, Type: pb.EventType_EVENT_TYPE_CONTACT})
		}
	}
	if arms["champion"] == 0 || arms["challenger"] == 0 {
		t.Fatalf("%v", arms)
	}
	_, err := r.events().RecordEvents(t.Context(), &pb.RecordEventsRequest{Events: events})
	r.ok(err)
	r.kept(40)
	got := r.report("ab-1")
	if got.GetAnswers()["challenger"] != int64(arms["challenger"]) || got.GetParties()["challenger"]+got.GetParties()["champion"] != 20 || got.GetNull() != 0.5 ||
		got.GetWins() != got.GetParties()["challenger"] || got.GetLosses() != 0 || got.GetEvents() != int64(len(events)) {
		t.Errorf("%v", got)
	}
	e := pilot.Evidence{Wins: int(got.GetWins()), Null: 0.5}
	if low, high := e.Interval(); got.GetVerdict() != string(e.Verdict()) || got.GetLow() != low || got.GetHigh() != high || low < 0.4 {
		t.Errorf("%d wins and no loss: %s, [%v, %v]", got.GetWins(), got.GetVerdict(), got.GetLow(), got.GetHigh())
	}
}

func TestWhoIsNoPartyAndWhomASectorAnswersAreNotCountedInANationalABPilot(t *testing.T) {
	r := start(t, producing(t))
	s := r.sampled()
	m := r.added()
	file, err := otherModel()
	r.ok(err)
	other, err := r.models().AddModel(t.Context(), &pb.AddModelRequest{File: file, By: "李四"})
	r.ok(err)
	sector := s.Demands[0].Sector
	r.promote("sector/"+sector, other.GetModel().GetId())
	r.pilot("ab-2", pb.PilotMode_PILOT_MODE_AB, 0.9, m.GetId())
	counted := 0
	for i := range 20 {
		if v := r.answered(byText(&pb.PlainText{Body: fmt.Sprint("冷库叉车", i)})).GetVersions(); v.GetPilot() != "" || v.GetRanker() != r.own() {
			t.Errorf("nobody asks and sees %v", v)
		}
		req := byDemand(s.Demands[i].ID)
		req.Party = fmt.Sprint("厂", i)
		v := r.answered(req).GetVersions()
		if own := s.Demands[i].Sector == sector; own != (v.GetPilot() == "") || own && v.GetRanker() != other.GetModel().GetId() {
			t.Errorf("a demand of %s: %v", s.Demands[i].Sector, v)
		}
		if v.GetPilot() != "" {
			counted++
		}
	}
	r.kept(40)
	got := r.report("ab-2")
	if n := got.GetAnswers()["champion"] + got.GetAnswers()["challenger"]; n != int64(counted) || counted == 0 || counted == 20 {
		t.Errorf("%d were counted, and %d took part: %v", n, counted, got)
	}
}

func TestInterleavedHitsAreCreditedToTheModelThatPutThemThere(t *testing.T) {
	r := start(t, producing(t))
	s := r.sampled()
	m := r.added()
	r.pilot("mix", pb.PilotMode_PILOT_MODE_INTERLEAVE, 1, m.GetId())
	var events []*pb.Event
	answers := int64(0)
	wins := 0
	for _, d := range s.Demands[:12] {
		req := byDemand(d.ID)
		req.PageSize = 6
		first := r.answered(req)
		req.PageToken = first.GetNextPageToken()
		second := r.answered(req)
		answers += 2
		for _, page := range []*pb.MatchResponse{first, second} {
			if v := page.GetVersions(); v.GetRanker() != r.own() || v.GetRivalRanker() != m.GetId() {
				t.Errorf("%s names %s and %s", d.ID, v.GetRanker(), v.GetRivalRanker())
			}
		}
		seen := map[string]bool{}
		by := map[string]int{}
		for _, h := range append(first.GetHits(), second.GetHits()...) {
			if seen[h.GetPatent().GetNumber()] {
				t.Errorf("%s: %s comes twice", d.ID, h.GetPatent().GetNumber())
			}
			seen[h.GetPatent().GetNumber()] = true
			by[h.GetModel()]++
		}
		if len(seen) != 12 || by[m.GetId()] != 6 || by[r.own()] != 6 {
			t.Errorf("%s: %v", d.ID, by)
		}
		for _, h := range first.GetHits() { // the party likes the challenger's
			if h.GetModel() == m.GetId() {
				events = append(events, &pb.Event{RequestId: first.GetRequestId(), DemandId: d.ID, PatentNumber: h.GetPatent().GetNumber(), RankShown: h.GetRank(),
					Side: pb.RecordKind_RECORD_KIND_DEMAND, Type: pb.EventType_EVENT_TYPE_SAVE})
				wins++
				break
			}
		}
	}
	_, err := r.events().RecordEvents(t.Context(), &pb.RecordEventsRequest{Events: events})
	r.ok(err)
	r.kept(answers)
	got := r.report("mix")
	if got.GetWins() != int64(wins) || got.GetLosses() != 0 || wins != 12 || got.GetVerdict() != "ship" || got.GetNull() != 0.5 || got.GetPValue() > 0.05 {
		t.Errorf("%v", got)
	}
	_, err = r.pilots().EndPilot(t.Context(), &pb.EndPilotRequest{Name: "mix", By: "李四", Reason: "known"})
	r.ok(err)
	if after := r.report("mix"); after.GetRunning() || after.GetWins() != int64(wins) {
		t.Errorf("after its end: %v", after)
	}
	if v := r.answered(byDemand(s.Demands[0].ID)).GetVersions(); v.GetPilot() != "" {
		t.Errorf("%v", v)
	}
}

func TestAShadowIsWrittenDownAndNobodySeesIt(t *testing.T) {
	r := start(t, producing(t))
	s := r.sampled()
	before := r.answered(byDemand(s.Demands[0].ID))
	m := r.added()
	r.pilot("shade", pb.PilotMode_PILOT_MODE_SHADOW, 1, m.GetId())
	after := r.answered(byDemand(s.Demands[0].ID))
	for i, h := range after.GetHits() {
		if h.GetPatent().GetNumber() != before.GetHits()[i].GetPatent().GetNumber() || h.GetScore().GetLogit() != before.GetHits()[i].GetScore().GetLogit() {
			t.Fatalf("hit %d is %v, was %v", i, h, before.GetHits()[i])
		}
	}
	if v := after.GetVersions(); v.GetRanker() != r.own() || v.GetPilot() != "shade" || v.GetPilotArm() != "" {
		t.Errorf("%v", v)
	}
	for _, d := range s.Demands[1:6] {
		r.answered(byDemand(d.ID))
	}
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if observed, dropped, failed := r.config.Shadows.Counts(); observed == 6 {
			break
		} else if dropped+failed > 0 || time.Now().After(deadline) {
			t.Fatalf("%d observed, %d dropped, %d failed", observed, dropped, failed)
		}
	}
	got := r.report("shade")
	if x := got.GetShadow(); x.GetObservations() != 6 || x.GetOverlapAt_10() <= 0 || x.GetOverlapAt_10() > 1 || x.GetRbo() <= 0 || x.GetRbo() > 1 || x.GetMeanMs() <= 0 {
		t.Errorf("%v", x)
	}
	if got.GetVerdict() != "go on" || !strings.Contains(r.scrape("/metrics"), `duijie_shadow_answers_total{outcome="observed"} 6`) {
		t.Errorf("%v", got)
	}
}

// stuck is a store of observations that does not answer until it is told to.
type stuck struct {
	store.Shadows
	free chan struct{}
}

func (s stuck) PutShadows(ctx context.Context, list []store.Shadow) error {
	<-s.free
	return s.Shadows.PutShadows(context.WithoutCancel(ctx), list)
}

// While a challenger in the shadow is stuck, requests are answered as ever; what it has no
// room for is counted.
func TestAStuckShadowHoldsNoRequestUp(t *testing.T) {
	release := make(chan struct{})
	r := start(t, producingTo(t, func(c *Config) store.Shadows { return stuck{c.Store, release} }))
	s := r.sampled()
	r.pilot("shade", pb.PilotMode_PILOT_MODE_SHADOW, 1, r.added().GetId())
	const asked = 80 // more than may wait
	for i := range asked {
		r.answered(byDemand(s.Demands[i%20].ID))
	}
	if observed, dropped, failed := r.config.Shadows.Counts(); observed+failed != 0 || dropped == 0 {
		t.Errorf("%d observed, %d dropped, %d failed while it is stuck", observed, dropped, failed)
	}
	close(release)
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
		observed, dropped, failed := r.config.Shadows.Counts()
		if observed+dropped == asked && observed > 0 {
			break
		}
		if failed > 0 || time.Now().After(end) {
			t.Fatalf("%d observed, %d dropped, %d failed of %d", observed, dropped, failed, asked)
		}
	}
}

func TestBadPilotsAreRefused(t *testing.T) {
	r := start(t, producing(t))
	r.sampled()
	m := r.added()
	good := func() *pb.Pilot {
		return &pb.Pilot{Name: "p", Where: "national", Challenger: m.GetId(), Mode: pb.PilotMode_PILOT_MODE_AB, Share: 0.5, By: "x", Reason: "y"}
	}
	for name, c := range map[string]struct {
		change func(*pb.Pilot)
		code   codes.Code
		field  string
	}{
		"a bad name":    {func(p *pb.Pilot) { p.Name = "a b" }, codes.InvalidArgument, "name"},
		"no mode":       {func(p *pb.Pilot) { p.Mode = 0 }, codes.InvalidArgument, "mode"},
		"all parties":   {func(p *pb.Pilot) { p.Share = 1 }, codes.InvalidArgument, "share"},
		"nobody":        {func(p *pb.Pilot) { p.By = "" }, codes.InvalidArgument, "by"},
		"no alias":      {func(p *pb.Pilot) { p.Where = "challenger" }, codes.InvalidArgument, "where"},
		"no such model": {func(p *pb.Pilot) { p.Challenger = "tuned/none" }, codes.NotFound, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := good()
			c.change(p)
			_, err := r.pilots().StartPilot(t.Context(), &pb.StartPilotRequest{Pilot: p})
			(&rig{T: t}).refused(err, c.code, c.field)
		})
	}
	_, err := r.pilots().StartPilot(t.Context(), &pb.StartPilotRequest{Pilot: good()})
	r.ok(err)
	_, err = r.pilots().StartPilot(t.Context(), &pb.StartPilotRequest{Pilot: good()})
	r.refused(err, codes.Aborted, "")
	second := good()
	second.Name, second.Mode = "second", pb.PilotMode_PILOT_MODE_SHADOW
	_, err = r.pilots().StartPilot(t.Context(), &pb.StartPilotRequest{Pilot: second})
	r.refused(err, codes.Aborted, "")
	if !strings.Contains(err.Error(), "the pilot p runs for national") {
		t.Errorf("the pilot that is in the way is not named: %v", err)
	}
	second.Where = "sector/battery"
	_, err = r.pilots().StartPilot(t.Context(), &pb.StartPilotRequest{Pilot: second})
	r.ok(err)
	_, err = r.pilots().EndPilot(t.Context(), &pb.EndPilotRequest{Name: "q", By: "x", Reason: "y"})
	r.refused(err, codes.NotFound, "")
	if list := r.call("GET", "/v1/pilots", ""); list.code != 200 || !strings.Contains(list.text, `"PILOT_MODE_AB"`) {
		t.Errorf("%s", list.text)
	}
}
