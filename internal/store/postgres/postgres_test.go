package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
	"github.com/duijie/duijie/internal/store/postgres/postgrestest"
	"github.com/duijie/duijie/internal/store/storetest"
)

func TestStoreConforms(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, postgrestest.URL(t)) })
}

func TestStoreIsDurable(t *testing.T) {
	url := postgrestest.URL(t)
	storetest.RunDurable(t,
		func(t *testing.T) store.Store { return open(t, url) },
		func(t *testing.T, s store.Store) store.Store {
			mustClose(t, s)
			return open(t, url)
		})
}

func open(t testing.TB, url string) *Store {
	t.Helper()
	s, err := Open(context.Background(), url, Options{})
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

func put(t testing.TB, s *Store, records ...match.Record) []store.Outcome {
	t.Helper()
	var items []store.Item
	for _, r := range records {
		items = append(items, store.Item{Record: r})
	}
	outcomes, err := s.Put(t.Context(), store.Batch{Tenant: match.DefaultTenant, Items: items})
	for _, o := range outcomes {
		err = errors.Join(err, o.Err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

func TestSeveralProcessesShareAStore(t *testing.T) {
	storetest.RunShared(t, func(t *testing.T, n int) []store.Store {
		url, stores := postgrestest.URL(t), make([]store.Store, n)
		for i := range stores {
			stores[i] = open(t, url)
		}
		return stores
	})
}

func TestIdempotencyKeysExpireAfterAWeekAndArePurged(t *testing.T) {
	now := time.Date(2026, 5, 6, 7, 8, 9, 123_456_789, time.FixedZone("CST", 8*3600))
	s, err := Open(t.Context(), postgrestest.URL(t), Options{Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer mustClose(t, s)
	for i, step := range []struct {
		wait       time.Duration
		key, title string
		want       store.Change
		kept       int // those that were drawn included
	}{
		{0, "a", "一", store.Created, 1},
		{time.Minute, "", "二", store.Updated, 2},
		{time.Minute, "b\xff\x00", "三", store.Updated, 3},
		{7*24*time.Hour - 3*time.Minute, "a", "一", store.Created, 3}, // a minute before its end: replayed
		{time.Minute, "c", "四", store.Updated, 2},                    // a and the drawn one are purged
		{0, "b\xff\x00", "三", store.Updated, 2},                      // replayed
		{time.Minute, "", "四", store.Unchanged, 2},                   // leaves nothing
		{time.Minute, "b\xff\x00", "五", store.Updated, 2},            // expired, is not purged yet, is replaced
	} {
		now = now.Add(step.wait)
		outcomes, err := s.Put(t.Context(), store.Batch{Tenant: match.DefaultTenant, IdempotencyKey: step.key, Items: []store.Item{{Record: patent("CN1", step.title)}}})
		if err != nil || outcomes[0].Change != step.want {
			t.Errorf("step %d: %+v, %v; want %s", i, outcomes, err, step.want)
		}
		var kept int
		if err := s.pool.QueryRow(t.Context(), "SELECT count(*) FROM idempotency").Scan(&kept); err != nil || kept != step.kept {
			t.Errorf("step %d: %d keys are kept, want %d (%v)", i, kept, step.kept, err)
		}
	}
	got, err := s.Get(t.Context(), []match.Ref{patent("CN1", "").Ref})
	if want := time.Date(2026, 5, 5, 23, 8, 9, 123_456_000, time.UTC); err != nil || got[0].CreatedAt != want {
		t.Errorf("created at %v, %v; want %v", got[0].CreatedAt, err, want)
	}
}

func TestEveryReadUsesAnIndex(t *testing.T) {
	s := open(t, postgrestest.URL(t))
	defer mustClose(t, s)
	c, err := s.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Release()
	// Tables are empty here: what a plan costs is of no account, whether it can do without reading all is.
	if _, err := c.Exec(t.Context(), "SET enable_seqscan = off; SET enable_sort = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET plan_cache_mode = force_generic_plan"); err != nil {
		t.Fatal(err)
	}
	for i, query := range []struct {
		sql    string
		params int
	}{
		{sqlGet, 4}, {sqlRevision, 4}, {sqlByID, 5}, {sqlChanges, 3}, {sqlCount, 2}, {sqlLastSeq, 1}, {sqlHeads, 3}, {sqlFindBatch, 3},
		{sqlListLabels, 9}, {sqlLabelsOfDemand, 9}, {sqlWatermark, 1}, {sqlFailures, 1}, {sqlFailuresOf, 2}, {sqlFailuresAt, 5}, {sqlDueFailures, 3},
		{sqlUpdateRecords, 5}, {sqlRepeatRevisions, 4}, {sqlWithdrawLabels, 5},
		{sqlAnswers, 3}, {sqlForgetAnswers, 3}, {sqlLastEvent, 0}, {sqlEventsOf, 2}, {sqlRatingsOf, 4}, {sqlRatings, 4},
		{sqlFindModel, 1}, {sqlModels, 0}, {sqlModelParts, 1}, {sqlSettingSeq, 0}, {sqlFindSetting, 1}, {sqlSettings, 0}, {sqlHistory, 2}, {sqlSettingHistory, 3},
		{sqlDatasets, 0}, {sqlDataset, 1}, {sqlOperations, 1}, {sqlShadows, 3}, {sqlPilotAnswers, 3}, {sqlListEvents, 7}, {sqlEventsOfRequest, 7}, {sqlEventsOfDemand, 7}, {sqlEventsOfPatent, 7}, {sqlClearFailures, 4}, {sqlMakeDue, 2}, {sqlTenants, 0},
	} {
		name := fmt.Sprintf("query_%d", i)
		if _, err := c.Exec(t.Context(), "PREPARE "+name+" AS "+query.sql); err != nil {
			t.Fatalf("%s: %v", query.sql, err)
		}
		call := "EXPLAIN EXECUTE " + name
		if query.params > 0 {
			call += "(" + strings.TrimSuffix(strings.Repeat("NULL,", query.params), ",") + ")"
		}
		rows, err := c.Query(t.Context(), call)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range plan {
			if strings.Contains(line, "Seq Scan") {
				t.Errorf("%s\n%s", query.sql, strings.Join(plan, "\n"))
			}
		}
	}
}
