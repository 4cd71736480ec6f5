package segment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
)

// Index is a lexical.Index in a folder. Open one with Open.
type Index struct {
	dir      string
	readOnly bool
	merger   *merger // nil if readOnly

	// disk is held while files, the manifest, the list of views or what is flushed of
	// them change; it comes before mu.
	disk sync.Mutex
	next uint64 // number of the next file

	// mu is held by searches for reading, by all that change what follows for writing.
	mu     sync.RWMutex
	views  []*view
	frozen []*buffer // are being written, or wait for it
	active *buffer   // takes the writes
	docs   int       // live ones
	length int       // of the live ones, in terms
	mark   int64
}

var _ lexical.Index = (*Index)(nil)

// batch is how many documents are stored before waiting searches get a turn.
const batch = 64

// Upsert implements lexical.Index. Searches that run at the same time may see a part
// of docs.
func (x *Index) Upsert(ctx context.Context, docs []lexical.Doc) error {
	for i := range docs {
		if docs[i].Key == "" {
			return match.Invalidf(fmt.Sprintf("docs[%d].key", i), "is empty")
		}
	}
	c := counters.Get().(*counter)
	defer counters.Put(c)
	var room [batch]taken
	for part := range slices.Chunk(docs, batch) {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("segment: upsert: %w", err)
		}
		for i := range part {
			room[i] = c.take(part[i].Text)
		}
		if err := x.store(part, room[:len(part)]); err != nil {
			return fmt.Errorf("segment: upsert: %w", x.noted(err))
		}
	}
	return nil
}

func (x *Index) store(docs []lexical.Doc, taken []taken) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i, d := range docs {
		if err := x.kill(d.Key); err != nil {
			return err
		}
		if len(x.active.docs) >= bufferDocs {
			x.freeze()
		}
		x.active.append(d.Key, taken[i], d.Payload)
		x.docs++
		x.length += int(taken[i].length)
	}
	return nil
}

// freeze puts an empty buffer in the place of the active one.
func (x *Index) freeze() {
	if len(x.active.docs) > 0 {
		x.frozen = append(x.frozen, x.active)
		x.active = newBuffer()
	}
}

// kill deletes the document with a key, if there is one.
func (x *Index) kill(key string) error {
	if x.killIn(x.active, key) {
		return nil
	}
	for _, b := range x.frozen {
		if x.killIn(b, key) {
			return nil
		}
	}
	if len(x.views) == 0 {
		return nil
	}
	bytes, hash := []byte(key), hashOf(key)
	for _, v := range x.views {
		doc, ok, err := v.atHash(bytes, hash)
		if err != nil {
			return err
		}
		if ok {
			x.docs--
			x.length -= int(v.lengths.at(doc))
			return v.kill(doc)
		}
	}
	return nil
}

// killIn deletes the document with a key from a buffer, if it is there.
func (x *Index) killIn(b *buffer, key string) bool {
	slot, ok := b.slots[key]
	if ok {
		x.docs--
		x.length -= int(b.docs[slot].length)
		b.kill(key, slot)
	}
	return ok
}

func (x *Index) buffers() []*buffer { return append(slices.Clone(x.frozen), x.active) }

// Delete implements lexical.Index.
func (x *Index) Delete(ctx context.Context, keys []string) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("segment: delete: %w", err)
	}
	for _, key := range keys {
		if err := x.kill(key); err != nil {
			return fmt.Errorf("segment: delete: %w", x.noted(err))
		}
	}
	return nil
}

// Search implements lexical.Index. A query of many terms and postings is taken by its
// most telling terms, unless Exact is set; see the package.
func (x *Index) Search(ctx context.Context, q lexical.Query) ([]lexical.Hit, error) {
	if q.Limit < 1 {
		return nil, match.Invalidf("limit", "is below 1")
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	s := newSearch(ctx, q, x.views, x.buffers())
	found, err := s.run(q, x.docs, x.length)
	if err != nil {
		return nil, fmt.Errorf("segment: search: %w", x.noted(err))
	}
	hits := make([]lexical.Hit, len(found))
	for i, r := range found {
		hits[i] = lexical.Hit{Key: string(r.key), Score: r.score, Shared: r.shared, QueryTerms: len(s.terms), DocTerms: r.distinct}
	}
	return hits, nil
}

// Score implements lexical.Index.
func (x *Index) Score(ctx context.Context, text string, keys []string) ([]lexical.Hit, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n, err := x.named(ctx, text, false)
	hits := make([]lexical.Hit, len(keys))
	for i, key := range keys {
		if err != nil {
			break
		}
		if err = ctx.Err(); err == nil {
			hits[i], err = n.hit(key)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("segment: score: %w", x.noted(err))
	}
	return hits, nil
}

// Terms implements lexical.Index.
func (x *Index) Terms(ctx context.Context, text, key string) ([]lexical.Term, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n, err := x.named(ctx, text, true)
	var out []lexical.Term
	if err == nil {
		out, err = n.contributions(key)
	}
	if err != nil {
		return nil, fmt.Errorf("segment: terms of %q: %w", key, x.noted(err))
	}
	return out, nil
}

// Count implements lexical.Index.
func (x *Index) Count(ctx context.Context) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("segment: count: %w", err)
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.docs, nil
}

// Mark implements lexical.Index.
func (x *Index) Mark() int64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.mark
}

// noted makes the next Open refuse a folder in which damage was found.
func (x *Index) noted(err error) error {
	if match.KindOf(err) != match.Corrupt || x.readOnly {
		return err
	}
	f, failed := os.Create(filepath.Join(x.dir, damagedName))
	if failed == nil {
		failed = f.Close()
	}
	if failed != nil {
		return errors.Join(err, failed)
	}
	return err
}

// Close implements lexical.Index. A merge that is under way is given up.
func (x *Index) Close() error {
	if x.merger != nil {
		x.merger.stop()
	}
	x.disk.Lock()
	defer x.disk.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.frozen, x.active, x.docs, x.length = nil, newBuffer(), 0, 0
	return x.unmap()
}

func (x *Index) unmap() error {
	var errs []error
	for _, v := range x.views {
		errs = append(errs, v.unmap())
	}
	x.views = nil
	return errors.Join(errs...)
}
