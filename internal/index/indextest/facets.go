package indextest

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

// facets agree with the definition, and with the hits: the count of a token is the
// number of hits with the token in the filter.
func (s *suite) facets(t *testing.T) {
	r, ctx := random(13), context.Background()
	ix, want := s.new(t), reference{}
	points := s.points(r, s.Points/2, 0)
	upsert(t, ix, points...)
	want.upsert(points)
	gone := []string{points[3].Key, points[4].Key}
	if err := ix.Delete(ctx, gone); err != nil {
		t.Fatal(err)
	}
	for _, key := range gone {
		delete(want, key)
	}
	faceter := ix.(index.Faceter)
	for _, field := range []string{match.FieldRegion, match.FieldIPC, match.FieldPool, match.FieldSector} {
		for _, f := range filters {
			for _, limit := range []int{3, 1000} {
				got, err := faceter.Facets(ctx, field, f.conditions, limit)
				if err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(want.facets(field, f.conditions, limit), got, cmpopts.EquateEmpty()); d != "" {
					t.Fatalf("%s, %s, limit %d (-want +got):\n%s", field, f.name, limit, d)
				}
				if len(got) == 0 || limit > 3 {
					continue
				}
				token := match.Condition{Field: field, AnyOf: []string{got[0].Token}}
				s.counts(t, ix, got[0].Count, append([]match.Condition{token}, f.conditions...))
			}
		}
	}
	if _, err := faceter.Facets(ctx, match.FieldIPC, nil, 0); match.KindOf(err) != match.Invalid {
		t.Errorf("limit 0: %v", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := faceter.Facets(ctx, match.FieldIPC, nil, 1); match.KindOf(err) != match.Canceled {
		t.Errorf("a cancelled context: %v", err)
	}
}

// facets is the definition of index.Faceter.
func (r reference) facets(field string, conditions []match.Condition, limit int) []index.Facet {
	counts := map[string]int{}
	for _, p := range r {
		if !p.Payload.Satisfies(conditions) {
			continue
		}
		once := map[string]bool{}
		for _, token := range p.Payload.Tokens[field] {
			once[token] = true
		}
		for token := range once {
			counts[token]++
		}
	}
	return index.MostFacets(counts, limit)
}
