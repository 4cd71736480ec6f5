package segment

import (
	"context"

	"github.com/duijie/duijie/internal/quant"
)

// writeSketches writes those of all rows, list by list.
func (b *builder) writeSketches(ctx context.Context, w *writer, place int, c *sorting, rows, starts []uint32) error {
	const batch = 64
	blocks := make([][]byte, batch)
	for from := 0; from < len(c.scales); from += batch {
		n := min(batch, len(c.scales)-from)
		err := inParallel(ctx, b.options.workers(), n, func(_, i int) (err error) {
			list := from + i
			blocks[i], err = b.sketches(place, c, list, rows[starts[list]:starts[list+1]])
			return err
		})
		if err != nil {
			return err
		}
		for _, data := range blocks[:n] {
			w.write(data)
		}
	}
	return w.err
}

// sketches makes those of a list.
func (b *builder) sketches(place int, c *sorting, list int, slots []uint32) ([]byte, error) {
	dim, size := b.spec.Dim, quant.SketchBytes(b.spec.Dim)
	out := make([]byte, (len(slots)+quant.SketchRows-1)/quant.SketchRows*size)
	centroid, v := c.centroids[list*dim:(list+1)*dim], make([]float32, dim)
	for i, slot := range slots {
		codes, fine, bound, err := b.row(place, slot)
		if err != nil {
			return nil, err
		}
		quant.Residual(v, bound.Scale, codes, fine, centroid, c.scales[list])
		quant.Rotate(v)
		quant.Sketch(v, out[i/quant.SketchRows*size:], i%quant.SketchRows)
	}
	return out, nil
}
