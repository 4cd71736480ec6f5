package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
	"github.com/duijie/duijie/internal/store"
)

// commitTime bounds the wait for the answer to a commit, which no caller cancels.
const commitTime = 30 * time.Second

const (
	sqlTurn  = `SELECT seq, schema FROM ledger FOR UPDATE`
	sqlHeads = `SELECT r.kind, r.id, r.rid, r.seq, r.number, r.withdrawn, r.hash
		FROM unnest($2::text[], $3::text[]) AS want(kind, id)
		JOIN record AS r ON r.tenant = $1 AND r.kind = want.kind AND r.id = want.id`
)

// write is a batch on its way through its attempts.
type write struct {
	store.Batch
	drafts []revision.Draft
	key    batchKey

	outcomes []store.Outcome // of the last attempt
	// unanswered is set while a commit was sent whose end is not known.
	unanswered bool
}

// Put writes a batch; see store.Records, and the package's comment for the one error
// that does not mean that nothing was written.
func (s *Store) Put(ctx context.Context, batch store.Batch) ([]store.Outcome, error) {
	const work = "put %d items of tenant %q"
	if s.readOnly {
		return nil, s.failed(errReadOnly, work, len(batch.Items), batch.Tenant)
	}
	w := &write{Batch: batch, drafts: revision.Drafts(batch)}
	w.key = keyOf(w)
	err := s.retry(ctx, func(ctx context.Context) error { return s.attempt(ctx, w) })
	if err != nil && w.unanswered {
		err = &match.Error{Kind: match.Unavailable, Err: err,
			Reason: "the server did not answer to the commit: whether the batch was written is not known, and repeating it with the same idempotency key is safe"}
	}
	if err != nil {
		return nil, s.failed(err, work, len(batch.Items), batch.Tenant)
	}
	return w.outcomes, nil
}

// attempt writes the batch, or finds that it was written.
func (s *Store) attempt(ctx context.Context, w *write) error {
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release() // ends the connection if the transaction is open
	t := &turn{Store: s, now: s.clock(), tenant: w.Tenant, heads: map[match.Ref]*head{}, live: map[match.Kind]int64{}}
	written, err := t.begin(ctx, c, w)
	if err != nil {
		return err
	}
	w.unanswered = false // who held the turn before has ended
	if written {
		return rollback(ctx, c)
	}
	w.outcomes = make([]store.Outcome, len(w.drafts))
	for i := range w.drafts {
		w.outcomes[i] = t.apply(&w.drafts[i])
	}
	if w.IdempotencyKey == "" && len(t.revisions) == 0 {
		return rollback(ctx, c)
	}
	if err := ctx.Err(); err != nil {
		return errors.Join(err, rollback(context.WithoutCancel(ctx), c))
	}
	return t.commit(ctx, c, w)
}

func rollback(ctx context.Context, c *pgxpool.Conn) error {
	_, err := c.Exec(ctx, "rollback")
	return err
}

// turn is a transaction that holds the ledger. Its heads follow what it writes, so
// that the second item of a record sees the first.
type turn struct {
	*Store
	now    time.Time
	tenant string
	seq    int64
	heads  map[match.Ref]*head
	live   map[match.Kind]int64 // change of the number of live records

	created, changed []*head
	revisions        []row
}

// head is what is newest of a record, and where it stands.
type head struct {
	revision.Head
	ref match.Ref
	rid int64
	// written is set when the head is in created or in changed.
	written bool
}

// row is a revision to write. With a source it has that one's content and is withdrawn.
type row struct {
	seq, rid, number, source int64
	visibility               match.Visibility
	body                     string
}

// begin takes the turn and reads what is stored of the batch, in one round trip. It
// reports true if the batch was written before; its outcomes are set then.
func (t *turn) begin(ctx context.Context, c *pgxpool.Conn, w *write) (written bool, err error) {
	kinds, ids := wanted(w.drafts)
	b := new(pgx.Batch)
	b.Queue("begin")
	b.Queue(sqlTurn).QueryRow(func(r pgx.Row) error {
		var schema int
		if err := r.Scan(&t.seq, &schema); err != nil || schema <= newestSchema {
			return err
		}
		return newerSchema(schema, newestSchema)
	})
	b.Queue(sqlFindBatch, w.key.tenant, w.key.key, t.now.Add(-keepKeys).UnixMicro()).QueryRow(func(r pgx.Row) error {
		written, err = w.replay(r)
		return err
	})
	if storable(t.tenant) {
		b.Queue(sqlHeads, t.tenant, kinds, ids).Query(t.scanHeads)
	}
	err = c.SendBatch(ctx, b).Close()
	return written, err
}

// wanted lists the refs of drafts that can be stored.
func wanted(drafts []revision.Draft) (kinds, ids []string) {
	kinds, ids = make([]string, 0, len(drafts)), make([]string, 0, len(drafts))
	for i := range drafts {
		if ref := drafts[i].Record.Ref; storable(string(ref.Kind), ref.ID) {
			kinds, ids = append(kinds, string(ref.Kind)), append(ids, ref.ID)
		}
	}
	return kinds, ids
}

func (t *turn) scanHeads(rows pgx.Rows) error {
	for rows.Next() {
		h := &head{ref: match.Ref{Tenant: t.tenant}}
		if err := rows.Scan(&h.ref.Kind, &h.ref.ID, &h.rid, &h.Seq, &h.Number, &h.Withdrawn, &h.Hash); err != nil {
			return err
		}
		t.heads[h.ref] = h
	}
	return rows.Err()
}

// apply decides on one item and notes what is to be written.
func (t *turn) apply(d *revision.Draft) store.Outcome {
	h := t.heads[d.Record.Ref]
	var newest *revision.Head
	if h != nil {
		newest = &h.Head
	}
	change, refusal := d.Decide(newest)
	switch change {
	case store.Created:
		h = t.create(d)
		newest = &h.Head
	case store.Updated:
		t.update(d, h)
	case store.Withdrawn:
		t.withdraw(h)
	}
	return d.Outcome(newest, change, refusal)
}

func (t *turn) create(d *revision.Draft) *head {
	t.seq++
	h := &head{revision.Head{Seq: t.seq, Number: 1, Hash: d.Hash[:]}, d.Record.Ref, t.seq, true}
	t.heads[h.ref] = h
	t.live[h.ref.Kind]++
	t.created = append(t.created, h)
	t.add(d, h)
	return h
}

func (t *turn) update(d *revision.Draft, h *head) {
	if h.Withdrawn {
		t.live[h.ref.Kind]++
	}
	t.seq++
	h.Head = revision.Head{Seq: t.seq, Number: h.Number + 1, Hash: d.Hash[:]}
	t.add(d, h)
	t.touch(h)
}

func (t *turn) add(d *revision.Draft, h *head) {
	t.revisions = append(t.revisions, row{seq: h.Seq, rid: h.rid, number: h.Number, visibility: d.Record.Visibility, body: d.Body})
}

// withdraw repeats the newest revision, marked as withdrawn.
func (t *turn) withdraw(h *head) {
	t.live[h.ref.Kind]--
	t.seq++
	t.revisions = append(t.revisions, row{seq: t.seq, rid: h.rid, number: h.Number + 1, source: h.Seq})
	h.Seq, h.Number, h.Withdrawn = t.seq, h.Number+1, true
	t.touch(h)
}

func (t *turn) touch(h *head) {
	if !h.written {
		h.written = true
		t.changed = append(t.changed, h)
	}
}

// nonce is a key for a batch that has none.
func nonce() []byte {
	key := make([]byte, 16)
	_, _ = rand.Read(key) // never fails
	return key
}
