package segment

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/index/flat"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
)

// Search implements index.Index. It holds up writers only while the filter of the newest
// points is evaluated.
func (ix *Index) Search(ctx context.Context, q index.Query) (hits []index.Hit, err error) {
	if err := ix.spec.CheckQuery(q); err != nil {
		return nil, match.About("query", err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	prepared, ok := quant.NewQuery(q.Vector)
	if !ok {
		return nil, nil
	}
	v, err := ix.view(q)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, v.release()) }()
	best := &quant.Best[index.Hit]{Limit: q.Limit, Worse: func(a, b index.Hit) bool { return compareHits(a, b) > 0 }}
	for _, layer := range v.flats {
		found, err := layer.Search(ctx, prepared)
		if err != nil {
			return nil, err
		}
		for _, hit := range found {
			best.Add(hit)
		}
	}
	if err := ix.searchSegments(ctx, v, q, prepared, best); err != nil {
		return nil, err
	}
	slices.SortFunc(best.Items, compareHits)
	return best.Items, nil
}

// searchSegments adds what the segments have to best.
func (ix *Index) searchSegments(ctx context.Context, v *view, q index.Query, prepared quant.Query, best *quant.Best[index.Hit]) error {
	s := v.scan(q, prepared)
	if len(s.tasks) == 0 {
		return ctx.Err()
	}
	floor := -math.MaxFloat64
	if best.Full() {
		floor = float64(best.Worst().Score)
	}
	found, err := s.run(ctx, ix.options.searchers(), floor)
	if err != nil {
		return err
	}
	return rescore(ctx, prepared, found, best)
}

// scan is what a search reads of the segments.
func (v *view) scan(q index.Query, prepared quant.Query) *scan {
	s := &scan{query: prepared, limit: q.Limit}
	for _, m := range v.segments {
		p := &part{member: m, column: m.column(q.Name)}
		p.matching = m.payloads.matching(m.live, q.Conditions)
		p.all = len(q.Conditions) == 0 && m.alive == m.points()
		s.tasks = append(s.tasks, p.plan(prepared, q.Limit, q.Exact)...)
	}
	if slices.ContainsFunc(s.tasks, func(t task) bool { return t.sketched }) {
		s.sketch = quant.NewSketchQuery(q.Vector)
	}
	return s
}

// view is what a search reads, as it was at one moment. Its segments stay open until
// release.
type view struct {
	flats    []flat.View
	segments []member
}

func (ix *Index) view(q index.Query) (*view, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.state == nil {
		return nil, errClosed
	}
	v := &view{}
	for _, f := range ix.state.flats() {
		if f.Len() == 0 {
			continue
		}
		layer, err := f.View(q)
		if err != nil {
			return nil, err
		}
		v.flats = append(v.flats, layer)
	}
	v.hold(ix.state.segments)
	return v, nil
}

// hold keeps segments open; it is called under the lock of the state that has them.
func (v *view) hold(segments []member) {
	v.segments = segments
	for _, m := range segments {
		m.hold()
	}
}

func (v *view) release() (err error) {
	for _, m := range v.segments {
		err = errors.Join(err, m.release())
	}
	return err
}

// Count implements index.Index.
func (ix *Index) Count(ctx context.Context, conditions []match.Condition) (n int, err error) {
	v, n, err := ix.countFlats(ctx, conditions)
	if err != nil {
		return 0, err
	}
	for _, m := range v.segments {
		if len(conditions) == 0 {
			n += m.alive
		} else {
			n += m.payloads.matching(m.live, conditions).Count()
		}
	}
	return n, v.release()
}

func (ix *Index) countFlats(ctx context.Context, conditions []match.Condition) (*view, int, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, 0, err
	}
	if ix.state == nil {
		return nil, 0, errClosed
	}
	v, all := &view{}, 0
	for _, f := range ix.state.flats() {
		n, err := f.Count(ctx, conditions)
		if err != nil {
			return nil, 0, err
		}
		all += n
	}
	v.hold(ix.state.segments)
	return v, all, nil
}

// Vectors implements index.Index.
func (ix *Index) Vectors(ctx context.Context, keys []string) (out []index.Point, err error) {
	v, out, err := ix.vectorsOfFlats(ctx, keys)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, v.release()) }()
	for i, key := range keys {
		if i%blockRows == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		h := hash(key)
		for _, m := range v.segments {
			slot, ok := m.living(key, h)
			if !ok {
				continue
			}
			if out[i], err = m.point(slot); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func (ix *Index) vectorsOfFlats(ctx context.Context, keys []string) (*view, []index.Point, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if ix.state == nil {
		return nil, nil, errClosed
	}
	var out []index.Point
	for i, f := range ix.state.flats() {
		points, err := f.Vectors(ctx, keys)
		if err != nil {
			return nil, nil, err
		}
		for k := range points {
			if i > 0 && points[k].Vectors != nil {
				out[k] = points[k]
			}
		}
		if i == 0 {
			out = points
		}
	}
	v := &view{}
	v.hold(ix.state.segments)
	return v, out, nil
}

// Keys returns the keys of all points, in their order.
func (ix *Index) Keys(ctx context.Context) ([]string, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.state == nil {
		return nil, errClosed
	}
	var out []string
	for _, f := range ix.state.flats() {
		keys, err := f.Keys(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, keys...)
	}
	for _, m := range ix.state.segments {
		each(m.live, func(slot uint32) { out = append(out, m.keys.key(slot)) })
	}
	slices.Sort(out)
	return out, nil
}
