package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/duijie/duijie/internal/match"
)

const (
	sqlInsertRecords = `INSERT INTO record (rid, tenant, kind, id, seq, number, withdrawn, hash, created_at)
		SELECT rid, $1, kind, id, seq, number, withdrawn, hash, $2
		FROM unnest($3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::boolean[], $9::bytea[])
			AS n(rid, kind, id, seq, number, withdrawn, hash)`
	sqlUpdateRecords = `UPDATE record AS r SET seq = n.seq, number = n.number, withdrawn = n.withdrawn, hash = n.hash
		FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[], $5::bytea[])
			AS n(rid, seq, number, withdrawn, hash)
		WHERE r.rid = n.rid`
	sqlInsertRevisions = `INSERT INTO revision (seq, rid, number, updated_at, visibility, withdrawn, body)
		SELECT seq, rid, number, $1, visibility, false, body
		FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
			AS n(seq, rid, number, visibility, body)`
	// A withdrawal comes after the revision that it repeats, which may be of this batch.
	sqlRepeatRevisions = `INSERT INTO revision (seq, rid, number, updated_at, visibility, withdrawn, body)
		SELECT n.seq, v.rid, n.number, $1, v.visibility, true, v.body
		FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS n(seq, number, source)
		JOIN revision AS v ON v.seq = n.source`
	sqlTally = `INSERT INTO tally AS t (tenant, kind, live) VALUES ($1, $2, $3)
		ON CONFLICT (tenant, kind) DO UPDATE SET live = t.live + excluded.live`
	sqlLedger = `UPDATE ledger SET seq = $1`
)

// commit writes what the turn has noted, and ends it, in one round trip.
func (t *turn) commit(ctx context.Context, c *pgxpool.Conn, w *write) error {
	b := new(pgx.Batch)
	t.queueRecords(b)
	t.queueRevisions(b)
	for kind, n := range t.live {
		b.Queue(sqlTally, t.tenant, string(kind), n)
	}
	b.Queue(sqlLedger, t.seq)
	if err := t.queueKey(b, w); err != nil {
		return err
	}
	b.Queue("commit")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitTime)
	defer cancel()
	err := c.SendBatch(ctx, b).Close()
	if err == nil {
		return nil
	}
	w.unanswered = !rolledBack(err)
	if ctx.Err() != nil { // not the caller's
		return &match.Error{Kind: match.Unavailable, Reason: "the server does not answer", Err: err}
	}
	return err
}

func (t *turn) queueRecords(b *pgx.Batch) {
	if in := columnsOf(t.created); len(in.rid) > 0 {
		b.Queue(sqlInsertRecords, t.tenant, t.now.UnixMicro(), in.rid, in.kind, in.id, in.seq, in.number, in.withdrawn, in.hash)
	}
	if up := columnsOf(t.changed); len(up.rid) > 0 {
		b.Queue(sqlUpdateRecords, up.rid, up.seq, up.number, up.withdrawn, up.hash)
	}
}

// headColumns are heads turned on their side, for unnest.
type headColumns struct {
	rid, seq, number []int64
	kind, id         []string
	withdrawn        []bool
	hash             [][]byte
}

func columnsOf(heads []*head) (c headColumns) {
	for _, h := range heads {
		c.rid, c.seq, c.number = append(c.rid, h.rid), append(c.seq, h.Seq), append(c.number, h.Number)
		c.kind, c.id = append(c.kind, string(h.ref.Kind)), append(c.id, h.ref.ID)
		c.withdrawn, c.hash = append(c.withdrawn, h.Withdrawn), append(c.hash, h.Hash)
	}
	return c
}

func (t *turn) queueRevisions(b *pgx.Batch) {
	var seq, rid, number, againSeq, againNumber, source []int64
	var visibility, body []string
	for _, r := range t.revisions {
		if r.source != 0 {
			againSeq, againNumber, source = append(againSeq, r.seq), append(againNumber, r.number), append(source, r.source)
			continue
		}
		seq, rid, number = append(seq, r.seq), append(rid, r.rid), append(number, r.number)
		visibility, body = append(visibility, string(r.visibility)), append(body, r.body)
	}
	if now := t.now.UnixMicro(); len(seq) > 0 {
		b.Queue(sqlInsertRevisions, now, seq, rid, number, visibility, body)
	}
	if now := t.now.UnixMicro(); len(source) > 0 {
		b.Queue(sqlRepeatRevisions, now, againSeq, againNumber, source)
	}
}
