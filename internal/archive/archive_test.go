package archive_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/archive"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/sqlite"
)

func openStore(t testing.TB) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), t.TempDir(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func answer(request string) *match.Kept {
	return &match.Kept{RequestID: request, Tenant: match.DefaultTenant, At: time.Now(), Query: match.KeptQuery{Kind: match.DemandKind, ID: "D1", Revision: 1}}
}

// found lists which of the requests are found.
func found(t *testing.T, find func(context.Context, string, []string) ([]*match.Kept, error), requests ...string) (out []string) {
	t.Helper()
	got, err := find(t.Context(), match.DefaultTenant, requests)
	if err != nil {
		t.Fatal(err)
	}
	for i, k := range got {
		if k != nil {
			out = append(out, requests[i])
		}
	}
	return out
}

func TestAnAnswerIsFoundAtOnceAndAfterItsWrite(t *testing.T) {
	s := openStore(t)
	a := archive.Open(archive.Config{Store: s, Every: time.Hour})
	if !a.Keep(answer("r1")) {
		t.Fatal("there is no room")
	}
	if d := cmp.Diff([]string{"r1"}, found(t, a.Find, "r1", "r2")); d != "" {
		t.Error("before the write:", d)
	}
	if got := found(t, s.Answers, "r1"); got != nil {
		t.Fatal("it is on disk already: the test shows nothing")
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"r1"}, found(t, s.Answers, "r1", "r2")); d != "" {
		t.Error("on disk after Close:", d)
	}
	if d := cmp.Diff([]string{"r1"}, found(t, a.Find, "r2", "r1")); d != "" {
		t.Error("after the write:", d)
	}
	if a.Keep(answer("r3")) {
		t.Error("a closed archive takes an answer")
	}
	if d := cmp.Diff(archive.Counts{Kept: 1, Dropped: 1}, a.Counts()); d != "" {
		t.Error(d)
	}
}

func TestAnIdIsClaimedByOneAnswer(t *testing.T) {
	s := openStore(t)
	a := archive.Open(archive.Config{Store: s, Every: time.Hour})
	claim := func(request string, want bool) {
		t.Helper()
		if got := a.Claim(t.Context(), match.DefaultTenant, request); got != want {
			t.Errorf("%s is free: %v, want %v", request, got, want)
		}
	}
	claim("r1", true)
	claim("r1", false) // another request has it
	if !a.Claim(t.Context(), "another", "r1") {
		t.Error("of another tenant it is not free")
	}
	a.Keep(answer("r1"))
	a.Release(match.DefaultTenant, "r1")
	claim("r1", false) // it is queued
	claim("r2", true)
	a.Release(match.DefaultTenant, "r2") // its answer failed
	claim("r2", true)
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	claim("r1", false) // it is on disk
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if a.Claim(ctx, match.DefaultTenant, "r3") {
		t.Error("what could not be looked up is free")
	}
	claim("r3", true)
}

// stuck is a store that writes when it is let.
type stuck struct {
	answers
	let chan error
}

type answers = store.Answers // an embedded Answers would hide the method of that name

func (s *stuck) KeepAnswers(ctx context.Context, list []match.Kept) error {
	if err := <-s.let; err != nil {
		return err
	}
	return s.answers.KeepAnswers(ctx, list)
}

func TestWhatThereIsNoRoomForIsDroppedAndCounted(t *testing.T) {
	s := &stuck{openStore(t), make(chan error)}
	a := archive.Open(archive.Config{Store: s, Queued: 3, Every: time.Millisecond})
	for i := range 5 {
		if got, want := a.Keep(answer(fmt.Sprint("r", i))), i < 3; got != want {
			t.Errorf("answer %d is kept: %v", i, got)
		}
	}
	if d := cmp.Diff(archive.Counts{Dropped: 2, Queued: 3}, a.Counts()); d != "" {
		t.Error(d)
	}
	close(s.let)
	a.Close()
	if d := cmp.Diff([]string{"r0", "r1", "r2"}, found(t, s.Answers, "r0", "r1", "r2", "r3", "r4")); d != "" {
		t.Error(d)
	}
	large := archive.Open(archive.Config{Store: s, QueuedBytes: 1 << 20, Every: time.Hour})
	defer large.Close()
	k := answer("large")
	k.Sent = make([]byte, 2<<20)
	if large.Keep(k) {
		t.Error("an answer is taken that is larger than all the room")
	}
}

func TestAnswersThatTheStoreRefusesAreCountedAndTheOthersKept(t *testing.T) {
	s := &stuck{openStore(t), make(chan error, 1)}
	a := archive.Open(archive.Config{Store: s, Every: time.Hour})
	a.Keep(answer("r1"))
	s.let <- errors.New("the disk is full")
	close(s.let)
	a.Close()
	if d := cmp.Diff(archive.Counts{Failed: 1}, a.Counts()); d != "" {
		t.Error(d)
	}
	if got := found(t, a.Find, "r1"); got != nil {
		t.Error("it is found, and is nowhere:", got)
	}
}

func TestOldAnswersAreForgotten(t *testing.T) {
	s := openStore(t)
	old := answer("old")
	old.At = time.Now().Add(-48 * time.Hour)
	if err := s.KeepAnswers(t.Context(), []match.Kept{*old, *answer("r1"), *answer("r2"), *answer("r3")}); err != nil {
		t.Fatal(err)
	}
	a := archive.Open(archive.Config{Store: s, Every: time.Millisecond, Age: 24 * time.Hour, Most: 2})
	defer a.Close()
	for a.Counts().Forgotten < 2 {
		if t.Context().Err() != nil {
			t.Fatal("nothing is forgotten")
		}
		time.Sleep(time.Millisecond)
	}
	if d := cmp.Diff([]string{"r2", "r3"}, found(t, s.Answers, "old", "r1", "r2", "r3")); d != "" {
		t.Error(d)
	}
}

func TestManyKeepAtOnceAndEachAnswerIsKeptOrCounted(t *testing.T) {
	s := openStore(t)
	a := archive.Open(archive.Config{Store: s, Queued: 300, Every: time.Millisecond})
	const each, workers = 500, 4
	kept := make([][]string, workers)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := range each {
				if r := fmt.Sprintf("r%d-%d", w, i); a.Keep(answer(r)) {
					kept[w] = append(kept[w], r)
				}
			}
		})
	}
	all.Wait()
	a.Close()
	n := 0
	for _, list := range kept {
		if d := cmp.Diff(list, found(t, s.Answers, list...)); d != "" {
			t.Error(d)
		}
		n += len(list)
	}
	if c := a.Counts(); int(c.Kept) != n || int(c.Kept+c.Dropped) != each*workers || c.Queued != 0 {
		t.Errorf("%d are kept, counted %+v of %d", n, c, each*workers)
	}
}
