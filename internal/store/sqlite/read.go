package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
	"github.com/duijie/duijie/internal/store"
)

type readStatements struct {
	get, revision, byID, changes, count, lastSeq *sql.Stmt
	labels, labelsOfDemand                       *sql.Stmt
	watermark, failures, failuresOf, failuresAt  *sql.Stmt
	countFailures, dueFailures                   *sql.Stmt
	answers, answersBeyond, ratings              *sql.Stmt
	events, eventsOfRequest                      *sql.Stmt
	eventsOfDemand, eventsOfPatent               *sql.Stmt
	models, modelSum, modelParts                 *sql.Stmt
	settings, settingSeq                         *sql.Stmt
	history, settingHistory                      *sql.Stmt
	datasets, datasetBody, operations            *sql.Stmt
	shadows, pilotAnswers                        *sql.Stmt
}

// Columns of a record as scanRecord reads them, and how its newest revision is found.
const (
	columns = `r.tenant, r.kind, r.id, v.number, v.seq, r.created_at, v.updated_at, v.visibility, v.withdrawn, v.body, v.packed`
	newest  = `JOIN revision AS v ON v.seq = r.seq`
)

func (q *readStatements) list() []statement {
	return []statement{
		// The outer loop is over what is wanted; the order of its answers is of no account.
		{&q.get, `SELECT ` + columns + `, want.key
			FROM json_each(?1) AS want
			CROSS JOIN record AS r ON r.tenant = want.value ->> 0 AND r.kind = want.value ->> 1 AND r.id = want.value ->> 2
			` + newest},
		{&q.revision, `SELECT ` + columns + ` FROM record AS r JOIN revision AS v ON v.rid = r.rid
			WHERE r.tenant = ?1 AND r.kind = ?2 AND r.id = ?3 AND v.number = ?4`},
		{&q.byID, `SELECT ` + columns + ` FROM record AS r ` + newest + `
			WHERE r.tenant = ?1 AND r.kind = ?2 AND r.id > ?3 AND (?4 OR r.withdrawn = 0)
			ORDER BY r.id LIMIT ?5`},
		{&q.changes, `SELECT ` + columns + ` FROM record AS r ` + newest + `
			WHERE r.kind = ?1 AND r.seq > ?2 ORDER BY r.seq LIMIT ?3`},
		{&q.count, `SELECT coalesce(sum(live), 0) FROM tally WHERE tenant = ?1 AND kind = ?2`},
		{&q.lastSeq, `SELECT coalesce(max(seq), 0) FROM record WHERE kind = ?1`},
		{&q.labels, sqlListLabels}, {&q.labelsOfDemand, sqlLabelsOfDemand}, {&q.watermark, sqlWatermark},
		{&q.failures, sqlFailures}, {&q.failuresOf, sqlFailuresOf}, {&q.failuresAt, sqlFailuresAt},
		{&q.countFailures, sqlCountFailures}, {&q.dueFailures, sqlDueFailures},
		{&q.answers, sqlAnswers}, {&q.answersBeyond, sqlAnswersBeyond}, {&q.ratings, sqlRatings},
		{&q.events, sqlListEvents}, {&q.eventsOfRequest, sqlEventsOfRequest},
		{&q.eventsOfDemand, sqlEventsOfDemand}, {&q.eventsOfPatent, sqlEventsOfPatent},
		{&q.models, sqlModels}, {&q.modelSum, sqlModelSum}, {&q.modelParts, sqlModelParts},
		{&q.settings, sqlSettings}, {&q.settingSeq, sqlSettingSeq},
		{&q.history, sqlHistory}, {&q.settingHistory, sqlSettingHistory},
		{&q.datasets, sqlDatasets}, {&q.datasetBody, sqlDatasetBody}, {&q.operations, sqlListOperations},
		{&q.shadows, sqlListShadows}, {&q.pilotAnswers, sqlPilotAnswers},
	}
}

