package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
)

const (
	// Rows are locked in the order of their key, and those of one key come as they were given.
	sqlKeepAnswers = `INSERT INTO answer (tenant, request, at, body, pilot)
		SELECT tenant, request, at, body, pilot FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[], $5::text[]) WITH ORDINALITY AS n(tenant, request, at, body, pilot, place)
		ORDER BY tenant COLLATE "C", request COLLATE "C", place
		ON CONFLICT (tenant, request) DO NOTHING`
	sqlForgetAnswers = `DELETE FROM answer WHERE number = ANY (ARRAY(
		SELECT number FROM ((SELECT number FROM answer WHERE at < $1 ORDER BY at LIMIT $3)
		UNION (SELECT number FROM answer WHERE number <= (
			SELECT number FROM answer ORDER BY number DESC OFFSET $2 LIMIT 1) ORDER BY number LIMIT $3)) AS old
		LIMIT $3))`
	sqlAnswers = `SELECT want.key, a.body FROM unnest($2::text[], $3::bigint[]) AS want(request, key)
		JOIN answer AS a ON a.tenant = $1 AND a.request = want.request`
)

// KeepAnswers writes answers; see store.Answers. One whose names cannot be stored is an
// error of kind match.Invalid.
func (s *Store) KeepAnswers(ctx context.Context, answers []match.Kept) error {
	var tenants, requests, pilots []string
	var times []int64
	var bodies [][]byte
	for i := range answers {
		a := &answers[i]
		body, err := revision.EncodeKept(a)
		if err != nil {
			return s.failed(err, "keep the answer of request %q", a.RequestID)
		}
		tenants, requests = append(tenants, a.Tenant), append(requests, a.RequestID)
		times, bodies, pilots = append(times, a.At.UnixMicro()), append(bodies, body), append(pilots, a.Pilot)
	}
	_, err := s.exec(ctx, sqlKeepAnswers, tenants, requests, times, bodies, pilots)
	return s.failed(err, "keep %d answers", len(answers))
}

// Answers returns kept answers; see store.Answers.
func (s *Store) Answers(ctx context.Context, tenant string, requests []string) ([]*match.Kept, error) {
	out := make([]*match.Kept, len(requests))
	var names []string
	var keys []int64
	for i, r := range requests {
		if storable(tenant, r) {
			names, keys = append(names, r), append(keys, int64(i))
		}
	}
	if len(names) == 0 {
		return out, ctx.Err()
	}
	err := s.each(ctx, func() { clear(out) }, func(rows pgx.Rows) error {
		var key int
		var body []byte
		if err := rows.Scan(&key, &body); err != nil {
			return err
		}
		k, err := revision.DecodeKept(body)
		out[key] = k
		return err
	}, sqlAnswers, tenant, names, keys)
	if err != nil {
		return nil, s.failed(err, "read %d answers of tenant %q", len(requests), tenant)
	}
	return out, nil
}

// ForgetAnswers takes old answers away; see store.Answers.
func (s *Store) ForgetAnswers(ctx context.Context, before time.Time, most int64, limit int) (int, error) {
	if err := checkLimit(limit); err != nil {
		return 0, err
	}
	n, err := s.exec(ctx, sqlForgetAnswers, before.UnixMicro(), most, limit)
	return int(n), s.failed(err, "forget old answers")
}
