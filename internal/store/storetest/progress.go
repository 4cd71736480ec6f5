package storetest

import (
	"testing"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

const (
	followerA = "vectors/patents/static/duijie-zh-1/3f9a5c10b2d4"
	followerB = "lexical/patents"
)

var progressTests = []test{
	{"a watermark is 0 at first and moves both ways, each follower's for itself", func(t *testing.T, s store.Store) {
		for _, step := range []struct {
			follower string
			seq      int64
		}{{followerA, 7}, {followerB, 1 << 40}, {followerA, 9}, {followerA, 3}, {followerA, 0}} {
			if err := s.SetWatermark(t.Context(), step.follower, step.seq); err != nil {
				t.Fatal(err)
			}
			diff(t, step.follower, step.seq, watermark(t, s, step.follower))
		}
		diff(t, "the other follower", int64(1<<40), watermark(t, s, followerB))
		diff(t, "a new follower", int64(0), watermark(t, s, "new"))
	}},
	{"failures are noted, replaced, listed in the order of their refs, and cleared", func(t *testing.T, s store.Store) {
		retry := time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC)
		p2 := store.Failure{Follower: followerA, Ref: patent("CN2", "").Ref, Seq: 4, Stage: match.Embedded, Reason: "the index is full", Attempts: 3, RetryAt: retry}
		p1 := store.Failure{Follower: followerA, Ref: patent("CN1", "").Ref, Seq: 3, Stage: match.Accepted, Reason: "no vector"}
		d1 := store.Failure{Follower: followerA, Ref: demand("D1", "").Ref, Seq: 5, Stage: match.Accepted}
		other := store.Failure{Follower: followerB, Ref: patent("CN1", "").Ref, Seq: 3, Reason: "other"}
		theirs := store.Failure{Follower: followerA, Ref: match.Ref{Tenant: "another", Kind: match.PatentKind, ID: "CN9"}, Seq: 6}

		putFailures(t, s, p2, p1, d1, other, theirs)
		diff(t, "of A", []store.Failure{theirs, d1, p1, p2}, failures(t, s, followerA, 10))
		diff(t, "of B", []store.Failure{other}, failures(t, s, followerB, 10))
		diff(t, "of all", []store.Failure{theirs, d1, other, p1, p2}, failures(t, s, "", 10))
		diff(t, "two of A", []store.Failure{theirs, d1}, failures(t, s, followerA, 2))

		p1.Attempts, p1.Reason, p1.RetryAt = 2, "again", retry
		putFailures(t, s, p1)
		if err := s.ClearFailures(t.Context(), followerA, []match.Ref{d1.Ref, theirs.Ref, patent("unknown", "").Ref}); err != nil {
			t.Fatal(err)
		}
		diff(t, "after a retry", []store.Failure{p1, p2}, failures(t, s, followerA, 10))
		diff(t, "of B after it", []store.Failure{other}, failures(t, s, followerB, 10))
	}},
	{"failures are looked up, and counted by stage", func(t *testing.T, s store.Store) {
		waiting := store.Failure{Follower: followerA, Ref: patent("CN1", "").Ref, Seq: 3, Stage: match.EmbedPending, Reason: "down", Attempts: 1}
		refused := store.Failure{Follower: followerA, Ref: patent("CN2", "").Ref, Seq: 4, Stage: match.Accepted, Reason: "too long", Attempts: 2}
		theirs := store.Failure{Follower: followerA, Ref: match.Ref{Tenant: "another", Kind: match.PatentKind, ID: "CN1"}, Seq: 6, Stage: match.Accepted}
		other := store.Failure{Follower: followerB, Ref: patent("CN2", "").Ref, Seq: 4, Stage: match.Embedded, Reason: "full"}
		diff(t, "at first", map[match.State]int{}, countFailures(t, s, followerA))
		putFailures(t, s, waiting, refused, theirs, other)
		none := patent("CN3", "").Ref
		got, err := s.FailuresOf(t.Context(), followerA, []match.Ref{refused.Ref, none, waiting.Ref, refused.Ref, {Tenant: match.DefaultTenant, Kind: match.PatentKind, ID: "CN\xff"}})
		if err != nil {
			t.Fatal(err)
		}
		diff(t, "of A", []*store.Failure{&refused, nil, &waiting, &refused, nil}, got)
		got, err = s.FailuresOf(t.Context(), followerB, nil)
		if err != nil || len(got) != 0 {
			t.Errorf("of no ref: %v, %v", got, err)
		}
		diff(t, "counts of A", map[match.State]int{match.EmbedPending: 1, match.Accepted: 2}, countFailures(t, s, followerA))
		diff(t, "counts of B", map[match.State]int{match.Embedded: 1}, countFailures(t, s, followerB))
		if err := s.ClearFailures(t.Context(), followerA, []match.Ref{refused.Ref, theirs.Ref}); err != nil {
			t.Fatal(err)
		}
		diff(t, "counts of A after it", map[match.State]int{match.EmbedPending: 1}, countFailures(t, s, followerA))
	}},
	{"due failures are those whose time has come, longest first; MakeDue brings all forward", func(t *testing.T, s store.Store) {
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		note := func(id string, at time.Time) store.Failure {
			return store.Failure{Follower: followerA, Ref: patent(id, "").Ref, Seq: 1, Stage: match.Accepted, RetryAt: at}
		}
		early, b, a := note("CN9", now.Add(-time.Hour)), note("CN2", now), note("CN1", now)
		late, never := note("CN3", now.Add(time.Microsecond)), note("CN4", time.Time{})
		other := note("CN5", now.Add(time.Hour))
		other.Follower = followerB
		putFailures(t, s, late, never, b, a, early, other)
		diff(t, "due", []store.Failure{early, a, b}, dueFailures(t, s, followerA, now, 10))
		diff(t, "two of them", []store.Failure{early, a}, dueFailures(t, s, followerA, now, 2))
		n, err := s.MakeDue(t.Context(), followerA, now)
		if n != 5 || err != nil {
			t.Errorf("made %d due, %v; want 5", n, err)
		}
		late.RetryAt, never.RetryAt = now, now
		diff(t, "due after it", []store.Failure{early, a, b, late, never}, dueFailures(t, s, followerA, now, 10))
		diff(t, "of the other", []store.Failure{other}, failures(t, s, followerB, 10))
	}},
	{"a canceled context and a limit below 1 are errors", func(t *testing.T, s store.Store) {
		ctx := canceled(t)
		wantKind(t, s.SetWatermark(ctx, followerA, 1), match.Canceled)
		_, err := s.Watermark(ctx, followerA)
		wantKind(t, err, match.Canceled)
		wantKind(t, s.PutFailures(ctx, []store.Failure{{Follower: followerA}}), match.Canceled)
		wantKind(t, s.ClearFailures(ctx, followerA, nil), match.Canceled)
		_, err = s.Failures(ctx, followerA, 1)
		wantKind(t, err, match.Canceled)
		_, err = s.FailuresOf(ctx, followerA, []match.Ref{patent("CN1", "").Ref})
		wantKind(t, err, match.Canceled)
		_, err = s.CountFailures(ctx, followerA)
		wantKind(t, err, match.Canceled)
		_, err = s.DueFailures(ctx, followerA, time.Now(), 1)
		wantKind(t, err, match.Canceled)
		_, err = s.MakeDue(ctx, followerA, time.Now())
		wantKind(t, err, match.Canceled)
		_, err = s.Failures(t.Context(), followerA, 0)
		wantKind(t, err, match.Invalid)
		_, err = s.DueFailures(t.Context(), followerA, time.Now(), 0)
		wantKind(t, err, match.Invalid)
		diff(t, "watermark", int64(0), watermark(t, s, followerA))
	}},
}

func watermark(t *testing.T, s store.Store, follower string) int64 {
	t.Helper()
	seq, err := s.Watermark(t.Context(), follower)
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

func putFailures(t *testing.T, s store.Store, failures ...store.Failure) {
	t.Helper()
	if err := s.PutFailures(t.Context(), failures); err != nil {
		t.Fatalf("PutFailures: %v", err)
	}
}

func failures(t *testing.T, s store.Store, follower string, limit int) []store.Failure {
	t.Helper()
	got, err := s.Failures(t.Context(), follower, limit)
	if err != nil {
		t.Fatalf("Failures: %v", err)
	}
	return got
}

func countFailures(t *testing.T, s store.Store, follower string) map[match.State]int {
	t.Helper()
	got, err := s.CountFailures(t.Context(), follower)
	if err != nil {
		t.Fatalf("CountFailures: %v", err)
	}
	return got
}

func dueFailures(t *testing.T, s store.Store, follower string, now time.Time, limit int) []store.Failure {
	t.Helper()
	got, err := s.DueFailures(t.Context(), follower, now, limit)
	if err != nil {
		t.Fatalf("DueFailures: %v", err)
	}
	return got
}
