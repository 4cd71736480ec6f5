package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

const (
	sqlWatermark    = `SELECT seq FROM watermark WHERE follower = ?1`
	sqlSetWatermark = `INSERT OR REPLACE INTO watermark (follower, seq) VALUES (?1, ?2)`

	sqlPutFailure = `INSERT OR REPLACE INTO failure
		(follower, tenant, kind, id, seq, stage, reason, attempts, retry_at)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`
	sqlClearFailure = `DELETE FROM failure WHERE follower = ?1 AND tenant = ?2 AND kind = ?3 AND id = ?4`

	failureColumns = `follower, tenant, kind, id, seq, stage, reason, attempts, retry_at`
	sqlFailures    = `SELECT ` + failureColumns + ` FROM failure
		ORDER BY tenant, kind, id, follower LIMIT ?1`
	sqlFailuresOf = `SELECT ` + failureColumns + ` FROM failure WHERE follower = ?2
		ORDER BY tenant, kind, id LIMIT ?1`
	sqlFailuresAt = `SELECT want.key, f.follower, f.tenant, f.kind, f.id, f.seq, f.stage, f.reason, f.attempts, f.retry_at
		FROM json_each(?1) AS want
		CROSS JOIN failure AS f ON f.follower = ?2 AND f.tenant = want.value ->> 0 AND f.kind = want.value ->> 1 AND f.id = want.value ->> 2`
	sqlCountFailures = `SELECT stage, count(*) FROM failure WHERE follower = ?1 GROUP BY stage`
	sqlDueFailures   = `SELECT ` + failureColumns + ` FROM failure WHERE follower = ?2 AND retry_at <= ?3
		ORDER BY retry_at, tenant, kind, id LIMIT ?1`
	sqlMakeDue = `UPDATE failure SET retry_at = min(coalesce(retry_at, ?2), ?2) WHERE follower = ?1`
)

// Watermark is how far a follower has come; see store.Progress.
func (s *Store) Watermark(ctx context.Context, follower string) (seq int64, err error) {
	err = s.read.watermark.QueryRowContext(ctx, follower).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return seq, s.failed(err, "read the watermark of %s", follower)
}

// SetWatermark moves a watermark; see store.Progress.
func (s *Store) SetWatermark(ctx context.Context, follower string, seq int64) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Stmt(s.put.set).Exec(follower, seq)
		return err
	})
	return s.failed(err, "set the watermark of %s to %d", follower, seq)
}

// PutFailures notes failures; see store.Progress.
func (s *Store) PutFailures(ctx context.Context, failures []store.Failure) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		put := tx.Stmt(s.put.putFailure)
		for _, f := range failures {
			if _, err := put.Exec(f.Follower, f.Ref.Tenant, string(f.Ref.Kind), f.Ref.ID, f.Seq,
				string(f.Stage), f.Reason, f.Attempts, micros(f.RetryAt)); err != nil {
				return match.About(f.Ref.String(), err)
			}
		}
		return nil
	})
	return s.failed(err, "put %d failures", len(failures))
}

// ClearFailures takes notes away; see store.Progress.
func (s *Store) ClearFailures(ctx context.Context, follower string, refs []match.Ref) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		del := tx.Stmt(s.put.clearFailure)
		for _, ref := range refs {
			if _, err := del.Exec(follower, ref.Tenant, string(ref.Kind), ref.ID); err != nil {
				return match.About(ref.String(), err)
			}
		}
		return nil
	})
	return s.failed(err, "clear %d failures of %s", len(refs), follower)
}

// Failures lists notes; see store.Progress.
func (s *Store) Failures(ctx context.Context, follower string, limit int) ([]store.Failure, error) {
	query, args := s.read.failures, []any{limit}
	if follower != "" {
		query, args = s.read.failuresOf, []any{limit, follower}
	}
	out, err := failures(ctx, query, limit, args...)
	return out, s.failed(err, "list failures of %q", follower)
}

// DueFailures lists what is to be tried again; see store.Progress.
func (s *Store) DueFailures(ctx context.Context, follower string, now time.Time, limit int) ([]store.Failure, error) {
	out, err := failures(ctx, s.read.dueFailures, limit, limit, follower, now.UnixMicro())
	return out, s.failed(err, "list due failures of %q", follower)
}

func failures(ctx context.Context, query *sql.Stmt, limit int, args ...any) ([]store.Failure, error) {
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	var out []store.Failure
	err := each(ctx, query, func(rows *sql.Rows) error {
		f, err := scanFailure(rows)
		out = append(out, f)
		return err
	}, args...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// scanFailure reads what else the query selects, and after it failureColumns.
func scanFailure(rows *sql.Rows, others ...any) (f store.Failure, err error) {
	var retry sql.NullInt64
	err = rows.Scan(append(others, &f.Follower, &f.Ref.Tenant, &f.Ref.Kind, &f.Ref.ID, &f.Seq,
		&f.Stage, &f.Reason, &f.Attempts, &retry)...)
	f.RetryAt = timeOf(retry)
	return f, err
}

// FailuresOf looks notes up; see store.Progress.
func (s *Store) FailuresOf(ctx context.Context, follower string, refs []match.Ref) ([]*store.Failure, error) {
	out := make([]*store.Failure, len(refs))
	list, err := wantedRefs(refs)
	if err == nil {
		err = each(ctx, s.read.failuresAt, func(rows *sql.Rows) error {
			var key int
			f, err := scanFailure(rows, &key)
			if err == nil && f.Ref == refs[key] { // see Get
				out[key] = &f
			}
			return err
		}, string(list), follower)
	}
	if err != nil {
		return nil, s.failed(err, "look up %d failures of %q", len(refs), follower)
	}
	return out, nil
}

// wantedRefs are refs as a query reads them through json_each.
func wantedRefs(refs []match.Ref) ([]byte, error) {
	wanted := make([][3]string, len(refs))
	for i, ref := range refs {
		wanted[i] = [3]string{ref.Tenant, string(ref.Kind), ref.ID}
	}
	return json.Marshal(wanted)
}

// CountFailures counts notes by stage; see store.Progress.
func (s *Store) CountFailures(ctx context.Context, follower string) (map[match.State]int, error) {
	out := map[match.State]int{}
	err := each(ctx, s.read.countFailures, func(rows *sql.Rows) error {
		var stage match.State
		var n int
		err := rows.Scan(&stage, &n)
		out[stage] = n
		return err
	}, follower)
	if err != nil {
		return nil, s.failed(err, "count failures of %q", follower)
	}
	return out, nil
}

// MakeDue has notes tried again now; see store.Progress.
func (s *Store) MakeDue(ctx context.Context, follower string, now time.Time) (n int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		done, err := tx.Stmt(s.put.makeDue).Exec(follower, now.UnixMicro())
		if err != nil {
			return err
		}
		rows, err := done.RowsAffected()
		n = int(rows)
		return err
	})
	if err != nil {
		return 0, s.failed(err, "make the failures of %q due", follower)
	}
	return n, nil
}
