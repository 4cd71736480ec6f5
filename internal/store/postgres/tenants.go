package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// sqlTenants leaps along the keys of the tables, which begin with the tenant, from
// one tenant to the next: it does not read the rows between.
const sqlTenants = `
	WITH RECURSIVE
		of_records(tenant) AS (
			SELECT min(tenant) FROM record
			UNION ALL SELECT (SELECT min(r.tenant) FROM record AS r WHERE r.tenant > o.tenant) FROM of_records AS o WHERE o.tenant IS NOT NULL),
		of_labels(tenant) AS (
			SELECT min(tenant) FROM label
			UNION ALL SELECT (SELECT min(l.tenant) FROM label AS l WHERE l.tenant > o.tenant) FROM of_labels AS o WHERE o.tenant IS NOT NULL),
		of_events(tenant) AS (
			SELECT min(tenant) FROM event
			UNION ALL SELECT (SELECT min(e.tenant) FROM event AS e WHERE e.tenant > o.tenant) FROM of_events AS o WHERE o.tenant IS NOT NULL)
	SELECT tenant FROM of_records WHERE tenant IS NOT NULL
	UNION SELECT tenant FROM of_labels WHERE tenant IS NOT NULL
	UNION SELECT tenant FROM of_events WHERE tenant IS NOT NULL
	ORDER BY 1`

// Tenants lists who has something; see store.Store.
func (s *Store) Tenants(ctx context.Context) (out []string, err error) {
	err = s.each(ctx, func() { out = nil }, func(rows pgx.Rows) error {
		var tenant string
		err := rows.Scan(&tenant)
		out = append(out, tenant)
		return err
	}, sqlTenants)
	return out, s.failed(err, "list the tenants")
}
