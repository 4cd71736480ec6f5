package storetest

import (
	"testing"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// RunDurable tests what is left after a store was closed and opened again. open
// gives an empty store; reopen closes one and opens the same data.
func RunDurable(t *testing.T, open func(t *testing.T) store.Store, reopen func(t *testing.T, s store.Store) store.Store) {
	s := open(t)
	batch := mixedBatch("key-1")
	first := putBatch(t, s, batch)
	put(t, s, write(fullPatent("CN8")), write(fullDemand("专利9")), write(patent("CN1", "二")))
	putLabels(t, s, label("D1", "CN1", "a", match.ExpertSource))
	if err := s.SetWatermark(t.Context(), followerA, 42); err != nil {
		t.Fatal(err)
	}
	putFailures(t, s, store.Failure{Follower: followerA, Ref: patent("CN1", "").Ref, Reason: "no vector"})
	keep(t, s, kept("r1", 1))
	rating := event("e1", match.Contact)
	rating.Rating = 4
	putEvents(t, s, rating, event("e2", match.View))
	before := everything(t, s)

	s = closing(t, reopen(t, s))

	t.Run("everything is equal after reopening", func(t *testing.T) {
		diff(t, "content", before, everything(t, s))
	})
	t.Run("a batch repeated after reopening returns the first outcomes", func(t *testing.T) {
		diff(t, "outcomes", describe(first), describe(putBatch(t, s, batch)))
		diff(t, "content", before, everything(t, s))
	})
	t.Run("sequence numbers go on after reopening", func(t *testing.T) {
		last := lastSeq(t, s)
		if o := put(t, s, write(patent("CN100", "新")))[0]; o.Seq <= last {
			t.Errorf("seq %d after %d", o.Seq, last)
		}
	})
	t.Run("unchanged content is recognised after reopening", func(t *testing.T) {
		diff(t, "outcome", []result{{Change: store.Unchanged, Revision: 1}}, results(put(t, s, write(fullPatent("CN8")))))
	})
}

// contents is all that a store answers.
type contents struct {
	Listed, Changed map[match.Kind][]match.Record
	Old             *match.Record
	LastSeq         int64
	Labels          []match.Label
	Failures        []store.Failure
	Watermark       int64
	Answers         []*match.Kept
	Events          []match.Event
	Ratings         []*match.Rating
}

func everything(t *testing.T, s store.Store) contents {
	t.Helper()
	c := contents{Listed: map[match.Kind][]match.Record{}, Changed: map[match.Kind][]match.Record{}}
	var err error
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		if c.Listed[kind], err = s.List(t.Context(), store.ListQuery{Tenant: tenant, Kind: kind, Limit: 100, Withdrawn: true}); err != nil {
			t.Fatal(err)
		}
		if c.Changed[kind], err = s.Changes(t.Context(), kind, 0, 100); err != nil {
			t.Fatal(err)
		}
	}
	if c.Old, err = s.Revision(t.Context(), patent("CN1", "").Ref, 1); err != nil {
		t.Fatal(err)
	}
	c.LastSeq, c.Watermark = lastSeq(t, s), watermark(t, s, followerA)
	if c.Answers, err = s.Answers(t.Context(), tenant, []string{"r1"}); err != nil {
		t.Fatal(err)
	}
	if c.Ratings, err = s.Ratings(t.Context(), []match.Ref{patent("CN1", "").Ref}); err != nil {
		t.Fatal(err)
	}
	c.Events = events(t, s, store.EventQuery{Tenant: tenant}, 100)
	c.Labels, c.Failures = labels(t, s, tenant, 100), failures(t, s, "", 100)
	return c
}
