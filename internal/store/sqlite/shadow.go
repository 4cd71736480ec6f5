package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/revision"
	"github.com/duijie/duijie/internal/store"
)

const (
	sqlPutOperation   = `INSERT OR REPLACE INTO operation (id, owner, done, at, seen, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`
	sqlListOperations = `SELECT id, owner, done, at, seen, body FROM operation WHERE at > 0 ORDER BY at DESC, id DESC LIMIT ?1`

	sqlPutShadow    = `INSERT INTO shadow (pilot, request, at, body) VALUES (?1, ?2, ?3, ?4)`
	sqlListShadows  = `SELECT number, request, at, body FROM shadow WHERE pilot = ?1 AND number > ?2 ORDER BY number LIMIT ?3`
	sqlPilotAnswers = `SELECT number, body FROM answer WHERE pilot <> '' AND pilot = ?1 AND number > ?2 ORDER BY number LIMIT ?3`
)

// PutOperation writes a state; see store.Operations.
func (s *Store) PutOperation(ctx context.Context, o store.OperationState) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Stmt(s.put.putOperation).Exec(o.ID, o.Owner, o.Done, o.At.UnixMicro(), o.Seen.UnixMicro(), o.Body)
		return err
	})
	return s.failed(err, "write the operation %s", o.ID)
}

// ListOperations lists states; see store.Operations.
func (s *Store) ListOperations(ctx context.Context, limit int) (out []store.OperationState, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	err = each(ctx, s.read.operations, func(rows *sql.Rows) error {
		var o store.OperationState
		var at, seen int64
		err := rows.Scan(&o.ID, &o.Owner, &o.Done, &at, &seen, &o.Body)
		o.At, o.Seen = time.UnixMicro(at).UTC(), time.UnixMicro(seen).UTC()
		out = append(out, o)
		return err
	}, limit)
	return out, s.failed(err, "list the operations")
}

// PutShadows writes observations; see store.Shadows.
func (s *Store) PutShadows(ctx context.Context, list []store.Shadow) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		put := tx.Stmt(s.put.putShadow)
		for i, o := range list {
			if _, err := put.Exec(o.Pilot, o.Request, o.At.UnixMicro(), string(o.Body)); err != nil {
				return fmt.Errorf("observation %d: %w", i, err)
			}
		}
		return nil
	})
	return s.failed(err, "put %d observations", len(list))
}

// ListShadows lists observations; see store.Shadows.
func (s *Store) ListShadows(ctx context.Context, pilot string, after int64, limit int) (out []store.Shadow, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	err = each(ctx, s.read.shadows, func(rows *sql.Rows) error {
		o := store.Shadow{Pilot: pilot}
		var at int64
		err := rows.Scan(&o.Number, &o.Request, &at, &o.Body)
		o.At = time.UnixMicro(at).UTC()
		out = append(out, o)
		return err
	}, pilot, after, limit)
	return out, s.failed(err, "list the observations of %s", pilot)
}

// PilotAnswers lists answers; see store.Shadows.
func (s *Store) PilotAnswers(ctx context.Context, pilot string, after int64, limit int) (out []store.PilotAnswer, err error) {
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	err = each(ctx, s.read.pilotAnswers, func(rows *sql.Rows) error {
		var a store.PilotAnswer
		var body sql.RawBytes
		if err := rows.Scan(&a.Number, &body); err != nil {
			return err
		}
		k, err := revision.DecodeKept(body)
		if err == nil {
			a.Kept = *k
			out = append(out, a)
		}
		return err
	}, pilot, after, limit)
	return out, s.failed(err, "list the answers of %s", pilot)
}
