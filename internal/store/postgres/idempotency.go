package postgres

import (
	"bytes"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/revision"
)

// Keys are kept for a week, so that a batch that failed on a Friday can be repeated
// after the weekend; those that were drawn here for longer than any call is repeated.
// Older ones are removed now and then.
const (
	keepKeys   = 7 * 24 * time.Hour
	keepNonces = time.Hour
	purgeEvery = time.Hour
)

const (
	sqlFindBatch = `SELECT digest, outcomes FROM idempotency WHERE tenant = $1 AND key = $2 AND at > $3`
	// A key that has expired and is not yet purged is replaced.
	sqlKeepBatch = `INSERT INTO idempotency (tenant, key, at, digest, outcomes) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (tenant, key) DO UPDATE SET at = excluded.at, digest = excluded.digest, outcomes = excluded.outcomes`
	sqlPurgeBatches = `DELETE FROM idempotency WHERE at <= $1 OR tenant = '' AND at <= $2`
)

// batchKey names a batch. Tenants have a prefix, so that the keys that are drawn
// here, whose tenant is empty, are apart.
type batchKey struct {
	tenant, key, digest []byte
}

func keyOf(w *write) batchKey {
	if w.IdempotencyKey == "" {
		return batchKey{[]byte{}, nonce(), []byte{}}
	}
	return batchKey{[]byte("/" + w.Tenant), []byte(w.IdempotencyKey), revision.Digest(w.drafts)}
}

// replay reads the outcomes of an earlier batch with the same key. Under a key that was
// drawn here that is this batch, in an attempt before, whose outcomes w still has.
func (w *write) replay(r pgx.Row) (written bool, err error) {
	var digest []byte
	var list *string
	err = r.Scan(&digest, &list)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return false, nil
	case err != nil || w.IdempotencyKey == "":
		return err == nil, err
	case !bytes.Equal(digest, w.key.digest):
		return false, (&match.Error{Kind: match.Conflict, Field: "idempotency_key"}).
			Because("%q was used for a batch with other content", w.IdempotencyKey)
	case list == nil:
		return false, &match.Error{Kind: match.Corrupt, Reason: "the outcomes of a batch are missing"}
	}
	w.outcomes, err = revision.DecodeOutcomes([]byte(*list), w.drafts)
	return err == nil, err
}

// queueKey notes that the batch was written, and forgets expired keys.
func (t *turn) queueKey(b *pgx.Batch, w *write) error {
	var list *string
	if w.IdempotencyKey != "" {
		kept, err := revision.EncodeOutcomes(w.outcomes)
		if err != nil {
			return err
		}
		list = &kept
	}
	b.Queue(sqlKeepBatch, w.key.tenant, w.key.key, t.now.UnixMicro(), w.key.digest, list)
	last := t.purgedAt.Load()
	if now := t.now.UnixMicro(); now-last >= purgeEvery.Microseconds() && t.purgedAt.CompareAndSwap(last, now) {
		b.Queue(sqlPurgeBatches, t.now.Add(-keepKeys).UnixMicro(), t.now.Add(-keepNonces).UnixMicro())
	}
	return nil
}
