package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/storetest"
)

func reading(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := OpenReadOnly(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mustClose(t, s) })
	return s
}

func TestAReaderSeesTheCommitsOfAFolderThatIsOpen(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	defer mustClose(t, s)
	put(t, s, patent("CN1", "一"))
	r := reading(t, dir)
	for n := range 3 {
		put(t, s, patent("CN1", fmt.Sprint("版本 ", n)))
		if got := get(t, r, "CN1"); got.Patent.Title != fmt.Sprint("版本 ", n) {
			t.Errorf("it sees %q after write %d", got.Patent.Title, n)
		}
	}
}

func TestAReaderRefusesEveryWrite(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	put(t, s, patent("CN1", "一"))
	mustClose(t, s)
	r, ctx := reading(t, dir), context.Background()
	_, err := r.Put(ctx, store.Batch{Tenant: match.DefaultTenant, Items: []store.Item{{Record: patent("CN2", "二")}}})
	_, due := r.MakeDue(ctx, "f", time.Now())
	for name, err := range map[string]error{
		"Put": err, "MakeDue": due, "SetWatermark": r.SetWatermark(ctx, "f", 1), "PutLabels": r.PutLabels(ctx, nil),
		"PutFailures": r.PutFailures(ctx, nil), "ClearFailures": r.ClearFailures(ctx, "f", nil),
		"ForgetProgress": r.ForgetProgress(ctx), "Recount": r.Recount(ctx),
	} {
		if match.KindOf(err) != match.Denied {
			t.Errorf("%s: %v, want an error of kind denied", name, err)
		}
	}
	get(t, r, "CN1")
}

func TestAReaderOfNothingMakesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	_, err := OpenReadOnly(t.Context(), dir, Options{})
	wantError(t, err, match.NotFound, dir)
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the folder was made: %v", err)
	}
}

func TestAReaderRefusesAnotherSchema(t *testing.T) {
	older, newer := t.TempDir(), t.TempDir()
	load(t, older, 2)
	_, err := OpenReadOnly(t.Context(), older, Options{})
	wantError(t, err, match.Conflict, older, "older")
	mustClose(t, open(t, newer))
	if err := migrated(t, newer, migrations, "PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	_, err = OpenReadOnly(t.Context(), newer, Options{})
	wantError(t, err, match.Conflict, newer, "newer Duijie")
}

func TestFailedRecordsAreMadeDueBesideTheirOwner(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	s := open(t, dir)
	defer mustClose(t, s)
	put(t, s, patent("CN1", "一"))
	failure := store.Failure{Follower: "f", Ref: patent("CN1", "").Ref, Seq: 1, Stage: match.Accepted, Reason: "down", Attempts: 9, RetryAt: now.Add(time.Hour)}
	if err := s.PutFailures(t.Context(), []store.Failure{failure}); err != nil {
		t.Fatal(err)
	}
	if n, err := MakeDue(t.Context(), dir, now); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	got, err := s.Failures(t.Context(), "f", 10)
	if err != nil || len(got) != 1 || !got[0].RetryAt.Equal(now) || got[0].Attempts != 9 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestStatesTellStoredSearchablePendingAndFailed(t *testing.T) {
	s := open(t, t.TempDir())
	defer mustClose(t, s)
	if _, err := s.Put(t.Context(), storetest.Patents(0, 10)); err != nil { // numbers 1 to 10
		t.Fatal(err)
	}
	gone := storetest.Patents(0, 1).Items[0].Record
	gone.Withdrawn = true
	put(t, s, gone) // number 11
	if err := s.SetWatermark(t.Context(), "f", 7); err != nil {
		t.Fatal(err)
	}
	var failures []store.Failure
	for _, n := range []int{2, 3, 9} { // the last one is pending again, the first is not
		failures = append(failures, store.Failure{Follower: "f", Ref: storetest.Patents(n, 1).Items[0].Record.Ref, Reason: "x"})
	}
	failures[1].Stage = match.EmbedPending
	if err := s.PutFailures(t.Context(), failures); err != nil {
		t.Fatal(err)
	}
	got, err := s.States(t.Context(), match.PatentKind, "f")
	if want := (States{Stored: 9, Searchable: 4, Pending: 3, EmbedPending: 1, Failed: 1}); got != want || err != nil {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

func TestACopyThatCannotBeMadeLeavesNoFile(t *testing.T) {
	dir, to := t.TempDir(), t.TempDir()
	mustClose(t, open(t, dir))
	r := reading(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.CopyTo(ctx, filepath.Join(to, "copy.db")); match.KindOf(err) != match.Canceled {
		t.Errorf("%v", err)
	}
	err := r.CopyTo(t.Context(), filepath.Join(to, "no", "copy.db"))
	wantError(t, err, match.Denied, filepath.Join(to, "no", "copy.db"))
	if entries, err := os.ReadDir(to); err != nil || len(entries) > 0 {
		t.Errorf("%v, %v are left", entries, err)
	}
}

func TestTheMessageOfALockedFolderSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	lock, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), dir, Options{})
	wantError(t, err, match.Conflict, dir, "end it")
	if strings.Count(err.Error(), "lock") > 1 {
		t.Errorf("%q says it twice", err)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	mustClose(t, open(t, dir))
}
