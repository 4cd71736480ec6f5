package flat

import (
	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
)

// repackAt is the number of slots from which a table with a dead half is rebuilt.
const repackAt = 1024

// span is where the log has the frame of a slot.
type span struct {
	at int64
	n  int
}

// table is what the index knows, by slot. It only grows; see repacked.
type table struct {
	names   []string // of the vectors, in the order of the log
	dim     int
	facets  facet.Set
	keys    []string // by slot
	slots   map[string]uint32
	spans   []span // by slot
	columns []column
	buried  map[string]struct{} // keys that hide those of older layers; nil if there are no layers
	alive   int64               // bytes of the log that live slots and buried keys have
}

func newTable(spec index.Spec) *table {
	t := &table{names: spec.Vectors, dim: spec.Dim, slots: map[string]uint32{}}
	t.columns = make([]column, len(spec.Vectors))
	for i := range t.columns {
		t.columns[i].exact.dim = spec.Dim
	}
	return t
}

// put stores p in a new slot and kills the key's old one. It keeps nothing of p
// but its strings.
func (t *table) put(p index.Point, at span) {
	t.remove(p.Key)
	t.unbury(p.Key)
	t.slots[p.Key] = t.facets.Append(p.Payload)
	t.keys = append(t.keys, p.Key)
	t.spans = append(t.spans, at)
	t.alive += int64(at.n)
	for i, name := range t.names {
		t.columns[i].append(quant.Round(p.Vectors[name]))
	}
}

func (t *table) remove(key string) {
	slot, ok := t.slots[key]
	if !ok {
		return
	}
	delete(t.slots, key)
	t.facets.Kill(slot)
	t.alive -= int64(t.spans[slot].n)
}

// view is a column as it was at one moment; it stays right without a lock.
type view struct {
	column   column
	keys     []string
	matching facet.Bitmap
}

// view returns the column of a name (which must be one of the table's) and the
// slots that meet the conditions.
func (t *table) view(name string, conditions []match.Condition) view {
	v := view{keys: t.keys, matching: t.facets.Select(conditions)}
	for i := range t.names {
		if t.names[i] == name {
			v.column = t.columns[i]
		}
	}
	return v
}

// point returns what is stored of a key; its vectors are the caller's own.
func (t *table) point(key string) index.Point {
	p := index.Point{Key: key}
	slot, ok := t.slots[key]
	if !ok {
		return p
	}
	p.Vectors = map[string][]float32{}
	for i, name := range t.names {
		if v := t.columns[i].vector(slot); v != nil {
			p.Vectors[name] = append([]float32(nil), v...)
		}
	}
	return p
}

// drop is what a delete entry of the log says.
func (t *table) drop(key string) {
	if t.buried != nil {
		t.bury(key)
		return
	}
	t.remove(key)
}

func (t *table) wasteful() bool {
	return t.facets.Slots() >= repackAt && 2*t.facets.Live() < t.facets.Slots()
}

// repacked returns a table with the live slots alone, in their order. Views of
// the old one stay right.
func (t *table) repacked() *table {
	out := newTable(index.Spec{Vectors: t.names, Dim: t.dim})
	out.facets, out.alive, out.buried = t.facets.Compacted(), t.alive, t.buried
	for slot, key := range t.keys {
		if now, ok := t.slots[key]; !ok || now != uint32(slot) {
			continue
		}
		out.slots[key] = uint32(len(out.keys))
		out.keys = append(out.keys, key)
		out.spans = append(out.spans, t.spans[slot])
		for i := range t.columns {
			out.columns[i].append(t.columns[i].vector(uint32(slot)))
		}
	}
	return out
}
