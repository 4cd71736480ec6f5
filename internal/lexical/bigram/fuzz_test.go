package bigram_test

import (
	"context"
	"math"
	"testing"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
)

func FuzzTermsAddUpToTheScore(f *testing.F) {
	f.Add("锂离子电池，寿命长。", "石墨烯电池", "电池寿命")
	f.Add("a\xffb \x00 a", "\u2028𝔘𝔫𝔦", "a b")
	f.Add("１２３ＡＢＣ", "123abc 123ABC", "ａｂｃ")
	f.Add("", "", "")
	f.Fuzz(func(t *testing.T, a, b, query string) {
		x, ctx := bigram.New(), context.Background()
		docs := []lexical.Doc{{Key: "a", Text: a}, {Key: "b", Text: b}, {Key: "a again", Text: a}}
		if err := x.Upsert(ctx, docs); err != nil {
			t.Fatal(err)
		}
		hits, err := x.Search(ctx, lexical.Query{Text: query, Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			list, err := x.Terms(ctx, query, h.Key)
			if err != nil {
				t.Fatal(err)
			}
			sum := 0.0
			for _, term := range list {
				sum += term.Contribution
			}
			if math.Abs(sum-h.Score) > 1e-9*h.Score || len(list) != h.Shared || h.Score <= 0 {
				t.Errorf("%+v: %d terms add up to %v", h, len(list), sum)
			}
		}
	})
}
