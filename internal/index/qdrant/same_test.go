package qdrant_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/index/qdrant/qdranttest"
	"github.com/duijie/duijie/internal/match"
)

func TestFlatAndQdrantGiveTheSameHits(t *testing.T) {
	cfg := fresh(t, qdranttest.Addr(t))
	r := rand.New(rand.NewPCG(3, 4))
	spec := index.Spec{Collection: "demands", Model: "m/1", Dim: 256, Vectors: []string{"text"}}
	remote, err := qdrant.Open(t.Context(), cfg, spec)
	if err != nil {
		t.Fatal(err)
	}
	local, err := flat.Open("", spec)
	if err != nil {
		t.Fatal(err)
	}
	points := twins(r, 1500, spec.Dim)
	for _, ix := range []index.Index{remote, local} {
		if err := ix.Upsert(t.Context(), points); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 100 {
		q := index.Query{Name: "text", Vector: points[r.IntN(len(points))].Vectors["text"], Limit: 1 + r.IntN(60), Exact: i%2 == 0}
		if i%3 > 0 {
			q.Conditions = randomConditions(r)
		}
		want, err := local.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := remote.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("query %d, %v, limit %d (-flat +qdrant):\n%s", i, q.Conditions, q.Limit, diff)
		}
	}
	for _, ix := range []index.Index{remote, local} {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	}
}

// twins gives n points of which many share a vector, so that limits fall among ties.
func twins(r *rand.Rand, n, dim int) []index.Point {
	out := make([]index.Point, n)
	for i := range out {
		v := unit(r, dim)
		if i > 0 && r.IntN(2) == 0 {
			v = out[r.IntN(i)].Vectors["text"]
		}
		out[i] = point(fmt.Sprintf("default/D%d", r.Uint32()), v)
		out[i].Payload = randomPayload(r)
	}
	return out
}

func point(key string, v []float32) index.Point {
	return index.Point{Key: key, Vectors: map[string][]float32{"text": v}}
}

func unit(r *rand.Rand, dim int) []float32 {
	wide, square := make([]float64, dim), 0.0
	for i := range wide {
		wide[i] = r.NormFloat64()
		square += wide[i] * wide[i]
	}
	out := make([]float32, dim)
	for i := range wide {
		out[i] = float32(wide[i] / math.Sqrt(square))
	}
	return out
}

func TestATokenWantedAndUnwantedFindsNothing(t *testing.T) {
	ix, err := qdrant.Open(t.Context(), fresh(t, qdranttest.Addr(t)), spec)
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	p := point("a", []float32{1, 0, 0, 0})
	p.Payload.Tokens = map[string][]string{match.FieldIPC: {"H01M"}}
	if err := ix.Upsert(t.Context(), []index.Point{p}); err != nil {
		t.Fatal(err)
	}
	// Qdrant 1.18 finds the point by the filter in its plain form.
	q := index.Query{Name: "text", Vector: p.Vectors["text"], Limit: 1, Conditions: []match.Condition{
		{Field: match.FieldIPC, AnyOf: []string{"H01M"}, NoneOf: []string{"H01M"}},
	}}
	if hits, err := ix.Search(t.Context(), q); err != nil || len(hits) > 0 {
		t.Errorf("found %v, %v", hits, err)
	}
	if n, err := ix.Count(t.Context(), q.Conditions); err != nil || n != 0 {
		t.Errorf("counted %d, %v", n, err)
	}
}

func TestModelsLiveSideBySide(t *testing.T) {
	cfg := fresh(t, qdranttest.Addr(t))
	ctx := context.Background()
	for i, model := range []string{"old/1", "new/2"} {
		spec := index.Spec{Collection: "patents", Model: model, Dim: 4 + i, Vectors: []string{"text"}}
		ix, err := qdrant.Open(ctx, cfg, spec)
		if err != nil {
			t.Fatal(err)
		}
		defer ix.Close()
		if n, err := ix.Count(ctx, []match.Condition{}); err != nil || n != 0 {
			t.Errorf("%s: %d points, %v, want an empty collection", model, n, err)
		}
		if err := ix.Upsert(ctx, []index.Point{point("a", unit(rand.New(rand.NewPCG(1, 1)), spec.Dim))}); err != nil {
			t.Error(err)
		}
	}
}
