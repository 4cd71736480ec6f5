package qdrant_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	client "github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/index/qdrant/qdranttest"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
)

func TestCollectionsAreMadeWithTheirSettingsAndIndexes(t *testing.T) {
	addr := qdranttest.Addr(t)
	no := false
	for name, tt := range map[string]struct {
		settings qdrant.Settings
		want     string
	}{
		"none":  {qdrant.Settings{}, "1 shards, 1 replicas, 1 written, int8 true, on disk true"},
		"other": {qdrant.Settings{Shards: 3, Replicas: 2, Quantize: qdrant.QuantizeNone, OnDisk: &no}, "3 shards, 2 replicas, 2 written, int8 false, on disk false"},
		"all":   {qdrant.Settings{Shards: 2, Replicas: 2, WriteConsistency: 1, Quantize: qdrant.QuantizeInt8}, "2 shards, 2 replicas, 1 written, int8 true, on disk true"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := fresh(t, addr)
			cfg.Settings = tt.settings
			ix := opened(t, cfg)
			info, err := connect(t, addr).GetCollectionInfo(t.Context(), qdrant.CollectionName(cfg.Prefix, spec))
			if err != nil {
				t.Fatal(err)
			}
			config := info.GetConfig()
			p := config.GetParams()
			got := fmt.Sprintf("%d shards, %d replicas, %d written, int8 %v, on disk %v", p.GetShardNumber(), max(p.GetReplicationFactor(), 1), max(p.GetWriteConsistencyFactor(), 1),
				config.GetQuantizationConfig().GetScalar().GetType() == client.QuantizationType_Int8, p.GetVectorsConfig().GetParamsMap().GetMap()["text"].GetOnDisk())
			if got != tt.want {
				t.Errorf("it has %s, want %s", got, tt.want)
			}
			for _, field := range match.TokenFields {
				if info.GetPayloadSchema()["tokens."+field].GetDataType() != client.PayloadSchemaType_Keyword {
					t.Errorf("%s has no index", field)
				}
			}
			for _, field := range match.NumberFields {
				if info.GetPayloadSchema()["numbers."+field].GetDataType() != client.PayloadSchemaType_Integer {
					t.Errorf("%s has no index", field)
				}
			}
			if d := ix.Differences(); len(d) > 0 {
				t.Errorf("a new collection differs: %v", d)
			}
		})
	}
}

func opened(t *testing.T, cfg qdrant.Config) *qdrant.Index {
	t.Helper()
	ix, err := qdrant.Open(t.Context(), cfg, spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ix.Close() })
	return ix
}

func TestDifferentSettingsAreReportedAndOthersAreNot(t *testing.T) {
	cfg := fresh(t, qdranttest.Addr(t))
	cfg.Settings = qdrant.Settings{Shards: 2, Quantize: qdrant.QuantizeNone}
	opened(t, cfg)
	cfg.Settings = qdrant.Settings{}
	if d := opened(t, cfg).Differences(); len(d) > 0 {
		t.Errorf("without settings it differs: %v", d)
	}
	no := false
	cfg.Settings = qdrant.Settings{Shards: 4, Replicas: 2, Quantize: qdrant.QuantizeInt8, OnDisk: &no}
	name := qdrant.CollectionName(cfg.Prefix, spec)
	want := []qdrant.Difference{
		{name, "shards", "2", "4", true}, {name, "replicas", "1", "2", true}, {name, "write_consistency", "1", "2", false},
		{name, "quantize", "none", "int8", false}, {name, "on_disk", "true", "false", false},
	}
	if d := cmp.Diff(want, opened(t, cfg).Differences()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Searches go on while a collection is made anew, each with the whole answer, and writes
// that come meanwhile are there afterwards.
func TestACollectionGetsItsSettingsWhileItAnswers(t *testing.T) {
	addr := qdranttest.Addr(t)
	no := false
	for name, settings := range map[string]qdrant.Settings{
		"as it stands":  {Quantize: qdrant.QuantizeNone, OnDisk: &no, WriteConsistency: 1},
		"by being anew": {Shards: 4},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := fresh(t, addr)
			r := rand.New(rand.NewPCG(21, 22))
			old := opened(t, cfg)
			points := make([]index.Point, 1200)
			for i := range points {
				points[i] = point(fmt.Sprintf("default/CN%d", i), unit(r, spec.Dim))
				points[i].Payload = randomPayload(r)
			}
			points[7].Vectors = nil
			points[8].Vectors["text"] = make([]float32, spec.Dim)
			if err := old.Upsert(t.Context(), points); err != nil {
				t.Fatal(err)
			}
			q := index.Query{Name: "text", Vector: points[0].Vectors["text"], Limit: 20, Exact: true}
			want, err := old.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			cfg.Settings = settings
			ix := opened(t, cfg)
			var done atomic.Bool
			var group sync.WaitGroup
			for _, reader := range []*qdrant.Index{ix, old} { // old is another process
				group.Go(func() {
					for !done.Load() {
						got, err := reader.Search(context.Background(), q)
						if d := cmp.Diff(want, got); d != "" || err != nil {
							t.Errorf("meanwhile: %v\n%s", err, d)
							return
						}
					}
				})
			}
			group.Go(func() {
				minus := make([]float32, spec.Dim) // is not among the hits
				for i, x := range q.Vector {
					minus[i] = -x
				}
				if err := ix.Upsert(context.Background(), []index.Point{point("default/late", minus)}); err != nil {
					t.Errorf("a write meanwhile: %v", err)
				}
			})
			did, err := ix.Reshape(t.Context())
			if !did || err != nil {
				t.Errorf("reshaped %v, %v", did, err)
			}
			again, err := ix.Reshape(t.Context())
			done.Store(true)
			group.Wait()
			if again || err != nil {
				t.Errorf("there is something left to do: %v, %v, %v", again, err, ix.Differences())
			}
			if d := ix.Differences(); len(d) > 0 {
				t.Errorf("it still differs: %v", d)
			}
			if n, err := old.Count(t.Context(), nil); n != len(points)+1 || err != nil {
				t.Errorf("%d points, %v; want %d", n, err, len(points)+1)
			}
			got, err := old.Vectors(t.Context(), []string{points[3].Key, points[7].Key, points[8].Key})
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range []index.Point{points[3], points[7], points[8]} {
				rounded := map[string][]float32{}
				for name, v := range p.Vectors {
					rounded[name] = quant.Round(v)
				}
				p.Vectors = rounded
				p.Payload = match.Payload{}
				if d := cmp.Diff(p, got[i]); d != "" {
					t.Errorf("(-want +got):\n%s", d)
				}
			}
		})
	}
}

