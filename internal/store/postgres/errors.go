package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/duijie/duijie/internal/match"
)

// kinds of SQLSTATE codes and of their classes, the first two characters
// (https://www.postgresql.org/docs/current/errcodes-appendix.html). Those that are
// missing are bugs here or faults of the server: match.Internal.
var kinds = map[string]match.ErrorKind{
	"08":    match.Unavailable, // connection exception
	"22021": match.Invalid,     // character not in repertoire: NUL, or not UTF-8
	"25006": match.Unavailable, // read-only: a standby, until it is promoted
	"25P03": match.Unavailable, // the session was idle in a transaction
	"28":    match.Denied,      // invalid authorization
	"3D":    match.NotFound,    // no such database
	"3F":    match.NotFound,    // no such schema
	"40":    match.Unavailable, // rolled back: serialization, deadlock
	"42501": match.Denied,      // insufficient privilege
	"53":    match.Exhausted,   // disk, memory
	"53300": match.Unavailable, // too many connections
	"55P03": match.Unavailable, // lock not available
	"57":    match.Unavailable, // operator intervention: shutdown, restart, canceled there
	"XX001": match.Corrupt,
	"XX002": match.Corrupt,
}

// kindOf keeps a kind that err has already, and otherwise finds one in its cause.
func kindOf(err error) match.ErrorKind {
	if kind := match.KindOf(err); kind != match.Internal {
		return kind
	}
	var e *pgconn.PgError
	switch {
	case errors.As(err, &e):
		if kind, ok := kinds[e.Code]; ok {
			return kind
		}
		return kinds[e.Code[:min(2, len(e.Code))]]
	case disconnected(err):
		return match.Unavailable
	}
	return match.Internal
}

// disconnected tells whether the server could not be reached, or not any more.
func disconnected(err error) bool {
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// transient tells whether a call that failed with err may succeed in a moment.
func transient(err error) bool { return kindOf(err) == match.Unavailable }

// rolledBack tells whether err, of a transaction that may have been about to commit,
// means for certain that nothing was written: the server said so, and not by ending
// the session.
func rolledBack(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Severity == "ERROR" || e.SeverityUnlocalized == "ERROR"
	}
	return pgconn.SafeToRetry(err)
}

// failed says which database and what work err comes from, and keeps its kind. It
// returns nil for nil.
func (s *Store) failed(err error, work string, args ...any) error {
	if err == nil {
		return nil
	}
	return &match.Error{Kind: kindOf(err), Record: s.name, Reason: fmt.Sprintf(work, args...), Err: err}
}

// ended gives a context's own error where that is why a call failed.
func ended(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func checkLimit(limit int) error {
	if limit < 1 {
		return match.Invalidf("limit", "is %d, must be at least 1", limit)
	}
	return nil
}

// storable tells whether names can be in a column at all.
func storable(names ...string) bool {
	for _, name := range names {
		if !utf8.ValidString(name) || strings.ContainsRune(name, 0) {
			return false
		}
	}
	return true
}

// legible replaces what a column of text cannot hold.
func legible(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}
