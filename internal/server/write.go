package server

import (
	"context"
	"fmt"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/store"
)

type writeRequest interface {
	GetTenant() string
	GetIdempotencyKey() string
}

// create writes a record that must not be there. One that was withdrawn comes back
// with a new revision.
func (s *side[M]) create(ctx context.Context, req writeRequest, m M) (none M, err error) {
	tenant, err := writeOf(req)
	if err != nil {
		return none, err
	}
	record, err := s.read(m, tenant)
	if err != nil {
		return none, err
	}
	outcome, err := s.put(ctx, req.GetIdempotencyKey(), store.Item{Record: record, IfRevision: -1})
	if err != nil {
		return none, err
	}
	if outcome.Err != nil {
		return none, wire.CreateStatus(outcome.Err)
	}
	return s.written(ctx, outcome)
}

type withdrawRequest interface {
	writeRequest
	GetIfRevision() int64
}

// withdraw takes a record out of the answers. To do so twice is no error.
func (s *side[M]) withdraw(ctx context.Context, req withdrawRequest, id string) (none M, err error) {
	if _, err := writeOf(req); err != nil {
		return none, err
	}
	ref, err := s.ref(req.GetTenant(), id)
	if err != nil {
		return none, err
	}
	if err := checkRevision(req.GetIfRevision()); err != nil {
		return none, err
	}
	outcome, err := s.put(ctx, req.GetIdempotencyKey(), store.Item{
		Record: match.Record{Ref: ref, Withdrawn: true}, IfRevision: req.GetIfRevision(),
	})
	if err != nil {
		return none, err
	}
	return s.written(ctx, outcome)
}

func checkRevision(n int64) error {
	if n < 0 {
		return match.Invalidf("if_revision", "is negative")
	}
	return nil
}

// put writes one item. The error is that of the whole call; the item's own is in the
// outcome.
func (s *side[M]) put(ctx context.Context, key string, item store.Item) (store.Outcome, error) {
	batch := store.Batch{Tenant: item.Record.Tenant, IdempotencyKey: key, Items: []store.Item{item}}
	outcomes, err := s.catalog.Write(ctx, batch)
	if err != nil {
		return store.Outcome{}, err
	}
	return outcomes[0], nil
}

// written returns the revision that a write has made or found.
func (s *side[M]) written(ctx context.Context, o store.Outcome) (none M, err error) {
	if o.Err != nil {
		return none, o.Err
	}
	record, err := s.store.Revision(ctx, o.Ref, o.Revision)
	if err != nil {
		return none, fmt.Errorf("reading what was written: %w", err)
	}
	return s.shown(ctx, record)
}
