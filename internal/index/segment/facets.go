package segment

import (
	"context"
	"errors"

	"github.com/duijie/duijie/internal/facet"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

var _ index.Faceter = (*Index)(nil)

// Facets implements index.Faceter.
func (ix *Index) Facets(ctx context.Context, field string, conditions []match.Condition, limit int) (out []index.Facet, err error) {
	if err := index.CheckFacets(limit); err != nil {
		return nil, err
	}
	v, counts, err := ix.facetsOfFlats(ctx, field, conditions)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, v.release()) }()
	for _, m := range v.segments {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		m.payloads.addFacets(field, m.payloads.matching(m.live, conditions), counts)
	}
	return index.MostFacets(counts, limit), nil
}

// facetsOfFlats counts those of the newest points, and holds the segments of that moment.
func (ix *Index) facetsOfFlats(ctx context.Context, field string, conditions []match.Condition) (*view, map[string]int, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.state == nil {
		return nil, nil, errClosed
	}
	all := map[string]int{}
	for _, f := range ix.state.flats() {
		counts, err := f.FacetCounts(ctx, field, conditions)
		if err != nil {
			return nil, nil, err
		}
		for token, n := range counts {
			all[token] += n
		}
	}
	v := &view{}
	v.hold(ix.state.segments)
	return v, all, nil
}

// addFacets adds for each token of a field how many of the selected slots have it.
func (p *payloads) addFacets(field string, selected facet.Bitmap, to map[string]int) {
	f := p.tokens[field]
	if f == nil {
		return
	}
	for i := range uint32(f.len()) {
		n := 0
		f.list(i).each(func(slot uint32) {
			if selected.Has(slot) {
				n++
			}
		})
		if n > 0 {
			to[string(f.name(i))] += n
		}
	}
}
