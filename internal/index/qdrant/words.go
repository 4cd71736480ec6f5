package qdrant

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/lexical/tally"
	"github.com/duijie/duijie/internal/match"
)

// Words is a lexical.Shared on a server: words_doc.go tells how. Its methods may be
// called at once, by this and other processes, of which one writes at a time.
type Words struct {
	remote             // of the documents
	notes       remote // of the statistics
	of          string // "patents" or "demands"
	settings    Settings
	differences differences

	writing sync.Mutex // held by writes, Flush and Refresh; guards what follows
	issued  int64      // the last generation that this process has given to a write
	broken  bool       // the statistics do not fit the documents
	most    int        // documents after which a Flush makes a new base; rebaseAfter

	mu    sync.RWMutex // guards stats, which are changed with both held
	stats *statistics
}

var (
	_ lexical.Shared = (*Words)(nil)
	_ index.Reshaper = (*Words)(nil)
)

// OpenWords connects, and creates the collections of the words of a collection
// ("patents", "demands") if they are not there. Errors are those of Open.
func OpenWords(ctx context.Context, cfg Config, collection string) (*Words, error) {
	if err := cfg.Validate(); err != nil {
		return nil, match.About("qdrant", err)
	}
	cfg = cfg.withDefaults()
	nodes, err := cfg.connect()
	if err != nil {
		return nil, err
	}
	w := newWords(cfg, nodes, collection)
	if err := w.open(ctx, cfg.Settings); err != nil {
		return nil, errors.Join(err, nodes.close())
	}
	return w, nil
}

func newWords(cfg Config, nodes *nodes, collection string) *Words {
	name := wordsName(cfg.Prefix, collection)
	return &Words{
		remote: remote{nodes, cfg.address(), name, cfg.Timeout},
		of:     collection,
		notes:  remote{nodes, cfg.address(), name + "_statistics", cfg.Timeout},
		stats:  newStatistics(), most: rebaseAfter, settings: cfg.Settings,
	}
}

func wordsName(prefix, collection string) string { return prefix + "_" + collection + "_words" }

func (w *Words) open(ctx context.Context, s Settings) error {
	docs, notes, err := wordsLayouts(w.of, s)
	if err != nil {
		return err
	}
	stored, err := w.prepare(ctx, docs, s, w.verifier(&w.remote))
	if err != nil {
		return err
	}
	w.differences.set(s.differences(w.collection, stored, false))
	s.Shards = 1 // of a few megabytes
	if _, err := w.notes.prepare(ctx, notes, s, w.verifier(&w.notes)); err != nil {
		return err
	}
	if err = w.Refresh(ctx); match.KindOf(err) == match.Corrupt { // who leads makes them again
		w.broken, w.stats.unusable = true, err
		return nil
	}
	return err
}

// Differences are the settings of the documents' collection that were not as they are
// configured when it was opened or reshaped.
func (w *Words) Differences() []Difference { return w.differences.get() }

// Reshape implements index.Reshaper. Writes wait until it ends.
func (w *Words) Reshape(ctx context.Context) (bool, error) {
	w.writing.Lock()
	defer w.writing.Unlock()
	did, left, err := w.reshape(ctx, w.settings, false, func(s Settings) (layout, error) {
		docs, _, err := wordsLayouts(w.of, s)
		return docs, err
	})
	if err == nil {
		w.differences.set(left)
	}
	return did, err
}

// DiscardWords deletes the words of a collection, to be made again. Errors are those of
// Open.
func DiscardWords(ctx context.Context, cfg Config, collection string) (err error) {
	if err := cfg.Validate(); err != nil {
		return match.About("qdrant", err)
	}
	cfg = cfg.withDefaults()
	nodes, err := cfg.connect()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, nodes.close()) }()
	w := newWords(cfg, nodes, collection)
	// The statistics first: documents without them are counted again, and they without
	// documents would be wrong.
	return errors.Join(w.notes.discard(ctx), w.remote.discard(ctx))
}

// Upsert implements lexical.Index. Beyond the contract it refuses, as match.Invalid,
// what Index.Upsert does of keys and payloads.
func (w *Words) Upsert(ctx context.Context, docs []lexical.Doc) error {
	if err := ctx.Err(); err != nil {
		return w.fail(match.Canceled, "upsert", err)
	}
	batch := make([]written, 0, len(docs))
	place := make(map[string]int, len(docs))
	for i, d := range docs {
		one, err := newWritten(d)
		if err != nil {
			return match.About(fmt.Sprintf("docs[%d] %q", i, d.Key), err)
		}
		if at, ok := place[one.id]; ok {
			batch[at] = one
			continue
		}
		place[one.id] = len(batch)
		batch = append(batch, one)
	}
	return w.write(ctx, batch)
}

