package catalog

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

const (
	// freshMost and freshBytes bound what is kept of the newest writes: what a follower
	// does in half a second, and texts of 64 MB at most.
	freshMost  = 16_000
	freshBytes = 64 << 20
	// freshWait is how long a writer waits for followers that read from memory before
	// they have to read from the store.
	freshWait = time.Second
)

// fresh keeps the newest writes of this process, so that followers need not read back
// from the store, and decode, what was in memory a moment ago:
//
//	Write ─▶ store ─▶ fresh ─┐ what it has
//	           └─────────────┴▶ follower: all else
//
// It has no gaps: a write that does not follow its newest one, because another call or
// another process came in between, takes the place of all. It is of no use, and nil,
// where several processes write to one store.
type fresh struct {
	mu      sync.Mutex
	batches []news               // one behind another
	from    int64                // sequence number from which on nothing is missing
	last    int64                // newest sequence number
	done    map[match.Kind]int64 // what followers have
	count   int
	bytes   int
	read    chan struct{} // closed when a batch is no longer needed
}

// news is what one write made new, in the order of Seq.
type news struct {
	records []match.Record
	bytes   int
}

func (w news) first() int64 { return w.records[0].Seq }
func (w news) last() int64  { return w.records[len(w.records)-1].Seq }

// newFresh returns nil where other processes write to the store, too.
func newFresh(s store.Store) *fresh {
	if _, shared := s.(store.Claimer); shared {
		return nil
	}
	return &fresh{done: map[match.Kind]int64{}, read: make(chan struct{})}
}

// newsOf gives the records of a batch that were written, with their numbers.
func newsOf(b store.Batch, outcomes []store.Outcome) (w news) {
	for i, o := range outcomes {
		if o.Change == store.Refused || o.Change == store.Unchanged {
			continue
		}
		r := b.Items[i].Record
		r.Revision, r.Seq = o.Revision, o.Seq
		w.records = append(w.records, r)
		if !r.Withdrawn {
			t := r.Texts()
			w.bytes += len(t.Title) + len(t.Body)
		}
	}
	return w
}

// add keeps a batch that was written. Where there is too much, it waits for followers a
// moment and then drops the oldest.
func (f *fresh) add(ctx context.Context, b store.Batch, outcomes []store.Outcome) {
	if f == nil || b.IdempotencyKey != "" { // which may repeat an earlier outcome
		return
	}
	w := newsOf(b, outcomes)
	if len(w.records) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.last+1 != w.first() {
		f.batches, f.from, f.count, f.bytes = nil, w.first(), 0, 0
	}
	f.batches, f.last = append(f.batches, w), w.last()
	f.count += len(w.records)
	f.bytes += w.bytes
	f.makeRoom(ctx)
}

// makeRoom is called with the lock held, which it gives up while it waits.
func (f *fresh) makeRoom(ctx context.Context) {
	late := time.NewTimer(freshWait)
	defer late.Stop()
	for f.full() && f.wanted() {
		read := f.read
		f.mu.Unlock()
		var over bool
		select {
		case <-read:
		case <-ctx.Done():
			over = true
		case <-late.C:
			over = true
		}
		f.mu.Lock()
		if over {
			break
		}
	}
	for f.full() {
		f.from = f.batches[0].last() + 1
		f.drop()
	}
}

func (f *fresh) full() bool {
	return len(f.batches) > 0 && (f.count > freshMost || f.bytes > freshBytes)
}

// wanted tells whether a follower is about to read the oldest batch.
func (f *fresh) wanted() bool {
	return f.done[f.batches[0].records[0].Kind]+1 >= f.from
}

func (f *fresh) drop() {
	f.count -= len(f.batches[0].records)
	f.bytes -= f.batches[0].bytes
	f.batches[0] = news{}
	f.batches = f.batches[1:]
}

// after returns the writes of a kind after a sequence number, at most limit, and of a
// record the newest of them; none where it does not have all of them.
func (f *fresh) after(kind match.Kind, seq int64, limit int) []*match.Record {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if seq+1 < f.from || seq < f.done[kind] {
		return nil
	}
	var out []*match.Record
	for _, w := range f.batches {
		if w.last() <= seq {
			continue
		}
		for i := range w.records {
			r := &w.records[i]
			if r.Kind != kind || r.Seq <= seq {
				continue
			}
			if out = append(out, r); len(out) == limit {
				return newestOf(out)
			}
		}
	}
	return newestOf(out)
}

// newestOf leaves out records that come again.
func newestOf(records []*match.Record) []*match.Record {
	newest := make(map[match.Ref]int64, len(records))
	for _, r := range records {
		newest[r.Ref] = r.Seq
	}
	return slices.DeleteFunc(records, func(r *match.Record) bool { return newest[r.Ref] != r.Seq })
}

// followed drops what no follower needs any more.
func (f *fresh) followed(kind match.Kind, seq int64) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done[kind] = seq
	dropped := false
	for len(f.batches) > 0 && f.hasAll(f.batches[0]) {
		f.drop()
		dropped = true
	}
	if dropped {
		close(f.read)
		f.read = make(chan struct{})
	}
}

func (f *fresh) hasAll(w news) bool {
	for i := len(w.records) - 1; i >= 0; i-- {
		if r := &w.records[i]; r.Seq > f.done[r.Kind] {
			return false
		}
	}
	return true
}
