package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/duijie/duijie/internal/match"
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
func (s *Store) putOnce(ctx context.Context, tx *sql.Tx, batch store.Batch, drafts []draft) ([]store.Outcome, error) {
	now, sum := s.clock(), digest(drafts)
	outcomes, err := s.replay(tx, batch, drafts, sum, now)
	if err != nil || outcomes != nil {
		return outcomes, err
	}
	if outcomes, err = s.putDrafts(ctx, tx, batch.Tenant, drafts); err != nil {
		return nil, err
	}
	list, err := encodeOutcomes(outcomes)
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
func (s *Store) replay(tx *sql.Tx, batch store.Batch, drafts []draft, sum []byte, now time.Time) ([]store.Outcome, error) {
	var digest, list []byte
	err := tx.Stmt(s.put.findBatch).QueryRow(batch.Tenant, batch.IdempotencyKey, now.Add(-keepKeys).UnixMicro()).
		Scan(&digest, &list)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case !bytes.Equal(digest, sum):
		return nil, &match.Error{Kind: match.Conflict, Field: "idempotency_key",
			Reason: fmt.Sprintf("%q was used for a batch with other content", batch.IdempotencyKey)}
	}
	return decodeOutcomes(list, drafts)
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

// keptOutcome is an outcome without its ref, which the repeated batch has anyway.
type keptOutcome struct {
	Change   store.Change `json:"change"`
	Revision int64        `json:"revision,omitempty"`
	Seq      int64        `json:"seq,omitempty"`
	Err      *keptError   `json:"error,omitempty"`
}

type keptError struct {
	Kind   string `json:"kind"` // by name: the numbers may change with the domain
	Record string `json:"record,omitempty"`
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason,omitempty"`
	Cause  string `json:"cause,omitempty"`
}

func encodeOutcomes(outcomes []store.Outcome) (string, error) {
	kept := make([]keptOutcome, len(outcomes))
	for i, o := range outcomes {
		kept[i] = keptOutcome{o.Change, o.Revision, o.Seq, keepError(o.Err)}
	}
	list, err := json.Marshal(kept)
	return string(list), err
}

func decodeOutcomes(list []byte, drafts []draft) ([]store.Outcome, error) {
	var kept []keptOutcome
	if err := json.Unmarshal(list, &kept); err != nil || len(kept) != len(drafts) {
		return nil, &match.Error{Kind: match.Corrupt, Reason: "the kept outcomes of a batch cannot be read", Err: err}
	}
	outcomes := make([]store.Outcome, len(kept))
	for i, k := range kept {
		outcomes[i] = store.Outcome{Ref: drafts[i].Record.Ref, Change: k.Change, Revision: k.Revision, Seq: k.Seq, Err: k.Err.restore()}
	}
	return outcomes, nil
}

func keepError(err error) *keptError {
	if err == nil {
		return nil
	}
	var e *match.Error
	if !errors.As(err, &e) {
		return &keptError{Kind: match.KindOf(err).String(), Cause: err.Error()}
	}
	k := &keptError{Kind: e.Kind.String(), Record: e.Record, Field: e.Field, Reason: e.Reason}
	if e.Err != nil {
		k.Cause = e.Err.Error()
	}
	return k
}

func (k *keptError) restore() error {
	if k == nil {
		return nil
	}
	e := &match.Error{Record: k.Record, Field: k.Field, Reason: k.Reason}
	for kind := match.Internal; kind <= match.Canceled; kind++ {
		if kind.String() == k.Kind {
			e.Kind = kind
		}
	}
	if k.Cause != "" {
		e.Err = errors.New(k.Cause)
	}
	return e
}
