package retrieve

import (
	"context"

	"github.com/duijie/duijie/internal/match"
)

// Reviewer has a chat model read patents against the elements of demands. It adds reviews to
// explanations and changes nothing else. It is safe for concurrent use.
type Reviewer interface {
	// Review gets records that hold nothing confidential, and returns why it could not, for
	// match.Answer.Degraded.
	Review(ctx context.Context, pairs []match.Explained) (degraded []string)
}

func (e *Engine) checkReview(review, explain bool) error {
	switch {
	case !review:
		return nil
	case e.Reviewer == nil:
		return match.Invalidf("review", "there is no chat model to review with")
	case !explain:
		return match.Invalidf("review", "is of explanations: ask for them too")
	}
	return nil
}

// reviewHits has the explained hits of an answer reviewed.
func (e *Engine) reviewHits(ctx context.Context, answer *match.Answer) {
	pairs, query := make([]match.Explained, len(answer.Hits)), answer.Query.Redacted()
	for i := range answer.Hits {
		h := &answer.Hits[i]
		pairs[i] = match.Explained{Demand: query, Patent: &h.Record, Explanation: h.Explanation}
		if query.Kind == match.PatentKind {
			pairs[i].Demand, pairs[i].Patent = pairs[i].Patent, pairs[i].Demand
		}
	}
	answer.Degraded = append(answer.Degraded, e.Reviewer.Review(ctx, pairs)...)
}

// reviewPairs has the explained pairs of an answer reviewed.
func (e *Engine) reviewPairs(ctx context.Context, answer *PairAnswer) {
	var pairs []match.Explained
	for i := range answer.Results {
		if r := &answer.Results[i]; r.Explanation != nil {
			pairs = append(pairs, match.Explained{Demand: r.Demand.Redacted(), Patent: r.Patent.Redacted(), Explanation: r.Explanation})
		}
	}
	answer.Degraded = append(answer.Degraded, e.Reviewer.Review(ctx, pairs)...)
}
