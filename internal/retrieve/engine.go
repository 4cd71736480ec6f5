package retrieve

import (
	"context"
	"fmt"
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

// Ranker turns features into a score.
type Ranker interface {
	Identity() string
	Score(rank.Features) match.Score
}

// Side is where the records of one kind are found.
type Side struct {
	Vectors index.Index
	Words   lexical.Index
	// Applied is the sequence number of the newest write that is searchable.
	Applied func() int64
}

// Engine answers requests. All fields are required. It is safe for concurrent use.
type Engine struct {
	Records   Records
	Embedder  embed.Embedder
	Sides     map[match.Kind]Side
	Ranker    Ranker
	Explainer *explain.Explainer
	// Now tells the time, which decides what has expired.
	Now func() time.Time
	// Version is the version of the program.
	Version string
}

// Match answers a request. Its errors are of kind Invalid (with the field),
// NotFound, or Unavailable where no leg at all could take part.
func (e *Engine) Match(ctx context.Context, req match.Request) (*match.Answer, error) {
	began := time.Now()
	if err := checkPage(req); err != nil {
		return nil, err
	}
	query, err := e.query(ctx, req)
	if err != nil {
		return nil, err
	}
	target := query.Kind.Other()
	conditions, err := req.Filter.Conditions(target, req.Tenant, match.DateOf(e.Now()))
	if err != nil {
		return nil, err
	}
	s := &search{engine: e, query: query, side: e.Sides[target], target: target, conditions: conditions}
	hits, err := s.ranking(ctx)
	if err != nil {
		return nil, fmt.Errorf("matching %v: %w", query.Ref, err)
	}
	answer := &match.Answer{
		RequestID: req.ID, Query: *query, Considered: len(hits),
		Versions: e.versions(target),
	}
	if err := e.page(ctx, answer, hits, req); err != nil {
		return nil, err
	}
	if req.Explain {
		if err := e.explainHits(ctx, s, answer); err != nil {
			return nil, err
		}
	}
	answer.Degraded = s.degraded
	answer.Took = time.Since(began)
	return answer, nil
}

func checkPage(req match.Request) error {
	switch {
	case req.Limit < 1 || req.Limit > match.MaxLimit:
		return match.Invalidf("page_size", fmt.Sprintf("%d is not in 1 to %d", req.Limit, match.MaxLimit))
	case req.Offset < 0:
		return match.Invalidf("offset", "is negative")
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
	return e.live(ctx, req.From)
}

func textRecord(req match.Request) (*match.Record, error) {
	if req.Texts.Empty() {
		return nil, match.Invalidf("text", "is empty: name a stored record or give a text")
	}
	if n := len(req.Texts.Title) + len(req.Texts.Body); n > maxQueryText {
		return nil, match.Invalidf("text", fmt.Sprintf("is %d bytes long, at most %d are allowed", n, maxQueryText))
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

func (e *Engine) versions(target match.Kind) match.Versions {
	return match.Versions{
		Binary: e.Version, Embedder: e.Embedder.Identity(), Ranker: e.Ranker.Identity(),
		Catalog: e.Sides[target].Applied(),
	}
}

// page fills the answer with the wanted part of the ranking. A record that was
// withdrawn after it was found leaves a gap rather than being shown.
func (e *Engine) page(ctx context.Context, answer *match.Answer, hits []match.Hit, req match.Request) error {
	hits = hits[:min(len(hits), match.MaxDepth)]
	refs := make([]match.Ref, len(hits))
	for i, h := range hits {
		refs[i] = h.Record.Ref
	}
	wanted := min(len(refs), req.Offset+req.Limit+1)
	records, err := e.Records.Get(ctx, refs[:wanted])
	if err != nil {
		return fmt.Errorf("reading the hits: %w", err)
	}
	answer.More = len(hits) > req.Offset+req.Limit
	for i := req.Offset; i < min(wanted, req.Offset+req.Limit); i++ {
		r := records[i]
		if r == nil || r.Withdrawn || r.Visibility == match.Private {
			continue
		}
		h := hits[i]
		h.Record = *r
		if r.Kind == match.DemandKind {
			h.Record.Demand = r.Demand.Redacted()
		}
		answer.Hits = append(answer.Hits, h)
	}
	return nil
}

// explainHits adds an explanation to each hit of the page.
func (e *Engine) explainHits(ctx context.Context, s *search, answer *match.Answer) error {
	if len(answer.Hits) == 0 {
		return nil
	}
	query, err := e.Explainer.Side(ctx, &answer.Query)
	if err != nil {
		return err
	}
	for i := range answer.Hits {
		h := &answer.Hits[i]
		side, err := e.Explainer.Side(ctx, &h.Record)
		if err != nil {
			return err
		}
		terms, err := s.side.Words.Terms(ctx, s.query.Texts().Full(), h.Record.Key())
		if err != nil {
			return fmt.Errorf("explaining %v: %w", h.Record.Ref, err)
		}
		h.Explanation = e.Explainer.Explain(query, side, h.Score, terms)
	}
	return nil
}
