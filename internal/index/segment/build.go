package segment

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strconv"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
)

// gone is the new slot of a point that was not taken over.
const gone = ^uint32(0)

// origin says where a point of the new segment comes from.
type origin struct{ source, slot uint32 }

// builder makes one segment of the living points of its sources. It is deterministic.
type builder struct {
	spec    index.Spec
	sources []source
	options Options

	origins []origin   // by new slot
	moved   [][]uint32 // new slot by source and slot
}

// build writes a segment's file, and returns where the slots of each source went.
func build(ctx context.Context, disk flat.Disk, path string, spec index.Spec, sources []source, o Options) (moved [][]uint32, err error) {
	b := &builder{spec: spec, sources: sources, options: o}
	for i, s := range sources {
		each(s.living(), func(slot uint32) { b.origins = append(b.origins, origin{uint32(i), slot}) })
	}
	columns := make([]*sorting, len(spec.Vectors))
	for place := range columns {
		if columns[place], err = b.sort(ctx, place); err != nil {
			return nil, err
		}
	}
	b.arrange(columns)
	w, err := newWriter(disk, path)
	if err != nil {
		return nil, err
	}
	w.dir.Spec, w.dir.Points = storedSpec(spec), len(b.origins)
	err = b.write(ctx, w, columns)
	if err != nil {
		return nil, errors.Join(err, w.file.Close(), ignoreMissing(disk.Remove(path)))
	}
	if err := w.finish(); err != nil {
		return nil, errors.Join(err, ignoreMissing(disk.Remove(path)))
	}
	return b.moved, match.WriteFailed(path, disk.SyncDir(parent(path)))
}

// arrange gives the slots the order of the first vector's lists, so that what is near
// lies together, and turns what refers to the old order.
func (b *builder) arrange(columns []*sorting) {
	order := make([]uint32, len(b.origins)) // old place by new slot
	for i := range order {
		order[i] = uint32(i)
	}
	first := columns[0].list
	slices.SortStableFunc(order, func(x, y uint32) int { return int(first[x]) - int(first[y]) })
	origins := b.origins
	b.origins = make([]origin, len(origins))
	for slot, old := range order {
		b.origins[slot] = origins[old]
	}
	for _, c := range columns {
		list := c.list
		c.list = make([]int32, len(list))
		for slot, old := range order {
			c.list[slot] = list[old]
		}
	}
	for _, s := range b.sources {
		b.moved = append(b.moved, slices.Repeat([]uint32{gone}, s.slots()))
	}
	for slot, o := range b.origins {
		b.moved[o.source][o.slot] = uint32(slot)
	}
}

func (b *builder) write(ctx context.Context, w *writer, columns []*sorting) error {
	err := writeKeys(w, len(b.origins), func(slot uint32) []byte {
		o := b.origins[slot]
		return b.sources[o.source].keyOf(o.slot)
	})
	if err != nil {
		return err
	}
	b.writePayloads(w)
	for place, c := range columns {
		if err := b.writeColumn(ctx, w, place, c); err != nil {
			return err
		}
		w.dir.Probes = append(w.dir.Probes, c.probes)
	}
	return w.err
}

// writeColumn writes the sections that openColumn reads.
func (b *builder) writeColumn(ctx context.Context, w *writer, place int, c *sorting) error {
	name := func(part string) string { return part + "." + strconv.Itoa(place) }
	rows, starts := c.rows()
	places, bounds := slices.Repeat([]uint32{noRow}, len(b.origins)), make([]byte, 0, boundSize*len(rows))
	for slot, list := range c.list {
		if list == listOfZero {
			places[slot] = zeroRow
		}
	}
	w.section(name("codes"))
	for row, slot := range rows {
		if row%blockRows == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		codes, _, bound, err := b.row(place, slot)
		if err != nil {
			return err
		}
		places[slot] = uint32(row)
		bounds = binary.LittleEndian.AppendUint32(bounds, math.Float32bits(bound.Scale))
		bounds = binary.LittleEndian.AppendUint32(bounds, math.Float32bits(bound.Rest))
		w.write(unsigned(codes))
	}
	w.section(name("fine"))
	for row, slot := range rows {
		if row%blockRows == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		_, fine, _, err := b.row(place, slot)
		if err != nil {
			return err
		}
		w.write(fine)
	}
	if len(c.scales) > 1 {
		w.section(name("sketches"))
		if err := b.writeSketches(ctx, w, place, c, rows, starts); err != nil {
			return err
		}
	}
	scales := make([]byte, 0, 4*len(c.scales))
	for _, x := range c.scales {
		scales = binary.LittleEndian.AppendUint32(scales, math.Float32bits(x))
	}
	for _, part := range []struct {
		name string
		data []byte
	}{
		{"slots", bytesOf32(rows)}, {"places", bytesOf32(places)}, {"bounds", bounds},
		{"starts", bytesOf32(starts)}, {"centroids", unsigned(c.centroids)}, {"scales", scales},
	} {
		w.section(name(part.name))
		w.write(part.data)
	}
	return w.err
}

func (b *builder) row(place int, slot uint32) ([]int8, []byte, quant.Bound, error) {
	o := b.origins[slot]
	return b.sources[o.source].row(place, o.slot)
}
