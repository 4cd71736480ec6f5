package qdrant

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/qdrant/go-client/qdrant"

	"github.com/duijie/duijie/internal/lexical/tally"
	"github.com/duijie/duijie/internal/match"
)

// The names in the payload of the statistics' head and blocks.
const (
	baseField   = "base"
	blocksField = "blocks"
	markField   = "mark"
	lowestField = "lowest_level"
	dataField   = "data"
)

const (
	// rebaseAfter is after how many documents a Flush makes a new base.
	rebaseAfter = 16_384
	// changesPage is how many changed documents are read at a time.
	changesPage = 1000
	// refreshTries is how often a new base may come between while the statistics are read.
	refreshTries = 5
)

func headID() *qdrant.PointId {
	return qdrant.NewIDUUID(uuid.NewSHA1(namespace, []byte("head")).String())
}

func blockID(base int64, block int) *qdrant.PointId {
	return qdrant.NewIDUUID(uuid.NewSHA1(namespace, fmt.Appendf(nil, "block %d %d", base, block)).String())
}

// Refresh implements lexical.Shared.
func (w *Words) Refresh(ctx context.Context) error {
	w.writing.Lock()
	defer w.writing.Unlock()
	return w.refresh(ctx)
}

// Lead implements lexical.Shared.
func (w *Words) Lead(ctx context.Context) error {
	w.writing.Lock()
	defer w.writing.Unlock()
	if err := w.mend(ctx); err != nil {
		return err
	}
	n, err := w.Count(ctx)
	if err == nil && n != w.stats.table.Texts() {
		err = w.recount(ctx)
	}
	return err
}

// mend is refresh that counts again where what is stored does not fit together.
func (w *Words) mend(ctx context.Context) error {
	err := w.refresh(ctx)
	if match.KindOf(err) == match.Corrupt {
		return w.recount(ctx)
	}
	return err
}

// refresh reads what others have written. It needs writing.
func (w *Words) refresh(ctx context.Context) error {
	for range refreshTries {
		done, err := w.tryRefresh(ctx)
		if done || err != nil {
			return err
		}
	}
	return w.fail(match.Unavailable, "the statistics of words", errors.New("they change faster than they can be read"))
}

// tryRefresh is refresh unless the base changes meanwhile: then what documents say of
// the base is of another one.
func (w *Words) tryRefresh(ctx context.Context) (done bool, err error) {
	h, err := w.readHead(ctx)
	if err != nil {
		return false, err
	}
	s := w.stats
	switch {
	case w.broken, h.base < s.head.base, h.base > s.last:
		if s, err = w.readBase(ctx, h); err != nil {
			return false, err
		}
		if s == nil {
			return false, w.lost(ctx, h)
		}
	case h != s.head:
		w.mu.Lock()
		s.rebase(h)
		w.mu.Unlock()
	}
	changes, err := w.changes(ctx, s)
	if err != nil {
		return false, err
	}
	if len(changes) > 0 || s != w.stats {
		if again, err := w.readHead(ctx); err != nil || again.base != h.base {
			return false, err
		}
	}
	if s == w.stats {
		if len(changes) == 0 {
			return true, w.whole(ctx)
		}
		return true, w.take(changes)
	}
	if err := s.take(changes); err != nil {
		return true, w.fail(match.Corrupt, "the statistics of words", err)
	}
	w.mu.Lock()
	w.stats, w.broken = s, false
	w.mu.Unlock()
	return true, nil
}

// lost is an error if the blocks of a head are gone and there is no newer one.
func (w *Words) lost(ctx context.Context, h head) error {
	again, err := w.readHead(ctx)
	if err == nil && again.base == h.base {
		err = w.notes.fail(match.Corrupt, "the statistics of words", errors.New("blocks are missing"))
	}
	return err
}

// whole sees to it that nothing is missed that came late under an earlier generation.
func (w *Words) whole(ctx context.Context) error {
	n, err := w.count(ctx, after(w.stats.head.base))
	if err == nil && n != len(w.stats.recent) {
		w.broken = true // all is read at the next time
	}
	return err
}

