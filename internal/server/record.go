package server

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	pb "github.com/duijie/duijie/api/duijie/v1"
	"github.com/duijie/duijie/internal/catalog"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
	"github.com/duijie/duijie/internal/store"
)

// recordMessage is pb.Patent or pb.Demand.
type recordMessage interface {
	proto.Message
	GetInfo() *pb.RecordInfo
}

// side serves the records of one kind, whose message is M.
type side[M recordMessage] struct {
	catalog  *catalog.Catalog
	store    store.Store
	maxBatch int

	kind    match.Kind
	idField string
	id      func(M) string
	read    func(M, string) (match.Record, error)
	write   func(*match.Record, match.State, string) M
	merge   func(old, change M, mask *fieldmaskpb.FieldMask) (M, error)
}

// get returns a revision of a record, the newest one for 0.
func (s *side[M]) get(ctx context.Context, tenant, id string, revision int64) (m M, err error) {
	ref, err := s.ref(tenant, id)
	if err != nil {
		return m, err
	}
	if revision < 0 {
		return m, match.Invalidf("revision", "is negative")
	}
	newest, err := s.newest(ctx, ref)
	switch {
	case err != nil:
		return m, err
	case newest == nil:
		return m, missing(ref, nil)
	case revision == 0 || revision == newest.Revision:
		return s.shown(ctx, newest)
	}
	old, err := s.store.Revision(ctx, ref, revision)
	if err != nil {
		return m, err
	}
	return s.write(old, "", ""), nil // an old revision is on its way to nowhere
}

type listRequest interface {
	proto.Message
	GetTenant() string
	GetPageSize() int32
	GetPageToken() string
	GetShowWithdrawn() bool
}

// list returns a page and the token of the next one.
func (s *side[M]) list(ctx context.Context, req listRequest) (page []M, next string, err error) {
	q := store.ListQuery{Kind: s.kind, Withdrawn: req.GetShowWithdrawn()}
	if q.Tenant, err = tenantOf(req.GetTenant()); err != nil {
		return nil, "", err
	}
	size, err := pageSize(req.GetPageSize(), defaultPage, maxPage)
	if err != nil {
		return nil, "", err
	}
	if q.After, err = placeOf[string](req, req.GetPageToken()); err != nil {
		return nil, "", err
	}
	q.Limit = size + 1 // one more tells whether there is a next page
	records, err := s.store.List(ctx, q)
	if err != nil {
		return nil, "", err
	}
	shown, err := s.shownAll(ctx, records)
	if err != nil {
		return nil, "", err
	}
	bytes := 0
	for i := range shown {
		if i == size || bytes > maxPageBytes {
			return shown[:i], nextPage(req, records[i-1].ID), nil
		}
		bytes += proto.Size(shown[i])
	}
	return shown, "", nil
}

// batch writes records, each as far as it can be.
func (s *side[M]) batch(ctx context.Context, req writeRequest, list []M) ([]*pb.WriteResult, error) {
	tenant, err := writeOf(req)
	if err != nil {
		return nil, err
	}
	return s.writeBatch(ctx, tenant, req.GetIdempotencyKey(), list)
}

func (s *side[M]) writeBatch(ctx context.Context, tenant, key string, list []M) ([]*pb.WriteResult, error) {
	if err := checkBatch(string(s.kind)+"s", len(list), s.maxBatch); err != nil {
		return nil, err
	}
	results := make([]*pb.WriteResult, len(list))
	var items []store.Item
	var places []int // of items in list
	for i, m := range list {
		record, err := s.item(m, tenant)
		if err != nil {
			results[i] = wire.RefusedResult(s.id(m), err)
			continue
		}
		items, places = append(items, store.Item{Record: record}), append(places, i)
	}
	if len(items) == 0 {
		return results, nil
	}
	outcomes, err := s.catalog.Write(ctx, store.Batch{Tenant: tenant, IdempotencyKey: key, Items: items})
	if err != nil {
		return nil, err
	}
	for i, o := range outcomes {
		results[places[i]] = wire.ToWriteResult(o)
	}
	return results, nil
}

// item reads an item of a batch. One that is to be withdrawn needs no more than its
// id; without that, reading it fails, and says at what.
func (s *side[M]) item(m M, tenant string) (match.Record, error) {
	if id := s.id(m); id != "" && m.GetInfo().GetWithdrawn() {
		return match.Record{Ref: match.RefOf(tenant, s.kind, id), Withdrawn: true}, nil
	}
	return s.read(m, tenant)
}

func (s *side[M]) ref(tenant, id string) (match.Ref, error) {
	tenant, err := tenantOf(tenant)
	if err != nil {
		return match.Ref{}, err
	}
	if id == "" {
		return match.Ref{}, match.Invalidf(s.idField, "is empty")
	}
	return match.RefOf(tenant, s.kind, id), nil
}

// newest returns the newest revision, and nil for a record that never was.
func (s *side[M]) newest(ctx context.Context, ref match.Ref) (*match.Record, error) {
	got, err := s.store.Get(ctx, []match.Ref{ref})
	if err != nil {
		return nil, fmt.Errorf("reading %v: %w", ref, err)
	}
	return got[0], nil
}

// missing is the error for a record that is not there, or not there any more.
func missing(ref match.Ref, newest *match.Record) error {
	reason := "there is no such record"
	if newest != nil && newest.Withdrawn {
		reason = "was withdrawn"
	}
	return &match.Error{Kind: match.NotFound, Record: ref.String(), Reason: reason}
}

// shown writes a newest revision with its state. A withdrawn record has none: it is
// in no answer.
func (s *side[M]) shown(ctx context.Context, r *match.Record) (m M, err error) {
	if r.Withdrawn {
		return s.write(r, "", ""), nil
	}
	state, reason, err := s.catalog.State(ctx, r)
	if err != nil {
		return m, fmt.Errorf("finding the state of %v: %w", r.Ref, err)
	}
	return s.write(r, state, reason), nil
}

// shownAll is shown for a page.
func (s *side[M]) shownAll(ctx context.Context, records []match.Record) ([]M, error) {
	refs := make([]*match.Record, len(records))
	for i := range records {
		refs[i] = &records[i]
	}
	standings, err := s.catalog.States(ctx, refs)
	if err != nil {
		return nil, err
	}
	out := make([]M, len(records))
	for i, r := range refs {
		state := standings[i]
		if r.Withdrawn {
			state = catalog.Standing{}
		}
		out[i] = s.write(r, state.State, state.Reason)
	}
	return out, nil
}
