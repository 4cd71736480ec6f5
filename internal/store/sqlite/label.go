package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/match"
)

const (
	sqlPutLabel = `INSERT OR REPLACE INTO label
		(tenant, demand, patent, rater, source, level, at, reason, demand_revision, patent_revision)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`
	sqlListLabels = `SELECT tenant, demand, patent, rater, source, level, at, reason, demand_revision, patent_revision
		FROM label WHERE tenant = ?1 AND (demand, patent, rater, source) > (?2, ?3, ?4, ?5)
		ORDER BY demand, patent, rater, source LIMIT ?6`
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
					micros(l.At), l.Reason, l.DemandRevision, l.PatentRevision); err != nil {
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

// ListLabels returns a page; see store.Labels.
func (s *Store) ListLabels(ctx context.Context, tenant string, after *match.Label, limit int) ([]match.Label, error) {
	if after == nil {
		after = new(match.Label) // sorts before every label: a demand is never empty
	}
	var out []match.Label
	err := checkLimit(limit)
	if err == nil {
		err = each(ctx, s.read.labels, func(rows *sql.Rows) error {
			var l match.Label
			var at sql.NullInt64
			err := rows.Scan(&l.Tenant, &l.Demand, &l.Patent, &l.Rater, &l.Source, &l.Level,
				&at, &l.Reason, &l.DemandRevision, &l.PatentRevision)
			l.At = timeOf(at)
			out = append(out, l)
			return err
		}, tenant, after.Demand, after.Patent, after.Rater, string(after.Source), limit)
	}
	if err != nil {
		return nil, s.failed(err, "list the labels of tenant %q", tenant)
	}
	return out, nil
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
