package qdrant

import (
	"context"
	"slices"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// Vectors implements index.Index.
func (ix *Index) Vectors(ctx context.Context, keys []string) ([]index.Point, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := make([]index.Point, 0, len(keys))
	for chunk := range slices.Chunk(keys, ix.chunk) {
		stored, err := ix.byID(ctx, chunk)
		if err != nil {
			return nil, err
		}
		for _, key := range chunk {
			p, err := ix.pointOf(stored[idOf(key)], key)
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
	}
	return out, nil
}

// byID returns what is stored of the keys, by id.
func (ix *Index) byID(ctx context.Context, keys []string) (map[string]*qdrant.RetrievedPoint, error) {
	found, err := ix.get(ctx, idsOf(keys), qdrant.NewWithVectorsEnable(true), keyField, zeroField)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*qdrant.RetrievedPoint, len(found))
	for _, p := range found {
		out[p.GetId().GetUuid()] = p
	}
	return out, nil
}

func (ix *Index) pointOf(stored *qdrant.RetrievedPoint, key string) (index.Point, error) {
	if stored == nil {
		return index.Point{Key: key}, nil
	}
	p, err := decode(stored, ix.spec.Dim)
	if err != nil {
		return p, ix.fail(match.Corrupt, "get points", err)
	}
	return p, nil
}

// Count implements index.Index.
func (ix *Index) Count(ctx context.Context, conditions []match.Condition) (int, error) {
	filter, err := translate(conditions)
	if err != nil {
		return 0, err
	}
	return ix.count(ctx, filter)
}
