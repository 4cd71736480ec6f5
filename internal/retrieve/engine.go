package retrieve

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/explain"
	"github.com/duijie/duijie/internal/index"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// Vector names that every collection has.
const (
	TitleVector = "title"
	TextVector  = "text"
)

// VectorNames lists them, for an index.Spec.
func VectorNames() []string { return []string{TitleVector, TextVector} }

// Depth is the number of candidates that each leaf search nominates.
const Depth = match.MaxDepth

// Records is what the engine reads of a store.
type Records interface {
	Get(ctx context.Context, refs []match.Ref) ([]*match.Record, error)
}

// Wording adds sentences to the explanations of hits, and changes nothing else. It returns
// why it could not, for match.Answer.Degraded.
type Wording interface {
	Write(ctx context.Context, hits []match.Hit) (degraded []string)
}

// Side is where the records of one kind are found.
type Side struct {
	Vectors index.Index
	Words   lexical.Index
	// Applied is the sequence number of the newest write that is searchable.
	Applied func() int64
	// Behind tells how many of the writes that were there at the start have their
	// vectors, as catalog.Behind does; nil is all.
	Behind func() (done, total int64)
	// State tells how far a record is on its way into the indexes, as catalog.State does;
	// nil goes by Applied alone.
	State func(ctx context.Context, r *match.Record) (match.State, string, error)
}

// Engine answers requests. It is safe for concurrent use.
type Engine struct {
	Records  Records
	Embedder embed.Embedder
	Sides    map[match.Kind]Side
	// Ranker scores pairs; nil is the zero-shot fusion, scaled to Embedder.
	Ranker rank.Ranker
	// Lexicon is that of the built-in model, whatever Embedder is.
	Lexicon   rank.Lexicon
	Explainer *explain.Explainer
	// Wording puts explanations into sentences; nil does not.
	Wording Wording
	// Reranker re-ranks the first hits of requests that ask for it; nil cannot.
	Reranker Reranker
	// Reviewer reviews the explanations of requests that ask for it; nil cannot.
	Reviewer Reviewer
	// Now tells the time, which decides what has expired.
	Now func() time.Time
	// Version is the version of the program.
	Version string
	// EmbedTimeout is how long the embedder may take for the texts of a request, after
	// which it counts as down; 0 is 5 seconds.
	EmbedTimeout time.Duration
	// Router chooses the ranker of each request; nil has Ranker make all answers.
	Router Router

	prepared  preparedCache
	lists     keptLists
	reference reference
	viewed    *Engine // the engine that this one is a view of; nil for none
	next      atomic.Pointer[Engine]
}

// Swap makes with answer all later requests in e's place, in one step: embedder,
// vectors, words and ranker change together, and no request sees a mix. Requests under
// way end with what they began with, so keep that open.
func (e *Engine) Swap(with *Engine) { e.next.Store(with) }

// Live is the engine that answers: e, or the last one that it was swapped with.
func (e *Engine) Live() *Engine {
	for next := e.next.Load(); next != nil; next = e.next.Load() {
		e = next
	}
	return e
}

const defaultEmbedTimeout = 5 * time.Second

// patience is how long the embedder may take.
func (e *Engine) patience() time.Duration { return cmp.Or(e.EmbedTimeout, defaultEmbedTimeout) }

// Match answers a request. Its errors are of kind Invalid (with the field),
// NotFound, Stale for a page of a list that has changed and is not kept, or Unavailable
// where no leg at all could take part.
func (e *Engine) Match(ctx context.Context, req match.Request) (*match.Answer, error) {
	began := time.Now()
	e, err := e.ready(req)
	if err != nil {
		return nil, err
	}
	if req.Snapshot != "" {
		if answer, err := e.resume(ctx, req); answer != nil || err != nil {
			return answer, err
		}
	}
	s, err := e.search(ctx, req)
	if err != nil {
		return nil, err
	}
	ranking, err := s.ranking(ctx)
	if err != nil {
		return nil, fmt.Errorf("matching %v: %w", s.query.Ref, err)
	}
	answer := &match.Answer{
		RequestID: req.ID, Query: *s.query, Considered: len(ranking), CanReview: e.Reviewer != nil,
		Versions: e.versions(s.target, s.ranker), Route: s.chosen.Route,
	}
	if s.chosen.Rival != nil {
		answer.Versions.Rival = s.chosen.Rival.Identity()
	}
	if err := s.calibrate(ctx, answer, ranking); err != nil {
		return nil, err
	}
	if ranking, err = s.rerank(ctx, s.draft(ranking)); err != nil {
		return nil, fmt.Errorf("matching %v: %w", s.query.Ref, err)
	}
	ranking = s.shape(answer, ranking)
	if more := len(ranking) > req.Offset+req.Limit; more || req.Snapshot != "" {
		name := s.nameOf(ranking)
		if req.Snapshot != "" && name != req.Snapshot {
			return nil, errStale()
		}
		if more {
			answer.Degraded = slices.Clip(s.degraded)
			s.keepList(answer, name, ranking)
		}
	}
	if err := s.finish(ctx, answer, ranking, req); err != nil {
		return nil, err
	}
	answer.Took = time.Since(began)
	if s.chosen.After != nil {
		s.chosen.After(Second{answer, s, ranking})
	}
	return answer, nil
}