// after selects what is of a generation after another one.
func after(generation int64) *qdrant.Filter {
	return &qdrant.Filter{Must: []*qdrant.Condition{
		qdrant.NewRange(generationField, &qdrant.Range{Gt: qdrant.PtrOf(float64(generation))}),
	}}
}

// changes are the documents that s does not have. A write may be seen in part, so those
// of the last generation are read again.
func (w *Words) changes(ctx context.Context, s *statistics) ([]change, error) {
	var out []change
	err := w.scroll(ctx, &qdrant.ScrollPoints{
		Filter: after(max(s.head.base, s.last-1)), Limit: qdrant.PtrOf(uint32(changesPage)),
		WithPayload: qdrant.NewWithPayloadInclude(termsField, wasField, generationField),
		WithVectors: qdrant.NewWithVectorsEnable(false),
	}, func(points []*qdrant.RetrievedPoint) error {
		for _, p := range points {
			id := p.GetId().GetUuid()
			d, err := decodeDoc(p.GetPayload())
			if err != nil {
				return w.fail(match.Corrupt, "list points", fmt.Errorf("point %s: %w", id, err))
			}
			if s.recent[id].generation < d.generation {
				out = append(out, change{id, d.generation, d.terms, d.was})
			}
		}
		return nil
	})
	return out, err
}

// readHead reads the head; a zero one where there is none.
func (w *Words) readHead(ctx context.Context) (h head, err error) {
	found, err := w.notes.get(ctx, []*qdrant.PointId{headID()}, qdrant.NewWithVectorsEnable(false),
		baseField, blocksField, markField, lowestField)
	if err != nil || len(found) == 0 {
		return h, err
	}
	p := found[0].GetPayload()
	h = head{base: p[baseField].GetIntegerValue(), blocks: int(p[blocksField].GetIntegerValue()), mark: p[markField].GetIntegerValue()}
	if v := p[lowestField]; v != nil {
		h.levels, h.lowest = true, int(v.GetIntegerValue())
	}
	return h, nil
}

// writeHead writes the head, and takes note of it.
func (w *Words) writeHead(ctx context.Context, h head) error {
	payload := map[string]*qdrant.Value{
		baseField: qdrant.NewValueInt(h.base), blocksField: qdrant.NewValueInt(int64(h.blocks)), markField: qdrant.NewValueInt(h.mark),
	}
	if h.levels {
		payload[lowestField] = qdrant.NewValueInt(int64(h.lowest))
	}
	if err := w.notes.upsert(ctx, []*qdrant.PointStruct{note(headID(), payload)}); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stats.rebase(h)
	return nil
}

// note is a point without vectors.
func note(id *qdrant.PointId, payload map[string]*qdrant.Value) *qdrant.PointStruct {
	return &qdrant.PointStruct{Id: id, Payload: payload, Vectors: qdrant.NewVectorsMap(map[string]*qdrant.Vector{})}
}

// readBase reads the blocks of a base; nil where they are gone, for a newer one.
func (w *Words) readBase(ctx context.Context, h head) (*statistics, error) {
	s := newStatistics()
	s.head, s.last = h, h.base
	blocks := make([][]byte, h.blocks)
	for i := range blocks { // one by one: each is some 400 KB
		found, err := w.notes.get(ctx, []*qdrant.PointId{blockID(h.base, i)}, qdrant.NewWithVectorsEnable(false), dataField)
		if err != nil || len(found) == 0 {
			return nil, err
		}
		if blocks[i], err = decodeBytes(found[0].GetPayload()[dataField]); err != nil {
			return nil, w.notes.fail(match.Corrupt, "get points", err)
		}
	}
	var err error
	if s.table, err = tally.Join(blocks); err != nil {
		return nil, w.notes.fail(match.Corrupt, "the statistics of words", err)
	}
	return s, nil
}