func TestWordsGetTheirSettingsAndKeepTheirScores(t *testing.T) {
	addr := qdranttest.Addr(t)
	cfg, local := fresh(t, addr), bigram.New()
	r := rand.New(rand.NewPCG(23, 24))
	docs := randomDocs(r, 500, 400)
	w := openWords(t, cfg)
	for _, x := range []lexical.Index{w, local} {
		if err := x.Upsert(t.Context(), docs); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	cfg.Settings.Shards = 3
	w = closing(t, openWords(t, cfg))
	if d := w.Differences(); len(d) != 1 || d[0].Setting != "shards" {
		t.Errorf("differences %v", d)
	}
	if did, err := w.Reshape(t.Context()); !did || err != nil {
		t.Fatal(did, err)
	}
	agreeWith(t, local, w, r, 20)
	docs = randomDocs(r, 50, 400)
	for _, x := range []lexical.Index{w, local} {
		if err := x.Upsert(t.Context(), docs); err != nil {
			t.Fatal(err)
		}
	}
	agreeWith(t, local, w, r, 20)
}

// Collections of versions without names of their own are taken as they are.
func TestACollectionWithoutANameIsTakenOverAndCanBeReshaped(t *testing.T) {
	addr := qdranttest.Addr(t)
	cfg, older, bare := fresh(t, addr), fresh(t, addr), connect(t, addr)
	opened(t, cfg)
	info, err := bare.GetCollectionInfo(t.Context(), qdrant.CollectionName(cfg.Prefix, spec))
	if err != nil {
		t.Fatal(err)
	}
	name := qdrant.CollectionName(older.Prefix, spec)
	if err := bare.CreateCollection(t.Context(), &client.CreateCollection{
		CollectionName: name, VectorsConfig: info.GetConfig().GetParams().GetVectorsConfig(), Metadata: info.GetConfig().GetMetadata(),
	}); err != nil {
		t.Fatal(err)
	}
	ix := opened(t, older)
	if err := ix.Upsert(t.Context(), []index.Point{point("a", []float32{1, 0, 0, 0})}); err != nil {
		t.Fatal(err)
	}
	older.Settings.Shards = 2
	ix = opened(t, older)
	if did, err := ix.Reshape(t.Context()); !did || err != nil {
		t.Fatal(did, err)
	}
	hits, err := ix.Search(t.Context(), index.Query{Name: "text", Vector: []float32{1, 0, 0, 0}, Limit: 1})
	if len(hits) != 1 || err != nil {
		t.Errorf("%v, %v", hits, err)
	}
}

func TestARealServerAsksForItsKey(t *testing.T) {
	s := qdranttest.Own(t, "QDRANT__SERVICE__API_KEY=secret")
	for _, key := range []string{"wrong", ""} {
		if _, err := qdrant.Open(t.Context(), qdrant.Config{Addrs: []string{s.Addr}, APIKey: key}, spec); match.KindOf(err) != match.Denied {
			t.Errorf("key %q: %v", key, err)
		}
	}
	opened(t, qdrant.Config{Addrs: []string{s.Addr}, APIKey: "secret"})
}
