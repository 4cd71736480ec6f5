package qdrant

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"math"
	"slices"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/tally"
	"github.com/duijie/duijie/internal/match"
)

// The names in a document's payload, and that of its vector.
const (
	termsField      = "terms"
	generationField = "generation"
	levelField      = "level"
	wasField        = "was"
	goneField       = "gone"

	termsVector = "terms"
)

// goneToken is the value of goneField.
const goneToken = "yes"

func isGone() *qdrant.Filter {
	return &qdrant.Filter{Must: []*qdrant.Condition{qdrant.NewMatchKeyword(goneField, goneToken)}}
}

// wordsLayouts are the layouts of documents and statistics.
func wordsLayouts(collection string, s Settings) (docs, notes layout, err error) {
	fields, err := filterFields()
	if err != nil {
		return docs, notes, err
	}
	metadata, err := wordsMetadata(collection)
	if err != nil {
		return docs, notes, err
	}
	fields = append(fields,
		field{generationField, qdrant.FieldType_FieldTypeInteger, rangesOnly()},
		field{goneField, qdrant.FieldType_FieldTypeKeyword, nil})
	docs = layout{
		vectors: qdrant.NewVectorsConfigMap(map[string]*qdrant.VectorParams{}),
		sparse: qdrant.NewSparseVectorsConfig(map[string]*qdrant.SparseVectorParams{
			termsVector: {Index: &qdrant.SparseIndexConfig{OnDisk: qdrant.PtrOf(s.onDisk())}},
		}),
		metadata: metadata, fields: fields,
	}
	notes = layout{
		vectors:  qdrant.NewVectorsConfigMap(map[string]*qdrant.VectorParams{}),
		metadata: metadata,
		fields:   []field{{generationField, qdrant.FieldType_FieldTypeInteger, rangesOnly()}},
	}
	return docs, notes, nil
}

// storedDoc is what the server has of a document.
type storedDoc struct {
	generation int64
	terms, was []byte // nil where there are none
}

// stored reads what the server has of documents, by id.
func (w *Words) stored(ctx context.Context, docs []written) (map[string]storedDoc, error) {
	ids := make([]*qdrant.PointId, len(docs))
	for i, d := range docs {
		ids[i] = qdrant.NewIDUUID(d.id)
	}
	found, err := w.get(ctx, ids, qdrant.NewWithVectorsEnable(false), termsField, wasField, generationField)
	if err != nil {
		return nil, err
	}
	out := make(map[string]storedDoc, len(found))
	for _, p := range found {
		d, err := decodeDoc(p.GetPayload())
		if err != nil {
			return nil, w.fail(match.Corrupt, "get points", fmt.Errorf("point %s: %w", p.GetId().GetUuid(), err))
		}
		out[p.GetId().GetUuid()] = d
	}
	return out, nil
}

func decodeDoc(payload map[string]*qdrant.Value) (d storedDoc, err error) {
	d.generation = payload[generationField].GetIntegerValue()
	if d.terms, err = decodeBytes(payload[termsField]); err != nil {
		return d, err
	}
	d.was, err = decodeBytes(payload[wasField])
	return d, err
}

func decodeBytes(v *qdrant.Value) ([]byte, error) {
	if v.GetStringValue() == "" {
		return nil, nil
	}
	return base64.StdEncoding.DecodeString(v.GetStringValue())
}

func encodeBytes(b []byte) *qdrant.Value {
	return qdrant.NewValueString(base64.StdEncoding.EncodeToString(b))
}

// asOf is what a base of a generation counts for the document.
func (d storedDoc) asOf(base int64) []byte {
	if d.generation > base {
		return d.was
	}
	return d.terms
}

// point is the document as it is stored.
func (c *change) point(d written, level int) *qdrant.PointStruct {
	payload := map[string]*qdrant.Value{}
	for name, v := range d.payload {
		payload[name] = v
	}
	payload[keyField] = qdrant.NewValueString(d.key)
	payload[generationField] = qdrant.NewValueInt(c.generation)
	if c.was != nil {
		payload[wasField] = encodeBytes(c.was)
	}
	vectors := map[string]*qdrant.Vector{}
	if d.terms == nil {
		payload[goneField] = qdrant.NewValueString(goneToken)
	} else {
		payload[termsField] = encodeBytes(d.terms)
		payload[levelField] = qdrant.NewValueInt(int64(level))
		if len(d.decoded.Keys) > 0 {
			vectors[termsVector] = qdrant.NewVectorSparse(weights(&d.decoded, level))
		}
	}
	return &qdrant.PointStruct{Id: qdrant.NewIDUUID(c.id), Vectors: qdrant.NewVectorsMap(vectors), Payload: payload}
}

// spread makes the upper halves of keys that are close to each other differ, as package
// tally does.
const spread = 0x9E3779B97F4A7C15

func dimensionOf(key uint64) uint32 { return uint32(key * spread >> 32) }

// weight is a dimension with its value.
type weight struct {
	dimension uint32
	value     float32
}

// weights are those of a document's terms.
func weights(t *tally.Terms, level int) (dimensions []uint32, values []float32) {
	norm := lexical.Norm(t.Length, lengthOf(level))
	all := make([]weight, 0, len(t.Keys))
	t.Each(func(key uint64, times uint32) {
		all = append(all, weight{dimensionOf(key), float32(lexical.Saturation(times, norm))})
	})
	return merged(all, func(a, b float32) float32 { return a + b })
}

// merged brings weights into the form of a sparse vector: each dimension once.
func merged(all []weight, join func(a, b float32) float32) (dimensions []uint32, values []float32) {
	slices.SortFunc(all, func(a, b weight) int { return cmp.Compare(a.dimension, b.dimension) })
	for _, w := range all {
		if n := len(dimensions); n > 0 && dimensions[n-1] == w.dimension {
			values[n-1] = join(values[n-1], w.value)
			continue
		}
		dimensions, values = append(dimensions, w.dimension), append(values, w.value)
	}
	return dimensions, values
}

// Mean lengths are rounded to levels, eight for each doubling, so that documents of many
// writes have weights of few of them.
const levelsPerDoubling = 8

func levelOf(length float64) int {
	return int(math.Round(levelsPerDoubling * math.Log2(max(length, 1))))
}

func lengthOf(level int) float64 { return math.Exp2(float64(level) / levelsPerDoubling) }

func cmpStrings(a, b string) int { return cmp.Compare(a, b) }
