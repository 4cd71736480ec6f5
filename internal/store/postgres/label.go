package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

const (
	labelColumns = `tenant, demand, patent, rater, source, level, at, reason, demand_revision, patent_revision, relevance, weight`
	// Rows are locked in the order of their key, whatever the order of the call.
	sqlPutLabels = `INSERT INTO label (` + labelColumns + `)
		SELECT ` + labelColumns + `
		FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::bigint[], $8::text[], $9::bigint[], $10::bigint[], $11::double precision[], $12::double precision[])
			AS n(` + labelColumns + `)
		ORDER BY tenant COLLATE "C", demand COLLATE "C", patent COLLATE "C", rater COLLATE "C", source COLLATE "C"
		ON CONFLICT (tenant, demand, patent, rater, source) DO UPDATE SET level = excluded.level, at = excluded.at,
			reason = excluded.reason, demand_revision = excluded.demand_revision, patent_revision = excluded.patent_revision,
			relevance = excluded.relevance, weight = excluded.weight`
	// The second kind walks along the key, too: a demand's labels lie together.
	sqlListLabels = `SELECT ` + labelColumns + ` FROM label
		WHERE tenant = $1 AND (demand, patent, rater, source) > ($2, $3, $4, $5)` + sqlFilterLabels
	sqlLabelsOfDemand = `SELECT ` + labelColumns + ` FROM label
		WHERE tenant = $1 AND demand = $2 AND (patent, rater, source) > ($3, $4, $5)` + sqlFilterLabels
	sqlFilterLabels = `
		AND ($6 = '' OR patent = $6) AND ($7 = '' OR rater = $7)
		AND ($8 = '' OR source = $8 OR $8 = 'expert' AND source = '')
		ORDER BY demand, patent, rater, source LIMIT $9`
	sqlWithdrawLabels = `DELETE FROM label AS l
		USING unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS n(tenant, demand, patent, rater, source)
		WHERE l.tenant = n.tenant AND l.demand = n.demand AND l.patent = n.patent AND l.rater = n.rater
			AND (l.source = n.source OR n.source = 'expert' AND l.source = '')`
)

// PutLabels writes labels; see store.Labels.
func (s *Store) PutLabels(ctx context.Context, labels []match.Label) error {
	err := checkLabels(labels)
	if err == nil {
		c := labelsOnTheirSide(newestOf(labels))
		_, err = s.exec(ctx, sqlPutLabels, c.tenant, c.demand, c.patent, c.rater, c.source, c.level, c.at, c.reason, c.demandRevision, c.patentRevision, c.relevance, c.weight)
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

// newestOf keeps the last one of labels with the same name: a statement may not write
// a row twice.
func newestOf(labels []match.Label) []match.Label {
	at := make(map[match.Label]int, len(labels))
	out := make([]match.Label, 0, len(labels))
	for _, l := range labels {
		name := match.Label{Tenant: l.Tenant, Demand: l.Demand, Patent: l.Patent, Rater: l.Rater, Source: l.Source}
		if i, ok := at[name]; ok {
			out[i] = l
			continue
		}
		at[name] = len(out)
		out = append(out, l)
	}
	return out
}

// WithdrawLabels takes labels away; see store.Labels. Where the connection was lost in
// the middle, it may count those of its second try alone.
func (s *Store) WithdrawLabels(ctx context.Context, labels []match.Label) (int, error) {
	named := make([]match.Label, 0, len(labels))
	for _, l := range labels {
		if storable(l.Tenant, l.Demand, l.Patent, l.Rater, string(l.Source)) {
			named = append(named, l)
		}
	}
	c := labelsOnTheirSide(named)
	n, err := s.exec(ctx, sqlWithdrawLabels, c.tenant, c.demand, c.patent, c.rater, c.source)
	if err != nil {
		return 0, s.failed(err, "withdraw %d labels", len(labels))
	}
	return int(n), nil
}

type columnsOfLabels struct {
	tenant, demand, patent, rater, source []string
	level                                 []int16
	at                                    []*int64
	reason                                []string
	demandRevision, patentRevision        []int64
	relevance, weight                     []float64
}

func labelsOnTheirSide(labels []match.Label) (c columnsOfLabels) {
	for _, l := range labels {
		c.tenant, c.demand, c.patent = append(c.tenant, l.Tenant), append(c.demand, l.Demand), append(c.patent, l.Patent)
		c.rater, c.source = append(c.rater, l.Rater), append(c.source, string(l.Source))
		c.level, c.at, c.reason = append(c.level, int16(l.Level)), append(c.at, micros(l.At)), append(c.reason, l.Reason)
		c.demandRevision, c.patentRevision = append(c.demandRevision, l.DemandRevision), append(c.patentRevision, l.PatentRevision)
		c.relevance, c.weight = append(c.relevance, l.Relevance), append(c.weight, l.Weight)
	}
	return c
}

// ListLabels returns a page; see store.Labels.
func (s *Store) ListLabels(ctx context.Context, q store.LabelQuery) ([]match.Label, error) {
	out, err := s.listLabels(ctx, q)
	return out, s.failed(err, "list the labels of tenant %q", q.Tenant)
}

func (s *Store) listLabels(ctx context.Context, q store.LabelQuery) (out []match.Label, err error) {
	if err := checkLimit(q.Limit); err != nil {
		return nil, err
	}
	query, after := sqlListLabels, match.Label{} // sorts before every label: a demand is never empty
	if q.After != nil {
		after = *q.After
	}
	if q.Demand != "" {
		query = sqlLabelsOfDemand
		switch {
		case after.Demand > q.Demand:
			return nil, nil
		case after.Demand < q.Demand:
			after = match.Label{Demand: q.Demand}
		}
	}
	err = s.each(ctx, func() { out = nil }, func(rows pgx.Rows) error {
		l, err := scanLabel(rows)
		out = append(out, l)
		return err
	}, query, q.Tenant, after.Demand, after.Patent, after.Rater, string(after.Source), q.Patent, q.Rater, string(q.Source), q.Limit)
	if err != nil {
		return nil, err
	}
	return out, nil
}

func scanLabel(rows pgx.Rows) (l match.Label, err error) {
	var at *int64
	err = rows.Scan(&l.Tenant, &l.Demand, &l.Patent, &l.Rater, &l.Source, &l.Level,
		&at, &l.Reason, &l.DemandRevision, &l.PatentRevision, &l.Relevance, &l.Weight)
	l.At = timeOf(at)
	return l, err
}

// micros is how a time is stored; the zero time is NULL.
func micros(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	n := t.UnixMicro()
	return &n
}

// timeOf is the inverse of micros.
func timeOf(n *int64) time.Time {
	if n == nil {
		return time.Time{}
	}
	return time.UnixMicro(*n).UTC()
}
