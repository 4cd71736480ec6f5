package retrieve

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/sample"
)

// everyPatent is the step in which the sample's patents are taken into the reference:
// 84 of them say where a pair stands as well as all 252 do.
const everyPatent = 3

// retryReference is how long an embedder is left in peace that could not embed the
// reference sample.
const retryReference = 30 * time.Second

// fusions are the zero-shot rankers over all embedders of this process, each scaled and
// with the reference sample: they depend on the embedder's identity and nothing else.
var fusions sync.Map // identity → *rank.Fusion

func fusionOf(e embed.Embedder) *rank.Fusion {
	made, _ := fusions.Load(e.Identity())
	f, _ := made.(*rank.Fusion)
	return f
}

// reference makes the fusion over an engine's embedder when it is first asked for.
type reference struct {
	mu      sync.Mutex
	making  chan struct{} // closed when the attempt ended; nil: none is under way
	err     error
	retryAt time.Time
}

// get waits for the sample to be embedded, but no longer than ctx. The work goes on
// after that, for the next request.
func (r *reference) get(ctx context.Context, e embed.Embedder, lexicon rank.Lexicon) (*rank.Fusion, error) {
	if f := fusionOf(e); f != nil {
		return f, nil
	}
	r.mu.Lock()
	if r.making == nil {
		if time.Now().Before(r.retryAt) {
			defer r.mu.Unlock()
			return nil, r.err
		}
		r.making = make(chan struct{})
		go r.attempt(context.WithoutCancel(ctx), e, lexicon, r.making)
	}
	done := r.making
	r.mu.Unlock()
	select {
	case <-done:
	case <-ctx.Done():
		return nil, &match.Error{Kind: match.Unavailable, Reason: "the reference sample is still being embedded"}
	}
	if f := fusionOf(e); f != nil {
		return f, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return nil, r.err
}

func (r *reference) attempt(ctx context.Context, e embed.Embedder, lexicon rank.Lexicon, done chan struct{}) {
	f, err := ZeroShot(ctx, e, lexicon)
	if err == nil {
		fusions.Store(e.Identity(), f)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.making, r.err, r.retryAt = nil, err, time.Now().Add(retryReference)
	close(done)
}

// ZeroShot is the ranker that needs no labels, over an embedder. It embeds the
// reference sample: 84 patents and 70 demands.
func ZeroShot(ctx context.Context, e embed.Embedder, lexicon rank.Lexicon) (*rank.Fusion, error) {
	patents, demands, err := embedSample(ctx, e)
	if err != nil {
		return nil, err
	}
	f := rank.NewFusion(lexicon)
	sample := f.NewReference(patents, demands)
	if e.Identity() != lexicon.Identity() {
		if f, err = f.Scaled(sample.Scale()); err != nil { // all texts have the same vector
			f = rank.NewFusion(lexicon).Unscaled()
		}
	}
	return f.With(sample), nil
}

// embedSample embeds the reference sample. Records that the embedder refuses are left
// out.
func embedSample(ctx context.Context, e embed.Embedder) (patents, demands []rank.Sampled, err error) {
	s, err := sample.Load()
	if err != nil {
		return nil, nil, err
	}
	of := map[match.Kind][]*match.Record{}
	for i, r := range s.Records() {
		if r.Kind == match.DemandKind || i%everyPatent == 0 {
			of[r.Kind] = append(of[r.Kind], &r)
		}
	}
	sampled := map[match.Kind][]rank.Sampled{}
	for _, kind := range []match.Kind{match.PatentKind, match.DemandKind} {
		vectors, failed, err := EmbedRecords(ctx, e, kind, of[kind])
		if err != nil {
			return nil, nil, fmt.Errorf("embedding the reference sample: %w", err)
		}
		for i, r := range of[kind] {
			if failed[i] == nil {
				sampled[kind] = append(sampled[kind], rank.Sampled{Record: r, Vectors: vectors[i]})
			}
		}
	}
	if len(sampled[match.PatentKind]) == 0 || len(sampled[match.DemandKind]) == 0 {
		return nil, nil, errors.New("the embedder refuses all records of the reference sample")
	}
	return sampled[match.PatentKind], sampled[match.DemandKind], nil
}

// lineup is what scores the pairs of one request.
type lineup struct {
	ranker rank.Ranker
	// fusion is the zero-shot ranker, by which the reverse fit is told, whatever the
	// ranker; referenced tells whether it has the reference sample.
	fusion     *rank.Fusion
	referenced bool
	// own tells whether ranker is the fusion.
	own bool
}

// lineup chooses the rankers. answers tells whether the embedder answered just now: it
// is not asked for the reference sample otherwise. What is missing is in degraded.
func (e *Engine) lineup(ctx context.Context, answers bool) (l lineup, degraded []string) {
	l.fusion = fusionOf(e.Embedder)
	if l.fusion == nil && answers {
		within, cancel := context.WithTimeout(ctx, e.patience())
		defer cancel()
		var err error
		if l.fusion, err = e.root().reference.get(within, e.Embedder, e.Lexicon); err != nil {
			degraded = append(degraded, "reference: "+err.Error())
		}
	}
	if l.referenced = l.fusion != nil; !l.referenced {
		l.fusion = rank.NewFusion(e.Lexicon)
		if e.Embedder.Identity() != e.Lexicon.Identity() {
			l.fusion = l.fusion.Unscaled()
		}
	}
	if l.ranker = e.Ranker; l.ranker == nil {
		l.ranker, l.own = l.fusion, true
	}
	return l, degraded
}

// Own is the ranker that scores requests now for which a router has no other.
func (e *Engine) Own() rank.Ranker {
	l, _ := e.lineup(context.Background(), false)
	return l.ranker
}
