package retrieve

import (
	"context"
	"fmt"

	"github.com/duijie/duijie/internal/explain"
	"github.com/duijie/duijie/internal/match"
)

// page fills the answer with the wanted part of the ranking.
func (s *search) page(answer *match.Answer, ranking []*candidate, req match.Request) {
	end := min(len(ranking), req.Offset+req.Limit)
	answer.More = len(ranking) > end
	scores := make([]match.Score, max(0, end-req.Offset))
	sideBySide(len(scores), func(i int) {
		if c := ranking[req.Offset+i]; !c.gone {
			scores[i] = s.score(c)
		}
	})
	for i := req.Offset; i < end; i++ {
		c := ranking[i]
		if c.gone {
			continue
		}
		h := match.Hit{Record: *c.record.Redacted(), Rank: i + 1, Score: scores[i-req.Offset], Team: c.team}
		if c.ordering != nil {
			h.Ordering = &match.Ordering{Value: h.Score.Logit + c.ordering.Rerank.Contribution, Rerank: c.ordering.Rerank}
		}
		if c.team != "" {
			h.Model = s.ranker.Identity()
			if c.search != nil {
				h.Model = c.search.ranker.Identity()
			}
		}
		if c.placing != nil {
			h.Placement = &c.placing.Placement
		}
		answer.Hits = append(answer.Hits, h)
	}
}

// explainHits adds an explanation to each hit of the page.
func (e *Engine) explainHits(ctx context.Context, answer *match.Answer) error {
	if len(answer.Hits) == 0 {
		return nil
	}
	query, err := e.Explainer.Side(ctx, &answer.Query)
	if err != nil {
		return fmt.Errorf("explaining %v: %w", answer.Query.Ref, err)
	}
	return e.explainAgainst(ctx, query, answer.Hits)
}

// explainAgainst adds an explanation to each hit, with a query that was taken apart before.
func (e *Engine) explainAgainst(ctx context.Context, query *explain.Side, hits []match.Hit) error {
	errs := make([]error, len(hits))
	sideBySide(len(errs), func(i int) {
		h := &hits[i]
		h.Explanation, errs[i] = e.explainHit(ctx, query, &h.Record, h.Score)
	})
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("explaining %v: %w", hits[i].Record.Ref, err)
		}
	}
	return nil
}
