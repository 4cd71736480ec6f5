package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/duijie/duijie/internal/match"
)

// kinds of SQLite's primary result codes (https://www.sqlite.org/rescode.html).
// Those that are missing are bugs here or faults of the machine: match.Internal.
var kinds = map[int]match.ErrorKind{
	sqlite3.SQLITE_BUSY:      match.Unavailable,
	sqlite3.SQLITE_LOCKED:    match.Unavailable,
	sqlite3.SQLITE_FULL:      match.Exhausted,
	sqlite3.SQLITE_NOMEM:     match.Exhausted,
	sqlite3.SQLITE_READONLY:  match.Denied,
	sqlite3.SQLITE_PERM:      match.Denied,
	sqlite3.SQLITE_AUTH:      match.Denied,
	sqlite3.SQLITE_CANTOPEN:  match.Denied,
	sqlite3.SQLITE_CORRUPT:   match.Corrupt,
	sqlite3.SQLITE_NOTADB:    match.Corrupt,
	sqlite3.SQLITE_INTERRUPT: match.Canceled,
}

// failures of the file system outside SQLite: of the folder and the lock file.
var systemKinds = []struct {
	err  error
	kind match.ErrorKind
}{
	{fs.ErrPermission, match.Denied},
	{syscall.EROFS, match.Denied},
	{syscall.ENOTDIR, match.Denied},
	{syscall.ENOSPC, match.Exhausted},
	{syscall.EDQUOT, match.Exhausted},
}

// kindOf keeps a kind that err has already, and otherwise finds one in its cause.
func kindOf(err error) match.ErrorKind {
	if kind := match.KindOf(err); kind != match.Internal {
		return kind
	}
	var e *sqlite.Error
	if errors.As(err, &e) {
		return kinds[e.Code()&0xff] // the extended code is in the higher bits
	}
	for _, s := range systemKinds {
		if errors.Is(err, s.err) {
			return s.kind
		}
	}
	return match.Internal
}

// failed says which file and what work err comes from, and keeps its kind. It
// returns nil for nil.
func (s *Store) failed(err error, work string, args ...any) error {
	if err == nil {
		return nil
	}
	return &match.Error{Kind: kindOf(err), Record: s.path, Reason: fmt.Sprintf(work, args...), Err: err}
}

func checkLimit(limit int) error {
	if limit < 1 {
		return match.Invalidf("limit", fmt.Sprintf("is %d, must be at least 1", limit))
	}
	return nil
}
