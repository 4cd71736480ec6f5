package revision

import (
	"bytes"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Head is what is newest of a record.
type Head struct {
	Seq, Number int64
	Withdrawn   bool
	Hash        []byte // of the newest content, which a withdrawal keeps
}

// Decide tells what a draft does to a record whose newest revision is h, nil where
// there is none. An error comes with store.Refused.
func (d *Draft) Decide(h *Head) (store.Change, error) {
	if err := d.refusal(h); err != nil {
		return store.Refused, err
	}
	switch {
	case h == nil:
		return store.Created, nil
	case h.Withdrawn && d.Record.Withdrawn, !h.Withdrawn && !d.Record.Withdrawn && bytes.Equal(h.Hash, d.Hash[:]):
		return store.Unchanged, nil
	case d.Record.Withdrawn:
		return store.Withdrawn, nil
	}
	return store.Updated, nil
}

func (d *Draft) refusal(h *Head) error {
	record := d.Record.Ref.String()
	switch {
	case d.Err != nil:
		return d.Err
	case h == nil && d.Record.Withdrawn:
		return &match.Error{Kind: match.NotFound, Record: record, Reason: "there is nothing to withdraw"}
	case d.IfRevision == 0:
		return nil
	case d.IfRevision == -1 && h != nil && !h.Withdrawn:
		return &match.Error{Kind: match.Conflict, Record: record, Reason: "exists already"}
	case d.IfRevision != -1 && h == nil:
		return (&match.Error{Kind: match.Conflict, Record: record}).
			Because("does not exist; revision %d was expected", d.IfRevision)
	case d.IfRevision != -1 && h.Number != d.IfRevision:
		return (&match.Error{Kind: match.Conflict, Record: record}).
			Because("is at revision %d; revision %d was expected", h.Number, d.IfRevision)
	}
	return nil
}

// Outcome is what became of a draft; h is what is newest after it, nil where there
// is nothing.
func (d *Draft) Outcome(h *Head, change store.Change, err error) store.Outcome {
	out := store.Outcome{Ref: d.Record.Ref, Change: change, Err: err}
	if h != nil {
		out.Revision, out.Seq = h.Number, h.Seq
	}
	return out
}
