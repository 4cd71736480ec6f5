package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"

	"github.com/duijie/duijie/internal/match"
)

// migrations hold the schema as steps forward; step n leads to version n. A step
// that was released is never edited: what it lacks is the work of a later one.
//
//go:embed migration/*.sql
var migrations embed.FS

// newestSchema is the version that this program writes.
var newestSchema = func() int {
	names, err := stepsOf(migrations)
	if err != nil {
		panic(err) // the pattern is a constant
	}
	return len(names)
}()

func stepsOf(steps fs.FS) ([]string, error) { return fs.Glob(steps, "migration/*.sql") } // sorted by name, which begins with the version

// sqlAlone waits for other processes that migrate the same schema, until the end of
// the transaction.
const sqlAlone = `SELECT pg_advisory_xact_lock(hashtextextended('duijie/migrate/' || current_schema(), 0))`

// migrate brings the database to the newest version, all steps in one transaction,
// so that a step that fails leaves the version from before.
func migrate(ctx context.Context, c *pgx.Conn, steps fs.FS) error {
	names, err := stepsOf(steps)
	if err != nil {
		return err
	}
	if version, err := schemaVersion(ctx, c); err != nil || version == len(names) {
		return err // the common case locks nothing, and needs no right to make tables
	}
	tx, err := c.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) // without effect after the commit
	if _, err := tx.Exec(ctx, sqlAlone); err != nil {
		return err
	}
	version, err := schemaVersion(ctx, c) // another one may have been first
	if err != nil {
		return err
	}
	if version > len(names) {
		return newerSchema(version, len(names))
	}
	for _, name := range names[version:] {
		if err := step(ctx, c, steps, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE ledger SET schema = $1`, len(names)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func newerSchema(version, known int) error {
	return (&match.Error{Kind: match.Conflict}).Because(
		"its schema version %d was written by a newer Duijie; this one knows up to version %d", version, known)
}

// step runs a script of several statements inside the transaction.
func step(ctx context.Context, c *pgx.Conn, steps fs.FS, name string) error {
	script, err := fs.ReadFile(steps, name)
	if err != nil {
		return err
	}
	_, err = c.PgConn().Exec(ctx, string(script)).ReadAll()
	return err
}

// sqlTables reads the catalog as a table: to_regclass may answer from a cache of before
// the wait for another process that migrates.
const sqlTables = `SELECT current_schema(), EXISTS (
	SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
	WHERE n.nspname = current_schema() AND c.relname = 'ledger')`

// schemaVersion is 0 where there are no tables yet.
func schemaVersion(ctx context.Context, c *pgx.Conn) (version int, err error) {
	var schema *string
	var there bool
	if err := c.QueryRow(ctx, sqlTables).Scan(&schema, &there); err != nil {
		return 0, err
	}
	if schema == nil {
		return 0, &match.Error{Kind: match.NotFound, Reason: "no schema of the search_path exists"}
	}
	if !there {
		return 0, nil
	}
	err = c.QueryRow(ctx, `SELECT schema FROM ledger`).Scan(&version)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, &match.Error{Kind: match.Corrupt, Reason: "the table ledger is empty"}
	}
	return version, err
}

func (s *Store) wantNewestSchema(ctx context.Context) error {
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	version, err := schemaVersion(ctx, c.Conn())
	switch {
	case err != nil:
		return err
	case version == 0:
		return &match.Error{Kind: match.NotFound, Reason: "there are no records in this database"}
	case version > newestSchema:
		return newerSchema(version, newestSchema)
	case version < newestSchema:
		return (&match.Error{Kind: match.Conflict}).Because(
			"its schema version %d is older than %d; any command that opens it for writing brings it forward", version, newestSchema)
	}
	return nil
}
