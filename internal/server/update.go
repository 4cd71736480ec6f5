package server

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

type updateRequest interface {
	withdrawRequest
	GetUpdateMask() *fieldmaskpb.FieldMask
	GetAllowMissing() bool
}

// Limits of an update that merges: how often it is tried again when others write the
// same record, and how many revisions back a repetition is looked for.
const (
	maxTries    = 5
	maxLookBack = 50
)

// change is an update on its way.
type change[M any] struct {
	updateRequest
	ref     match.Ref
	message M
}

// update writes a new revision: the message as it is, or merged by the mask into the
// revision that the caller names, or else into the newest.
func (s *side[M]) update(ctx context.Context, req updateRequest, m M) (none M, err error) {
	tenant, err := writeOf(req)
	if err != nil {
		return none, err
	}
	if err := checkRevision(req.GetIfRevision()); err != nil {
		return none, err
	}
	if s.id(m) == "" { // reading it fails, and says at what
		_, err := s.read(m, tenant)
		return none, err
	}
	c := change[M]{req, match.RefOf(tenant, s.kind, s.id(m)), m}
	newest, err := s.newest(ctx, c.ref)
	if err != nil {
		return none, err
	}
	if (newest == nil || newest.Withdrawn) && !req.GetAllowMissing() {
		return none, missing(c.ref, newest)
	}
	outcome, err := s.apply(ctx, c, newest)
	if err != nil {
		return none, err
	}
	return s.written(ctx, outcome)
}

func (s *side[M]) apply(ctx context.Context, c change[M], newest *match.Record) (store.Outcome, error) {
	paths := c.GetUpdateMask().GetPaths()
	switch {
	case c.GetIfRevision() != 0:
		return s.applyTo(ctx, c, newest)
	case len(paths) == 0 || slices.Contains(paths, "*"):
		return s.putMerged(ctx, c.GetIdempotencyKey(), c, newest, 0)
	}
	return s.mergeIntoNewest(ctx, c, newest)
}

// applyTo merges into the revision that the caller names, newest or not: so a
// repetition makes the same content, which is how the store knows it. Whether the
// revision is the newest is for the store to say.
func (s *side[M]) applyTo(ctx context.Context, c change[M], newest *match.Record) (store.Outcome, error) {
	base := newest
	if newest != nil && newest.Revision != c.GetIfRevision() {
		named, err := s.store.Revision(ctx, c.ref, c.GetIfRevision())
		if err != nil && match.KindOf(err) != match.NotFound {
			return store.Outcome{}, err
		}
		if err == nil {
			base = named
		}
	}
	return s.putMerged(ctx, c.GetIdempotencyKey(), c, base, c.GetIfRevision())
}

// mergeIntoNewest reads, merges and writes, again if another write came between.
// A refusal is kept under its idempotency key, so each try has a key of its own.
func (s *side[M]) mergeIntoNewest(ctx context.Context, c change[M], newest *match.Record) (store.Outcome, error) {
	for try := 1; ; try++ {
		key := c.GetIdempotencyKey()
		if key != "" && try > 1 {
			key = fmt.Sprintf("%s~%d", key, try)
		}
		outcome, err := s.putMerged(ctx, key, c, newest, revisionOf(newest))
		if isOtherContent(err) {
			outcome, err = s.repeat(ctx, key, c, newest, err)
		}
		if err != nil || match.KindOf(outcome.Err) != match.Conflict || try == maxTries {
			return outcome, err
		}
		if newest, err = s.newest(ctx, c.ref); err != nil {
			return store.Outcome{}, err
		}
	}
}

// repeat finds the write that a known key belongs to. The store knows a repetition
// by its content, which depends on the revision that was the newest then: so the
// change is merged into earlier ones until the store knows it. A key that is known
// writes nothing. A revision that the change makes no record with is not the one.
func (s *side[M]) repeat(ctx context.Context, key string, c change[M], newest *match.Record, unknown error) (store.Outcome, error) {
	last := int64(0)
	if newest != nil {
		last = newest.Revision
	}
	for n := last - 1; n >= max(0, last-maxLookBack); n-- {
		var base *match.Record
		if n > 0 {
			var err error
			if base, err = s.store.Revision(ctx, c.ref, n); err != nil {
				return store.Outcome{}, err
			}
		}
		outcome, err := s.putMerged(ctx, key, c, base, revisionOf(base))
		if !isOtherContent(err) && match.KindOf(err) != match.Invalid {
			return outcome, err
		}
	}
	return store.Outcome{}, unknown
}

// revisionOf is the condition under which base is still the newest revision.
func revisionOf(base *match.Record) int64 {
	if base == nil {
		return -1
	}
	return base.Revision
}

func isOtherContent(err error) bool {
	var e *match.Error
	for errors.As(err, &e) {
		if e.Kind == match.Conflict && e.Field == "idempotency_key" {
			return true
		}
		err = e.Err
	}
	return false
}

// putMerged writes the change merged into base. A base that is not there, or not any
// more, has no fields.
func (s *side[M]) putMerged(ctx context.Context, key string, c change[M], base *match.Record, ifRevision int64) (store.Outcome, error) {
	var old M
	if base != nil && !base.Withdrawn {
		old = s.write(base, "", "")
	}
	merged, err := s.merge(old, c.message, c.GetUpdateMask())
	if err != nil {
		return store.Outcome{}, err
	}
	record, err := s.read(merged, c.ref.Tenant)
	if err != nil {
		return store.Outcome{}, err
	}
	return s.put(ctx, key, store.Item{Record: record, IfRevision: ifRevision})
}
