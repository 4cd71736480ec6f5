package retrieve_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/sample"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/text"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// open returns an instance that holds the sample.
func open(t testing.TB, e embed.Embedder) (*instance.Instance, *sample.Catalog) {
	t.Helper()
	ctx := context.Background()
	in, err := instance.Open(ctx, instance.Config{Data: t.TempDir(), Now: sample.Now, Embedder: e, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
	})
	s, err := sample.Load()
	if err != nil {
		t.Fatal(err)
	}
	put(t, in, s.Records()...)
	return in, s
}

func put(t testing.TB, in *instance.Instance, records ...match.Record) {
	t.Helper()
	items := make([]store.Item, len(records))
	for i, r := range records {
		items[i] = store.Item{Record: r}
	}
	outcomes, err := in.Catalog.Write(context.Background(), store.Batch{Tenant: match.DefaultTenant, Items: items})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
	}
	if err := in.Catalog.Await(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func ref(kind match.Kind, id string) match.Ref {
	return match.Ref{Tenant: match.DefaultTenant, Kind: kind, ID: id}
}

func request(kind match.Kind, id string, limit int) match.Request {
	return match.Request{ID: "test", Tenant: match.DefaultTenant, From: ref(kind, id), Limit: limit}
}

func ask(t testing.TB, in *instance.Instance, req match.Request) *match.Answer {
	t.Helper()
	a, err := in.Engine.Match(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func ids(a *match.Answer) []string {
	out := []string{}
	for _, h := range a.Hits {
		out = append(out, h.Record.ID)
	}
	return out
}

func TestTheFirstPatentIsAGoodOneForMostDemandsOfTheSample(t *testing.T) {
	in, s := open(t, nil)
	levels := map[[2]string]match.Level{}
	for _, l := range s.Labels {
		levels[[2]string{l.Demand, l.Patent}] = l.Level
	}
	good := 0
	for _, d := range s.Demands {
		if a := ask(t, in, request(match.DemandKind, d.ID, 1)); len(a.Hits) > 0 && levels[[2]string{d.ID, a.Hits[0].Record.ID}] >= match.RatherGoodFit {
			good++
		}
	}
	t.Logf("%d of %d", good, len(s.Demands))
	if good*60 < 50*len(s.Demands) {
		t.Errorf("a patent of level 3 or 4 comes first for %d of %d demands, want 50 of 60", good, len(s.Demands))
	}
}

func TestANamedPairHasTheScoreThatItHasAsAHitFromEitherSide(t *testing.T) {
	in, s := open(t, nil)
	for _, d := range s.Demands[:10] {
		forward := ask(t, in, request(match.DemandKind, d.ID, 20))
		var pairs []match.Pair
		for _, h := range forward.Hits {
			pairs = append(pairs, match.Pair{Demand: ref(match.DemandKind, d.ID), Patent: h.Record.Ref})
		}
		named, err := in.Engine.ScorePairs(context.Background(), pairs, retrieve.PairOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i, h := range forward.Hits {
			if got := named.Results[i].Score; got.Logit != h.Score.Logit {
				t.Errorf("%s and %s: %v as a pair, %v as a hit", d.ID, h.Record.ID, got.Logit, h.Score.Logit)
			}
		}
		req := request(match.PatentKind, forward.Hits[0].Record.ID, 100)
		req.Filter.IncludeUnavailable = true
		for _, h := range ask(t, in, req).Hits {
			if h.Record.ID == d.ID && h.Score.Logit != forward.Hits[0].Score.Logit {
				t.Errorf("%s from the patent's side: %v, from its own %v", d.ID, h.Score.Logit, forward.Hits[0].Score.Logit)
			}
		}
	}
}

func TestPagesFiltersAndExplanationsDoNotChangeAScore(t *testing.T) {
	in, _ := open(t, nil)
	all := ask(t, in, request(match.DemandKind, "D-BAT1", 100))
	scores := map[string]float64{}
	for _, h := range all.Hits {
		scores[h.Record.ID] = h.Score.Logit
	}
	var paged []string
	for offset := 0; offset < len(all.Hits); offset += 7 {
		req := request(match.DemandKind, "D-BAT1", 7)
		req.Offset, req.Explain = offset, true
		a := ask(t, in, req)
		paged = append(paged, ids(a)...)
		for _, h := range a.Hits {
			if scores[h.Record.ID] != h.Score.Logit && len(paged) <= 100 {
				t.Errorf("%s: %v on a page, %v in one list", h.Record.ID, h.Score.Logit, scores[h.Record.ID])
			}
		}
	}
	if d := cmp.Diff(ids(all), paged[:100]); d != "" {
		t.Error("pages do not join to the list:", d)
	}
	req := request(match.DemandKind, "D-BAT1", 100)
	req.Filter.Sectors = []string{"battery"}
	for _, h := range ask(t, in, req).Hits {
		if want, ok := scores[h.Record.ID]; ok && want != h.Score.Logit {
			t.Errorf("%s: %v with a filter, %v without", h.Record.ID, h.Score.Logit, want)
		}
	}
}

func TestTheSameRequestTwiceGivesTheSameAnswer(t *testing.T) {
	in, _ := open(t, nil)
	req := request(match.DemandKind, "D-MED1", 10)
	req.Explain = true
	if d := cmp.Diff(ask(t, in, req), ask(t, in, req), cmpopts.IgnoreFields(match.Answer{}, "Took")); d != "" {
		t.Error(d)
	}
}

func TestEachFilterKeepsExactlyWhatItNames(t *testing.T) {
	in, s := open(t, nil)
	for name, f := range map[string]struct {
		filter match.Filter
		keeps  func(match.Patent) bool
	}{
		"ipc":      {match.Filter{IPC: []string{"H01M"}}, func(p match.Patent) bool { return hasPrefix(p.IPC, "H01M") }},
		"sector":   {match.Filter{Sectors: []string{"battery", "power"}}, func(p match.Patent) bool { return p.Sector == "battery" || p.Sector == "power" }},
		"region":   {match.Filter{Regions: []string{"320000"}}, func(p match.Patent) bool { return len(p.Region) > 1 && p.Region[:2] == "32" }},
		"transfer": {match.Filter{TransferModes: []match.TransferMode{match.OpenLicence}}, func(p match.Patent) bool { return slices.Contains(p.TransferModes, match.OpenLicence) }},
		"tier":     {match.Filter{Tiers: []string{"A"}}, func(p match.Patent) bool { return p.Tier == "A" }},
		"kind": {match.Filter{ApplicantKinds: []match.ApplicantKind{match.Institute}}, func(p match.Patent) bool {
			return slices.ContainsFunc(p.Applicants, func(a match.Applicant) bool { return a.Kind == match.Institute })
		}},
		"status": {match.Filter{LegalStatuses: []match.LegalStatus{match.Lapsed}}, func(p match.Patent) bool { return p.LegalStatus == match.Lapsed }},
		"filed":  {match.Filter{FilingDate: match.DateRange{From: "2021-01-01", To: "2021-12-31"}}, func(p match.Patent) bool { return p.FilingDate >= "2021-01-01" && p.FilingDate <= "2021-12-31" }},
		"ready":  {match.Filter{MinReadiness: 7}, func(p match.Patent) bool { return p.Readiness >= 7 }},
	} {
		t.Run(name, func(t *testing.T) {
			want := 0
			for _, p := range s.Patents {
				dead := slices.Contains(match.DeadStatuses, p.LegalStatus) && len(f.filter.LegalStatuses) == 0
				if f.keeps(p) && !dead {
					want++
				}
			}
			req := request(match.DemandKind, "D-BAT1", 100)
			req.Filter = f.filter
			a := ask(t, in, req)
			if want == 0 || len(a.Hits) != min(want, 100) {
				t.Errorf("%d hits, want %d", len(a.Hits), want)
			}
			for _, h := range a.Hits {
				if !f.keeps(*h.Record.Patent) {
					t.Errorf("%s does not meet the filter", h.Record.ID)
				}
			}
		})
	}
}

func hasPrefix(symbols []string, prefix string) bool {
	return slices.ContainsFunc(symbols, func(s string) bool { return s[:len(prefix)] == prefix })
}

func TestWhatCannotBeHadIsLeftOutUnlessAskedFor(t *testing.T) {
	in, _ := open(t, nil)
	lapsed := match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN1", Title: "防爆锂离子电池隔膜", Abstract: "一种防爆锂离子电池隔膜。", LegalStatus: match.Lapsed})
	expired := match.NewPatent(match.DefaultTenant, match.Patent{Number: "CN2", Title: "防爆锂离子电池隔膜", Abstract: "一种防爆锂离子电池隔膜。", ExpiryDate: "2026-10-31"})
	closed := match.NewDemand(match.DefaultTenant, match.Demand{ID: "D1", Title: "防爆锂离子电池隔膜", State: match.Closed})
	late := match.NewDemand(match.DefaultTenant, match.Demand{ID: "D2", Title: "防爆锂离子电池隔膜", Deadline: "2026-10-31"})
	put(t, in, lapsed, expired, closed, late)
	for _, c := range []struct {
		as   match.Kind
		dead []string
	}{{match.DemandKind, []string{"CN1", "CN2"}}, {match.PatentKind, []string{"D1", "D2"}}} {
		req := match.Request{Tenant: match.DefaultTenant, From: match.Ref{Tenant: match.DefaultTenant, Kind: c.as}, Texts: match.Texts{Body: "防爆锂离子电池隔膜"}, Limit: 10}
		without := ids(ask(t, in, req))
		req.Filter.IncludeUnavailable = true
		with := ids(ask(t, in, req))
		for _, id := range c.dead {
			if slices.Contains(without, id) {
				t.Errorf("%s is in the answer", id)
			}
			if !slices.Contains(with, id) {
				t.Errorf("%s is not in the answer that asks for it", id)
			}
		}
	}
}

func TestAWithdrawnRecordLeavesTheAnswers(t *testing.T) {
	in, _ := open(t, nil)
	first := ask(t, in, request(match.DemandKind, "D-BAT1", 1)).Hits[0].Record
	first.Withdrawn = true
	put(t, in, first)
	if got := ids(ask(t, in, request(match.DemandKind, "D-BAT1", 10))); slices.Contains(got, first.ID) {
		t.Errorf("%s was withdrawn and is in %v", first.ID, got)
	}
	if _, err := in.Engine.Match(context.Background(), request(match.PatentKind, first.ID, 1)); match.KindOf(err) != match.NotFound {
		t.Errorf("matching a withdrawn record: %v", err)
	}
}

func TestEverySpanOfAnExplanationReadsWhatTheRecordSaysThere(t *testing.T) {
	in, s := open(t, nil)
	for _, d := range s.Demands {
		req := request(match.DemandKind, d.ID, 5)
		req.Explain = true
		for _, h := range ask(t, in, req).Hits {
			x := h.Explanation
			var spans []match.Span
			for _, e := range x.Evidence {
				spans = append(spans, e.Demand, e.Patent)
			}
			for _, term := range x.Terms {
				spans = append(append(spans, term.Demand...), term.Patent...)
			}
			for _, span := range spans {
				checkSpan(t, &d, h.Record.Patent, span)
			}
		}
	}
}

func checkSpan(t *testing.T, d *match.Demand, p *match.Patent, s match.Span) {
	t.Helper()
	fields := map[string]string{"patent.title": p.Title, "patent.abstract": p.Abstract, "patent.claims": p.Claims, "demand.title": d.Title, "demand.text": d.Text}
	full, ok := fields[string(s.Ref.Kind)+"."+s.Field]
	if !ok || s.Revision != 1 {
		t.Fatalf("span of field %s %s, revision %d", s.Ref, s.Field, s.Revision)
	}
	if got := text.Slice(full, text.Range{Start: s.Start, End: s.End}); got != s.Text || got == "" {
		t.Errorf("%v %s %d–%d reads %q, the span says %q", s.Ref, s.Field, s.Start, s.End, got, s.Text)
	}
}

func TestConfidentialFieldsAppearNowhereInAnAnswer(t *testing.T) {
	in, _ := open(t, nil)
	secret := match.NewDemand(match.DefaultTenant, match.Demand{
		ID: "D-SECRET", Title: "电池隔膜涂覆", Text: "代号蓝鲸九号的隔膜涂覆线需要提高陶瓷浆料的附着力。",
		Enterprise: match.Enterprise{Name: "某某保密公司"}, Confidential: []string{"text", "enterprise.name"},
	})
	put(t, in, secret)
	req := match.Request{Tenant: match.DefaultTenant, From: match.Ref{Tenant: match.DefaultTenant, Kind: match.PatentKind}, Limit: 10, Explain: true,
		Texts: match.Texts{Title: "电池隔膜涂覆", Body: "代号蓝鲸九号的隔膜涂覆线，陶瓷浆料的附着力。"}}
	a := ask(t, in, req)
	for _, h := range a.Hits {
		if h.Record.ID != "D-SECRET" {
			continue
		}
		if h.Record.Demand.Text != "" || h.Record.Demand.Enterprise.Name != "" {
			t.Errorf("the hit shows %+v", h.Record.Demand)
		}
		for _, e := range h.Explanation.Evidence {
			if e.Demand.Field == "text" {
				t.Errorf("evidence from the confidential text: %q", e.Demand.Text)
			}
		}
		for _, term := range h.Explanation.Terms {
			for _, span := range term.Demand {
				if span.Field == "text" {
					t.Errorf("term from the confidential text: %q", span.Text)
				}
			}
		}
		return
	}
	t.Error("the demand is not among the hits")
}

// down is an embedder that does not answer.
type down struct{ embed.Embedder }

func (d *down) Identity() string { return "down/1" }
func (d *down) Dim() int         { return 8 }
func (d *down) Embed(context.Context, embed.Role, []string) ([][]float32, error) {
	return nil, &match.Error{Kind: match.Unavailable, Reason: "no answer"}
}

func TestWithoutAnEmbedderTheWordsAnswerAndTheAnswerSaysSo(t *testing.T) {
	in, _ := open(t, &down{})
	a := ask(t, in, request(match.DemandKind, "D-BAT1", 5))
	if len(a.Degraded) == 0 || len(a.Hits) != 5 {
		t.Errorf("%d hits, degraded: %v", len(a.Hits), a.Degraded)
	}
	failures, err := in.Catalog.Failures(context.Background(), 1000)
	if err != nil || len(failures) != 322 {
		t.Errorf("%d failures are noted, %v", len(failures), err)
	}
}

// silent is an embedder that takes requests and never answers.
type silent struct {
	down
	asked atomic.Int64
}

func (s *silent) Embed(ctx context.Context, _ embed.Role, _ []string) ([][]float32, error) {
	s.asked.Add(1)
	<-ctx.Done()
	return nil, ctx.Err()
}

// asking is the engine with another embedder for its queries. What runs in the background
// goes on with its own.
func asking(e *retrieve.Engine, by embed.Embedder) *retrieve.Engine {
	return &retrieve.Engine{
		Records: e.Records, Embedder: by, Sides: e.Sides, Ranker: e.Ranker, Lexicon: e.Lexicon, Explainer: e.Explainer,
		Now: e.Now, Version: e.Version, EmbedTimeout: 20 * time.Millisecond,
	}
}

func TestAnEmbedderThatNeverAnswersHoldsNoRequestUp(t *testing.T) {
	in, _ := open(t, &down{})
	e := &silent{}
	engine := asking(in.Engine, e)
	a, err := engine.Match(t.Context(), request(match.DemandKind, "D-BAT1", 5))
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Hits) != 5 || len(a.Degraded) != 1 || a.Degraded[0] != "embedder: no answer within 20ms" {
		t.Errorf("%d hits, degraded: %v", len(a.Hits), a.Degraded)
	}
	e.asked.Store(0)
	pair := match.Pair{Demand: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind, ID: "D-BAT1"}, Patent: a.Hits[0].Record.Ref}
	scored, err := engine.ScorePairs(t.Context(), []match.Pair{pair, pair, pair}, retrieve.PairOptions{})
	if err != nil || len(scored.Degraded) != 1 || scored.Results[2].Score.Logit != a.Hits[0].Score.Logit {
		t.Errorf("%+v, %v", scored, err)
	}
	if n := e.asked.Load(); n != 1 {
		t.Errorf("three pairs waited %d times, want once", n)
	}
}

func TestACallerThatGivesUpIsNotToldThatTheEmbedderIsDown(t *testing.T) {
	in, _ := open(t, &down{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := asking(in.Engine, &silent{}).Match(ctx, request(match.DemandKind, "D-BAT1", 5)); match.KindOf(err) != match.Canceled {
		t.Errorf("%v, want an error of kind canceled", err)
	}
}

func TestBadRequestsNameTheField(t *testing.T) {
	in, _ := open(t, nil)
	plain := func(body string) match.Request {
		return match.Request{Tenant: match.DefaultTenant, From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind}, Texts: match.Texts{Body: body}, Limit: 1}
	}
	with := func(change func(*match.Request)) match.Request {
		r := plain("电池")
		change(&r)
		return r
	}
	for _, c := range []struct {
		name  string
		req   match.Request
		kind  match.ErrorKind
		field string
	}{
		{"an empty text", plain(" "), match.Invalid, "text"},
		{"a text in another encoding", plain("a\xffb"), match.Invalid, "text"},
		{"no hits wanted", with(func(r *match.Request) { r.Limit = 0 }), match.Invalid, "page_size"},
		{"too many hits", with(func(r *match.Request) { r.Limit = 101 }), match.Invalid, "page_size"},
		{"a negative offset", with(func(r *match.Request) { r.Offset = -1 }), match.Invalid, "offset"},
		{"an unknown demand", request(match.DemandKind, "none", 1), match.NotFound, ""},
		{"half an IPC symbol", with(func(r *match.Request) { r.Filter.IPC = []string{"H0"} }), match.Invalid, "filter.ipc[0]"},
		{"a region in words", with(func(r *match.Request) { r.Filter.Regions = []string{"广东"} }), match.Invalid, "filter.regions[0]"},
		{"a field of the other kind", with(func(r *match.Request) { r.Filter.DemandStates = []match.DemandState{match.Open} }), match.Invalid, "filter.demand_states"},
		{"an unknown status", with(func(r *match.Request) { r.Filter.LegalStatuses = []match.LegalStatus{"dead"} }), match.Invalid, "filter.legal_statuses[0]"},
		{"a range that ends early", with(func(r *match.Request) { r.Filter.FilingDate = match.DateRange{From: "2022-01-01", To: "2021-01-01"} }), match.Invalid, "filter.filing_date"},
		{"a day that is none", with(func(r *match.Request) { r.Filter.FilingDate.From = "2022-02-30" }), match.Invalid, "filter.filing_date.from"},
		{"a negative fee", with(func(r *match.Request) { r.Filter.MaxFee = -1 }), match.Invalid, "filter.max_fee_cny"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := in.Engine.Match(context.Background(), c.req)
			if match.KindOf(err) != c.kind {
				t.Fatalf("error %v of kind %v, want %v", err, match.KindOf(err), c.kind)
			}
			if e, ok := err.(*match.Error); c.field != "" && (!ok || e.Field != c.field) {
				t.Errorf("error %v, want field %s", err, c.field)
			}
		})
	}
}

func TestOddTextsGetAnAnswer(t *testing.T) {
	in, _ := open(t, nil)
	long := ""
	for i := range 3000 {
		long += fmt.Sprintf("第%d项要求锂离子电池安全。", i)
	}
	for _, body := range []string{"电", "battery", "🔋🔋", "\u0000", "!!!", long} {
		req := match.Request{Tenant: match.DefaultTenant, From: match.Ref{Tenant: match.DefaultTenant, Kind: match.DemandKind}, Texts: match.Texts{Body: body}, Limit: 3, Explain: true}
		if _, err := in.Engine.Match(context.Background(), req); err != nil {
			t.Errorf("%.20q: %v", body, err)
		}
	}
}

func TestAMatchEndsWithItsContext(t *testing.T) {
	in, _ := open(t, nil)
	ctx, cancel := context.WithTimeout(context.Background(), -time.Second)
	defer cancel()
	if _, err := in.Engine.Match(ctx, request(match.DemandKind, "D-BAT1", 1)); match.KindOf(err) != match.Canceled {
		t.Errorf("error %v", err)
	}
}

func BenchmarkMatch(b *testing.B) {
	in, _ := open(b, nil)
	for _, explained := range []bool{false, true} {
		b.Run(fmt.Sprintf("explain=%v", explained), func(b *testing.B) {
			req := request(match.DemandKind, "D-BAT1", 10)
			req.Explain = explained
			for b.Loop() {
				ask(b, in, req)
			}
		})
	}
}
