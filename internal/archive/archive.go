package archive

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/store"
)

// Config says how much is kept. Only Store is required.
type Config struct {
	Store store.Answers
	Log   *slog.Logger
	// Age is how long an answer is kept; 0 is 90 days.
	Age time.Duration
	// Most is how many answers are kept at most; 0 is 1,000,000.
	Most int64
	// Queued is how many answers may wait to be written; 0 is 4,096. QueuedBytes is how
	// large they may be together; 0 is 64 MiB.
	Queued      int
	QueuedBytes int
	// Every is the time between two writes; 0 is 250 ms.
	Every time.Duration
	// Now tells the time; nil is the clock.
	Now func() time.Time
}

// Limits of one write, and how often old answers are looked for.
const (
	writeBatch  = 256
	writeTime   = 10 * time.Second
	forgetBatch = 500
	forgetEvery = time.Minute
)

// Counts tells what became of answers since the start.
type Counts struct {
	Kept, Dropped, Failed, Forgotten int64
	// Queued are those that wait.
	Queued int
}

// Archive keeps answers. It is safe for concurrent use.
type Archive struct {
	config Config

	mu      sync.Mutex
	waiting []*match.Kept // the oldest first; those that are being written included
	byName  map[name]*match.Kept
	claimed map[name]bool
	bytes   int
	counts  Counts
	closed  bool

	wake   chan struct{}
	stop   chan struct{}
	ended  chan struct{}
	forget time.Time // when old answers are looked for again; of the goroutine
}

// name is what an answer is found by.
type name struct{ tenant, request string }

func nameOf(k *match.Kept) name { return name{k.Tenant, k.RequestID} }

// Open begins to keep answers; Close ends it.
func Open(config Config) *Archive {
	config.Age = cmp.Or(config.Age, 90*24*time.Hour)
	config.Most = cmp.Or(config.Most, 1_000_000)
	config.Queued = cmp.Or(config.Queued, 4096)
	config.QueuedBytes = cmp.Or(config.QueuedBytes, 64<<20)
	config.Every = cmp.Or(config.Every, 250*time.Millisecond)
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	a := &Archive{
		config: config, byName: map[name]*match.Kept{}, claimed: map[name]bool{},
		wake: make(chan struct{}, 1), stop: make(chan struct{}), ended: make(chan struct{}),
	}
	go a.run()
	return a
}

// Claim takes a request's id for an answer that is being made, and tells whether it was free: an
// id that another answer has, or that is claimed, is not. One that cannot be looked up is not
// free either. Who has claimed an id gives it back with Release when the answer is queued, or
// will not be.
func (a *Archive) Claim(ctx context.Context, tenant, request string) bool {
	n := name{tenant, request}
	a.mu.Lock()
	taken := a.claimed[n] || a.byName[n] != nil
	if !taken {
		a.claimed[n] = true
	}
	a.mu.Unlock()
	if taken {
		return false
	}
	stored, err := a.config.Store.Answers(ctx, tenant, []string{request})
	if err == nil && stored[0] == nil {
		return true
	}
	a.Release(tenant, request)
	return false
}

// Release ends a claim.
func (a *Archive) Release(tenant, request string) {
	a.mu.Lock()
	delete(a.claimed, name{tenant, request})
	a.mu.Unlock()
}

// Keep queues an answer, which the caller does not change any more, and tells whether
// there was room. It does not wait.
func (a *Archive) Keep(k *match.Kept) bool {
	size := sizeOf(k)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || len(a.waiting) >= a.config.Queued || a.bytes+size > a.config.QueuedBytes {
		a.counts.Dropped++
		return false
	}
	a.waiting = append(a.waiting, k)
	a.byName[nameOf(k)] = k
	a.bytes += size
	if len(a.waiting) == writeBatch {
		select {
		case a.wake <- struct{}{}:
		default: // it is awake
		}
	}
	return true
}

func sizeOf(k *match.Kept) int {
	n := 500 + len(k.Sent) + 100*len(k.Hits)
	if t := k.Query.Texts; t != nil {
		n += len(t.Title) + len(t.Body)
	}
	return n
}

// Find returns the answers of requests, in their order, with a nil entry for one that
// is not kept. The caller must not change them.
func (a *Archive) Find(ctx context.Context, tenant string, requests []string) ([]*match.Kept, error) {
	out := make([]*match.Kept, len(requests))
	var rest []string
	var places []int
	a.mu.Lock()
	for i, r := range requests {
		if out[i] = a.byName[name{tenant, r}]; out[i] == nil {
			rest, places = append(rest, r), append(places, i)
		}
	}
	a.mu.Unlock()
	if len(rest) == 0 {
		return out, nil
	}
	stored, err := a.config.Store.Answers(ctx, tenant, rest)
	for i, k := range stored {
		out[places[i]] = k
	}
	return out, err
}

// Counts tells what became of answers.
func (a *Archive) Counts() Counts {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := a.counts
	out.Queued = len(a.waiting)
	return out
}

// Close writes what is queued, and ends. It may be called twice.
func (a *Archive) Close() error {
	a.mu.Lock()
	closed := a.closed
	a.closed = true
	a.mu.Unlock()
	if !closed {
		close(a.stop)
	}
	<-a.ended
	return nil
}
