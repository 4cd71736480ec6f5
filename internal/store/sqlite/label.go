package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

const (
	labelColumns = `tenant, demand, patent, rater, source, level, at, reason, demand_revision, patent_revision, relevance, weight`
	sqlPutLabel  = `INSERT OR REPLACE INTO label
		(` + labelColumns + `)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`
	// The second kind walks along the key, too: a demand's labels lie together.
	sqlListLabels = `SELECT ` + labelColumns + `
		FROM label WHERE tenant = ?1 AND (demand, patent, rater, source) > (?2, ?3, ?4, ?5)` + sqlFilterLabels
	sqlLabelsOfDemand = `SELECT ` + labelColumns + `
		FROM label WHERE tenant = ?1 AND demand = ?2 AND (patent, rater, source) > (?3, ?4, ?5)` + sqlFilterLabels
	sqlFilterLabels = `
		AND (?6 = '' OR patent = ?6) AND (?7 = '' OR rater = ?7)
		AND (?8 = '' OR source = ?8 OR ?8 = 'expert' AND source = '')
		ORDER BY demand, patent, rater, source LIMIT ?9`
	sqlWithdrawLabel = `DELETE FROM label WHERE tenant = ?1 AND demand = ?2 AND patent = ?3 AND rater = ?4
		AND (source = ?5 OR ?5 = 'expert' AND source = '')`
)

// PutLabels writes labels; see store.Labels.
func (s *Store) PutLabels(ctx context.Context, labels []match.Label) error {
	err := checkLabels(labels)
	if err == nil {
		err = s.write(ctx, func(tx *sql.Tx) error {
			put := tx.Stmt(s.put.putLabel)
			for i := range labels {
				if err := ctx.Err(); err != nil {
					return err
				}
				l := &labels[i]
				if _, err := put.Exec(l.Tenant, l.Demand, l.Patent, l.Rater, string(l.Source), int64(l.Level),
					micros(l.At), l.Reason, l.DemandRevision, l.PatentRevision, l.Relevance, l.Weight); err != nil {
					return fmt.Errorf("label %d: %w", i, err)
				}
			}
			return nil
		})
	}
	return s.failed(err, "put %d labels", len(labels))
}

func checkLabels(labels []match.Label) error {
	for i := range labels {
		if err := labels[i].Validate(); err != nil {
			return match.About(fmt.Sprintf("label %d", i), err)
		}
	}
	return nil
}

// WithdrawLabels takes labels away; see store.Labels.
func (s *Store) WithdrawLabels(ctx context.Context, labels []match.Label) (gone int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		withdraw := tx.Stmt(s.put.withdrawLabel)
		gone = 0
		for i := range labels {
			if err := ctx.Err(); err != nil {
				return err
			}
			l := &labels[i]
			done, err := withdraw.Exec(l.Tenant, l.Demand, l.Patent, l.Rater, string(l.Source))
			if err != nil {
				return fmt.Errorf("label %d: %w", i, err)
			}
			n, err := done.RowsAffected()
			if err != nil {
				return err
			}
			gone += int(n)
		}
		return nil
	})
	if err != nil {
		return 0, s.failed(err, "withdraw %d labels", len(labels))
	}
	return gone, nil
}

// ListLabels returns a page; see store.Labels.
func (s *Store) ListLabels(ctx context.Context, q store.LabelQuery) ([]match.Label, error) {
	statement, after := s.read.labels, match.Label{} // sorts before every label: a demand is never empty
	if q.After != nil {
		after = *q.After
	}
	if q.Demand != "" {
		statement = s.read.labelsOfDemand
		switch {
		case after.Demand > q.Demand:
			return nil, s.failed(checkLimit(q.Limit), "list the labels of tenant %q", q.Tenant)
		case after.Demand < q.Demand:
			after = match.Label{Demand: q.Demand}
		}
	}
	var out []match.Label
	err := checkLimit(q.Limit)
	if err == nil {
		err = each(ctx, statement, func(rows *sql.Rows) error {
			l, err := scanLabel(rows)
			out = append(out, l)
			return err
		}, q.Tenant, after.Demand, after.Patent, after.Rater, string(after.Source), q.Patent, q.Rater, string(q.Source), q.Limit)
	}
	if err != nil {
		return nil, s.failed(err, "list the labels of tenant %q", q.Tenant)
	}
	return out, nil
}

func scanLabel(rows *sql.Rows) (l match.Label, err error) {
	var at sql.NullInt64
	err = rows.Scan(&l.Tenant, &l.Demand, &l.Patent, &l.Rater, &l.Source, &l.Level,
		&at, &l.Reason, &l.DemandRevision, &l.PatentRevision, &l.Relevance, &l.Weight)
	l.At = timeOf(at)
	return l, err
}

// micros is how a time is stored; the zero time is NULL.
func micros(t time.Time) sql.NullInt64 {
	return sql.NullInt64{Int64: t.UnixMicro(), Valid: !t.IsZero()}
}

// timeOf is the inverse of micros.
func timeOf(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMicro(n.Int64).UTC()
}
