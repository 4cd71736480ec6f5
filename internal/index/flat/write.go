package flat

import (
	"context"
	"fmt"

	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/match"
)

var errClosed = &match.Error{Kind: match.Unavailable, Reason: "the index is closed"}

var errTooLong = fmt.Sprintf("needs more than %d bytes", maxEntry)

// Upsert implements index.Index. The batch becomes visible as a whole. An error
// of kind match.Exhausted (disk full) leaves nothing of it behind.
func (ix *Index) Upsert(ctx context.Context, points []index.Point) error {
	if err := ix.spec.CheckPoints(points); err != nil {
		return err
	}
	var frames []byte
	spans := make([]span, len(points))
	if ix.log != nil {
		frames = make([]byte, 0, len(points)*(4*ix.spec.Dim*len(ix.spec.Vectors)+512)) // seldom too small
		for i, p := range points {
			from := len(frames)
			frames = appendPut(frames, ix.spec.Vectors, p)
			spans[i] = span{int64(from), len(frames) - from}
			if spans[i].n > maxEntry {
				return match.About(fmt.Sprintf("point %q", p.Key), match.Invalidf("payload", errTooLong))
			}
		}
	}
	return ix.change(ctx, func(*table) []byte { return frames }, func(t *table, at int64) {
		for i, p := range points {
			t.put(p, span{at + spans[i].at, spans[i].n})
		}
	})
}

// Delete implements index.Index, with the promises of Upsert.
func (ix *Index) Delete(ctx context.Context, keys []string) error {
	known := func(t *table) (frames []byte) {
		for _, key := range keys {
			if _, ok := t.slots[key]; ok {
				frames = appendDelete(frames, key)
			}
		}
		return frames
	}
	return ix.change(ctx, known, func(t *table, _ int64) {
		for _, key := range keys {
			t.remove(key)
		}
	})
}

// change appends the frames of a change to the log, and then lets apply, which is
// told where they start, make it in the table.
func (ix *Index) change(ctx context.Context, frames func(*table) []byte, apply func(t *table, at int64)) error {
	ix.write.Lock()
	defer ix.write.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if ix.table == nil { // only holders of write change it
		return errClosed
	}
	var at int64
	if ix.log != nil {
		at = ix.log.end
		if err := ix.log.append(frames(ix.table)); err != nil {
			return err
		}
	}
	publish := ix.publish
	if publish == nil {
		publish = func(apply func()) { apply() }
	}
	publish(func() {
		ix.mu.Lock()
		apply(ix.table, at)
		ix.mu.Unlock()
	})
	if !ix.table.wasteful() {
		return nil
	}
	fresh := ix.table.repacked() // searches go on meanwhile
	ix.mu.Lock()
	ix.table = fresh
	ix.mu.Unlock()
	return nil
}

// Flush implements index.Index. In memory it does nothing. After a failed fsync
// every write fails: what is on disk is known again only after a new Open.
func (ix *Index) Flush(ctx context.Context) error {
	ix.write.Lock()
	defer ix.write.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if ix.table == nil {
		return errClosed
	}
	if ix.log == nil {
		return nil
	}
	return ix.log.sync()
}

// Close implements index.Index. It rewrites a log that is mostly dead.
func (ix *Index) Close() error {
	ix.write.Lock()
	defer ix.write.Unlock()
	ix.mu.Lock()
	t := ix.table
	ix.table = nil
	ix.mu.Unlock()
	if t == nil || ix.log == nil {
		return nil
	}
	if err := ix.log.sync(); err != nil || !mostlyDead(ix.log, t) {
		return ix.log.close()
	}
	fresh, err := compact(ix.log, ix.spec, t)
	if err != nil {
		return err
	}
	return fresh.close()
}
