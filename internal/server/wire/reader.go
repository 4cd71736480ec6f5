package wire

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/duijie/duijie/internal/match"
)

// reader keeps what is wrong with a message, so that a message is read in one
// expression.
type reader struct {
	at  string // name of the message, such as "patent"
	err error
}

func (r *reader) fail(field, reason string, args ...any) {
	r.err = match.Faults(r.err, match.Invalidf(join(r.at, field), reason, args...))
}

// read gives the domain's value of an enum, unspecified for UNSPECIFIED.
func read[D comparable, P enumNumber](r *reader, field string, e enum[D, P], number, unspecified P) D {
	if number == 0 {
		number = unspecified
	}
	value, ok := e.values[number]
	switch {
	case number == NoSuchValue:
		r.fail(field, "is not one of %s", ShortNames(number.Descriptor()))
	case !ok:
		r.fail(field, "unknown number %d", int32(number))
	}
	return value
}

// readEach refuses UNSPECIFIED too: in a list it can only be a mistake.
func readEach[D comparable, P enumNumber](r *reader, field string, e enum[D, P], numbers []P) []D {
	return convertAt(numbers, func(i int, number P) D {
		at := indexed(field, i)
		if number == 0 {
			r.fail(at, "is unspecified")
		}
		return read(r, at, e, number, 0)
	})
}

// coded gives the code that a name stands for, and refuses what find does not know.
func (r *reader) coded(field, s string, find func(string) (string, bool), refusal func(field, value string) *match.Error) string {
	code, ok := find(s)
	if s == "" || ok {
		return code
	}
	r.err = match.Faults(r.err, refusal(join(r.at, field), s))
	return s
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

// done joins all failures, those of the domain's own check coming last, with the
// record that they are about.
func (r *reader) done(record string, check error) error {
	var e *match.Error
	if errors.As(check, &e) {
		var all []error
		for _, fault := range e.All() {
			inner := *fault
			inner.Field = join(r.at, fault.Field)
			all = append(all, &inner)
		}
		check = match.Faults(all...)
	}
	return match.About(strings.TrimSpace(record), match.Beside(r.err, check))
}

func indexed(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }

// join writes a path, of which either part may be empty.
func join(at, field string) string { return strings.Trim(at+"."+field, ".") }
