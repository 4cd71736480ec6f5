package segment_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/bigram"
	"github.com/duijie/duijie/internal/lexical/segment"
	"github.com/duijie/duijie/internal/match"
)

var (
	texts   = rapid.StringOfN(rapid.SampledFrom([]rune("锂离子电池铜合金的 5gＧ，xabcdefgh")), 0, 60, -1)
	keys    = rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"})
	sectors = rapid.SampledFrom([]string{"s1", "s2", ""})
)

func drawDoc(t *rapid.T) lexical.Doc {
	d := lexical.Doc{Key: keys.Draw(t, "key"), Text: texts.Draw(t, "text")}
	if s := sectors.Draw(t, "sector"); s != "" {
		d.Payload.Tokens = map[string][]string{match.FieldSector: {s, "both", "both"}}
		d.Payload.Numbers = map[string]int64{match.FieldFee: int64(len(d.Text)) - 30}
	}
	return d
}

// Whatever is written, deleted, flushed, merged and opened again in which order, the
// index on disk answers as the one in memory, to the last bit.
func TestSegmentsAnswerAsTheIndexInMemory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "segment")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		ctx := context.Background()
		onDisk, err := segment.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { onDisk.Close() }()
		inMemory := bigram.New()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		for step := range rapid.IntRange(1, 30).Draw(t, "steps") {
			switch rapid.IntRange(0, 6).Draw(t, "what") {
			case 0:
				gone := rapid.SliceOfN(keys, 0, 4).Draw(t, "gone")
				must(onDisk.Delete(ctx, gone))
				must(inMemory.Delete(ctx, gone))
			case 1, 2:
				must(onDisk.Flush(ctx, int64(step)))
			case 3:
				must(onDisk.MergeAll())
			case 4:
				must(onDisk.Flush(ctx, int64(step)))
				must(onDisk.Close())
				onDisk, err = segment.Open(dir)
				must(err)
				if onDisk.Mark() != int64(step) {
					t.Fatalf("the mark is %d, want %d", onDisk.Mark(), step)
				}
			default:
				docs := rapid.SliceOfN(rapid.Custom(drawDoc), 0, 10).Draw(t, "docs")
				must(onDisk.Upsert(ctx, docs))
				must(inMemory.Upsert(ctx, docs))
			}
			sameAnswers(t, inMemory, onDisk)
		}
		must(onDisk.Flush(ctx, 99))
		beside, err := segment.OpenReadOnly(dir)
		must(err)
		sameAnswers(t, inMemory, beside)
		must(beside.Close())
	})
}

// conditions differ from one another in one part each.
var conditions = func() []match.Condition {
	two, three := int64(2), int64(3)
	return []match.Condition{
		{Field: match.FieldSector, NoneOf: []string{"s1"}, OrAbsent: true}, {Field: match.FieldSector, NoneOf: []string{"s1"}},
		{Field: match.FieldSector, AnyOf: []string{"s1"}}, {Field: match.FieldSector, AnyOf: []string{"s1"}, OrAbsent: true}, {Field: match.FieldSector, AnyOf: []string{"s2", "none"}},
		{Field: match.FieldSector, AnyOf: []string{"s2"}, NoneOf: []string{"none"}},
		{Field: match.FieldFee, Min: &two}, {Field: match.FieldFee, Max: &two}, {Field: match.FieldFee, Min: &three},
		{Field: match.FieldFee, Max: &two, OrAbsent: true}, {Field: match.FieldFee, Min: &two, Max: &three},
	}
}()

func sameAnswers(t *rapid.T, want, got lexical.Index) {
	q := lexical.Query{Text: texts.Draw(t, "query"), Limit: rapid.IntRange(1, 14).Draw(t, "limit")}
	q.Conditions = rapid.SliceOfN(rapid.SampledFrom(conditions), 0, 2).Draw(t, "conditions")
	if d := cmp.Diff(answers(t, want, q), answers(t, got, q), cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%+v (-in memory +on disk):\n%s", q, d)
	}
}

// What a segment keeps of a condition answers that condition alone.
func TestConditionsAskedAgainAnswerAsBefore(t *testing.T) {
	onDisk, inMemory, ctx := open(t, t.TempDir()), bigram.New(), context.Background()
	defer onDisk.Close()
	var docs []lexical.Doc
	for i, sector := range []string{"s1", "s2", "", "none", "s1", ""} {
		d := lexical.Doc{Key: string(rune('a' + i)), Text: "锂离子电池"}
		if sector != "" {
			d.Payload.Tokens = map[string][]string{match.FieldSector: {sector}}
			d.Payload.Numbers = map[string]int64{match.FieldFee: int64(i)}
		}
		docs = append(docs, d)
	}
	for _, x := range []lexical.Index{onDisk, inMemory} {
		if err := x.Upsert(ctx, docs); err != nil {
			t.Fatal(err)
		}
	}
	if err := onDisk.Flush(ctx, 1); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for range 3 {
		for i, c := range conditions {
			q := lexical.Query{Text: "电池", Limit: 10, Conditions: []match.Condition{c}}
			want, err := inMemory.Search(ctx, q)
			got, err2 := onDisk.Search(ctx, q)
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil || err2 != nil {
				t.Errorf("%+v (-in memory +on disk): %v, %v\n%s", c, err, err2, diff)
			}
			seen[fmt.Sprint(want)] = i
		}
	}
	if len(seen) < 8 {
		t.Errorf("the conditions have %d different answers, which tells little", len(seen))
	}
}

type answer struct {
	Hits, Scores []lexical.Hit
	Terms        map[string][]lexical.Term
	Count        int
}

func answers(t *rapid.T, x lexical.Index, q lexical.Query) (a answer) {
	ctx := context.Background()
	named := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}
	var errs [4]error
	a.Hits, errs[0] = x.Search(ctx, q)
	a.Scores, errs[1] = x.Score(ctx, q.Text, named)
	a.Count, errs[2] = x.Count(ctx)
	a.Terms = map[string][]lexical.Term{}
	for _, key := range named {
		list, err := x.Terms(ctx, q.Text, key)
		if len(list) > 0 {
			a.Terms[key] = list
		}
		errs[3] = err
	}
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return a
}
