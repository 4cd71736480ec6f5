package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/duijie/duijie/internal/match"
)

// migrations hold the schema as steps forward; step n leads to version n. A step
// that was released is never edited: what it lacks is the work of a later one.
//
//go:embed migration/*.sql
var migrations embed.FS

// migrate brings the file to the newest version, each step in a transaction of its
// own, so that a step that fails leaves the version before it.
func migrate(ctx context.Context, db *sql.DB, steps fs.FS) error {
	names, err := fs.Glob(steps, "migration/*.sql") // sorted by name, which begins with the version
	if err != nil {
		return err
	}
	version, err := schemaVersion(ctx, db)
	if err != nil {
		return err
	}
	if version > len(names) {
		return newerSchema(version, len(names))
	}
	for ; version < len(names); version++ {
		if err := step(ctx, db, steps, names[version], version+1); err != nil {
			return fmt.Errorf("%s: %w", names[version], err)
		}
	}
	return nil
}

func newerSchema(version, known int) error {
	return &match.Error{Kind: match.Conflict, Reason: fmt.Sprintf(
		"its schema version %d was written by a newer Duijie; this one knows up to version %d", version, known)}
}

func step(ctx context.Context, db *sql.DB, steps fs.FS, name string, to int) error {
	script, err := fs.ReadFile(steps, name)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // without effect after the commit
	if _, err := tx.ExecContext(ctx, string(script)); err != nil {
		return err
	}
	// A pragma takes no parameters; user_version is part of the transaction.
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", to)); err != nil {
		return err
	}
	return tx.Commit()
}

func schemaVersion(ctx context.Context, db *sql.DB) (version int, err error) {
	err = db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}
