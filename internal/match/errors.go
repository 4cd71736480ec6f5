package match

import (
	"context"
	"errors"
	"strings"
)

// ErrorKind says what a caller can do about an error.
type ErrorKind uint8

const (
	// Internal is any error without a kind: a bug or a fault of the machine.
	Internal ErrorKind = iota
	// Invalid is input that no retry will make right.
	Invalid
	// NotFound is a name that nothing answers to.
	NotFound
	// Conflict is a write that contradicts what is stored, such as a revision
	// that is no longer the newest or an idempotency key used for other content.
	Conflict
	// Stale is a token or revision that was right once.
	Stale
	// Unavailable is a part that does not answer now; a later try may succeed.
	Unavailable
	// Exhausted is a limit that was reached: a full disk, a quota.
	Exhausted
	// Denied is something that the caller may not do.
	Denied
	// Corrupt is stored data that is not what was written.
	Corrupt
	// Canceled is work that its caller gave up, or whose time ran out.
	Canceled
)

var kindNames = [...]string{
	"internal error", "invalid", "not found", "conflict", "stale",
	"unavailable", "exhausted", "denied", "corrupt", "canceled",
}

func (k ErrorKind) String() string { return kindNames[k] }

// Error is an error with its kind and what it is about. Record, Field and Err
// may be empty.
type Error struct {
	Kind   ErrorKind
	Record string // such as "patent CN202110312001A" or "demands.csv, row 17"
	Field  string // in the spelling of the JSON form, such as "fee.min_cny"
	Reason string
	Err    error // the cause
}

// Error gives "record: field: reason: cause" without the empty parts.
func (e *Error) Error() string {
	parts := make([]string, 0, 4)
	for _, s := range []string{e.Record, e.Field, e.Reason} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	if len(parts) == 0 {
		return e.Kind.String()
	}
	return strings.Join(parts, ": ")
}

func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the kind of the outermost *Error in err's chain. Context errors
// are Canceled; everything else, nil included, is Internal.
func KindOf(err error) ErrorKind {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Kind
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Canceled
	}
	return Internal
}

// Invalidf is the error of a field with a bad value.
func Invalidf(field, reason string) *Error {
	return &Error{Kind: Invalid, Field: field, Reason: reason}
}

// About returns err with the record that it is about, keeping its kind. It
// returns nil for nil.
func About(record string, err error) error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) && error(e) == err && e.Record == "" {
		with := *e
		with.Record = record
		return &with
	}
	return &Error{Kind: KindOf(err), Record: record, Err: err}
}