// Delete implements lexical.Index.
func (w *Words) Delete(ctx context.Context, keys []string) error {
	if err := ctx.Err(); err != nil {
		return w.fail(match.Canceled, "delete", err)
	}
	gone := make([]written, 0, len(keys))
	for _, key := range keys {
		if utf8.ValidString(key) { // others cannot be there
			gone = append(gone, written{id: idOf(key), key: key})
		}
	}
	slices.SortFunc(gone, func(a, b written) int { return cmpStrings(a.id, b.id) })
	return w.write(ctx, slices.CompactFunc(gone, func(a, b written) bool { return a.id == b.id }))
}

// written is a document on its way to the server.
type written struct {
	id, key string
	payload map[string]*qdrant.Value
	terms   []byte // encoded; nil where the document is deleted
	decoded tally.Terms
}

func newWritten(d lexical.Doc) (written, error) {
	if d.Key == "" {
		return written{}, match.Invalidf("key", "is missing")
	}
	if !utf8.ValidString(d.Key) {
		return written{}, match.Invalidf("key", "is not UTF-8")
	}
	payload, err := encodePayload(d.Payload)
	if err != nil {
		return written{}, err
	}
	terms := tally.Of(d.Text)
	return written{id: idOf(d.Key), key: d.Key, payload: payload, terms: terms.Append(nil), decoded: terms}, nil
}

// wordsChunk is how many documents are in a message.
const wordsChunk = 256

// write brings documents to the server, chunk by chunk, and counts them.
func (w *Words) write(ctx context.Context, docs []written) error {
	w.writing.Lock()
	defer w.writing.Unlock()
	if w.broken {
		if err := w.mend(ctx); err != nil {
			return err
		}
	}
	for chunk := range slices.Chunk(docs, wordsChunk) {
		if err := w.writeChunk(ctx, chunk); err != nil {
			return err
		}
	}
	return nil
}

func (w *Words) writeChunk(ctx context.Context, docs []written) error {
	stored, err := w.stored(ctx, docs)
	if err != nil {
		return err
	}
	level, err := w.level(ctx, docs)
	if err != nil {
		return err
	}
	w.issued = max(w.issued, w.stats.last) + 1
	var points []*qdrant.PointStruct
	var changes []change
	for _, d := range docs {
		was, known := stored[d.id]
		if d.terms == nil && (!known || was.terms == nil) {
			continue // there is nothing to delete
		}
		c := change{id: d.id, generation: w.issued, terms: d.terms, was: was.asOf(w.stats.head.base)}
		points, changes = append(points, c.point(d, level)), append(changes, c)
	}
	if len(points) == 0 {
		return nil
	}
	if err := w.upsert(ctx, points); err != nil {
		return err
	}
	return w.take(changes)
}

// level is that of the mean length with documents that are to be written. It is noted
// before any document has weights of it.
func (w *Words) level(ctx context.Context, docs []written) (int, error) {
	n, length := w.stats.table.Texts(), w.stats.table.Length()
	for _, d := range docs {
		if d.terms != nil {
			n, length = n+1, length+int64(d.decoded.Length)
		}
	}
	level := levelOf(float64(length) / float64(max(n, 1)))
	h := w.stats.head
	if h.levels && level >= h.lowest {
		return level, nil
	}
	h.levels, h.lowest = true, level
	return level, w.writeHead(ctx, h)
}

// take counts changes that the server has.
func (w *Words) take(changes []change) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.stats.take(changes); err != nil {
		w.broken = true
		return w.fail(match.Corrupt, "the statistics of words", err)
	}
	return nil
}

// Count implements lexical.Index. It counts what the server has, not what the
// statistics say.
func (w *Words) Count(ctx context.Context) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, w.fail(match.Canceled, "count", err)
	}
	all, err := w.count(ctx, nil)
	if err != nil {
		return 0, err
	}
	gone, err := w.count(ctx, isGone())
	return all - gone, err
}

// Mark implements lexical.Index.
func (w *Words) Mark() int64 {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.stats.head.mark
}

// Close implements lexical.Index.
func (w *Words) Close() error { return w.nodes.close() }
