package feedback

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

func openStore(t *testing.T) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func event(kind match.EventType) match.Event {
	return match.Event{Tenant: match.DefaultTenant, Request: "r1", Demand: "D1", Patent: "CN2", Side: match.DemandKind, Type: kind, At: time.Unix(1000, 0).UTC()}
}

func TestEventsAreHeldAgainstTheAnswerThatTheyName(t *testing.T) {
	s := openStore(t)
	hits := []match.KeptHit{{ID: "CN1", Revision: 1, Rank: 1}, {ID: "CN2", Revision: 1, Rank: 2}}
	kept := []match.Kept{
		{RequestID: "r1", Tenant: match.DefaultTenant, Query: match.KeptQuery{Kind: match.DemandKind, ID: "D1", Revision: 1}, Hits: hits},
		{RequestID: "text", Tenant: match.DefaultTenant, Query: match.KeptQuery{Kind: match.DemandKind, TextHash: "x"}, Hits: hits},
		{RequestID: "back", Tenant: match.DefaultTenant, Query: match.KeptQuery{Kind: match.PatentKind, ID: "CN2", Revision: 1}, Hits: []match.KeptHit{{ID: "D1", Revision: 1, Rank: 1}}},
	}
	if err := s.KeepAnswers(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	r := &Recorder{Events: s, Find: s.Answers}
	for i, c := range []struct {
		name   string
		change func(*match.Event)
		rank   int
		proof  match.EventProof
		field  string // of the refusal
	}{
		{"the rank is that of the answer", func(e *match.Event) {}, 2, match.ShownProof, ""},
		{"the rank is right", func(e *match.Event) { e.Rank = 2 }, 2, match.ShownProof, ""},
		{"the rank is wrong", func(e *match.Event) { e.Rank = 1 }, 0, "", "rank_shown"},
		{"the patent is not in the answer", func(e *match.Event) { e.Patent = "CN9" }, 0, "", "patent_number"},
		{"another demand was asked for", func(e *match.Event) { e.Demand = "D9" }, 0, "", "demand_id"},
		{"a text was asked for", func(e *match.Event) { e.Request, e.Demand = "text", "D7" }, 2, match.ShownProof, ""},
		{"a patent was asked for", func(e *match.Event) { e.Request = "back" }, 1, match.ShownProof, ""},
		{"a patent was asked for, the demand is not there", func(e *match.Event) { e.Request, e.Demand = "back", "D9" }, 0, "", "demand_id"},
		{"the answer is not kept", func(e *match.Event) { e.Request, e.Rank = "gone", 7 }, 7, match.UnknownProof, ""},
		{"the answer is not kept, and was shown as is said", func(e *match.Event) { e.Request, e.Rank, e.Proof = "gone", 7, match.ShownProof }, 7, match.SaidProof, ""},
		{"the answer is not kept, and was shown as was said before", func(e *match.Event) { e.Request, e.Rank, e.Proof = "gone", 7, match.SaidProof }, 7, match.SaidProof, ""},
		{"the answer is not kept, and something else is said", func(e *match.Event) { e.Request, e.Rank, e.Proof = "gone", 7, "verified" }, 7, match.UnknownProof, ""},
		{"the answer is kept, and nothing need be said", func(e *match.Event) { e.Proof = match.UnknownProof }, 2, match.ShownProof, ""},
		{"no answer is named, and it was shown as is said", func(e *match.Event) { e.Request, e.Type, e.Proof = "", match.Contact, match.ShownProof }, 0, match.NoProof, ""},
		{"no answer is named", func(e *match.Event) { e.Request, e.Type = "", match.Contact }, 0, match.NoProof, ""},
		{"no answer is named for a view", func(e *match.Event) { e.Request = "" }, 0, "", "request_id"},
		{"a rejection without a reason", func(e *match.Event) { e.Type = match.Rejection }, 0, "", "reason"},
		{"a view with a reason", func(e *match.Event) { e.Reason = match.TooExpensive }, 0, "", "reason"},
		{"a rejection for another reason that is not told", func(e *match.Event) { e.Type, e.Reason = match.Rejection, match.RejectedForOther }, 0, "", "note"},
		{"a rating before contact", func(e *match.Event) { e.Rating = 5 }, 0, "", "rating"},
		{"a rating of six", func(e *match.Event) { e.Type, e.Rating = match.Contact, 6 }, 0, "", "rating"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := event(match.View)
			e.ID = fmt.Sprint("e", i)
			c.change(&e)
			got, err := r.Record(t.Context(), []match.Event{e})
			if err != nil {
				t.Fatal(err)
			}
			if c.field != "" {
				if got[0].Change != store.Refused || match.KindOf(got[0].Err) != match.Invalid || !strings.Contains(got[0].Err.Error(), c.field+": ") {
					t.Errorf("%+v, want %s refused", got[0], c.field)
				}
				return
			}
			if got[0].Err != nil || got[0].Proof != c.proof {
				t.Fatalf("%+v, want proof %s", got[0], c.proof)
			}
			e.Rank, e.Proof, e.Seq = c.rank, c.proof, got[0].Seq
			list, err := s.ListEvents(t.Context(), store.EventQuery{Tenant: match.DefaultTenant, After: got[0].Seq - 1, Limit: 1})
			if d := cmp.Diff([]match.Event{e}, list); err != nil || d != "" {
				t.Error(err, d)
			}
		})
	}
}

