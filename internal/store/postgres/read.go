package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
	"github.com/duijie/duijie/internal/store"
)

// Columns of a record as scanRecord reads them, and how its newest revision is found.
const (
	columns = `r.tenant, r.kind, r.id, v.number, v.seq, r.created_at, v.updated_at, v.visibility, v.withdrawn, v.body`
	newest  = `JOIN revision AS v ON v.seq = r.seq`
)

const (
	sqlGet = `SELECT ` + columns + `, want.key
		FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS want(tenant, kind, id, key)
		JOIN record AS r ON r.tenant = want.tenant AND r.kind = want.kind AND r.id = want.id
		` + newest
	sqlRevision = `SELECT ` + columns + ` FROM record AS r JOIN revision AS v ON v.rid = r.rid
		WHERE r.tenant = $1 AND r.kind = $2 AND r.id = $3 AND v.number = $4`
	sqlByID = `SELECT ` + columns + ` FROM record AS r ` + newest + `
		WHERE r.tenant = $1 AND r.kind = $2 AND r.id > $3 AND ($4 OR NOT r.withdrawn)
		ORDER BY r.id LIMIT $5`
	sqlChanges = `SELECT ` + columns + ` FROM record AS r ` + newest + `
		WHERE r.kind = $1 AND r.seq > $2 ORDER BY r.seq LIMIT $3`
	sqlCount   = `SELECT coalesce(sum(live), 0)::bigint FROM tally WHERE tenant = $1 AND kind = $2`
	sqlLastSeq = `SELECT coalesce(max(seq), 0) FROM record WHERE kind = $1`
)

// Get returns newest revisions; see store.Records.
func (s *Store) Get(ctx context.Context, refs []match.Ref) ([]*match.Record, error) {
	out := make([]*match.Record, len(refs))
	want := wantedRefs(refs)
	err := s.each(ctx, func() {}, func(rows pgx.Rows) error {
		var key int
		r, err := scanRecord(rows, &key)
		out[key] = &r
		return err
	}, sqlGet, want.tenants, want.kinds, want.ids, want.keys)
	if err != nil {
		return nil, s.failed(err, "get %d records", len(refs))
	}
	return out, nil
}

// refColumns are refs turned on their side, with their places in the list.
type refColumns struct {
	tenants, kinds, ids []string
	keys                []int64
}

// wantedRefs leaves out what cannot be stored, and so is not.
func wantedRefs(refs []match.Ref) (c refColumns) {
	for i, ref := range refs {
		if storable(ref.Tenant, string(ref.Kind), ref.ID) {
			c.tenants, c.kinds, c.ids = append(c.tenants, ref.Tenant), append(c.kinds, string(ref.Kind)), append(c.ids, ref.ID)
			c.keys = append(c.keys, int64(i))
		}
	}
	return c
}

// Revision returns one revision; see store.Records.
func (s *Store) Revision(ctx context.Context, ref match.Ref, number int64) (*match.Record, error) {
	found, err := s.records(ctx, sqlRevision, ref.Tenant, string(ref.Kind), ref.ID, number)
	switch {
	case err != nil && kindOf(err) != match.Invalid: // a name that cannot be stored is not found
		return nil, s.failed(err, "read revision %d of %s", number, ref)
	case len(found) == 0:
		return nil, (&match.Error{Kind: match.NotFound, Record: ref.String()}).Because("has no revision %d", number)
	}
	return &found[0], nil
}

// List returns a page in the order of ids; see store.Records.
func (s *Store) List(ctx context.Context, q store.ListQuery) ([]match.Record, error) {
	page, err := s.page(ctx, sqlByID, q.Kind, q.Limit, q.Tenant, string(q.Kind), q.After, q.Withdrawn, q.Limit)
	return page, s.failed(err, "list %ss of tenant %q after %q", q.Kind, q.Tenant, q.After)
}

// Count counts live records; see store.Records.
func (s *Store) Count(ctx context.Context, tenant string, kind match.Kind) (n int, err error) {
	if err = kind.Validate(); err == nil {
		err = s.one(ctx, sqlCount, []any{tenant, string(kind)}, &n)
	}
	return n, s.failed(err, "count the %ss of tenant %q", kind, tenant)
}

// Changes returns a page in the order of writing; see store.Records.
func (s *Store) Changes(ctx context.Context, kind match.Kind, after int64, limit int) ([]match.Record, error) {
	page, err := s.page(ctx, sqlChanges, kind, limit, string(kind), after, limit)
	return page, s.failed(err, "read the changes of %ss after %d", kind, after)
}

// LastSeq is the number of the newest write; see store.Records.
func (s *Store) LastSeq(ctx context.Context, kind match.Kind) (seq int64, err error) {
	if err = kind.Validate(); err == nil {
		err = s.one(ctx, sqlLastSeq, []any{string(kind)}, &seq)
	}
	return seq, s.failed(err, "read the last number of %ss", kind)
}

// Identity tells this store from any other, however it is reached.
func (s *Store) Identity(ctx context.Context) (id string, err error) {
	err = s.one(ctx, `SELECT id::text FROM ledger`, nil, &id)
	return id, s.failed(err, "read the identity")
}

// page checks what every paged query has in common, and runs it.
func (s *Store) page(ctx context.Context, query string, kind match.Kind, limit int, args ...any) ([]match.Record, error) {
	if err := kind.Validate(); err != nil {
		return nil, err
	}
	if err := checkLimit(limit); err != nil {
		return nil, err
	}
	return s.records(ctx, query, args...)
}

// records reads whole records; what was read before an error is dropped.
func (s *Store) records(ctx context.Context, query string, args ...any) (out []match.Record, err error) {
	err = s.each(ctx, func() { out = nil }, func(rows pgx.Rows) error {
		r, err := scanRecord(rows)
		out = append(out, r)
		return err
	}, query, args...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// scanRecord reads columns, and after them what else the query selects.
func scanRecord(rows pgx.Rows, others ...any) (r match.Record, err error) {
	var created, updated int64
	var body pgtype.DriverBytes // valid until the next row, which is long enough
	at := append([]any{&r.Tenant, &r.Kind, &r.ID, &r.Revision, &r.Seq, &created, &updated, &r.Visibility, &r.Withdrawn, &body}, others...)
	if err := rows.Scan(at...); err != nil {
		return r, err
	}
	r.CreatedAt, r.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return r, revision.DecodeBody(&r, body)
}
