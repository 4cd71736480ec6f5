package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

const (
	sqlWatermark    = `SELECT seq FROM watermark WHERE follower = $1`
	sqlSetWatermark = `INSERT INTO watermark (follower, seq) VALUES ($1, $2)
		ON CONFLICT (follower) DO UPDATE SET seq = excluded.seq`

	failureColumns = `follower, tenant, kind, id, seq, stage, reason, attempts, retry_at`
	sqlPutFailures = `INSERT INTO failure (` + failureColumns + `)
		SELECT ` + failureColumns + `
		FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bigint[], $9::bigint[])
			AS n(` + failureColumns + `)
		ORDER BY tenant COLLATE "C", kind COLLATE "C", id COLLATE "C", follower COLLATE "C"
		ON CONFLICT (tenant, kind, id, follower) DO UPDATE SET seq = excluded.seq, stage = excluded.stage,
			reason = excluded.reason, attempts = excluded.attempts, retry_at = excluded.retry_at`
	sqlClearFailures = `DELETE FROM failure AS f
		USING unnest($2::text[], $3::text[], $4::text[]) AS n(tenant, kind, id)
		WHERE f.follower = $1 AND f.tenant = n.tenant AND f.kind = n.kind AND f.id = n.id`
	sqlFailures = `SELECT ` + failureColumns + ` FROM failure
		ORDER BY tenant, kind, id, follower LIMIT $1`
	sqlFailuresOf = `SELECT ` + failureColumns + ` FROM failure WHERE follower = $2
		ORDER BY tenant, kind, id LIMIT $1`
	sqlFailuresAt = `SELECT want.key, f.follower, f.tenant, f.kind, f.id, f.seq, f.stage, f.reason, f.attempts, f.retry_at
		FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) AS want(tenant, kind, id, key)
		JOIN failure AS f ON f.follower = $1 AND f.tenant = want.tenant AND f.kind = want.kind AND f.id = want.id`
	sqlCountFailures = `SELECT stage, count(*) FROM failure WHERE $1 = '' OR follower = $1 GROUP BY stage`
	sqlDueFailures   = `SELECT ` + failureColumns + ` FROM failure WHERE follower = $2 AND retry_at <= $3
		ORDER BY retry_at, tenant, kind, id LIMIT $1`
	sqlMakeDue = `UPDATE failure SET retry_at = least(retry_at, $2) WHERE follower = $1` // of NULL and a number the number
)

// Watermark is how far a follower has come; see store.Progress.
func (s *Store) Watermark(ctx context.Context, follower string) (seq int64, err error) {
	err = s.one(ctx, sqlWatermark, []any{follower}, &seq)
	return seq, s.failed(err, "read the watermark of %s", follower)
}

// SetWatermark moves a watermark; see store.Progress.
func (s *Store) SetWatermark(ctx context.Context, follower string, seq int64) error {
	_, err := s.exec(ctx, sqlSetWatermark, follower, seq)
	return s.failed(err, "set the watermark of %s to %d", follower, seq)
}

// PutFailures notes failures; see store.Progress. Of a reason, what a text cannot hold
// is replaced.
func (s *Store) PutFailures(ctx context.Context, failures []store.Failure) error {
	c := failuresOnTheirSide(lastOf(failures))
	_, err := s.exec(ctx, sqlPutFailures, c.follower, c.tenant, c.kind, c.id, c.seq, c.stage, c.reason, c.attempts, c.retryAt)
	return s.failed(err, "put %d failures", len(failures))
}

type failureName struct {
	follower string
	ref      match.Ref
}

// lastOf keeps the last note of each follower and record: a statement may not write a
// row twice.
func lastOf(failures []store.Failure) []store.Failure {
	at := make(map[failureName]int, len(failures))
	out := make([]store.Failure, 0, len(failures))
	for _, f := range failures {
		name := failureName{f.Follower, f.Ref}
		if i, ok := at[name]; ok {
			out[i] = f
			continue
		}
		at[name] = len(out)
		out = append(out, f)
	}
	return out
}

type columnsOfFailures struct {
	follower, tenant, kind, id, stage, reason []string
	seq, attempts                             []int64
	retryAt                                   []*int64
}