func TestARefusedEventKeepsNoOtherOut(t *testing.T) {
	s := openStore(t)
	r := &Recorder{Events: s, Find: s.Answers}
	nameless, bad, again := event(match.View), event(match.Rejection), event(match.View)
	again.ID = "e1"
	got, err := r.Record(t.Context(), []match.Event{nameless, bad, again, again})
	if err != nil {
		t.Fatal(err)
	}
	var changes []store.Change
	for _, g := range got {
		changes = append(changes, g.Change)
	}
	if d := cmp.Diff([]store.Change{store.Created, store.Refused, store.Created, store.Unchanged}, changes); d != "" || got[0].ID == "" {
		t.Error(d, got)
	}
}

// derived gives the label of one pair whose events are given.
func derived(t *testing.T, events ...match.Event) (match.Label, bool) {
	t.Helper()
	for i := range events {
		events[i].Seq = int64(i + 1)
	}
	got, err := Derive(t.Context(), listed{all: events}, match.DefaultTenant, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range got.Labels {
		if err := l.Validate(); err != nil {
			t.Error(err)
		}
	}
	if len(got.Labels) != 1 {
		return match.Label{}, false
	}
	return got.Labels[0], true
}

func TestTheStepsOfThePartiesSpeakForALevel(t *testing.T) {
	rejected := func(reason match.RejectionReason) match.Event {
		e := event(match.Rejection)
		e.Reason = reason
		return e
	}
	many := func(kind match.EventType, n int) (out []match.Event) {
		for i := range n {
			e := event(kind)
			e.Request, e.Rank = fmt.Sprint("r", i), 1
			out = append(out, e)
		}
		return out
	}
	alone := event(match.Contract)
	alone.Request = ""
	for _, c := range []struct {
		name   string
		events []match.Event
		want   match.Level // 0: no label
	}{
		{"a contract", []match.Event{alone}, match.StrongFit},
		{"a licence after a rejection", []match.Event{rejected(match.WrongField), event(match.LicenceSign)}, match.StrongFit},
		{"a contact", []match.Event{event(match.Contact)}, match.RatherGoodFit},
		{"the wrong field", []match.Event{rejected(match.WrongField)}, match.NoFit},
		{"the wrong problem after many views", append(many(match.View, 9), rejected(match.WrongProblem)), match.WeakFit},
		{"too expensive says nothing of the fit", []match.Event{rejected(match.TooExpensive)}, 0},
		{"shown once", many(match.Impression, 1), 0},
		{"shown often and never viewed", many(match.Impression, 9), match.NoFit},
		{"viewed always and never more", many(match.View, 9), match.RatherGoodFit},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, ok := derived(t, c.events...)
			if l.Level != c.want || ok != (c.want != 0) {
				t.Fatalf("level %d (%+v), want %d", l.Level, l, c.want)
			}
			if ok && (l.Source != match.EventSource || l.Rater != Rater || l.Relevance <= 0 || l.Weight <= 0 || l.Weight > 1 || l.Reason == "") {
				t.Errorf("it is not marked as derived: %+v", l)
			}
		})
	}
}

func TestTheSameEventsGiveTheSameLabels(t *testing.T) {
	events := newSimulator(1, 8, 10, 1, 0.6).events(10)
	first, err := Derive(t.Context(), listed{all: events}, match.DefaultTenant, nil)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := Derive(t.Context(), listed{all: events}, match.DefaultTenant, nil)
		if d := cmp.Diff(first, again); err != nil || d != "" {
			t.Fatal(err, d)
		}
	}
}

func TestDerivedLabelsTakeThePlaceOfThoseFromBeforeAndOfNoPersons(t *testing.T) {
	s := openStore(t)
	expert := match.Label{Tenant: match.DefaultTenant, Demand: "D1", Patent: "CN1", Level: match.NoFit, Rater: Rater, Source: match.ExpertSource}
	own := func(patent string, level match.Level) match.Label {
		return match.Label{Tenant: match.DefaultTenant, Demand: "D1", Patent: patent, Level: level, Rater: Rater, Source: match.EventSource, Relevance: 0.5, Weight: 0.5}
	}
	if err := s.PutLabels(t.Context(), []match.Label{expert}); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		put  []match.Label
		gone int
	}{
		{[]match.Label{own("CN1", 3), own("CN2", 2)}, 0},
		{[]match.Label{own("CN1", 4), own("CN3", 2)}, 1},
		{nil, 2},
	} {
		gone, err := Replace(t.Context(), s, match.DefaultTenant, step.put)
		if err != nil || gone != step.gone {
			t.Fatalf("%d have gone, %v; want %d", gone, err, step.gone)
		}
		got, err := s.ListLabels(t.Context(), store.LabelQuery{Tenant: match.DefaultTenant, Limit: 10})
		want := append(slices.Clone(step.put), expert)
		slices.SortFunc(want, func(a, b match.Label) int {
			return strings.Compare(a.Patent+string(a.Source), b.Patent+string(b.Source))
		})
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Error(err, d)
		}
	}
}
