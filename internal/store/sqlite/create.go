package sqlite

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/duijie/duijie/internal/revision"
)

// createMany is how many new records are written by one statement. Most of what a
// statement costs is there once, however many rows it has.
const createMany = 32

// creation writes new records, and their first revisions, a fixed number at a time.
type creation struct{ records, revisions *sql.Stmt }

// created is a new record that is to be written.
type created struct {
	draft *revision.Draft
	head  *head
}

// sqlCreateRecords takes the tenant, the time, and for each of n records its rid, kind,
// id and hash.
func sqlCreateRecords(n int) string {
	return `INSERT INTO record (rid, tenant, kind, id, seq, number, withdrawn, hash, created_at) VALUES ` +
		rows(n, 3, 4, func(at int) string {
			return fmt.Sprintf("(?%[1]d, ?1, ?%[2]d, ?%[3]d, ?%[1]d, 1, 0, ?%[4]d, ?2)", at, at+1, at+2, at+3)
		})
}

// sqlCreateRevisions takes the time, and for each of n revisions its rid, visibility and
// packed body.
func sqlCreateRevisions(n int) string {
	return `INSERT INTO revision (seq, rid, number, updated_at, visibility, withdrawn, body, packed) VALUES ` +
		rows(n, 2, 3, func(at int) string {
			return fmt.Sprintf("(?%[1]d, ?%[1]d, 1, ?1, ?%[2]d, 0, '', ?%[3]d)", at, at+1, at+2)
		})
}

// rows lists n rows of so many parameters, the first of which has the given number.
func rows(n, first, width int, row func(at int) string) string {
	out := make([]string, n)
	for i := range out {
		out[i] = row(first + i*width)
	}
	return strings.Join(out, ", ")
}

// flush writes the new records. It comes before everything that needs their rows.
func (b *begun) flush() error {
	left := b.created
	b.created = b.created[:0]
	for len(left) > 0 {
		n, by := 1, b.create[0]
		if len(left) >= createMany {
			n, by = createMany, b.create[1]
		}
		if err := by.write(b.tenant, b.now, left[:n]); err != nil {
			return err
		}
		left = left[n:]
	}
	return nil
}

func (c creation) write(tenant string, now int64, list []created) error {
	records, revisions := append(make([]any, 0, 2+4*len(list)), tenant, now), append(make([]any, 0, 1+3*len(list)), now)
	for _, r := range list {
		records = append(records, r.head.rid, string(r.draft.Record.Kind), r.draft.Record.ID, r.head.Hash)
		revisions = append(revisions, r.head.rid, string(r.draft.Record.Visibility), packed(r.draft.Body))
	}
	if _, err := c.records.Exec(records...); err != nil {
		return err
	}
	_, err := c.revisions.Exec(revisions...)
	return err
}
