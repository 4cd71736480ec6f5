package revision

import (
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Events is a batch of events on its way into a store.
type Events struct {
	Outcomes []store.EventOutcome
	// New are those to be written, in order, with numbers from the last one on.
	New []match.Event
	// Rated are the ratings to be put in the place of what each side of a pair gave, and
	// Sums how the records' sums change by that.
	Rated []RatingRow
	Sums  map[match.Ref]RatingSum
}

// RatingName tells who rated whom: one side of a pair the other one.
type RatingName struct {
	Tenant, Demand, Patent string
	Side                   match.Kind
}

// RatingRow is the newest rating of its name.
type RatingRow struct {
	RatingName
	Stars int
	At    time.Time
	Seq   int64
}

// RatingSum is stars of so many ratings.
type RatingSum struct{ Stars, Count int64 }

// RatingNameOf names the rating that an event carries.
func RatingNameOf(e *match.Event) RatingName {
	return RatingName{e.Tenant, e.Demand, e.Patent, e.Side}
}

// DecideEvents decides what becomes of events, given the written ones of the same ids
// (by tenant and id), the ratings of the same names, the last number and the time.
func DecideEvents(events []match.Event, written map[[2]string]match.Event, rated map[RatingName]RatingRow, last int64, now time.Time) *Events {
	b := &Events{Outcomes: make([]store.EventOutcome, len(events)), Sums: map[match.Ref]RatingSum{}}
	changed := map[RatingName]int{} // place in Rated
	for i := range events {
		e := events[i]
		o := &b.Outcomes[i]
		o.ID, o.Change = e.ID, store.Refused
		if o.Err = checkEvent(&e); o.Err != nil {
			continue
		}
		name := [2]string{e.Tenant, e.ID}
		if old, ok := written[name]; ok {
			if !e.Repeats(&old) {
				o.Err = &match.Error{Kind: match.Conflict, Record: "event " + e.ID, Field: "id", Reason: "was used for another event"}
				continue
			}
			o.Change, o.Seq = store.Unchanged, old.Seq
			continue
		}
		last++
		e.Seq = last
		if e.At.IsZero() {
			e.At = now
		}
		e.At = time.UnixMicro(e.At.UnixMicro()).UTC()
		o.Change, o.Seq = store.Created, e.Seq
		written[name] = e
		b.New = append(b.New, e)
		b.rate(&e, rated, changed)
	}
	return b
}

func checkEvent(e *match.Event) error {
	record := "event " + e.ID
	if e.ID == "" {
		record = "event"
	}
	err := e.Validate()
	if err == nil && e.ID == "" {
		err = match.Invalidf("id", "is empty")
	}
	return match.About(record, err)
}

// rate counts the event's rating, unless a newer one of the same side is there.
func (b *Events) rate(e *match.Event, rated map[RatingName]RatingRow, changed map[RatingName]int) {
	if e.Rating == 0 {
		return
	}
	name := RatingNameOf(e)
	old, had := rated[name]
	if had && old.At.After(e.At) {
		return
	}
	row := RatingRow{name, e.Rating, e.At, e.Seq}
	rated[name] = row
	if at, ok := changed[name]; ok {
		b.Rated[at] = row
	} else {
		changed[name] = len(b.Rated)
		b.Rated = append(b.Rated, row)
	}
	sum := b.Sums[e.Rated()]
	sum.Stars += int64(e.Rating - old.Stars)
	if !had {
		sum.Count++
	}
	b.Sums[e.Rated()] = sum
}
