package ingest

import (
	"context"
	"io"
	"iter"
	"sync"

	"github.com/duijie/duijie/internal/match"
)

// batchBytes bounds the input of one batch, so that a few batches of the largest
// rows fit into memory.
const batchBytes = 8 << 20

// Batches gives the rows that are left, in their order, in batches of at most size
// rows, and at last the error that ended the reading unless that is io.EOF. While
// the caller works on a batch the next ones are cut off the input by one goroutine
// and parsed by as many as workers says.
//
// Nothing can be read behind Batches, even where the caller leaves the loop early
// or ctx ends it, which is an error of kind Canceled. Summary counts the rows of
// the batches given so far.
func (r *Reader) Batches(ctx context.Context, size, workers int) iter.Seq2[[]Row, error] {
	return func(yield func([]Row, error) bool) {
		if r.err != nil {
			if r.err != io.EOF {
				yield(nil, r.err)
			}
			return
		}
		p := r.pipeline(size, max(1, workers))
		r.err = &match.Error{Kind: match.Canceled, Record: r.name, Reason: "the reading was ended before"}
		r.closers = append(r.closers, p)
		for {
			c, err := p.next(ctx)
			if err != nil {
				yield(nil, match.About(r.name, err))
				return
			}
			for i := range c.rows {
				r.count(c.kept[i], c.rows[i].Err)
			}
			if len(c.rows) > 0 && !yield(c.rows, nil) {
				return
			}
			if c.err != nil {
				if r.err = r.ended(c.err); c.err != io.EOF {
					yield(nil, r.err)
				}
				return
			}
		}
	}
}

// chunk is a batch on its way: cut, then parsed.
type chunk struct {
	raw    []rawRow
	err    error // what ended the reading behind raw
	rows   []Row
	kept   []kept // of each row
	parsed chan struct{}
}

// pipeline is the goroutines of Batches.
//
//	cut ─┬─ work ──► parse (workers) ─┐ closes chunk.parsed
//	     └─ order ────────────────────┴─► next
type pipeline struct {
	work, order chan *chunk
	quit        chan struct{}
	done        sync.WaitGroup
}

func (r *Reader) pipeline(size, workers int) *pipeline {
	p := &pipeline{
		work: make(chan *chunk, workers+1), order: make(chan *chunk, workers+1),
		quit: make(chan struct{}),
	}
	p.done.Go(func() { r.cut(p, size) })
	for range workers {
		// The plan that columns remember is of one goroutine; the error cannot
		// come, since the same options made r.columns.
		columns, _ := newColumns(r.options.Kind, r.options.Map)
		p.done.Go(func() { r.parse(p, columns) })
	}
	return p
}

// cut fills chunks until the input ends or the pipeline is closed.
func (r *Reader) cut(p *pipeline, size int) {
	defer close(p.work)
	for {
		c := r.cutOne(size)
		select {
		case p.order <- c:
		case <-p.quit:
			return
		}
		select {
		case p.work <- c:
		case <-p.quit:
			return
		}
		if c.err != nil {
			return
		}
	}
}

func (r *Reader) cutOne(size int) *chunk {
	c := &chunk{raw: make([]rawRow, 0, size), parsed: make(chan struct{})}
	for bytes := 0; len(c.raw) < size && bytes < batchBytes && c.err == nil; {
		raw, err := r.source.next()
		if err != nil {
			c.err = err
			break
		}
		bytes += len(raw.bytes)
		c.raw = append(c.raw, raw)
	}
	return c
}

func (r *Reader) parse(p *pipeline, columns *columns) {
	for c := range p.work {
		c.rows, c.kept = make([]Row, 0, len(c.raw)), make([]kept, 0, len(c.raw))
		for _, raw := range c.raw {
			if row, also, ok := r.row(raw, columns); ok {
				c.rows, c.kept = append(c.rows, row), append(c.kept, also)
			}
		}
		c.raw = nil
		close(c.parsed)
	}
}

// next waits for the next chunk to be parsed.
func (p *pipeline) next(ctx context.Context) (*chunk, error) {
	var c *chunk
	select {
	case c = <-p.order:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case <-c.parsed:
		return c, ctx.Err()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close ends the goroutines and waits for them, so that what they read from can be
// closed. A read that blocks, as from a terminal, is waited for.
func (p *pipeline) Close() error {
	close(p.quit)
	p.done.Wait()
	return nil
}
