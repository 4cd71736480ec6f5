package qdrant

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// Index is an index.Index on a server. Its methods may be called at once, by this
// and other processes.
type Index struct {
	remote
	spec        index.Spec
	settings    Settings
	ef          int // of a search
	chunk       int // points in a message
	differences differences

	writing sync.RWMutex // held for reading by writes, for writing by Reshape
}

var (
	_ index.Index    = (*Index)(nil)
	_ index.Reshaper = (*Index)(nil)
)

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
	nodes, err := cfg.connect()
	if err != nil {
		return nil, err
	}
	ix := &Index{
		remote: remote{nodes, cfg.address(), collectionName(cfg.Prefix, spec), cfg.Timeout},
		spec:   spec, settings: cfg.Settings, ef: cfg.Ef, chunk: chunkOf(spec),
	}
	if err := ix.open(ctx); err != nil {
		return nil, errors.Join(err, nodes.close())
	}
	return ix, nil
}

func (ix *Index) open(ctx context.Context) error {
	l, err := ix.layout()
	if err != nil {
		return err
	}
	stored, err := ix.prepare(ctx, l, ix.settings, ix.verify)
	if err != nil {
		return err
	}
	ix.differences.set(ix.settings.differences(ix.collection, stored, true))
	return nil
}

// Differences are the settings of the collection that were not as they are configured
// when it was opened or reshaped.
func (ix *Index) Differences() []Difference { return ix.differences.get() }

// Reshape implements index.Reshaper. Writes wait until it ends.
func (ix *Index) Reshape(ctx context.Context) (bool, error) {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	did, left, err := ix.reshape(ctx, ix.settings, true, func(s Settings) (layout, error) {
		return (&Index{spec: ix.spec, settings: s}).layout()
	})
	if err == nil {
		ix.differences.set(left)
	}
	return did, err
}

func collectionName(prefix string, spec index.Spec) string {
	model := sha256.Sum256(fmt.Appendf(nil, "%s\n%d", spec.Model, specVersion))
	return prefix + "_" + spec.Collection + "_" + hex.EncodeToString(model[:6])
}

// chunkOf keeps a message near 8 MB, and at no more than 256 points.
func chunkOf(spec index.Spec) int {
	return min(256, max(1, 8<<20/(4*spec.Dim*len(spec.Vectors))))
}

func (ix *Index) layout() (layout, error) {
	vectors := map[string]*qdrant.VectorParams{}
	for _, name := range ix.spec.Vectors {
		vectors[name] = &qdrant.VectorParams{
			Size: uint64(ix.spec.Dim), Distance: qdrant.Distance_Dot, OnDisk: qdrant.PtrOf(ix.settings.onDisk()),
		}
	}
	metadata, err := specMetadata(ix.spec)
	if err != nil {
		return layout{}, err
	}
	fields, err := filterFields()
	if err != nil {
		return layout{}, err
	}
	l := layout{vectors: qdrant.NewVectorsConfigMap(vectors), metadata: metadata, fields: fields}
	if ix.settings.quantized() {
		l.quantize = qdrant.NewQuantizationScalar(int8Quantization())
	}
	return l, nil
}
