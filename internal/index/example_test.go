package index_test

import (
	"context"
	"fmt"
	"log"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/match"
)

// The nearest patents of one region, from an index in memory.
func Example() {
	ctx := context.Background()
	ix, err := flat.Open("", index.Spec{Collection: "patents", Model: "static/1", Dim: 2, Vectors: []string{"text"}})
	if err != nil {
		log.Fatal(err)
	}
	defer ix.Close()

	in := func(region string) match.Payload {
		return match.Payload{Tokens: map[string][]string{match.FieldRegion: {region}}}
	}
	err = ix.Upsert(ctx, []index.Point{
		{Key: "电池", Vectors: map[string][]float32{"text": {1, 0}}, Payload: in("44")},
		{Key: "薄膜", Vectors: map[string][]float32{"text": {0.6, 0.8}}, Payload: in("31")},
		{Key: "橡胶", Vectors: map[string][]float32{"text": {0, 1}}, Payload: in("44")},
	})
	if err != nil {
		log.Fatal(err)
	}
	hits, err := ix.Search(ctx, index.Query{
		Name: "text", Vector: []float32{0.8, 0.6}, Limit: 10,
		Conditions: []match.Condition{{Field: match.FieldRegion, AnyOf: []string{"44"}}},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, hit := range hits {
		fmt.Printf("%s %.2f\n", hit.Key, hit.Score)
	}
	// Output:
	// 电池 0.80
	// 橡胶 0.60
}
