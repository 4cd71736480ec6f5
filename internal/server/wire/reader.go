package wire

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/duijie/duijie/internal/match"
)

// reader keeps the first thing that is wrong with a message, so that a message is
// read in one expression.
type reader struct {
	at  string // name of the message, such as "patent"
	err error
}

func (r *reader) fail(field, reason string) {
	if r.err == nil {
		r.err = match.Invalidf(join(r.at, field), reason)
	}
}

// read gives the domain's value of an enum, unspecified for UNSPECIFIED.
func read[D comparable, P ~int32](r *reader, field string, e enum[D, P], number, unspecified P) D {
	if number == 0 {
		number = unspecified
	}
	value, ok := e.values[number]
	if !ok {
		r.fail(field, fmt.Sprintf("unknown number %d", int32(number)))
	}
	return value
}

// readEach refuses UNSPECIFIED too: in a list it can only be a mistake.
func readEach[D comparable, P ~int32](r *reader, field string, e enum[D, P], numbers []P) []D {
	return convertAt(numbers, func(i int, number P) D {
		at := indexed(field, i)
		if number == 0 {
			r.fail(at, "is unspecified")
		}
		return read(r, at, e, number, 0)
	})
}

// time reads a time in UTC; an unset one is the zero time.
func (r *reader) time(field string, ts *timestamppb.Timestamp) time.Time {
	if ts == nil {
		return time.Time{}
	}
	if err := ts.CheckValid(); err != nil {
		r.fail(field, "is not a time between the years 1 and 9999")
		return time.Time{}
	}
	return ts.AsTime()
}

// done gives the first failure, that of the domain's own check coming last, with
// the record that it is about.
func (r *reader) done(record string, check error) error {
	err := r.err
	var e *match.Error
	switch {
	case err != nil:
	case errors.As(check, &e):
		inner := *e
		inner.Field = join(r.at, e.Field)
		err = &inner
	default:
		err = check
	}
	return match.About(strings.TrimSpace(record), err)
}

func indexed(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }

// join writes a path, of which either part may be empty.
func join(at, field string) string { return strings.Trim(at+"."+field, ".") }
