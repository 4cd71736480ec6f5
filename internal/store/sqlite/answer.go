package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
)

const (
	sqlKeepAnswer = `INSERT INTO answer (tenant, request, at, body, pilot) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (tenant, request) DO NOTHING`
	// The newest one of those that are beyond the newest so many. It is found outside of
	// the write, which shall not wait for the walk along the numbers.
	sqlAnswersBeyond = `SELECT number FROM answer WHERE number > 0 ORDER BY number DESC LIMIT 1 OFFSET ?1`
	sqlForgetOld     = `DELETE FROM answer WHERE number IN (SELECT number FROM answer WHERE at < ?1 ORDER BY at LIMIT ?2)`
	sqlForgetBeyond  = `DELETE FROM answer WHERE number IN (SELECT number FROM answer WHERE number <= ?1 ORDER BY number LIMIT ?2)`
	sqlAnswers       = `SELECT want.key, a.request, a.body
		FROM json_each(?2) AS want CROSS JOIN answer AS a ON a.tenant = ?1 AND a.request = want.value`
)

// KeepAnswers writes answers; see store.Answers.
func (s *Store) KeepAnswers(ctx context.Context, answers []match.Kept) error {
	bodies := make([][]byte, len(answers))
	for i := range answers {
		var err error
		if bodies[i], err = revision.EncodeKept(&answers[i]); err != nil {
			return s.failed(err, "keep the answer of request %q", answers[i].RequestID)
		}
	}
	err := s.write(ctx, func(tx *sql.Tx) error {
		keep := tx.Stmt(s.put.keepAnswer)
		for i := range answers {
			a := &answers[i]
			if _, err := keep.Exec(a.Tenant, a.RequestID, a.At.UnixMicro(), bodies[i], a.Pilot); err != nil {
				return fmt.Errorf("request %q: %w", a.RequestID, err)
			}
		}
		return nil
	})
	return s.failed(err, "keep %d answers", len(answers))
}

// Answers returns kept answers; see store.Answers.
func (s *Store) Answers(ctx context.Context, tenant string, requests []string) ([]*match.Kept, error) {
	out := make([]*match.Kept, len(requests))
	list, err := json.Marshal(requests)
	if err == nil {
		err = each(ctx, s.read.answers, func(rows *sql.Rows) error {
			var key int
			var request string
			var body sql.RawBytes
			if err := rows.Scan(&key, &request, &body); err != nil {
				return err
			}
			if request != requests[key] { // see Get
				return nil
			}
			k, err := revision.DecodeKept(body)
			out[key] = k
			return err
		}, tenant, string(list))
	}
	if err != nil {
		return nil, s.failed(err, "read %d answers of tenant %q", len(requests), tenant)
	}
	return out, nil
}

// ForgetAnswers takes old answers away; see store.Answers.
func (s *Store) ForgetAnswers(ctx context.Context, before time.Time, most int64, limit int) (n int, err error) {
	if err := checkLimit(limit); err != nil {
		return 0, err
	}
	beyond := int64(0)
	err = s.read.answersBeyond.QueryRowContext(ctx, most).Scan(&beyond)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, s.failed(err, "count the kept answers")
	}
	err = s.write(ctx, func(tx *sql.Tx) error {
		old, err := deleted(tx.Stmt(s.put.forgetOld), before.UnixMicro(), limit)
		if err != nil {
			return err
		}
		more, err := deleted(tx.Stmt(s.put.forgetBeyond), beyond, limit-old)
		n = old + more
		return err
	})
	if err != nil {
		return 0, s.failed(err, "forget old answers")
	}
	return n, nil
}

// deleted runs a statement and counts the rows that it touched.
func deleted(st *sql.Stmt, args ...any) (int, error) {
	done, err := st.Exec(args...)
	if err != nil {
		return 0, err
	}
	n, err := done.RowsAffected()
	return int(n), err
}
