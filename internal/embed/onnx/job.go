package onnx

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/text/subword"
)

// job is a text to run, and the places its vector goes to.
type job struct {
	encoding subword.Encoding
	places   []int
}

// Embed implements embed.Embedder. A text on which the graph fails is in a
// *embed.PartialError; other errors are of kind Canceled, or Invalid after Close.
// A text that is being run when ctx ends is run to its end.
func (e *Embedder) Embed(ctx context.Context, role embed.Role, texts []string) ([][]float32, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b := &batch{jobs: e.jobs(role, texts), out: make([][]float32, len(texts)), failed: map[int]error{}}
	for i := range b.out {
		b.out[i] = make([]float32, e.dim)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var running sync.WaitGroup
	for range min(e.config.Threads, len(b.jobs)) {
		running.Go(func() {
			if err := e.work(ctx, b); err != nil {
				stop(e.about(err))
			}
		})
	}
	running.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if len(b.failed) > 0 {
		return b.out, &embed.PartialError{Errs: b.failed}
	}
	return b.out, nil
}

// about says whose error it is.
func (e *Embedder) about(err error) error {
	return match.About("onnx embedder, model "+e.folder.name, err)
}

// batch are the texts of one call.
type batch struct {
	jobs []job
	next atomic.Int64 // the job to take
	out  [][]float32

	mu     sync.Mutex
	failed map[int]error
}

// fail gives up the texts of a job.
func (b *batch) fail(j job, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, i := range j.places {
		b.out[i], b.failed[i] = nil, err
	}
}

// work does jobs of a batch until none is left.
func (e *Embedder) work(ctx context.Context, b *batch) error {
	for ctx.Err() == nil {
		i := int(b.next.Add(1)) - 1
		if i >= len(b.jobs) {
			return nil
		}
		if err := e.do(ctx, b, b.jobs[i]); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// jobs cuts the texts that are not blank into tokens: each different text once,
// the longest first, so that the threads end together.
func (e *Embedder) jobs(role embed.Role, texts []string) []job {
	var jobs []job
	byText := make(map[string]int, len(texts))
	for i, text := range texts {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if at, ok := byText[text]; ok {
			jobs[at].places = append(jobs[at].places, i)
			continue
		}
		enc := e.tokeniser.Encode(e.prefix(role)+text, e.limit)
		if enc.Text == 0 {
			continue // nothing that the model knows, such as control characters
		}
		if enc.Cut > 0 {
			e.tellCut(enc)
		}
		byText[text] = len(jobs)
		jobs = append(jobs, job{encoding: enc, places: []int{i}})
	}
	slices.SortStableFunc(jobs, func(a, b job) int { return len(b.encoding.IDs) - len(a.encoding.IDs) })
	return jobs
}

func (e *Embedder) tellCut(enc subword.Encoding) {
	e.truncated.Add(1)
	e.warned.Do(func() {
		e.config.Log.Warn("a text is longer than the model reads; its end was left out",
			"model", e.folder.name, "limit", e.limit, "tokens", len(enc.IDs)+enc.Cut)
	})
}

// do runs one text when a thread is free.
func (e *Embedder) do(ctx context.Context, b *batch, j job) error {
	var l *lane
	var open bool
	select {
	case l, open = <-e.lanes:
	case <-ctx.Done():
		return ctx.Err()
	}
	if !open {
		return match.Invalidf("embedder", "is closed")
	}
	defer func() { e.lanes <- l }()
	first := b.out[j.places[0]]
	if err := l.run(j.encoding, func(s states) error { return e.pooling.pool(first, s) }); err != nil {
		b.fail(j, e.about(&match.Error{Kind: match.Invalid, Field: "text", Reason: "cannot be embedded", Err: err}))
		return nil
	}
	for _, i := range j.places[1:] {
		copy(b.out[i], first)
	}
	return nil
}
