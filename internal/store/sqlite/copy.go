package sqlite

import (
	"context"
	"database/sql"
	"os"

	"github.com/duijie/duijie/internal/match"
)

// CopyTo writes the store, as it is at one moment, into a new file at path while
// reads and writes go on, and returns when the file is on disk. It needs a store of
// OpenReadOnly. An error leaves no file behind; match.Exhausted is a full disk.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	err := s.copyTo(ctx, path)
	if err != nil {
		for _, suffix := range []string{"", "-journal"} {
			_ = os.Remove(path + suffix) // there may be none
		}
	}
	return s.failed(err, "copy to %s", path)
}

func (s *Store) copyTo(ctx context.Context, path string) error {
	if _, err := s.reader.ExecContext(ctx, `VACUUM INTO ?1`, path); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0) // SQLite does not sync the target
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// Contents counts what a store holds, of all tenants.
type Contents struct {
	Schema    int   `json:"schema"`
	Patents   int   `json:"patents"` // live ones
	Demands   int   `json:"demands"` // live ones
	Withdrawn int   `json:"withdrawn"`
	Revisions int   `json:"revisions"`
	Labels    int   `json:"labels"`
	LastSeq   int64 `json:"last_seq"`
}

const sqlContents = `SELECT
	(SELECT count(*) FROM record WHERE kind = 'patent' AND NOT withdrawn),
	(SELECT count(*) FROM record WHERE kind = 'demand' AND NOT withdrawn),
	(SELECT count(*) FROM record WHERE withdrawn),
	(SELECT count(*) FROM revision), (SELECT count(*) FROM label),
	(SELECT coalesce(max(seq), 0) FROM revision)`

// Contents counts what is stored. It reads all of the records' rows.
func (s *Store) Contents(ctx context.Context) (c Contents, err error) {
	if c.Schema, err = schemaVersion(ctx, s.reader); err == nil {
		err = s.reader.QueryRowContext(ctx, sqlContents).
			Scan(&c.Patents, &c.Demands, &c.Withdrawn, &c.Revisions, &c.Labels, &c.LastSeq)
	}
	return c, s.failed(err, "count the contents")
}

// States counts the live records of a kind, of all tenants, by how far they are.
type States struct {
	Stored     int `json:"stored"`
	Searchable int `json:"searchable"`
	Pending    int `json:"pending"` // written after what the follower has secured
	// EmbedPending ones wait for an embedder that is down.
	EmbedPending int `json:"embed_pending"`
	Failed       int `json:"failed"`
}

const sqlStates = `SELECT
	(SELECT count(*) FROM record WHERE kind = ?1 AND NOT withdrawn),
	(SELECT count(*) FROM record WHERE kind = ?1 AND NOT withdrawn AND seq > ?3),
	count(*) FILTER (WHERE f.stage = 'embed_pending'), count(*) FILTER (WHERE f.stage <> 'embed_pending')
	FROM failure AS f JOIN record AS r ON r.tenant = f.tenant AND r.kind = f.kind AND r.id = f.id
	WHERE f.follower = ?2 AND f.kind = ?1 AND NOT r.withdrawn AND r.seq <= ?3`

// States tells how far a follower is with the records of a kind, as it is on disk:
// a process that follows them may be ahead by what it has not secured yet.
func (s *Store) States(ctx context.Context, kind match.Kind, follower string) (n States, err error) {
	if err := kind.Validate(); err != nil {
		return n, err
	}
	mark, err := s.Watermark(ctx, follower)
	if err == nil {
		err = s.reader.QueryRowContext(ctx, sqlStates, string(kind), follower, mark).Scan(&n.Stored, &n.Pending, &n.EmbedPending, &n.Failed)
	}
	n.Searchable = n.Stored - n.Pending - n.EmbedPending - n.Failed
	return n, s.failed(err, "count the states of %ss", kind)
}

// ForgetProgress makes every follower begin anew, as it has to where records were
// put in place of others.
func (s *Store) ForgetProgress(ctx context.Context) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec(`DELETE FROM watermark`)
		return err
	})
	return s.failed(err, "forget the watermarks")
}
