package cache

import (
	"context"
	"errors"
	"slices"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
)

// flight is a text that some call is asking the embedder for; others wait for it.
type flight struct {
	landed chan struct{} // closed when vector or err is set
	vector []float32
	err    error
}

// call is one call of Embed.
type call struct {
	e     *Embedder
	role  embed.Role
	texts []string
	keys  []key
	out   [][]float32
	errs  map[int]error
}

// round fills in the texts at the places open: from the cache, by asking for those
// that nobody is asking for, and then by waiting for the rest. It returns the places
// that are still open because the call that they waited for was given up.
func (c *call) round(ctx context.Context, open []int) ([]int, error) {
	own, waiting := c.split(open)
	if err := c.ask(ctx, own); err != nil {
		return nil, err
	}
	var again []int
	for _, w := range waiting {
		select {
		case <-w.flight.landed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		switch err := w.flight.err; {
		case err == nil:
			c.out[w.place] = slices.Clone(w.flight.vector)
		case match.KindOf(err) == match.Canceled:
			again = append(again, w.place)
		case errors.As(err, new(refused)):
			c.errs[w.place] = errors.Unwrap(err)
		default:
			return nil, err
		}
	}
	return again, nil
}

type waiter struct {
	place  int
	flight *flight
}

// split fills in what is known, and sorts the rest into flights of its own and those
// of others.
func (c *call) split(open []int) (own, waiting []waiter) {
	for _, i := range open {
		if v := c.known(i); v != nil {
			c.out[i] = v
			continue
		}
		f, mine, v := c.e.board(c.keys[i])
		switch {
		case v != nil:
			c.e.count.memory.Add(1)
			c.out[i] = v
		case mine:
			own = append(own, waiter{i, f})
		default:
			c.e.count.shared.Add(1)
			waiting = append(waiting, waiter{i, f})
		}
	}
	return own, waiting
}

// board finds or begins the flight of a text, or gives the vector of one that has
// landed since.
func (e *Embedder) board(k key) (f *flight, mine bool, v []float32) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if v := e.recent.get(k); v != nil {
		return nil, false, slices.Clone(v)
	}
	if f := e.flights[k]; f != nil {
		return f, false, nil
	}
	f = &flight{landed: make(chan struct{})}
	e.flights[k] = f
	return f, true, nil
}

// known returns a copy of a vector that is in memory or on disk.
func (c *call) known(i int) []float32 {
	e, k := c.e, c.keys[i]
	e.mu.Lock()
	v := slices.Clone(e.recent.get(k))
	e.mu.Unlock()
	if v != nil {
		e.count.memory.Add(1)
		return v
	}
	if v = e.fromDisk(k); v == nil {
		return nil
	}
	e.count.disk.Add(1)
	e.mu.Lock()
	e.recent.put(k, slices.Clone(v))
	e.mu.Unlock()
	return v
}

// refused marks the error of one text, which is no error of the call.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

// ask embeds the texts of own and lands their flights, whatever happens.
func (c *call) ask(ctx context.Context, own []waiter) (err error) {
	if len(own) == 0 {
		return nil
	}
	landed := false
	defer func() {
		if !landed { // the embedder panicked, or failed as a whole
			if err == nil {
				err = errors.New("the embedder panicked")
			}
			c.land(own, func(int) ([]float32, error) { return nil, err })
		}
	}()
	texts := make([]string, len(own))
	for n, w := range own {
		texts[n] = c.texts[w.place]
	}
	c.e.count.misses.Add(int64(len(own)))
	vectors, err := c.e.inner.Embed(ctx, c.role, texts)
	var partial *embed.PartialError
	if err != nil && !errors.As(err, &partial) {
		return err
	}
	c.remember(own, vectors, partial)
	landed = true
	c.land(own, func(n int) ([]float32, error) {
		if partial != nil && partial.Errs[n] != nil {
			return nil, refused{partial.Errs[n]}
		}
		return vectors[n], nil
	})
	return nil
}

// remember fills in what the embedder gave and keeps a copy of it.
func (c *call) remember(own []waiter, vectors [][]float32, partial *embed.PartialError) {
	var keys []key
	var kept [][]float32
	for n, w := range own {
		if partial != nil && partial.Errs[n] != nil {
			c.errs[w.place] = partial.Errs[n]
			continue
		}
		c.out[w.place] = slices.Clone(vectors[n])
		keys, kept = append(keys, c.keys[w.place]), append(kept, vectors[n])
	}
	c.e.keep(keys, kept)
}

// land ends flights with what result gives for each. Their vectors were kept before,
// so that whoever finds no flight any more finds the vector.
func (c *call) land(own []waiter, result func(n int) ([]float32, error)) {
	c.e.mu.Lock()
	defer c.e.mu.Unlock()
	for n, w := range own {
		w.flight.vector, w.flight.err = result(n)
		close(w.flight.landed)
		delete(c.e.flights, c.keys[w.place])
	}
}
