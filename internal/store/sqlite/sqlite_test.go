package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/storetest"
)

func TestStoreConforms(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, t.TempDir()) })
}

func TestStoreIsDurable(t *testing.T) {
	dir := t.TempDir()
	storetest.RunDurable(t,
		func(t *testing.T) store.Store { return open(t, dir) },
		func(t *testing.T, s store.Store) store.Store {
			mustClose(t, s)
			return open(t, dir)
		})
}

func TestTimesAreThoseOfTheClockInMicroseconds(t *testing.T) {
	now := time.Date(2026, 5, 6, 7, 8, 9, 123_456_789, time.FixedZone("CST", 8*3600))
	s, err := Open(t.Context(), t.TempDir(), Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, s)
	put(t, s, patent("CN1", "一"))
	now = now.Add(time.Hour)
	put(t, s, patent("CN1", "二"))

	got := get(t, s, "CN1")
	want := []time.Time{
		time.Date(2026, 5, 5, 23, 8, 9, 123_456_000, time.UTC),
		time.Date(2026, 5, 6, 0, 8, 9, 123_456_000, time.UTC),
	}
	if d := cmp.Diff(want, []time.Time{got.CreatedAt, got.UpdatedAt}); d != "" {
		t.Errorf("times (-want +got):\n%s", d)
	}
}

func TestIdempotencyKeysExpireAfterAWeekAndArePurged(t *testing.T) {
	now := time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)
	s, err := Open(t.Context(), t.TempDir(), Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, s)
	send := func(key, title string) store.Change {
		t.Helper()
		outcomes, err := s.Put(t.Context(), store.Batch{Tenant: match.DefaultTenant, IdempotencyKey: key, Items: []store.Item{{Record: patent("CN1", title)}}})
		if err != nil {
			t.Fatal(err)
		}
		return outcomes[0].Change
	}
	for _, step := range []struct {
		wait       time.Duration
		key, title string
		want       store.Change
		kept       int
	}{
		{0, "a", "一", store.Created, 1},
		{time.Minute, "b", "二", store.Updated, 2},
		{7*24*time.Hour - 2*time.Minute, "a", "一", store.Created, 2}, // a minute before its end: replayed
		{time.Minute, "c", "三", store.Updated, 2},                    // a is purged
		{time.Minute, "b", "四", store.Updated, 2},                    // b expired, is not purged yet, is replaced
		{time.Minute, "b", "四", store.Updated, 2},                    // and replayed
	} {
		now = now.Add(step.wait)
		if got := send(step.key, step.title); got != step.want {
			t.Errorf("%s at %v: %s, want %s", step.key, now, got, step.want)
		}
		var kept int
		if err := s.reader.QueryRow("SELECT count(*) FROM idempotency").Scan(&kept); err != nil || kept != step.kept {
			t.Errorf("after %s at %v: %d keys are kept, want %d (%v)", step.key, now, kept, step.kept, err)
		}
	}
}

// cancelsLater is a context that is canceled when it is asked for the nth time.
type cancelsLater struct {
	context.Context
	n int
}

func (c *cancelsLater) Err() error {
	if c.n--; c.n < 0 {
		return context.Canceled
	}
	return nil
}

func TestABatchThatIsCanceledHalfwayLeavesNothing(t *testing.T) {
	s := open(t, t.TempDir())
	defer mustClose(t, s)
	ctx := &cancelsLater{Context: context.WithoutCancel(t.Context()), n: 30}
	_, err := s.Put(ctx, storetest.Patents(0, 50))
	if match.KindOf(err) != match.Canceled {
		t.Fatalf("error %v, want canceled", err)
	}
	if n, err := s.Count(t.Context(), match.DefaultTenant, match.PatentKind); n != 0 || err != nil {
		t.Errorf("%d records are left, %v", n, err)
	}
	put(t, s, patent("CN1", "一")) // the store goes on
}

func TestEveryReadUsesAnIndex(t *testing.T) {
	s := open(t, t.TempDir())
	defer mustClose(t, s)
	for _, st := range append(s.read.list(), s.put.list()...) {
		rows, err := s.writer.Query("EXPLAIN QUERY PLAN "+st.sql, slices.Repeat([]any{1}, 2+4*createMany)...)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			// What is wanted is a list of JSON, what is created a list of values, and all
			// failures are read in the order of their table.
			given := strings.Contains(detail, "VIRTUAL TABLE") || strings.HasSuffix(detail, "VALUES CLAUSE")
			scans := strings.HasPrefix(detail, "SCAN") && !given && st.sql != sqlFailures
			if scans || strings.Contains(detail, "TEMP B-TREE") {
				t.Errorf("%s\n%s", detail, st.sql)
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFoldersWithOddNamesWork(t *testing.T) {
	for _, name := range []string{"数据 folder", "a?b=c&d", "50%20#1", "it's;--"} {
		dir := filepath.Join(t.TempDir(), name, "deeper")
		s := open(t, dir)
		put(t, s, patent("CN1", "一"))
		mustClose(t, s)
		if _, err := os.Stat(filepath.Join(dir, FileName)); err != nil {
			t.Error(err)
		}
		s = open(t, dir)
		get(t, s, "CN1")
		mustClose(t, s)
	}
}

func open(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustClose(t testing.TB, s store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("closing the store: %v", err)
	}
}

func patent(id, title string) match.Record {
	return match.NewPatent(match.DefaultTenant, match.Patent{Number: id, Title: title})
}

func put(t testing.TB, s *Store, r match.Record) {
	t.Helper()
	outcomes, err := s.Put(t.Context(), store.Batch{Tenant: r.Tenant, Items: []store.Item{{Record: r}}})
	if err = errors.Join(append([]error{err}, errsOf(outcomes)...)...); err != nil {
		t.Fatal(err)
	}
}

func errsOf(outcomes []store.Outcome) (errs []error) {
	for _, o := range outcomes {
		errs = append(errs, o.Err)
	}
	return errs
}

func get(t testing.TB, s *Store, id string) *match.Record {
	t.Helper()
	got, err := s.Get(t.Context(), []match.Ref{patent(id, "").Ref})
	if err != nil || got[0] == nil {
		t.Fatalf("%s: %v, %v", id, got, err)
	}
	return got[0]
}