// Get returns newest revisions; see store.Records.
func (s *Store) Get(ctx context.Context, refs []match.Ref) ([]*match.Record, error) {
	out := make([]*match.Record, len(refs))
	list, err := wantedRefs(refs)
	if err != nil {
		return nil, err
	}
	err = each(ctx, s.read.get, func(rows *sql.Rows) error {
		var key int
		r, err := scanRecord(rows, &key)
		// JSON has no form for bytes that are not UTF-8 and replaces them, so that a
		// name that nothing answers to may have found a record.
		if err == nil && r.Ref == refs[key] {
			out[key] = &r
		}
		return err
	}, string(list))
	if err != nil {
		return nil, s.failed(err, "get %d records", len(refs))
	}
	return out, nil
}

// Revision returns one revision; see store.Records.
func (s *Store) Revision(ctx context.Context, ref match.Ref, revision int64) (*match.Record, error) {
	found, err := records(ctx, s.read.revision, ref.Tenant, string(ref.Kind), ref.ID, revision)
	switch {
	case err != nil:
		return nil, s.failed(err, "read revision %d of %s", revision, ref)
	case len(found) == 0:
		return nil, &match.Error{Kind: match.NotFound, Record: ref.String(), Reason: fmt.Sprintf("has no revision %d", revision)}
	}
	return &found[0], nil
}

// List returns a page in the order of ids; see store.Records.
func (s *Store) List(ctx context.Context, q store.ListQuery) ([]match.Record, error) {
	page, err := s.page(ctx, s.read.byID, q.Kind, q.Limit, q.Tenant, string(q.Kind), q.After, q.Withdrawn, q.Limit)
	return page, s.failed(err, "list %ss of tenant %q after %q", q.Kind, q.Tenant, q.After)
}

// Count counts live records; see store.Records.
func (s *Store) Count(ctx context.Context, tenant string, kind match.Kind) (n int, err error) {
	if err = kind.Validate(); err == nil {
		err = s.read.count.QueryRowContext(ctx, tenant, string(kind)).Scan(&n)
	}
	return n, s.failed(err, "count the %ss of tenant %q", kind, tenant)
}

// Changes returns a page in the order of writing; see store.Records.
func (s *Store) Changes(ctx context.Context, kind match.Kind, after int64, limit int) ([]match.Record, error) {
	page, err := s.page(ctx, s.read.changes, kind, limit, string(kind), after, limit)
	return page, s.failed(err, "read the changes of %ss after %d", kind, after)
}

// LastSeq is the number of the newest write; see store.Records.
func (s *Store) LastSeq(ctx context.Context, kind match.Kind) (seq int64, err error) {
	if err = kind.Validate(); err == nil {
		err = s.read.lastSeq.QueryRowContext(ctx, string(kind)).Scan(&seq)
	}
	return seq, s.failed(err, "read the last number of %ss", kind)
}

// page checks what every paged query has in common, and runs it.
func (s *Store) page(ctx context.Context, query *sql.Stmt, kind match.Kind, limit int, args ...any) ([]match.Record, error) {
	if err := kind.Validate(); err != nil {
		return nil, err
	}
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	return records(ctx, query, args...)
}

// records reads whole records; what was read before an error is dropped.
func records(ctx context.Context, query *sql.Stmt, args ...any) ([]match.Record, error) {
	var out []match.Record
	err := each(ctx, query, func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		out = append(out, r)
		return err
	}, args...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// each calls scan for each row of a query's answer.
func each(ctx context.Context, query *sql.Stmt, scan func(*sql.Rows) error, args ...any) error {
	rows, err := query.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// scanRecord reads columns, and after them what else the query selects.
func scanRecord(rows *sql.Rows, others ...any) (match.Record, error) {
	r, body, err := scanBody(rows, others...)
	if err == nil {
		err = revision.DecodeBody(&r, body)
	}
	return r, err
}

// scanBody is scanRecord with the body as it is, which is good until the next row.
func scanBody(rows *sql.Rows, others ...any) (r match.Record, body []byte, err error) {
	var created, updated int64
	var plain, small sql.RawBytes
	at := append([]any{&r.Tenant, &r.Kind, &r.ID, &r.Revision, &r.Seq, &created, &updated, &r.Visibility, &r.Withdrawn, &plain, &small}, others...)
	if err := rows.Scan(at...); err != nil {
		return r, nil, err
	}
	r.CreatedAt, r.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return r, bodyOf(plain, small), nil
}