// Flush implements lexical.Index as far as a server allows; see Index.Flush. Now and
// then it makes a new base of the statistics.
func (w *Words) Flush(ctx context.Context, mark int64) error {
	w.writing.Lock()
	defer w.writing.Unlock()
	if err := w.flushed(ctx); err != nil {
		return err
	}
	h := w.stats.head
	h.mark = mark
	if len(w.stats.recent) >= w.most {
		// A write that failed may be there in part, and say of the present base what
		// would not hold for the next one.
		if err := w.refresh(ctx); err != nil {
			return err
		}
		h = w.stats.head
		h.mark = mark
		return w.rebase(ctx, h)
	}
	if h == w.stats.head {
		return nil
	}
	return w.writeHead(ctx, h)
}

// rebase makes a base of what is counted, and h its head. It needs writing.
func (w *Words) rebase(ctx context.Context, h head) error {
	blocks := w.stats.table.Blocks()
	h.base, h.blocks = w.stats.last, len(blocks)
	for i, b := range blocks {
		payload := map[string]*qdrant.Value{generationField: qdrant.NewValueInt(h.base), dataField: encodeBytes(b)}
		if err := w.notes.upsert(ctx, []*qdrant.PointStruct{note(blockID(h.base, i), payload)}); err != nil {
			return err
		}
	}
	if err := w.writeHead(ctx, h); err != nil {
		return err
	}
	old := &qdrant.Filter{Must: []*qdrant.Condition{
		qdrant.NewRange(generationField, &qdrant.Range{Lt: qdrant.PtrOf(float64(h.base))}),
	}}
	if err := w.notes.delete(ctx, qdrant.NewPointsSelectorFilter(old)); err != nil {
		return err
	}
	gone := isGone()
	gone.Must = append(gone.Must, qdrant.NewRange(generationField, &qdrant.Range{Lte: qdrant.PtrOf(float64(h.base))}))
	return w.delete(ctx, qdrant.NewPointsSelectorFilter(gone))
}

// Recount counts the terms of all documents again. It reads all of them.
func (w *Words) Recount(ctx context.Context) error {
	w.writing.Lock()
	defer w.writing.Unlock()
	return w.recount(ctx)
}

func (w *Words) recount(ctx context.Context) error {
	s, err := w.countAll(ctx)
	if err != nil {
		return err
	}
	if s.head, err = w.readHead(ctx); err != nil {
		return err
	}
	w.mu.Lock()
	w.stats = s
	w.mu.Unlock()
	// No write may have the base's number: documents of it are not read.
	w.issued = max(w.issued, s.last) + 1
	s.last = w.issued
	if err := w.rebase(ctx, s.head); err != nil {
		return err
	}
	w.broken = false
	return nil
}

// Verify counts the terms of all documents and compares them with the statistics. It
// returns how many documents there are and the mark; an error of kind match.Corrupt
// says what does not fit.
func (w *Words) Verify(ctx context.Context) (docs int, mark int64, err error) {
	w.writing.Lock()
	defer w.writing.Unlock()
	if err := w.refresh(ctx); err != nil {
		return 0, 0, err
	}
	s, err := w.countAll(ctx)
	if err != nil {
		return 0, 0, err
	}
	if !s.table.Equal(w.stats.table) {
		return 0, 0, w.fail(match.Corrupt, "the statistics of words", errors.New("they are not those of the documents"))
	}
	return s.table.Texts(), w.stats.head.mark, nil
}

// countAll reads the terms of all documents.
func (w *Words) countAll(ctx context.Context) (*statistics, error) {
	s := newStatistics()
	err := w.scroll(ctx, &qdrant.ScrollPoints{
		Limit:       qdrant.PtrOf(uint32(changesPage)),
		WithPayload: qdrant.NewWithPayloadInclude(termsField, generationField), WithVectors: qdrant.NewWithVectorsEnable(false),
	}, func(points []*qdrant.RetrievedPoint) error {
		for _, p := range points {
			d, err := decodeDoc(p.GetPayload())
			if err == nil {
				err = s.replace(nil, d.terms)
			}
			if err != nil {
				return w.fail(match.Corrupt, "list points", fmt.Errorf("point %s: %w", p.GetId().GetUuid(), err))
			}
			s.last = max(s.last, d.generation)
		}
		return nil
	})
	return s, err
}
