package sqlite

import (
	"database/sql"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
	"github.com/duijie/duijie/internal/store"
)

// apply writes one item. Its error is a fault of the database; a refusal is in the
// outcome.
func (b *begun) apply(d *revision.Draft) (store.Outcome, error) {
	h := b.heads[d.Record.Ref]
	var newest *revision.Head
	if h != nil {
		newest = &h.Head
	}
	change, refusal := d.Decide(newest)
	var err error
	switch change {
	case store.Created:
		newest, err = b.add(d)
	case store.Updated:
		err = b.update(d, h)
	case store.Withdrawn:
		err = b.withdraw(d.Record.Kind, h)
	}
	return d.Outcome(newest, change, refusal), err
}

// add makes a new record, which flush writes at the latest.
func (b *begun) add(d *revision.Draft) (*revision.Head, error) {
	b.seq++
	h := &head{b.seq, revision.Head{Seq: b.seq, Number: 1, Hash: d.Hash[:]}}
	b.heads[d.Record.Ref] = h
	b.live[d.Record.Kind]++
	b.created = append(b.created, created{d, h})
	if len(b.created) < createMany {
		return &h.Head, nil
	}
	return &h.Head, b.flush()
}

func (b *begun) update(d *revision.Draft, h *head) error {
	if err := b.flush(); err != nil {
		return err
	}
	if h.Withdrawn {
		b.live[d.Record.Kind]++
	}
	b.seq++
	h.Seq, h.Number, h.Withdrawn, h.Hash = b.seq, h.Number+1, false, d.Hash[:]
	if err := b.addRevision(d, h); err != nil {
		return err
	}
	return b.point(h)
}

func (b *begun) addRevision(d *revision.Draft, h *head) error {
	_, err := b.insertRevision.Exec(h.Seq, h.rid, h.Number, b.now, string(d.Record.Visibility), packed(d.Body))
	return err
}

// withdraw repeats the newest revision, marked as withdrawn.
func (b *begun) withdraw(kind match.Kind, h *head) error {
	if err := b.flush(); err != nil {
		return err
	}
	b.live[kind]--
	b.seq++
	if _, err := b.repeatRevision.Exec(b.seq, h.Number+1, b.now, h.Seq); err != nil {
		return err
	}
	h.Seq, h.Number, h.Withdrawn = b.seq, h.Number+1, true
	return b.point(h)
}

// point makes the record's row name its newest revision.
func (b *begun) point(h *head) error {
	_, err := b.updateRecord.Exec(h.rid, h.Seq, h.Number, h.Withdrawn, h.Hash)
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