// ready is the engine that answers a request which can be answered.
func (e *Engine) ready(req match.Request) (*Engine, error) {
	e = e.Live()
	if err := checkPage(req); err != nil {
		return nil, err
	}
	if err := checkShape(req); err != nil {
		return nil, err
	}
	if err := e.checkReview(req.Review, req.Explain); err != nil {
		return nil, err
	}
	return e, e.checkRerank(req)
}

// search is the work on a request, before anything is searched.
func (e *Engine) search(ctx context.Context, req match.Request) (*search, error) {
	query, err := e.query(ctx, req)
	if err != nil {
		return nil, err
	}
	target := query.Kind.Other()
	conditions, err := req.Filter.Conditions(target, req.Tenant, match.DateOf(e.Now()))
	if err != nil {
		return nil, err
	}
	return &search{
		engine: e, query: query, side: e.Sides[target], target: target, conditions: conditions, asked: req,
		order: cmp.Or(req.Order, match.ForwardOrder),
	}, nil
}

func checkPage(req match.Request) error {
	switch {
	case req.Limit < 1 || req.Limit > match.MaxLimit:
		return match.Invalidf("page_size", "%d is not in 1 to %d", req.Limit, match.MaxLimit)
	case req.Offset < 0:
		return match.Invalidf("offset", "is negative")
	case req.Order != "" && !slices.Contains(match.Orders, req.Order):
		return match.Invalidf("order", "%q is not one of forward, reverse, mutual", string(req.Order))
	}
	return nil
}

// query finds the stored record or wraps the plain text.
func (e *Engine) query(ctx context.Context, req match.Request) (*match.Record, error) {
	if err := req.From.Kind.Validate(); err != nil {
		return nil, err
	}
	if req.From.ID == "" {
		return textRecord(req)
	}
	return e.live(ctx, match.RefOf(req.From.Tenant, req.From.Kind, req.From.ID))
}

func textRecord(req match.Request) (*match.Record, error) {
	if req.Texts.Empty() {
		return nil, match.Invalidf("text", "is empty: name a stored record or give a text")
	}
	if n := len(req.Texts.Title) + len(req.Texts.Body); n > maxQueryText {
		return nil, match.Invalidf("text", "is %d bytes long, at most %d are allowed", n, maxQueryText)
	}
	if !utf8.ValidString(req.Texts.Title) || !utf8.ValidString(req.Texts.Body) {
		return nil, match.Invalidf("text", "is not valid UTF-8")
	}
	r := &match.Record{Ref: match.Ref{Tenant: req.Tenant, Kind: req.From.Kind}}
	if r.Kind == match.PatentKind {
		r.Patent = &match.Patent{Title: req.Texts.Title, Abstract: req.Texts.Body}
	} else {
		r.Demand = &match.Demand{Title: req.Texts.Title, Text: req.Texts.Body}
	}
	return r, nil
}

// maxQueryText is the largest text to match with, in bytes; as large as a record's.
const maxQueryText = 1 << 20

// live returns the newest revision of a record that is not withdrawn.
func (e *Engine) live(ctx context.Context, ref match.Ref) (*match.Record, error) {
	got, err := e.Records.Get(ctx, []match.Ref{ref})
	switch {
	case err != nil:
		return nil, err
	case got[0] == nil:
		return nil, &match.Error{Kind: match.NotFound, Record: ref.String(), Reason: "there is no such record"}
	case got[0].Withdrawn:
		return nil, &match.Error{Kind: match.NotFound, Record: ref.String(), Reason: "was withdrawn"}
	}
	return got[0], nil
}

func (e *Engine) versions(target match.Kind, ranker rank.Ranker) match.Versions {
	return match.Versions{
		Binary: e.Version, Embedder: e.Embedder.Identity(), Ranker: ranker.Identity(),
		Catalog: e.Sides[target].Applied(),
	}
}
