package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/duijie/duijie/internal/revision"
	"github.com/duijie/duijie/internal/store"
)

const (
	sqlPutOperation = `INSERT INTO operation (id, owner, done, at, seen, body) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, done = excluded.done, at = excluded.at, seen = excluded.seen, body = excluded.body`
	sqlOperations = `SELECT id, owner, done, at, seen, body FROM operation ORDER BY at DESC, id DESC LIMIT $1`

	sqlPutShadows = `INSERT INTO shadow (pilot, request, at, body)
		SELECT pilot, request, at, body FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) AS n(pilot, request, at, body)`
	sqlShadows      = `SELECT number, request, at, body FROM shadow WHERE pilot = $1 AND number > $2 ORDER BY number LIMIT $3`
	sqlPilotAnswers = `SELECT number, body FROM answer WHERE pilot <> '' AND pilot = $1 AND number > $2 ORDER BY number LIMIT $3`
)

// PutOperation writes a state; see store.Operations.
func (s *Store) PutOperation(ctx context.Context, o store.OperationState) error {
	_, err := s.exec(ctx, sqlPutOperation, o.ID, o.Owner, o.Done, o.At.UnixMicro(), o.Seen.UnixMicro(), o.Body)
	return s.failed(err, "write the operation %s", o.ID)
}

// ListOperations lists states; see store.Operations.
func (s *Store) ListOperations(ctx context.Context, limit int) (out []store.OperationState, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	err = s.each(ctx, func() { out = nil }, func(rows pgx.Rows) error {
		var o store.OperationState
		var at, seen int64
		err := rows.Scan(&o.ID, &o.Owner, &o.Done, &at, &seen, &o.Body)
		o.At, o.Seen = time.UnixMicro(at).UTC(), time.UnixMicro(seen).UTC()
		out = append(out, o)
		return err
	}, sqlOperations, limit)
	return out, s.failed(err, "list the operations")
}

// PutShadows writes observations; see store.Shadows. Where the connection was lost in the
// middle, they may be written twice.
func (s *Store) PutShadows(ctx context.Context, list []store.Shadow) error {
	var pilots, requests, bodies []string
	var times []int64
	for _, o := range list {
		pilots, requests = append(pilots, o.Pilot), append(requests, o.Request)
		times, bodies = append(times, o.At.UnixMicro()), append(bodies, string(o.Body))
	}
	_, err := s.exec(ctx, sqlPutShadows, pilots, requests, times, bodies)
	return s.failed(err, "put %d observations", len(list))
}

// ListShadows lists observations; see store.Shadows.
func (s *Store) ListShadows(ctx context.Context, pilot string, after int64, limit int) (out []store.Shadow, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	err = s.each(ctx, func() { out = nil }, func(rows pgx.Rows) error {
		o := store.Shadow{Pilot: pilot}
		var at int64
		var body string
		err := rows.Scan(&o.Number, &o.Request, &at, &body)
		o.At, o.Body = time.UnixMicro(at).UTC(), []byte(body)
		out = append(out, o)
		return err
	}, sqlShadows, pilot, after, limit)
	return out, s.failed(err, "list the observations of %s", pilot)
}

// PilotAnswers lists answers; see store.Shadows.
func (s *Store) PilotAnswers(ctx context.Context, pilot string, after int64, limit int) (out []store.PilotAnswer, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	err = s.each(ctx, func() { out = nil }, func(rows pgx.Rows) error {
		var a store.PilotAnswer
		var body []byte
		if err := rows.Scan(&a.Number, &body); err != nil {
			return err
		}
		k, err := revision.DecodeKept(body)
		if err == nil {
			a.Kept = *k
			out = append(out, a)
		}
		return err
	}, sqlPilotAnswers, pilot, after, limit)
	return out, s.failed(err, "list the answers of %s", pilot)
}
