package sqlite

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"github.com/duijie/duijie/internal/match"
)

// lockName is the file that marks a folder as open.
const lockName = "records.lock"

// ErrLocked is in the chain of Open's error when another process has the folder
// open. OpenReadOnly works beside it.
var ErrLocked = errors.New("the folder is locked")

const lockedReason = "the data folder is open in another Duijie; send the write to its API " +
	"(by default http://localhost:7601/v1 and gRPC on port 7600), end it, or name another folder with --data"

// lockDir keeps other processes, and other stores of this one, out of dir until
// the file that it returns is closed. SQLite would let them in: its own locks last
// for a transaction, while caches here last as long as the store.
func lockDir(dir string) (*os.File, error) {
	f, err := openLocked(filepath.Join(dir, lockName))
	if errors.Is(err, ErrLocked) {
		return nil, &match.Error{Kind: match.Conflict, Record: dir, Reason: lockedReason, Err: ErrLocked}
	}
	return f, err
}

// Lock keeps other processes out of dir until the result is closed; the errors are
// those of Open.
func Lock(dir string) (io.Closer, error) {
	f, err := lockDir(dir)
	if err != nil {
		return nil, (&Store{path: filepath.Join(dir, lockName)}).failed(err, "lock")
	}
	return f, nil
}

// MergeWAL moves what the WAL of the database in dir holds into the database, which
// can then be renamed. The caller has the lock.
func MergeWAL(ctx context.Context, dir string) error {
	s := &Store{path: filepath.Join(dir, FileName)}
	path, err := filepath.Abs(s.path)
	if err != nil {
		return err
	}
	db, err := connect(path, 1, url.Values{"mode": {"rw"}, "_busy_timeout": {"10000"}})
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	return s.failed(errors.Join(err, db.Close()), "merge the WAL")
}
