package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/duijie/duijie/internal/match"
)

// readOnlySettings are those of a connection that cannot write, whatever it is
// asked. query_only is left out: it would forbid VACUUM INTO as well.
var readOnlySettings = url.Values{
	"mode":          {"ro"},
	"_busy_timeout": {"10000"},
	"_pragma":       readerPragmas,
}

var errReadOnly = &match.Error{Kind: match.Denied, Reason: "the store is open for reading only"}

// OpenReadOnly opens the store in dir for reading, without the folder's lock: beside
// the process that has it open for writing, whose commits it sees as they come.
// Every write is refused with an error of kind match.Denied. Other kinds:
// match.NotFound if there is no store in dir, match.Conflict if its schema is not
// the one that this program writes, match.Corrupt if the file is damaged.
func OpenReadOnly(ctx context.Context, dir string, opts Options) (*Store, error) {
	s := &Store{path: filepath.Join(dir, FileName), clock: opts.Clock}
	if s.clock == nil {
		s.clock = time.Now
	}
	if opts.Readers == 0 {
		opts.Readers = 4
	}
	if err := s.openReadOnly(ctx, opts); err != nil {
		s.Close()
		return nil, s.failed(err, "open for reading")
	}
	return s, nil
}

func (s *Store) openReadOnly(ctx context.Context, opts Options) error {
	path, err := filepath.Abs(s.path)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return &match.Error{Kind: match.NotFound, Reason: "there are no records in this folder", Err: err}
	}
	if s.reader, err = connect(path, opts.Readers, readOnlySettings); err != nil {
		return err
	}
	if err := wantNewestSchema(ctx, s); err != nil {
		return err
	}
	return prepare(ctx, s.reader, s.read.list())
}

func wantNewestSchema(ctx context.Context, s *Store) error {
	names, err := fs.Glob(migrations, "migration/*.sql")
	if err != nil {
		return err
	}
	version, err := schemaVersion(ctx, s.reader)
	switch {
	case err != nil:
		return err
	case version > len(names):
		return newerSchema(version, len(names))
	case version < len(names):
		return &match.Error{Kind: match.Conflict, Reason: fmt.Sprintf(
			"its schema version %d is older than %d; any command that opens the folder for writing brings it forward", version, len(names))}
	}
	return nil
}

// MakeDue sets the time of the next try of every failed record to now, and returns
// how many there are. It does not take the folder's lock: a process that has the
// folder open finds them due.
func MakeDue(ctx context.Context, dir string, now time.Time) (int, error) {
	s, err := OpenReadOnly(ctx, dir, Options{Readers: 1}) // refuses what is not ours to write
	if err != nil {
		return 0, err
	}
	defer s.Close()
	path, err := filepath.Abs(s.path)
	if err != nil {
		return 0, err
	}
	db, err := connect(path, 1, writerSettings)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	done, err := db.ExecContext(ctx, `UPDATE failure SET retry_at = ?1`, now.UnixMicro())
	if err != nil {
		return 0, s.failed(err, "make failed records due")
	}
	n, err := done.RowsAffected()
	return int(n), err
}
