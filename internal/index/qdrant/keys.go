package qdrant

import (
	"context"
	"slices"

	"github.com/qdrant/go-client/qdrant"
)

// keysPage is how many points are listed at a time; of each no more than its key.
const keysPage = 5000

// Keys returns the keys of all points, in their order. Points without a key, which
// this program did not make, are left out. It reads the whole collection.
func (ix *Index) Keys(ctx context.Context) ([]string, error) {
	var out []string
	err := ix.scroll(ctx, &qdrant.ScrollPoints{
		Limit:       qdrant.PtrOf(uint32(keysPage)),
		WithPayload: qdrant.NewWithPayloadInclude(keyField), WithVectors: qdrant.NewWithVectorsEnable(false),
	}, func(points []*qdrant.RetrievedPoint) error {
		for _, p := range points {
			if key := p.GetPayload()[keyField].GetStringValue(); key != "" {
				out = append(out, key)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(out)
	return out, nil
}
