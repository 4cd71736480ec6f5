package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
	"github.com/duijie/duijie/internal/store"
)

// Keys are kept for a week, so that a batch that failed on a Friday can be repeated
// after the weekend. Older ones are removed now and then.
const (
	keepKeys   = 7 * 24 * time.Hour
	purgeEvery = time.Hour
)

const (
	sqlFindBatch = `SELECT digest, outcomes FROM idempotency WHERE tenant = ?1 AND key = ?2 AND at > ?3`
	// A key that has expired and is not yet purged is replaced.
	sqlKeepBatch = `INSERT OR REPLACE INTO idempotency (tenant, key, at, digest, outcomes)
		VALUES (?1, ?2, ?3, ?4, ?5)`
	sqlPurgeBatches = `DELETE FROM idempotency WHERE at <= ?1`
)

// putOnce writes a batch that carries a key, or tells what became of it before.
func (s *Store) putOnce(ctx context.Context, tx *sql.Tx, batch store.Batch, drafts []revision.Draft) ([]store.Outcome, error) {
	now, sum := s.clock(), revision.Digest(drafts)
	outcomes, err := s.replay(tx, batch, drafts, sum, now)
	if err != nil || outcomes != nil {
		return outcomes, err
	}
	if outcomes, err = s.putDrafts(ctx, tx, batch.Tenant, drafts); err != nil {
		return nil, err
	}
	list, err := revision.EncodeOutcomes(outcomes)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Stmt(s.put.keepBatch).Exec(batch.Tenant, batch.IdempotencyKey, now.UnixMicro(), sum, list); err != nil {
		return nil, err
	}
	return outcomes, s.purge(tx, now)
}

// replay gives the outcomes of an earlier batch with the same key, and nil where
// there was none.
func (s *Store) replay(tx *sql.Tx, batch store.Batch, drafts []revision.Draft, sum []byte, now time.Time) ([]store.Outcome, error) {
	var digest, list []byte
	err := tx.Stmt(s.put.findBatch).QueryRow(batch.Tenant, batch.IdempotencyKey, now.Add(-keepKeys).UnixMicro()).
		Scan(&digest, &list)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case !bytes.Equal(digest, sum):
		return nil, (&match.Error{Kind: match.Conflict, Field: "idempotency_key"}).
			Because("%q was used for a batch with other content", batch.IdempotencyKey)
	}
	return revision.DecodeOutcomes(list, drafts)
}

// purge forgets expired keys. It runs inside a write, which makes purgedAt safe.
func (s *Store) purge(tx *sql.Tx, now time.Time) error {
	if now.Sub(s.purgedAt) < purgeEvery {
		return nil
	}
	s.purgedAt = now
	_, err := tx.Stmt(s.put.purgeBatches).Exec(now.Add(-keepKeys).UnixMicro())
	return err
}
