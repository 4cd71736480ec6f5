package match

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
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
// may be empty. Localised gives it in both languages.
type Error struct {
	Kind   ErrorKind
	Record string // such as "patent CN202110312001A" or "demands.csv, row 17"
	Field  string // in the spelling of the JSON form, such as "fee.min_cny"
	Reason string // in English
	Err    error  // the cause
	// More are further faults of the same record, each with its field and none
	// with More of its own; see Faults.
	More []*Error

	// How Reason was made, to make it in another language.
	format string
	args   []any
}

// Error gives "record: field: reason: cause" without the empty parts, and the
// further faults behind semicolons.
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
		parts = append(parts, e.Kind.String())
	}
	out := strings.Join(parts, ": ")
	for _, other := range e.More {
		out += "; " + other.Error()
	}
	return out
}

func (e *Error) Unwrap() error { return e.Err }

// Because returns a copy of e whose reason is made of a format and its arguments,
// as by fmt.Sprintf; the format is what Localised finds the translation by. An
// argument of type LocalText is put in in the language of the text.
func (e *Error) Because(format string, args ...any) *Error {
	out := *e
	out.format, out.args = format, args
	out.Reason = fmt.Sprintf(format, inLanguage(args, false)...)
	return &out
}

// WriteFailed gives a failed write of a file its kind: Exhausted where the disk is full,
// else Unavailable. An error that has an *Error in its chain, and nil, stay as they are.
func WriteFailed(path string, err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	kind := Unavailable
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		if errors.Is(err, full) {
			kind = Exhausted
		}
	}
	return &Error{Kind: kind, Record: path, Reason: "writing failed", Err: err}
}

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

// Invalidf is the error of a field with a bad value. The reason is a format for
// args if there are any; see Error.Because.
func Invalidf(field, reason string, args ...any) *Error {
	if len(args) == 0 {
		return &Error{Kind: Invalid, Field: field, Reason: reason}
	}
	return (&Error{Kind: Invalid, Field: field}).Because(reason, args...)
}

// Corruptf is the error of what is not as it was written. The reason is a format for args;
// see Error.Because.
func Corruptf(reason string, args ...any) *Error {
	return (&Error{Kind: Corrupt}).Because(reason, args...)
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

// Faults joins all that is wrong with one record into one error: the first fault,
// with the others in its More. It leaves out nil and returns nil if nothing is
// left. A fault that is no *Error becomes the cause of one.
func Faults(errs ...error) error {
	var all []*Error
	for _, err := range errs {
		if err == nil {
			continue
		}
		e, ok := err.(*Error)
		if !ok {
			e = &Error{Kind: KindOf(err), Err: err}
		}
		all = append(all, e.All()...)
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	first := *all[0]
	first.More = all[1:]
	return &first
}

// All lists the faults one by one: e without More, and what is in it. The caller
// must not change them.
func (e *Error) All() []*Error {
	if len(e.More) == 0 {
		return []*Error{e}
	}
	first := *e
	first.More = nil
	return append([]*Error{&first}, e.More...)
}

// Renamed gives the field of each fault in err another name. An error that is no *Error stays
// as it is.
func Renamed(err error, name func(field string) string) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	var all []error
	for _, fault := range e.All() {
		named := *fault
		named.Field = name(fault.Field)
		all = append(all, &named)
	}
	return Faults(all...)
}

// Beside adds to the faults of reading a record those of checking what was read,
// but for fields that are named already: a value that could not be read is missing,
// and would be reported once more. It returns unread for nil as rest, and rest for
// nil as unread.
func Beside(unread, rest error) error {
	var first, second *Error
	if !errors.As(unread, &first) || !errors.As(rest, &second) {
		return Faults(unread, rest)
	}
	all := []error{unread}
	for _, e := range second.All() {
		if !slices.ContainsFunc(first.All(), func(named *Error) bool { return samePath(named.Field, e.Field) }) {
			all = append(all, e)
		}
	}
	return Faults(all...)
}

// samePath tells whether one of two fields is the other one or a part of it.
func samePath(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	rest, ok := strings.CutPrefix(b, a)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
