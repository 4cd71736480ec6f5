package qdrant

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/match"
)

// layout is what a collection is made with, whatever its settings.
type layout struct {
	vectors  *qdrant.VectorsConfig
	sparse   *qdrant.SparseVectorConfig
	quantize *qdrant.QuantizationConfig
	metadata map[string]*qdrant.Value
	fields   []field
}

// field is a field of the payload with an index.
type field struct {
	path   string // as Qdrant spells it
	kind   qdrant.FieldType
	params *qdrant.PayloadIndexParams
}

// filterFields are those that conditions speak of.
func filterFields() ([]field, error) {
	var out []field
	for _, g := range []struct {
		group  string
		names  []string
		kind   qdrant.FieldType
		params *qdrant.PayloadIndexParams
	}{
		{tokensField, match.TokenFields, qdrant.FieldType_FieldTypeKeyword, nil},
		{numbersField, match.NumberFields, qdrant.FieldType_FieldTypeInteger, rangesOnly()},
	} {
		for _, name := range g.names {
			at, err := path(g.group, name)
			if err != nil {
				return nil, err
			}
			out = append(out, field{at, g.kind, g.params})
		}
	}
	return out, nil
}

// rangesOnly is an index of numbers without the table for equality, which no
// condition needs.
func rangesOnly() *qdrant.PayloadIndexParams {
	return qdrant.NewPayloadIndexParamsInt(&qdrant.IntegerIndexParams{
		Lookup: qdrant.PtrOf(false), Range: qdrant.PtrOf(true),
	})
}

// A collection that this package makes is NAME_N on the server, behind the alias NAME
// by which all speak of it, so that Reindex can put another one in its place in one
// step. Collections of older versions have no alias; they are NAME themselves.
func numbered(name string, n int) string { return name + "_" + strconv.Itoa(n) }

// prepare makes sure that the collection is there and has its indexes, and returns how
// it is configured. verify refuses one that is not what l says.
func (r *remote) prepare(ctx context.Context, l layout, s Settings, verify func(*qdrant.CollectionConfig) error) (*qdrant.CollectionConfig, error) {
	info, err := r.info(ctx)
	if match.KindOf(err) == match.NotFound {
		if err := r.create(ctx, numbered(r.collection, 1), l, s); err != nil {
			return nil, err
		}
		// Another process may have created it: then what is stored decides.
		if err := r.name(ctx, numbered(r.collection, 1)); err != nil {
			return nil, err
		}
		info, err = r.info(ctx)
	}
	if err != nil {
		return nil, err
	}
	if err := verify(info.GetConfig()); err != nil {
		return nil, err
	}
	return info.GetConfig(), r.indexFields(ctx, r.collection, l.fields, info.GetPayloadSchema())
}

func (r *remote) info(ctx context.Context) (*qdrant.CollectionInfo, error) {
	return call(ctx, r, "get collection", func(ctx context.Context, c *qdrant.Client) (*qdrant.CollectionInfo, error) {
		return c.GetCollectionInfo(ctx, r.collection)
	})
}

// makingTime is the least time for making a collection and its indexes, which takes
// longer than other calls.
const makingTime = time.Minute

// create makes a collection, unless it is there already.
func (r *remote) create(ctx context.Context, name string, l layout, s Settings) error {
	request := &qdrant.CreateCollection{
		CollectionName:      name,
		VectorsConfig:       l.vectors,
		SparseVectorsConfig: l.sparse,
		QuantizationConfig:  l.quantize,
		Metadata:            l.metadata,
		OptimizersConfig:    optimizers(),
	}
	s.shape(request)
	patient := *r
	patient.timeout = max(r.timeout, makingTime)
	_, err := call(ctx, &patient, "create collection", func(ctx context.Context, c *qdrant.Client) (struct{}, error) {
		return struct{}{}, c.CreateCollection(ctx, request)
	})
	return orThere(err)
}

// orThere takes the error for none that says that what is to be made is there: made by
// another process, or by a try of this one whose answer was lost.
func orThere(err error) error {
	if match.KindOf(err) == match.Conflict {
		return nil
	}
	return err
}

// name lets the collection's name speak of another one, in one step.
func (r *remote) name(ctx context.Context, to string) error {
	actions := []*qdrant.AliasOperations{qdrant.NewAliasCreate(r.collection, to)}
	_, err := call(ctx, r, "name collection", func(ctx context.Context, c *qdrant.Client) (struct{}, error) {
		return struct{}{}, c.UpdateAliases(ctx, actions)
	})
	return orThere(err)
}

