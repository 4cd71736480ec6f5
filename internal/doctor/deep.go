package doctor

import (
	"context"
	"fmt"
	"math"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
)

// sameCosine is what two vectors of one text have at least: enough for the rounding
// of an endpoint that computes in half precision.
const sameCosine = 0.995

// again embeds the texts of whole records and compares their vectors.
func (c *comparison) again(ctx context.Context, records []match.Record, points []index.Point, whole []int) error {
	if len(whole) == 0 {
		return nil
	}
	chosen := make([]*match.Record, len(whole))
	for n, i := range whole {
		chosen[n] = &records[i]
	}
	vectors, failed, err := retrieve.EmbedRecords(ctx, c.Embedder, c.kind, chosen)
	if err == nil && len(failed) > 0 {
		err = &embed.PartialError{Errs: failed}
	}
	if err != nil {
		return fmt.Errorf("embedding %d records again: %w", len(whole), err)
	}
	for n, i := range whole {
		title := cosine(vectors[n].Title, points[i].Vectors[retrieve.TitleVector])
		text := cosine(vectors[n].Text, points[i].Vectors[retrieve.TextVector])
		if least := min(title, text); least < sameCosine {
			c.remake(StaleVector, &records[i], match.Corruptf("cosine %.3f", least))
		}
	}
	return nil
}

// cosine of two vectors of length 1 or 0; two zero vectors are the same.
func cosine(a, b []float32) float64 {
	dot, aa, bb := 0.0, 0.0, 0.0
	for i := range a {
		dot += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	if aa == 0 || bb == 0 {
		if aa == bb {
			return 1
		}
		return 0
	}
	return dot / math.Sqrt(aa*bb)
}
