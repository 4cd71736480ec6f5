package rerank

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/duijie/duijie/internal/chat"
	"github.com/duijie/duijie/internal/match"
)

// Config says whom to ask, and what the answer counts for. Asker is required.
type Config struct {
	Asker chat.Asker
	// Timeout is for one order; 0 is 10 seconds.
	Timeout time.Duration
	// Weight is what the first place counts for, in logits; 0 is 2. It is a setting, and
	// not measured: measure it with the model that is used (duijie evaluate --model
	// reranked).
	Weight float64
	// Price is that of a million tokens, in any currency; 0 counts no cost.
	Price float64
	// Remembered is how many orders are kept in memory; 0 is 1,000.
	Remembered int
}

const (
	defaultTimeout    = 10 * time.Second
	defaultWeight     = 2
	defaultRemembered = 1000
)

// Ranker re-ranks. It is safe for concurrent use.
type Ranker struct {
	config Config

	asked, tokens, failed, cached atomic.Int64

	mu sync.Mutex
	// The younger generation takes new orders; when it is full, the older one is forgotten.
	young, old map[[sha256.Size]byte][]int
}

// New makes a ranker. A negative weight, price or time is an error of kind match.Invalid.
func New(c Config) (*Ranker, error) {
	switch {
	case !(c.Weight >= 0 && c.Weight <= 100):
		return nil, match.Invalidf("rerank_weight", "must be from 0 to 100")
	case !(c.Price >= 0):
		return nil, match.Invalidf("price", "is negative")
	case c.Timeout < 0:
		return nil, match.Invalidf("timeout", "is negative")
	}
	c.Timeout, c.Weight, c.Remembered = cmp.Or(c.Timeout, defaultTimeout), cmp.Or(c.Weight, defaultWeight), cmp.Or(c.Remembered, defaultRemembered)
	return &Ranker{config: c, young: map[[sha256.Size]byte][]int{}}, nil
}

// Weight is what the first place counts for, in logits.
func (r *Ranker) Weight() float64 { return r.config.Weight }

// Usage is what was asked since the ranker was made.
type Usage struct {
	// Requests were sent, of which Failed brought no order; Cached were answered from
	// memory.
	Requests, Failed, Cached int64
	// Tokens are those of the requests, as the endpoint counts, and Cost what they cost at
	// Config.Price.
	Tokens int64
	Cost   float64
}

// Usage tells what was asked so far.
func (r *Ranker) Usage() Usage {
	u := Usage{Requests: r.asked.Load(), Failed: r.failed.Load(), Cached: r.cached.Load(), Tokens: r.tokens.Load()}
	u.Cost = float64(u.Tokens) * r.config.Price / 1e6
	return u
}

var errNoText = &match.Error{Kind: match.Invalid, Reason: "the query has no text that may be sent"}

// Rerank returns the place of each record, from 1; see retrieve.Reranker. An error is
// that of the endpoint, or of kind match.Unavailable where it does not answer in time or
// with an order.
func (r *Ranker) Rerank(ctx context.Context, query *match.Record, of []*match.Record) ([]int, error) {
	if query.Texts().Empty() {
		return nil, errNoText
	}
	var sent []int // places of those that have a text
	for i, record := range of {
		if !record.Texts().Empty() {
			sent = append(sent, i)
		}
	}
	places := make([]int, len(of))
	for i := range places {
		places[i] = i + 1
	}
	if len(sent) < 2 {
		return places, nil
	}
	order, err := r.order(ctx, dataOf(query, of, sent), len(sent))
	if err != nil {
		return nil, err
	}
	for place, n := range order {
		places[sent[n]] = sent[place] + 1
	}
	return places, nil
}

// order is the model's order of n documents: their numbers from 0, the best one first.
func (r *Ranker) order(ctx context.Context, data string, n int) ([]int, error) {
	key := sha256.Sum256([]byte(data))
	if order := r.recall(key); order != nil {
		r.cached.Add(1)
		return order, nil
	}
	within, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()
	r.asked.Add(1)
	answer, err := r.config.Asker.Ask(within, instructions, data)
	r.tokens.Add(int64(answer.Tokens))
	var order []int
	switch {
	case err != nil && ctx.Err() == nil && within.Err() != nil:
		err = &match.Error{Kind: match.Unavailable, Reason: fmt.Sprintf("no answer within %v", r.config.Timeout)}
	case err == nil:
		order, err = read(answer.Text, n)
	}
	if err != nil {
		r.failed.Add(1)
		return nil, err
	}
	r.remember(key, order)
	return order, nil
}

func (r *Ranker) recall(key [sha256.Size]byte) []int {
	r.mu.Lock()
	defer r.mu.Unlock()
	order := r.young[key]
	if order == nil {
		if order = r.old[key]; order != nil {
			r.keep(key, order)
		}
	}
	return order
}

func (r *Ranker) remember(key [sha256.Size]byte, order []int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keep(key, order)
}

// keep needs the lock.
func (r *Ranker) keep(key [sha256.Size]byte, order []int) {
	if len(r.young) >= max(1, r.config.Remembered/2) {
		r.young, r.old = map[[sha256.Size]byte][]int{}, r.young
	}
	r.young[key] = order
}
