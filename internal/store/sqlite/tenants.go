package sqlite

import (
	"context"
	"database/sql"
)

// sqlTenants leaps along the keys of the tables, which begin with the tenant, from
// one tenant to the next: it does not read the rows between.
const sqlTenants = `
	WITH RECURSIVE
		ofRecords(tenant) AS (
			SELECT min(tenant) FROM record
			UNION ALL SELECT (SELECT min(tenant) FROM record WHERE tenant > o.tenant) FROM ofRecords AS o WHERE o.tenant IS NOT NULL),
		ofLabels(tenant) AS (
			SELECT min(tenant) FROM label
			UNION ALL SELECT (SELECT min(tenant) FROM label WHERE tenant > o.tenant) FROM ofLabels AS o WHERE o.tenant IS NOT NULL),
		ofEvents(tenant) AS (
			SELECT min(tenant) FROM event
			UNION ALL SELECT (SELECT min(tenant) FROM event WHERE tenant > o.tenant) FROM ofEvents AS o WHERE o.tenant IS NOT NULL)
	SELECT tenant FROM ofRecords WHERE tenant IS NOT NULL
	UNION SELECT tenant FROM ofLabels WHERE tenant IS NOT NULL
	UNION SELECT tenant FROM ofEvents WHERE tenant IS NOT NULL
	ORDER BY 1`

// Tenants lists who has something; see store.Store.
func (s *Store) Tenants(ctx context.Context) ([]string, error) {
	var out []string
	err := eachRow(ctx, s.reader, sqlTenants, func(rows *sql.Rows) error {
		var tenant string
		err := rows.Scan(&tenant)
		out = append(out, tenant)
		return err
	})
	return out, s.failed(err, "list the tenants")
}
