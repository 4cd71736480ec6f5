package bigram_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/match"
)

var (
	texts   = rapid.StringOfN(rapid.SampledFrom([]rune("锂离子电池铜合金的 5gＧ，x")), 0, 60, -1)
	keys    = rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h"})
	sectors = rapid.SampledFrom([]string{"s1", "s2", ""})
)

func drawDoc(t *rapid.T) lexical.Doc {
	d := lexical.Doc{Key: keys.Draw(t, "key"), Text: texts.Draw(t, "text")}
	if s := sectors.Draw(t, "sector"); s != "" {
		d.Payload.Tokens = map[string][]string{match.FieldSector: {s}}
		d.Payload.Numbers = map[string]int64{match.FieldFee: int64(len(d.Text))}
	}
	return d
}

// Whatever was written in which order, an index answers as one that was given
// only what is left of it, to the last bit.
func TestAnIndexAfterUpdatesAndDeletesIsTheRebuiltOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		incremental, left := bigram.New(), map[string]lexical.Doc{}
		for range rapid.IntRange(1, 20).Draw(t, "batches") {
			docs := rapid.SliceOfN(rapid.Custom(drawDoc), 0, 30).Draw(t, "docs")
			if err := incremental.Upsert(ctx, docs); err != nil {
				t.Fatal(err)
			}
			for _, d := range docs {
				left[d.Key] = d
			}
			gone := rapid.SliceOfN(keys, 0, 4).Draw(t, "gone")
			if err := incremental.Delete(ctx, gone); err != nil {
				t.Fatal(err)
			}
			for _, key := range gone {
				delete(left, key)
			}
		}
		rebuilt := bigram.New()
		if err := rebuilt.Upsert(ctx, slices.Collect(maps.Values(left))); err != nil {
			t.Fatal(err)
		}
		sameAnswers(t, rebuilt, incremental)
	})
}

func sameAnswers(t *rapid.T, want, got lexical.Index) {
	for range 5 {
		q := lexical.Query{Text: texts.Draw(t, "query"), Limit: rapid.IntRange(1, 10).Draw(t, "limit")}
		if s := sectors.Draw(t, "filter"); s != "" {
			q.Conditions = []match.Condition{{Field: match.FieldSector, NoneOf: []string{s}, OrAbsent: true}}
		}
		if d := cmp.Diff(answers(t, want, q), answers(t, got, q)); d != "" {
			t.Fatalf("%+v (-rebuilt +incremental):\n%s", q, d)
		}
	}
}

type answer struct {
	Hits, Scores []lexical.Hit
	Terms        [][]lexical.Term
	Count        int
}

func answers(t *rapid.T, x lexical.Index, q lexical.Query) (a answer) {
	ctx := context.Background()
	named := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	var errs [4]error
	a.Hits, errs[0] = x.Search(ctx, q)
	a.Scores, errs[1] = x.Score(ctx, q.Text, named)
	a.Count, errs[2] = x.Count(ctx)
	for _, key := range named {
		list, err := x.Terms(ctx, q.Text, key)
		a.Terms, errs[3] = append(a.Terms, list), err
	}
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return a
}
