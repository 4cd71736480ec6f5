package qdrant_test

import (
	"context"
	"slices"
	"testing"

	client "github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/index/qdrant/qdranttest"
)

func TestOldModelsAreDroppedAndNothingElse(t *testing.T) {
	addr := qdranttest.Addr(t)
	cfg, others, bare := fresh(t, addr), fresh(t, addr), connect(t, addr)
	cfg.Prefix += "_x" // of which another prefix may be the beginning
	made := func(cfg qdrant.Config, collection, model string) string {
		t.Helper()
		spec := index.Spec{Collection: collection, Model: model, Dim: 2, Vectors: []string{"title"}}
		ix, err := qdrant.Open(t.Context(), cfg, spec)
		if err != nil {
			t.Fatal(err)
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
		return qdrant.Numbered(qdrant.CollectionName(cfg.Prefix, spec))
	}
	gone := []string{made(cfg, "patents", "old/1"), made(cfg, "demands", "old/1"), made(cfg, "patents", "old/2")}
	kept := []string{made(cfg, "patents", "live/1"), made(cfg, "demands", "live/1"), made(cfg, "patents", "former/1"),
		made(cfg, "labels", "old/1"), made(others, "patents", "old/1"), cfg.Prefix + "_patents_mine", cfg.Prefix + "_patents_0123456789ab"}
	for _, name := range kept[len(kept)-2:] { // by someone else
		if err := bare.CreateCollection(t.Context(), &client.CreateCollection{CollectionName: name,
			VectorsConfig: client.NewVectorsConfig(&client.VectorParams{Size: 2, Distance: client.Distance_Dot})}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = bare.DeleteCollection(context.Background(), name) }) // fresh may have
	}
	for _, want := range []int{2, 0} {
		if n, err := qdrant.DropModels(t.Context(), cfg, []string{"patents", "demands"}, []string{"live/1", "former/1"}); n != want || err != nil {
			t.Errorf("%d models dropped, %v; want %d", n, err, want)
		}
	}
	left, err := bare.ListCollections(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range gone {
		if slices.Contains(left, name) {
			t.Errorf("%s is left", name)
		}
	}
	for _, name := range kept {
		if !slices.Contains(left, name) {
			t.Errorf("%s is gone", name)
		}
	}
}
