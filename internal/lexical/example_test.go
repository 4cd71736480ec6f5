package lexical_test

import (
	"context"
	"fmt"
	"log"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/match"
)

func Example() {
	ctx := context.Background()
	var index lexical.Index = bigram.New()
	defer index.Close()
	in := func(region string) match.Payload {
		return match.Payload{Tokens: map[string][]string{match.FieldRegion: {region}}}
	}
	err := index.Upsert(ctx, []lexical.Doc{
		{Key: "CN1", Text: "一种石墨烯散热膜的制备方法", Payload: in("44")},
		{Key: "CN2", Text: "一种电池模组的液冷散热结构", Payload: in("44")},
		{Key: "CN3", Text: "石墨烯散热涂料", Payload: in("31")},
	})
	if err != nil {
		log.Fatal(err)
	}

	const need = "寻求石墨烯散热材料"
	hits, err := index.Search(ctx, lexical.Query{
		Text:       need,
		Conditions: []match.Condition{{Field: match.FieldRegion, AnyOf: []string{"44"}}},
		Limit:      10,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, h := range hits {
		fmt.Printf("%s %.3f, %d of %d terms\n", h.Key, h.Score, h.Shared, h.QueryTerms)
	}

	why, err := index.Terms(ctx, need, "CN1")
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range why {
		fmt.Printf("%s %.3f\n", t.Text, t.Contribution)
	}
	// Output:
	// CN1 1.427, 4 of 8 terms
	// CN2 0.123, 1 of 8 terms
	// 墨烯 0.434
	// 烯散 0.434
	// 石墨 0.434
	// 散热 0.123
}
