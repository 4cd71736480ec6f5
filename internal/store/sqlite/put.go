package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
	"github.com/duijie/duijie/internal/store"
)

type putStatements struct {
	lastSeq, heads                     *sql.Stmt
	create                             [2]creation // of one record, of createMany
	updateRecord                       *sql.Stmt
	insertRevision, repeatRevision     *sql.Stmt
	tally                              *sql.Stmt
	findBatch, keepBatch, purgeBatches *sql.Stmt
	putLabel, withdrawLabel            *sql.Stmt
	putFailure, clearFailure, makeDue  *sql.Stmt
	set                                *sql.Stmt
	keepAnswer                         *sql.Stmt
	forgetOld, forgetBeyond            *sql.Stmt
	lastEvent, eventsOf, ratingsOf     *sql.Stmt
	putEvent, putRating, addRating     *sql.Stmt
	findModel, putModel, putModelPart  *sql.Stmt
	settingSeq, findSetting, putChange *sql.Stmt
	putSetting, dropSetting            *sql.Stmt
	findDataset, putDataset            *sql.Stmt
	putOperation, putShadow            *sql.Stmt
}

func (p *putStatements) list() []statement {
	return []statement{
		{&p.lastSeq, `SELECT coalesce(max(seq), 0) FROM revision`},
		// One query finds what is stored of a whole batch.
		{&p.heads, `SELECT r.kind, r.id, r.rid, r.seq, r.number, r.withdrawn, r.hash
			FROM json_each(?2) AS want
			CROSS JOIN record AS r ON r.tenant = ?1 AND r.kind = want.value ->> 0 AND r.id = want.value ->> 1`},
		{&p.create[0].records, sqlCreateRecords(1)}, {&p.create[0].revisions, sqlCreateRevisions(1)},
		{&p.create[1].records, sqlCreateRecords(createMany)}, {&p.create[1].revisions, sqlCreateRevisions(createMany)},
		{&p.updateRecord, `UPDATE record SET seq = ?2, number = ?3, withdrawn = ?4, hash = ?5 WHERE rid = ?1`},
		{&p.insertRevision, `INSERT INTO revision (seq, rid, number, updated_at, visibility, withdrawn, body, packed)
			VALUES (?1, ?2, ?3, ?4, ?5, 0, '', ?6)`},
		{&p.repeatRevision, `INSERT INTO revision (seq, rid, number, updated_at, visibility, withdrawn, body, packed)
			SELECT ?1, rid, ?2, ?3, visibility, 1, body, packed FROM revision WHERE seq = ?4`},
		{&p.tally, `INSERT INTO tally (tenant, kind, live) VALUES (?1, ?2, ?3)
			ON CONFLICT DO UPDATE SET live = live + excluded.live`},
		{&p.findBatch, sqlFindBatch}, {&p.keepBatch, sqlKeepBatch}, {&p.purgeBatches, sqlPurgeBatches},
		{&p.putLabel, sqlPutLabel}, {&p.withdrawLabel, sqlWithdrawLabel},
		{&p.putFailure, sqlPutFailure},
		{&p.clearFailure, sqlClearFailure}, {&p.makeDue, sqlMakeDue}, {&p.set, sqlSetWatermark},
		{&p.keepAnswer, sqlKeepAnswer}, {&p.forgetOld, sqlForgetOld}, {&p.forgetBeyond, sqlForgetBeyond},
		{&p.lastEvent, sqlLastEvent}, {&p.eventsOf, sqlEventsOf}, {&p.ratingsOf, sqlRatingsOf},
		{&p.putEvent, sqlPutEvent}, {&p.putRating, sqlPutRating}, {&p.addRating, sqlAddRating},
		{&p.findModel, sqlFindModel}, {&p.putModel, sqlPutModel}, {&p.putModelPart, sqlPutModelPart},
		{&p.settingSeq, sqlSettingSeq}, {&p.findSetting, sqlFindSetting}, {&p.putChange, sqlPutChange},
		{&p.putSetting, sqlPutSetting}, {&p.dropSetting, sqlDropSetting},
		{&p.findDataset, sqlFindDataset}, {&p.putDataset, sqlPutDataset},
		{&p.putOperation, sqlPutOperation}, {&p.putShadow, sqlPutShadow},
	}
}

