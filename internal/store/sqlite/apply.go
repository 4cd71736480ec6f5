package sqlite

import (
	"bytes"
	"database/sql"
	"fmt"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// apply writes one item. Its error is a fault of the database; a refusal is in the
// outcome.
func (b *begun) apply(d *draft) (store.Outcome, error) {
	h := b.heads[d.Record.Ref]
	if err := refusal(d, h); err != nil {
		return outcome(d, h, store.Refused, err), nil
	}
	var err error
	switch {
	case h == nil:
		h, err = b.create(d)
		return outcome(d, h, store.Created, nil), err
	case h.withdrawn && d.Record.Withdrawn, !h.withdrawn && !d.Record.Withdrawn && bytes.Equal(h.hash, d.hash[:]):
		return outcome(d, h, store.Unchanged, nil), nil
	case d.Record.Withdrawn:
		err = b.withdraw(d.Record.Kind, h)
		return outcome(d, h, store.Withdrawn, nil), err
	}
	err = b.update(d, h)
	return outcome(d, h, store.Updated, nil), err
}

func refusal(d *draft, h *head) error {
	record := d.Record.Ref.String()
	switch {
	case d.err != nil:
		return d.err
	case h == nil && d.Record.Withdrawn:
		return &match.Error{Kind: match.NotFound, Record: record, Reason: "there is nothing to withdraw"}
	case d.IfRevision == 0:
		return nil
	case d.IfRevision == -1 && h != nil && !h.withdrawn:
		return &match.Error{Kind: match.Conflict, Record: record, Reason: "exists already"}
	case d.IfRevision != -1 && h == nil:
		return &match.Error{Kind: match.Conflict, Record: record,
			Reason: fmt.Sprintf("does not exist; revision %d was expected", d.IfRevision)}
	case d.IfRevision != -1 && h.number != d.IfRevision:
		return &match.Error{Kind: match.Conflict, Record: record,
			Reason: fmt.Sprintf("is at revision %d; revision %d was expected", h.number, d.IfRevision)}
	}
	return nil
}

func outcome(d *draft, h *head, change store.Change, err error) store.Outcome {
	out := store.Outcome{Ref: d.Record.Ref, Change: change, Err: err}
	if h != nil {
		out.Revision, out.Seq = h.number, h.seq
	}
	return out
}

func (b *begun) create(d *draft) (*head, error) {
	b.seq++
	h := &head{rid: b.seq, seq: b.seq, number: 1, hash: d.hash[:]}
	ref := d.Record.Ref
	b.heads[ref] = h
	b.live[ref.Kind]++
	if _, err := b.insertRecord.Exec(h.rid, ref.Tenant, string(ref.Kind), ref.ID, h.hash, b.now); err != nil {
		return h, err
	}
	return h, b.addRevision(d, h)
}

func (b *begun) update(d *draft, h *head) error {
	if h.withdrawn {
		b.live[d.Record.Kind]++
	}
	b.seq++
	h.seq, h.number, h.withdrawn, h.hash = b.seq, h.number+1, false, d.hash[:]
	if err := b.addRevision(d, h); err != nil {
		return err
	}
	return b.point(h)
}

func (b *begun) addRevision(d *draft, h *head) error {
	_, err := b.insertRevision.Exec(h.seq, h.rid, h.number, b.now, string(d.Record.Visibility), d.body)
	return err
}

// withdraw repeats the newest revision, marked as withdrawn.
func (b *begun) withdraw(kind match.Kind, h *head) error {
	b.live[kind]--
	b.seq++
	if _, err := b.repeatRevision.Exec(b.seq, h.number+1, b.now, h.seq); err != nil {
		return err
	}
	h.seq, h.number, h.withdrawn = b.seq, h.number+1, true
	return b.point(h)
}

// point makes the record's row name its newest revision.
func (b *begun) point(h *head) error {
	_, err := b.updateRecord.Exec(h.rid, h.seq, h.number, h.withdrawn, h.hash)
	return err
}

func (b *begun) count(tally *sql.Stmt, tenant string) error {
	for kind, n := range b.live {
		if _, err := tally.Exec(tenant, string(kind), n); err != nil {
			return err
		}
	}
	return nil
}
