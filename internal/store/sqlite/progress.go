package sqlite

import (
	"context"
	"database/sql"
	"errors"

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
	var out []store.Failure
	err := checkLimit(limit)
	if err == nil {
		err = each(ctx, query, func(rows *sql.Rows) error {
			var f store.Failure
			var retry sql.NullInt64
			err := rows.Scan(&f.Follower, &f.Ref.Tenant, &f.Ref.Kind, &f.Ref.ID, &f.Seq,
				&f.Stage, &f.Reason, &f.Attempts, &retry)
			f.RetryAt = timeOf(retry)
			out = append(out, f)
			return err
		}, args...)
	}
	if err != nil {
		return nil, s.failed(err, "list failures of %q", follower)
	}
	return out, nil
}
