package store

import (
	"context"
	"time"

	"github.com/duijie/duijie/internal/match"
)

// Answers are kept so that they can be given again, and so that events can be compared
// with what was shown.
type Answers interface {
	// KeepAnswers writes answers in one transaction. Of those with one
	// request id the first is kept.
	KeepAnswers(ctx context.Context, answers []match.Kept) error
	// Answers returns the answers of requests, in their order, with a nil entry for one
	// that is not kept.
	Answers(ctx context.Context, tenant string, requests []string) ([]*match.Kept, error)
	// ForgetAnswers takes away, oldest first and at most limit, answers from before a
	// time and those beyond the newest most ones. It returns how many it took: fewer
	// than limit means that there are no more.
	ForgetAnswers(ctx context.Context, before time.Time, most int64, limit int) (int, error)
}

// Events are what the parties did with answers. They are never changed. An event's
// number (Seq) is larger than any that was visible before.
type Events interface {
	// PutEvents writes events in one transaction. Events that are refused (Err of kind
	// match.Invalid, or match.Conflict for an id that was used for another event) do not
	// keep the others from being written; one that was written before is Unchanged. IDs
	// must not be empty; an event without a time gets that of the store's clock. The
	// rating of an event counts from the same transaction on: the newest one of each side
	// of a pair, by time and then by number.
	PutEvents(ctx context.Context, events []match.Event) ([]EventOutcome, error)
	// ListEvents returns events in the order of their numbers.
	ListEvents(ctx context.Context, q EventQuery) ([]match.Event, error)
	// Ratings returns what the parties gave each record, in the order of refs, with a nil
	// entry for one that has none.
	Ratings(ctx context.Context, refs []match.Ref) ([]*match.Rating, error)
}

// EventOutcome is what became of an event: Created, Unchanged or Refused.
type EventOutcome struct {
	ID     string
	Change Change
	Seq    int64 // 0 for a refused one
	Err    error // set if and only if Change is Refused
}

// EventQuery asks for a page of events. Of Request, Demand, Patent and Type those that
// are empty allow anything.
type EventQuery struct {
	Tenant                  string
	Request, Demand, Patent string
	Type                    match.EventType
	After                   int64 // number of the last event of the page before
	Limit                   int   // at least 1
}
