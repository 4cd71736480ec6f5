package qdrant_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/qdrant"
	"github.com/duijie/duijie/internal/index/qdrant/qdranttest"
)

func TestKeysNamesEveryPointOnceAcrossPages(t *testing.T) {
	addr := qdranttest.Addr(t)
	ix, err := qdrant.Open(t.Context(), fresh(t, addr), index.Spec{Collection: "patents", Model: "m", Dim: 2, Vectors: []string{"text"}})
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	if keys, err := ix.Keys(t.Context()); err != nil || len(keys) != 0 {
		t.Fatal(keys, err)
	}
	var want []string
	var points []index.Point
	for i := range 5200 { // more than a page of them
		key := fmt.Sprintf("default/专利 %d", i)
		want = append(want, key)
		points = append(points, index.Point{Key: key, Vectors: map[string][]float32{"text": {1, 0}}})
	}
	if err := ix.Upsert(t.Context(), points); err != nil {
		t.Fatal(err)
	}
	got, err := ix.Keys(t.Context())
	slices.Sort(want)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, len(got))
	}
}
