package indextest

import (
	"context"
	"math"
	"testing"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

func (s *suite) upsert(t *testing.T) {
	ix := s.new(t)
	upsert(t, ix, text("a", s.axis(0)), text("b", s.between(0.5)))
	hits := search(t, ix, index.Query{Name: "text", Vector: s.axis(0), Limit: 5})
	s.expect(t, hits, index.Hit{Key: "a", Score: 1}, index.Hit{Key: "b", Score: 0.5})
	if err := ix.Upsert(context.Background(), nil); err != nil {
		t.Errorf("no points at all: %v", err)
	}
}

// rounded is how far the score of two numbers may be from that before quant.Round.
const rounded = 0x1p-15

// expect compares hits, scores but for the rounding of what is stored.
func (s *suite) expect(t *testing.T, got []index.Hit, want ...index.Hit) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		off := float64(got[i].Score) - float64(want[i].Score)
		if got[i].Key != want[i].Key || math.Abs(off) > rounded {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
}

func (s *suite) replace(t *testing.T) {
	ix := s.new(t)
	old := index.Point{
		Key:     "a",
		Vectors: map[string][]float32{"text": s.axis(0), "claims": s.axis(0)},
		Payload: match.Payload{
			Tokens:  map[string][]string{match.FieldTier: {"A"}, match.FieldPool: {"x"}},
			Numbers: map[string]int64{match.FieldFee: 5},
		},
	}
	upsert(t, ix, old)
	fresh := text("a", s.between(0.5))
	fresh.Payload.Tokens = map[string][]string{match.FieldTier: {"B"}}
	upsert(t, ix, fresh)

	query := index.Query{Name: "text", Vector: s.axis(0), Limit: 5}
	s.expect(t, search(t, ix, query), index.Hit{Key: "a", Score: 0.5})
	query.Conditions = []match.Condition{{Field: match.FieldTier, AnyOf: []string{"B"}}}
	s.expect(t, search(t, ix, query), index.Hit{Key: "a", Score: 0.5})
	s.expect(t, search(t, ix, index.Query{Name: "claims", Vector: s.axis(0), Limit: 5}))
	for name, c := range map[string]match.Condition{
		"old token":            {Field: match.FieldTier, AnyOf: []string{"A"}},
		"field that went away": {Field: match.FieldPool, AnyOf: []string{"x"}},
		"old number":           {Field: match.FieldFee, Min: at(0)},
	} {
		query.Conditions = []match.Condition{c}
		if hits := search(t, ix, query); len(hits) > 0 {
			t.Errorf("found by its %s", name)
		}
	}
	s.counts(t, ix, 1, nil)
}

func (s *suite) duplicate(t *testing.T) {
	ix := s.new(t)
	upsert(t, ix, text("a", s.axis(0)), text("b", s.axis(1)), text("a", s.between(0.25)))
	hits := search(t, ix, index.Query{Name: "text", Vector: s.axis(0), Limit: 1})
	s.expect(t, hits, index.Hit{Key: "a", Score: 0.25})
	s.counts(t, ix, 2, nil)
}

func (s *suite) delete(t *testing.T) {
	ix, ctx := s.new(t), context.Background()
	upsert(t, ix, text("a", s.axis(0)), text("b", s.between(0.5)), text("c", s.between(0.25)))
	for _, keys := range [][]string{{"a", "unknown"}, {"a"}, {"a", "a", "c"}, nil, {""}} {
		if err := ix.Delete(ctx, keys); err != nil {
			t.Fatalf("deleting %q: %v", keys, err)
		}
	}
	query := index.Query{Name: "text", Vector: s.axis(0), Limit: 5}
	s.expect(t, search(t, ix, query), index.Hit{Key: "b", Score: 0.5})
	s.counts(t, ix, 1, nil)
	upsert(t, ix, text("a", s.between(0.75)))
	s.expect(t, search(t, ix, query), index.Hit{Key: "a", Score: 0.75}, index.Hit{Key: "b", Score: 0.5})
}

func (s *suite) counts(t *testing.T, ix index.Index, want int, conditions []match.Condition) {
	t.Helper()
	got, err := ix.Count(context.Background(), conditions)
	if err != nil || got != want {
		t.Errorf("Count(%v) is %d, %v, want %d", conditions, got, err, want)
	}
}

func (s *suite) keys(t *testing.T) {
	ix := s.new(t)
	keys := []string{
		"default/CN202110312001A", "租户 一/需求：锂电池", "a b", " a", "a/", "/a", "..", "%2F", "A", "a", "a\x00b",
		`"`, "0", "00000000-0000-0000-0000-000000000000", "🙂",
	}
	points := make([]index.Point, len(keys))
	for i, key := range keys {
		points[i] = text(key, s.between(1-float64(i)/32))
	}
	upsert(t, ix, points...)
	hits := search(t, ix, index.Query{Name: "text", Vector: s.axis(0), Limit: 2 * len(keys)})
	if len(hits) != len(keys) {
		t.Fatalf("%d hits, want %d", len(hits), len(keys))
	}
	for i, hit := range hits {
		if hit.Key != keys[i] {
			t.Errorf("rank %d is %q, want %q", i, hit.Key, keys[i])
		}
	}
	if err := ix.Delete(context.Background(), keys[:len(keys)-1]); err != nil {
		t.Fatal(err)
	}
	s.counts(t, ix, 1, nil)
}
