package retrieve

import (
	"context"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// Scorer scores patents that are not stored against one demand, as the engine would if
// they were: for what changes a text to see what its score rests on.
type Scorer struct {
	engine *Engine
	ranker rank.Ranker
	demand rank.Prepared
}

// Scorer prepares a demand. The error is the embedder's.
func (e *Engine) Scorer(ctx context.Context, demand *match.Record) (*Scorer, error) {
	e = e.Live()
	v, err := e.embedRecord(ctx, demand)
	if err != nil {
		return nil, err
	}
	l, _ := e.lineup(ctx, true)
	return &Scorer{e, l.ranker, l.ranker.Prepare(demand, v)}, nil
}

// Logit is what the patent would be ordered by.
func (s *Scorer) Logit(ctx context.Context, p *match.Patent) (float64, error) {
	r := match.Record{Ref: match.Ref{Kind: match.PatentKind}, Patent: p}
	v, err := s.engine.embedRecord(ctx, &r)
	if err != nil {
		return 0, err
	}
	return s.ranker.Logit(s.demand, s.ranker.Prepare(&r, v)), nil
}