// Put writes a batch; see store.Records.
func (s *Store) Put(ctx context.Context, batch store.Batch) ([]store.Outcome, error) {
	drafts := revision.Drafts(batch)
	var outcomes []store.Outcome
	err := s.write(ctx, func(tx *sql.Tx) (err error) {
		if batch.IdempotencyKey == "" {
			outcomes, err = s.putDrafts(ctx, tx, batch.Tenant, drafts)
		} else {
			outcomes, err = s.putOnce(ctx, tx, batch, drafts)
		}
		return err
	})
	if err != nil {
		return nil, s.failed(err, "put %d items of tenant %q", len(batch.Items), batch.Tenant)
	}
	return outcomes, nil
}

func (s *Store) putDrafts(ctx context.Context, tx *sql.Tx, tenant string, drafts []revision.Draft) ([]store.Outcome, error) {
	b, err := s.begin(tx, tenant, drafts)
	if err != nil {
		return nil, err
	}
	outcomes := make([]store.Outcome, len(drafts))
	for i := range drafts {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if outcomes[i], err = b.apply(&drafts[i]); err != nil {
			return nil, fmt.Errorf("item %d, %s: %w", i, drafts[i].Record.Ref, err)
		}
	}
	if err := b.flush(); err != nil {
		return nil, err
	}
	return outcomes, b.count(tx.Stmt(s.put.tally), tenant)
}

// head is what is newest of a record.
type head struct {
	rid int64
	revision.Head
}

// begun is a batch inside its transaction. Its heads follow what it writes, so that
// the second item of a record sees the first.
type begun struct {
	tenant   string
	heads    map[match.Ref]*head
	live     map[match.Kind]int // change of the number of live records
	seq, now int64
	created  []created // new records that are not written yet

	create                                       [2]creation
	updateRecord, insertRevision, repeatRevision *sql.Stmt
}

func (s *Store) begin(tx *sql.Tx, tenant string, drafts []revision.Draft) (*begun, error) {
	b := &begun{
		tenant:         tenant,
		heads:          make(map[match.Ref]*head, len(drafts)),
		live:           map[match.Kind]int{},
		now:            s.clock().UnixMicro(),
		updateRecord:   tx.Stmt(s.put.updateRecord),
		insertRevision: tx.Stmt(s.put.insertRevision),
		repeatRevision: tx.Stmt(s.put.repeatRevision),
	}
	for i, c := range s.put.create {
		b.create[i] = creation{tx.Stmt(c.records), tx.Stmt(c.revisions)}
	}
	if err := tx.Stmt(s.put.lastSeq).QueryRow().Scan(&b.seq); err != nil {
		return nil, err
	}
	return b, b.load(tx.Stmt(s.put.heads), tenant, drafts)
}

func (b *begun) load(heads *sql.Stmt, tenant string, drafts []revision.Draft) error {
	wanted := make([][2]string, len(drafts))
	for i := range drafts {
		wanted[i] = [2]string{string(drafts[i].Record.Kind), drafts[i].Record.ID}
	}
	list, err := json.Marshal(wanted)
	if err != nil {
		return err
	}
	rows, err := heads.Query(tenant, string(list))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		ref, h := match.Ref{Tenant: tenant}, new(head)
		if err := rows.Scan(&ref.Kind, &ref.ID, &h.rid, &h.Seq, &h.Number, &h.Withdrawn, &h.Hash); err != nil {
			return err
		}
		b.heads[ref] = h
	}
	return rows.Err()
}
