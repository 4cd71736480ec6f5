package qdrant

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// Upsert implements index.Index. Beyond the contract it refuses, as match.Invalid,
// text that is not UTF-8 and numbers of ±2⁵³ and more. Points are sent in chunks:
// an error of another kind may leave the first ones written, and repeating the
// call is safe.
func (ix *Index) Upsert(ctx context.Context, points []index.Point) error {
	if err := ix.spec.CheckPoints(points); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	encoded, err := encodeBatch(points)
	if err != nil {
		return err
	}
	ix.writing.RLock()
	defer ix.writing.RUnlock()
	for chunk := range slices.Chunk(encoded, ix.chunk) {
		if err := ix.upsert(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}

// encodeBatch encodes the last point of each key.
func encodeBatch(points []index.Point) ([]*qdrant.PointStruct, error) {
	out := make([]*qdrant.PointStruct, 0, len(points))
	place := make(map[string]int, len(points))
	for _, p := range points {
		stored, err := encode(p)
		if err != nil {
			return nil, match.About(fmt.Sprintf("point %q", p.Key), err)
		}
		if i, ok := place[p.Key]; ok {
			out[i] = stored
			continue
		}
		place[p.Key] = len(out)
		out = append(out, stored)
	}
	return out, nil
}

// deleteChunk is how many ids are deleted by a message.
const deleteChunk = 4096

// Delete implements index.Index.
func (ix *Index) Delete(ctx context.Context, keys []string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ix.writing.RLock()
	defer ix.writing.RUnlock()
	for chunk := range slices.Chunk(keys, deleteChunk) {
		if err := ix.delete(ctx, qdrant.NewPointsSelectorIDs(idsOf(chunk))); err != nil {
			return err
		}
	}
	return nil
}

// Flush implements index.Index as far as a server allows: every write was in the
// server's log before it returned, so it survives all but a power failure of the
// server within a second (see the package's comment). What is left to do is to
// ask whether the server failed to bring its log and segments to disk.
func (ix *Index) Flush(ctx context.Context) error { return ix.flushed(ctx) }

// Close implements index.Index.
func (ix *Index) Close() error {
	return errors.Join(ix.Flush(context.Background()), ix.nodes.close())
}
