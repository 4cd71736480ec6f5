package store

import (
	"context"
	"time"

	"github.com/duijie/duijie/internal/match"
)

// Store keeps records. Implementations are safe for concurrent use.
type Store interface {
	Records
	Labels
	Answers
	Events
	Registry
	Operations
	Shadows
	Progress

	// Tenants lists all tenants that have records, withdrawn ones too, labels or events,
	// in order.
	Tenants(ctx context.Context) ([]string, error)

	// Close releases the store. Nothing may be called after it.
	Close() error
}

// Records are patents and demands with their revisions. Here and below, a limit
// smaller than 1 or an unknown kind in a query is an error of kind match.Invalid.
type Records interface {
	// Put writes a batch in one transaction and returns after it is on disk. Items
	// that are refused (Err of kind match.Invalid, match.Conflict or match.NotFound)
	// do not keep the others from being written; the call's own error means that
	// nothing was.
	// Records are validated; Revision, Seq and the times of what is given are ignored.
	// Two items of one batch with the same Ref are written in their order.
	Put(ctx context.Context, batch Batch) ([]Outcome, error)

	// Get returns the newest revision of each ref, in their order. A ref that is
	// unknown gives a nil entry, one that is withdrawn its last revision.
	Get(ctx context.Context, refs []match.Ref) ([]*match.Record, error)

	// Revision returns one revision; kind match.NotFound if there is none.
	Revision(ctx context.Context, ref match.Ref, revision int64) (*match.Record, error)

	// List returns newest revisions in the order of their ids, beginning after an
	// id (empty: at the first), withdrawn ones only if asked for.
	List(ctx context.Context, q ListQuery) ([]match.Record, error)

	// Count counts the records of a kind that are not withdrawn.
	Count(ctx context.Context, tenant string, kind match.Kind) (int, error)

	// Changes returns the newest revisions (withdrawn ones included) of records
	// whose Seq is greater than after, in the order of Seq, at most limit. A
	// record that changed twice is returned once, at its newest place.
	Changes(ctx context.Context, kind match.Kind, after int64, limit int) ([]match.Record, error)

	// LastSeq is the sequence number of the newest write of a kind, 0 before the first.
	LastSeq(ctx context.Context, kind match.Kind) (int64, error)
}

// Batch is one write.
type Batch struct {
	Tenant string
	// IdempotencyKey makes a repetition of the batch safe: the outcomes of the
	// first call are returned and nothing is written. Empty: no such care. The
	// same key with other items is an error of kind match.Conflict. Keys are kept
	// for at least 24 hours.
	IdempotencyKey string
	Items          []Item
}

// Item is one record to write.
type Item struct {
	// Record is the whole new content. With Withdrawn set its body is ignored: the
	// last content is kept and marked as withdrawn; kind match.NotFound if there is
	// none. Writing a withdrawn record again makes it live, with the change Updated.
	// The record's tenant must be that of the batch.
	Record match.Record
	// IfRevision is what the newest revision must be: 0 anything, −1 the record must
	// not exist (or be withdrawn). Otherwise Err is of kind match.Conflict.
	IfRevision int64
}

// Change says what a write did to a record.
type Change string

const (
	Created   Change = "created"
	Updated   Change = "updated"
	Unchanged Change = "unchanged" // equal to the newest revision: nothing was written
	Withdrawn Change = "withdrawn"
	Refused   Change = "refused"
)

// Outcome is what became of one item.
type Outcome struct {
	Ref      match.Ref
	Change   Change
	Revision int64 // the newest one after the write
	Seq      int64
	Err      error // set if and only if Change is Refused
}

// ListQuery asks for a page of records.
type ListQuery struct {
	Tenant    string
	Kind      match.Kind
	After     string // id
	Limit     int    // at least 1
	Withdrawn bool   // include withdrawn ones
}

// Labels are judgements of pairs. A second label of the same rater, source and
// pair replaces the first. A label without a source is kept apart from others and
// counts as an expert's.
type Labels interface {
	// PutLabels writes labels in one transaction. The first bad label fails the
	// call with its index in the error, and nothing is written. The records
	// that a label names need not exist.
	PutLabels(ctx context.Context, labels []match.Label) error
	// ListLabels returns labels in the order of demand, patent, rater and source.
	ListLabels(ctx context.Context, q LabelQuery) ([]match.Label, error)
	// WithdrawLabels takes labels away in one transaction and returns how many there
	// were. Of what is given only tenant, demand, patent, rater and source count, and
	// all of them do; the source match.ExpertSource stands for none as well.
	WithdrawLabels(ctx context.Context, labels []match.Label) (int, error)
}

// LabelQuery asks for a page of labels. Of Demand, Patent, Rater and Source those
// that are empty allow anything.
type LabelQuery struct {
	Tenant                string
	Demand, Patent, Rater string
	Source                match.LabelSource // match.ExpertSource finds labels without a source, too
	After                 *match.Label      // the last one of the page before; nil: from the first
	Limit                 int               // at least 1
}

// Progress is how far the parts that follow the writes have come.
type Progress interface {
	// Watermark is the sequence number up to which a follower has done and
	// secured its work, 0 for a new one. A follower is named by what it
	// fills, such as "vectors/patents/static/duijie-zh-1/3f9a5c10b2d4".
	Watermark(ctx context.Context, follower string) (int64, error)
	// SetWatermark moves it, forward or back.
	SetWatermark(ctx context.Context, follower string, seq int64) error

	// PutFailures notes records that a follower could not take, replacing earlier
	// notes of the same follower and record.
	PutFailures(ctx context.Context, failures []Failure) error
	// ClearFailures takes notes away.
	ClearFailures(ctx context.Context, follower string, refs []match.Ref) error
	// Failures lists notes of a follower ("": of all), in the order of Ref, at most limit.
	Failures(ctx context.Context, follower string, limit int) ([]Failure, error)
	// FailuresOf returns the notes of a follower on refs, in their order, with a nil
	// entry for a ref that has none. It looks up no more than what it is asked for.
	FailuresOf(ctx context.Context, follower string, refs []match.Ref) ([]*Failure, error)
	// CountFailures counts the notes of a follower by their stage. Stages without a note
	// are left out.
	CountFailures(ctx context.Context, follower string) (map[match.State]int, error)
	// DueFailures lists notes of a follower whose RetryAt is now or before, those that
	// have been due longest first, then in the order of Ref, at most limit.
	DueFailures(ctx context.Context, follower string, now time.Time, limit int) ([]Failure, error)
	// MakeDue brings RetryAt of all notes of a follower forward to now, those that are
	// never tried again included, and returns how many notes there are.
	MakeDue(ctx context.Context, follower string, now time.Time) (int, error)
}

// Failure is a record that is not searchable, and why.
type Failure struct {
	Follower string
	Ref      match.Ref
	Seq      int64 // the write that could not be followed
	Stage    match.State
	Reason   string
	Attempts int
	// RetryAt is when it is tried again; the zero time is never.
	RetryAt time.Time
}
