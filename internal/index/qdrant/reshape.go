package qdrant

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/match"
)

// differences may be read while they change.
type differences struct{ list atomic.Pointer[[]Difference] }

func (d *differences) set(list []Difference) { d.list.Store(&list) }
func (d *differences) get() []Difference {
	if list := d.list.Load(); list != nil {
		return slices.Clone(*list)
	}
	return nil
}

// reshape gives the collection its settings: some can be changed as it stands, for
// others it is made anew beside itself and put in its own place. It tells whether there
// was anything to do, and what differs afterwards.
func (r *remote) reshape(ctx context.Context, s Settings, dense bool, layoutOf func(Settings) (layout, error)) (did bool, left []Difference, err error) {
	info, err := r.info(ctx)
	if err != nil {
		return false, nil, err
	}
	differ := s.differences(r.collection, info.GetConfig(), dense)
	if len(differ) == 0 {
		return false, nil, nil
	}
	s = s.over(info.GetConfig(), dense)
	l, err := layoutOf(s)
	if err != nil {
		return false, nil, err
	}
	if slices.ContainsFunc(differ, func(d Difference) bool { return d.Reindex }) {
		err = r.reindex(ctx, l, s)
	} else {
		err = r.adjust(ctx, l, s)
	}
	if err != nil {
		return false, nil, err
	}
	if info, err = r.info(ctx); err != nil {
		return true, nil, err
	}
	return true, s.differences(r.collection, info.GetConfig(), dense), nil
}

// over are the settings with those of a stored collection where none are configured.
func (s Settings) over(stored *qdrant.CollectionConfig, dense bool) Settings {
	params := stored.GetParams()
	for _, n := range []struct {
		wanted *int
		have   uint32
	}{{&s.Shards, params.GetShardNumber()}, {&s.Replicas, params.GetReplicationFactor()}} {
		if *n.wanted == 0 {
			*n.wanted = int(n.have)
		}
	}
	if s.WriteConsistency == 0 {
		s.WriteConsistency = max(s.consistency(), int(params.GetWriteConsistencyFactor()))
	}
	if s.Quantize == "" && dense {
		s.Quantize = quantizeOf(stored)
	}
	if s.OnDisk == nil {
		s.OnDisk = qdrant.PtrOf(onDiskOf(params))
	}
	return s
}

// adjust changes what can be changed of a collection as it stands. The server then
// rewrites its segments in the background.
func (r *remote) adjust(ctx context.Context, l layout, s Settings) error {
	request := &qdrant.UpdateCollection{
		CollectionName: r.collection,
		Params:         &qdrant.CollectionParamsDiff{WriteConsistencyFactor: qdrant.PtrOf(uint32(s.WriteConsistency))},
	}
	if vectors := l.vectors.GetParamsMap().GetMap(); len(vectors) > 0 {
		diff := map[string]*qdrant.VectorParamsDiff{}
		for name := range vectors {
			diff[name] = &qdrant.VectorParamsDiff{OnDisk: s.OnDisk}
		}
		request.VectorsConfig = qdrant.NewVectorsConfigDiffMap(diff)
		request.QuantizationConfig = qdrant.NewQuantizationDiffDisabled()
		if s.quantized() {
			request.QuantizationConfig = qdrant.NewQuantizationDiffScalar(int8Quantization())
		}
	}
	request.SparseVectorsConfig = l.sparse
	_, err := call(ctx, r, "change settings", func(ctx context.Context, c *qdrant.Client) (struct{}, error) {
		return struct{}{}, c.UpdateCollection(ctx, request)
	})
	return err
}

// reindex makes the collection anew behind its name:
//
//	NAME ─► NAME_1        create NAME_2, copy all points        NAME ─► NAME_2, delete NAME_1
//
// Searches speak of NAME and see one or the other. One that is killed leaves NAME_2,
// which the next one deletes. A collection of an older version is NAME itself: there is
// a moment between its deletion and the new name in which calls are answered with an
// error.
func (r *remote) reindex(ctx context.Context, l layout, s Settings) error {
	from, err := r.behind(ctx)
	if err != nil {
		return err
	}
	to := *r
	to.collection = numbered(r.collection, numberAt(r.collection, from)+1)
	if err := to.deleteCollection(ctx, to.collection); err != nil {
		return err
	}
	if err := to.create(ctx, to.collection, l, s); err != nil {
		return err
	}
	if err := to.indexFields(ctx, to.collection, l.fields, nil); err != nil {
		return err
	}
	if err := r.copy(ctx, &to); err != nil {
		return err
	}
	var actions []*qdrant.AliasOperations
	if from == r.collection {
		if err := r.deleteCollection(ctx, from); err != nil {
			return err
		}
	} else {
		actions = append(actions, qdrant.NewAliasDelete(r.collection))
	}
	actions = append(actions, qdrant.NewAliasCreate(r.collection, to.collection))
	if _, err := call(ctx, r, "name collection", func(ctx context.Context, c *qdrant.Client) (struct{}, error) {
		return struct{}{}, c.UpdateAliases(ctx, actions)
	}); err != nil {
		return err
	}
	if from == r.collection {
		return nil
	}
	return r.deleteCollection(ctx, from)
}

// behind is the collection that the name speaks of.
func (r *remote) behind(ctx context.Context) (string, error) {
	all, err := call(ctx, r, "list names", func(ctx context.Context, c *qdrant.Client) ([]*qdrant.AliasDescription, error) {
		return c.ListAliases(ctx)
	})
	if err != nil {
		return "", err
	}
	for _, a := range all {
		if a.GetAliasName() == r.collection {
			return a.GetCollectionName(), nil
		}
	}
	return r.collection, nil
}

// numberAt is the number of a collection behind a name; 0 where it has none.
func numberAt(alias, name string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(name, alias+"_"))
	if err != nil {
		return 0
	}
	return n
}

// copyPage is how many points are copied at a time.
const copyPage = 256

// copy copies all points, and sees to it that they are there.
func (r *remote) copy(ctx context.Context, to *remote) error {
	err := r.scroll(ctx, &qdrant.ScrollPoints{
		Limit: qdrant.PtrOf(uint32(copyPage)), WithPayload: qdrant.NewWithPayload(true), WithVectors: qdrant.NewWithVectors(true),
	}, func(points []*qdrant.RetrievedPoint) error {
		if len(points) == 0 {
			return nil
		}
		copies := make([]*qdrant.PointStruct, len(points))
		for i, p := range points {
			copies[i] = &qdrant.PointStruct{Id: p.GetId(), Payload: p.GetPayload(), Vectors: copied(p.GetVectors())}
		}
		return to.upsert(ctx, copies)
	})
	if err != nil {
		return err
	}
	have, err := to.count(ctx, nil)
	if err != nil {
		return err
	}
	want, err := r.count(ctx, nil)
	if err == nil && have != want {
		err = to.fail(match.Conflict, "copy", fmt.Errorf("%d of %d points: another process writes", have, want))
	}
	return err
}

// copied turns vectors as they are read into those that are written.
func copied(in *qdrant.VectorsOutput) *qdrant.Vectors {
	out := map[string]*qdrant.Vector{}
	for name, v := range in.GetVectors().GetVectors() {
		if sparse := v.GetSparse(); sparse != nil {
			out[name] = qdrant.NewVectorSparse(sparse.GetIndices(), sparse.GetValues())
			continue
		}
		out[name] = qdrant.NewVectorDense(v.GetDenseVector().GetData())
	}
	return qdrant.NewVectorsMap(out)
}
