package segment

import (
	"context"
	"slices"

	"github.com/duijie/duijie/internal/lexical"
)

// MergeAll merges all segments into one, in turn with the merges in the background.
func (x *Index) MergeAll() error {
	x.merger.done.Wait()
	x.mu.RLock()
	group := slices.Clone(x.views)
	x.mu.RUnlock()
	if len(group) == 0 {
		return nil
	}
	return x.mergeGroup(group, func() bool { return false })
}

// Segments counts the files.
func (x *Index) Segments() int { return len(x.views) }

// DistinctTerms counts the terms of the largest file.
func (x *Index) DistinctTerms() (n int) {
	for _, v := range x.views {
		n = max(n, int(v.terms))
	}
	return n
}

// SearchPruned is Search as of an index so large that long queries are taken by their
// most telling terms, and tells whether this one was.
func (x *Index) SearchPruned(ctx context.Context, q lexical.Query) ([]lexical.Hit, bool, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	s := newSearch(ctx, q, x.views, x.buffers())
	s.always = 0
	found, err := s.run(q, x.docs, x.length)
	hits := make([]lexical.Hit, len(found))
	for i, r := range found {
		hits[i] = lexical.Hit{Key: string(r.key), Score: r.score, Shared: r.shared, QueryTerms: len(s.terms), DocTerms: r.distinct}
	}
	_, all := s.telling(q.Exact)
	return hits, !all, err
}
