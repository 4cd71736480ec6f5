package bigram

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

// Index is a lexical.Index in memory. Make one with New.
type Index struct {
	mu sync.RWMutex
	// contents is replaced as a whole when the index is compacted.
	contents *contents
	// accumulators holds *[]float64, all zero.
	accumulators sync.Pool
}

var _ lexical.Index = (*Index)(nil)

// New returns an empty index.
func New() *Index { return &Index{contents: newContents(0)} }

// batch is how many documents are stored before waiting searches get a turn:
// about 2 ms of work.
const batch = 64

// Upsert implements lexical.Index. Searches that run at the same time may see a
// part of docs.
func (x *Index) Upsert(ctx context.Context, docs []lexical.Doc) error {
	for i := range docs {
		if docs[i].Key == "" {
			return match.Invalidf(fmt.Sprintf("docs[%d].key", i), "is empty")
		}
	}
	for part := range slices.Chunk(docs, batch) {
		if err := x.write(ctx, func(c *contents) error { return c.upsert(part) }); err != nil {
			return fmt.Errorf("bigram: upsert: %w", err)
		}
	}
	return nil
}

// Delete implements lexical.Index.
func (x *Index) Delete(ctx context.Context, keys []string) error {
	err := x.write(ctx, func(c *contents) error {
		for _, key := range keys {
			c.delete(key)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("bigram: delete: %w", err)
	}
	return nil
}

// write changes the contents alone, and compacts them when that is due.
func (x *Index) write(ctx context.Context, change func(*contents) error) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	err := change(x.contents)
	x.contents.weights.Store(nil)
	if x.contents.wasteful() {
		x.contents = x.contents.compacted()
	}
	return err
}

// Score implements lexical.Index.
func (x *Index) Score(ctx context.Context, text string, keys []string) ([]lexical.Hit, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	q := x.contents.query(text)
	hits := make([]lexical.Hit, len(keys))
	for i, key := range keys {
		if ctx.Err() != nil {
			break
		}
		hits[i] = lexical.Hit{Key: key, QueryTerms: len(q.terms)}
		if slot, ok := x.contents.slots[key]; ok {
			hits[i] = x.contents.hit(q, slot)
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("bigram: score: %w", err)
	}
	return hits, nil
}

// Terms implements lexical.Index.
func (x *Index) Terms(ctx context.Context, text, key string) ([]lexical.Term, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("bigram: terms of %q: %w", key, err)
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	slot, ok := x.contents.slots[key]
	if !ok {
		return nil, nil
	}
	q := x.contents.query(text)
	return x.contents.contributions(q, slot), nil
}

// Count implements lexical.Index.
func (x *Index) Count(ctx context.Context) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("bigram: count: %w", err)
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.contents.slots), nil
}

// Flush implements lexical.Index: nothing survives, so there is nothing to do.
func (x *Index) Flush(context.Context, int64) error { return nil }

// Mark implements lexical.Index: there is none.
func (x *Index) Mark() int64 { return 0 }

// Close implements lexical.Index.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.contents = newContents(0)
	return nil
}