// indexFields creates the payload indexes that schema lacks. The server makes them one
// after the other, so the last one is waited for alone.
func (r *remote) indexFields(ctx context.Context, collection string, fields []field, schema map[string]*qdrant.PayloadSchemaInfo) error {
	patient := *r
	patient.timeout = max(r.timeout, makingTime)
	r = &patient
	fields = slices.DeleteFunc(slices.Clone(fields), func(f field) bool { return schema[f.path] != nil })
	for i, f := range fields {
		last := i == len(fields)-1
		request := &qdrant.CreateFieldIndexCollection{
			CollectionName: collection, FieldName: f.path, Wait: &last, FieldType: &f.kind, FieldIndexParams: f.params,
		}
		result, err := call(ctx, r, "index field "+f.path, func(ctx context.Context, c *qdrant.Client) (*qdrant.UpdateResult, error) {
			return c.CreateFieldIndex(ctx, request)
		})
		if err == nil && last {
			err = r.applied("index field "+f.path, result)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// update makes a write and sees to it that the server has applied it.
func (r *remote) update(ctx context.Context, operation string, f func(context.Context, *qdrant.Client) (*qdrant.UpdateResult, error)) error {
	result, err := call(ctx, r, operation, f)
	if err != nil {
		return err
	}
	return r.applied(operation, result)
}

// applied is an error where the server has not applied a write yet.
func (r *remote) applied(operation string, result *qdrant.UpdateResult) error {
	if s := result.GetStatus(); s != qdrant.UpdateStatus_Completed {
		return r.fail(match.Unavailable, operation, fmt.Errorf("the server has the write, and has not applied it yet: %v", s))
	}
	return nil
}

// upsert stores points in one message.
func (r *remote) upsert(ctx context.Context, points []*qdrant.PointStruct) error {
	return r.update(ctx, "upsert", func(ctx context.Context, c *qdrant.Client) (*qdrant.UpdateResult, error) {
		return c.Upsert(ctx, &qdrant.UpsertPoints{
			CollectionName: r.collection, Points: points, Wait: qdrant.PtrOf(true), Ordering: ordered(),
		})
	})
}

// delete deletes what is selected.
func (r *remote) delete(ctx context.Context, what *qdrant.PointsSelector) error {
	return r.update(ctx, "delete", func(ctx context.Context, c *qdrant.Client) (*qdrant.UpdateResult, error) {
		return c.Delete(ctx, &qdrant.DeletePoints{
			CollectionName: r.collection, Points: what, Wait: qdrant.PtrOf(true), Ordering: ordered(),
		})
	})
}

// ordered has the replicas of a cluster apply writes in one order, so that the
// later of two writes of a key counts everywhere.
func ordered() *qdrant.WriteOrdering {
	return &qdrant.WriteOrdering{Type: qdrant.WriteOrderingType_Medium}
}

// get returns stored points by their ids, in no order; unknown ones are left out.
func (r *remote) get(ctx context.Context, ids []*qdrant.PointId, vectors *qdrant.WithVectorsSelector, payload ...string) ([]*qdrant.RetrievedPoint, error) {
	request := &qdrant.GetPoints{
		CollectionName: r.collection, Ids: ids, WithVectors: vectors, WithPayload: qdrant.NewWithPayloadInclude(payload...),
	}
	return call(ctx, r, "get points", func(ctx context.Context, c *qdrant.Client) ([]*qdrant.RetrievedPoint, error) {
		return c.Get(ctx, request)
	})
}

func (r *remote) count(ctx context.Context, filter *qdrant.Filter) (int, error) {
	request := &qdrant.CountPoints{CollectionName: r.collection, Filter: filter, Exact: qdrant.PtrOf(true)}
	n, err := call(ctx, r, "count", func(ctx context.Context, c *qdrant.Client) (uint64, error) {
		return c.Count(ctx, request)
	})
	return int(n), err
}

// scroll calls visit with all points that meet a filter, page by page.
func (r *remote) scroll(ctx context.Context, request *qdrant.ScrollPoints, visit func([]*qdrant.RetrievedPoint) error) error {
	request.CollectionName = r.collection
	for {
		var next *qdrant.PointId // set by the last try alone: a failed one is repeated
		points, err := call(ctx, r, "list points", func(ctx context.Context, c *qdrant.Client) (points []*qdrant.RetrievedPoint, err error) {
			points, next, err = c.ScrollAndOffset(ctx, request)
			return points, err
		})
		if err != nil {
			return err
		}
		if err := visit(points); err != nil {
			return err
		}
		if request.Offset = next; next == nil {
			return nil
		}
	}
}

// flushed is an error if the server failed to bring its log and segments to disk. The
// server remembers such a failure, of a disk that was full for example, until its
// optimisers begin anew, and does not try again before; so that is asked for.
func (r *remote) flushed(ctx context.Context) error {
	failed, err := r.failure(ctx)
	if err != nil || failed == nil {
		return err
	}
	if err := r.begin(ctx); err != nil {
		return err
	}
	failed, err = r.failure(ctx)
	return errors.Join(err, failed)
}

// failure is what keeps the server from bringing something to disk; nil for nothing.
func (r *remote) failure(ctx context.Context) (failed, err error) {
	info, err := r.info(ctx)
	if err != nil {
		return nil, err
	}
	s := info.GetOptimizerStatus()
	if s == nil || s.GetOk() {
		return nil, nil
	}
	kind := internalKind(s.GetError())
	if kind == match.Internal {
		kind = match.Unavailable
	}
	return r.fail(kind, "flush", errors.New(s.GetError())), nil
}

// begin has the server's optimisers begin anew.
func (r *remote) begin(ctx context.Context) error {
	request := &qdrant.UpdateCollection{CollectionName: r.collection, OptimizersConfig: optimizers()}
	_, err := call(ctx, r, "begin anew", func(ctx context.Context, c *qdrant.Client) (struct{}, error) {
		return struct{}{}, c.UpdateCollection(ctx, request)
	})
	return err
}

// optimizers says how the server writes its segments.
func optimizers() *qdrant.OptimizersConfigDiff {
	return &qdrant.OptimizersConfigDiff{
		FlushIntervalSec: qdrant.PtrOf(uint64(1)),
		// Set, it would hide new points from searches until they are optimised.
		PreventUnoptimized: qdrant.PtrOf(false),
	}
}