func failuresOnTheirSide(failures []store.Failure) (c columnsOfFailures) {
	for _, f := range failures {
		c.follower, c.tenant = append(c.follower, f.Follower), append(c.tenant, f.Ref.Tenant)
		c.kind, c.id = append(c.kind, string(f.Ref.Kind)), append(c.id, f.Ref.ID)
		c.seq, c.stage, c.reason = append(c.seq, f.Seq), append(c.stage, string(f.Stage)), append(c.reason, legible(f.Reason))
		c.attempts, c.retryAt = append(c.attempts, int64(f.Attempts)), append(c.retryAt, micros(f.RetryAt))
	}
	return c
}

// ClearFailures takes notes away; see store.Progress.
func (s *Store) ClearFailures(ctx context.Context, follower string, refs []match.Ref) error {
	c := wantedRefs(refs)
	_, err := s.exec(ctx, sqlClearFailures, follower, c.tenants, c.kinds, c.ids)
	return s.failed(err, "clear %d failures of %s", len(refs), follower)
}

// Failures lists notes; see store.Progress.
func (s *Store) Failures(ctx context.Context, follower string, limit int) ([]store.Failure, error) {
	query, args := sqlFailures, []any{limit}
	if follower != "" {
		query, args = sqlFailuresOf, []any{limit, follower}
	}
	out, err := s.failures(ctx, query, limit, args...)
	return out, s.failed(err, "list failures of %q", follower)
}

// DueFailures lists what is to be tried again; see store.Progress.
func (s *Store) DueFailures(ctx context.Context, follower string, now time.Time, limit int) ([]store.Failure, error) {
	out, err := s.failures(ctx, sqlDueFailures, limit, limit, follower, now.UnixMicro())
	return out, s.failed(err, "list due failures of %q", follower)
}

func (s *Store) failures(ctx context.Context, query string, limit int, args ...any) (out []store.Failure, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	err = s.each(ctx, func() { out = nil }, func(rows pgx.Rows) error {
		f, err := scanFailure(rows)
		out = append(out, f)
		return err
	}, query, args...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// scanFailure reads what else the query selects, and after it failureColumns.
func scanFailure(rows pgx.Rows, others ...any) (f store.Failure, err error) {
	var retry *int64
	err = rows.Scan(append(others, &f.Follower, &f.Ref.Tenant, &f.Ref.Kind, &f.Ref.ID, &f.Seq,
		&f.Stage, &f.Reason, &f.Attempts, &retry)...)
	f.RetryAt = timeOf(retry)
	return f, err
}

// FailuresOf looks notes up; see store.Progress.
func (s *Store) FailuresOf(ctx context.Context, follower string, refs []match.Ref) ([]*store.Failure, error) {
	out := make([]*store.Failure, len(refs))
	c := wantedRefs(refs)
	err := s.each(ctx, func() { clear(out) }, func(rows pgx.Rows) error {
		var key int
		f, err := scanFailure(rows, &key)
		out[key] = &f
		return err
	}, sqlFailuresAt, follower, c.tenants, c.kinds, c.ids, c.keys)
	if err != nil {
		return nil, s.failed(err, "look up %d failures of %q", len(refs), follower)
	}
	return out, nil
}

// CountFailures counts notes by stage; see store.Progress.
func (s *Store) CountFailures(ctx context.Context, follower string) (map[match.State]int, error) {
	out := map[match.State]int{}
	err := s.each(ctx, func() { clear(out) }, func(rows pgx.Rows) error {
		var stage match.State
		var n int
		err := rows.Scan(&stage, &n)
		out[stage] = n
		return err
	}, sqlCountFailures, follower)
	if err != nil {
		return nil, s.failed(err, "count failures of %q", follower)
	}
	return out, nil
}

// MakeDue has notes tried again now; see store.Progress.
func (s *Store) MakeDue(ctx context.Context, follower string, now time.Time) (int, error) {
	n, err := s.exec(ctx, sqlMakeDue, follower, now.UnixMicro())
	return int(n), s.failed(err, "make the failures of %q due", follower)
}
