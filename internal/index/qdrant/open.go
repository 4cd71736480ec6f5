package qdrant

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// Index is an index.Index on a server. Its methods may be called at once, by this
// and other processes.
type Index struct {
	remote
	spec  index.Spec
	chunk int // points in a message
}

var _ index.Index = (*Index)(nil)

// Open connects, and creates the collection of spec with its payload indexes if
// it is not there; several processes may do so at once. Errors are of kind
// match.Invalid (cfg, spec), match.Conflict (the collection holds another Spec, or
// is not Duijie's), match.Unavailable (within cfg.Timeout, naming the address) or
// match.Denied.
func Open(ctx context.Context, cfg Config, spec index.Spec) (*Index, error) {
	if err := cfg.Validate(); err != nil {
		return nil, match.About("qdrant", err)
	}
	if err := spec.Validate(); err != nil {
		return nil, match.About("index "+spec.Collection, err)
	}
	cfg = cfg.withDefaults()
	client, err := cfg.client()
	if err != nil {
		return nil, match.About("qdrant "+cfg.Addr, err)
	}
	ix := &Index{
		remote: remote{client, cfg.Addr, collectionName(cfg.Prefix, spec), cfg.Timeout},
		spec:   spec, chunk: chunkOf(spec),
	}
	if err := ix.prepare(ctx); err != nil {
		return nil, errors.Join(err, client.Close())
	}
	return ix, nil
}

func collectionName(prefix string, spec index.Spec) string {
	model := sha256.Sum256([]byte(spec.Model))
	return prefix + "_" + spec.Collection + "_" + hex.EncodeToString(model[:6])
}

// chunkOf keeps a message near 8 MB, and at no more than 256 points.
func chunkOf(spec index.Spec) int {
	return min(256, max(1, 8<<20/(4*spec.Dim*len(spec.Vectors))))
}

// prepare makes sure that the collection is there, holds spec, and has its indexes.
func (ix *Index) prepare(ctx context.Context) error {
	info, err := ix.info(ctx)
	if match.KindOf(err) == match.NotFound {
		// Another process may be creating it: then the stored Spec decides.
		if err := ix.create(ctx); err != nil && match.KindOf(err) != match.Conflict {
			return err
		}
		info, err = ix.info(ctx)
	}
	if err != nil {
		return err
	}
	if err := ix.verify(info.GetConfig()); err != nil {
		return err
	}
	return ix.indexFields(ctx, info.GetPayloadSchema())
}

func (ix *Index) info(ctx context.Context) (*qdrant.CollectionInfo, error) {
	return call(ctx, &ix.remote, "get collection", func(ctx context.Context) (*qdrant.CollectionInfo, error) {
		return ix.client.GetCollectionInfo(ctx, ix.collection)
	})
}

func (ix *Index) create(ctx context.Context) error {
	vectors := map[string]*qdrant.VectorParams{}
	for _, name := range ix.spec.Vectors {
		vectors[name] = &qdrant.VectorParams{Size: uint64(ix.spec.Dim), Distance: qdrant.Distance_Dot}
	}
	metadata, err := specMetadata(ix.spec)
	if err != nil {
		return err
	}
	request := &qdrant.CreateCollection{
		CollectionName: ix.collection,
		VectorsConfig:  qdrant.NewVectorsConfigMap(vectors),
		Metadata:       metadata,
		OptimizersConfig: &qdrant.OptimizersConfigDiff{
			FlushIntervalSec: qdrant.PtrOf(uint64(1)),
			// Set, it would hide new points from searches until they are optimised.
			PreventUnoptimized: qdrant.PtrOf(false),
		},
	}
	_, err = call(ctx, &ix.remote, "create collection", func(ctx context.Context) (struct{}, error) {
		return struct{}{}, ix.client.CreateCollection(ctx, request)
	})
	return err
}

// indexFields creates the payload indexes that schema lacks.
func (ix *Index) indexFields(ctx context.Context, schema map[string]*qdrant.PayloadSchemaInfo) error {
	groups := []struct {
		name   string
		fields []string
		kind   qdrant.FieldType
		params *qdrant.PayloadIndexParams
	}{
		{tokensField, match.TokenFields, qdrant.FieldType_FieldTypeKeyword, nil},
		{numbersField, match.NumberFields, qdrant.FieldType_FieldTypeInteger, rangesOnly()},
	}
	for _, g := range groups {
		for _, field := range g.fields {
			name, err := path(g.name, field)
			if err != nil {
				return err
			}
			if schema[name] != nil {
				continue
			}
			if err := ix.update(ctx, "index field "+name, func(ctx context.Context) (*qdrant.UpdateResult, error) {
				return ix.client.CreateFieldIndex(ctx, &qdrant.CreateFieldIndexCollection{
					CollectionName: ix.collection, FieldName: name, Wait: qdrant.PtrOf(true),
					FieldType: &g.kind, FieldIndexParams: g.params,
				})
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// rangesOnly is an index of numbers without the table for equality, which no
// condition needs.
func rangesOnly() *qdrant.PayloadIndexParams {
	return qdrant.NewPayloadIndexParamsInt(&qdrant.IntegerIndexParams{
		Lookup: qdrant.PtrOf(false), Range: qdrant.PtrOf(true),
	})
}
