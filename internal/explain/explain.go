package explain

import (
	"context"
	"sync"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/verdict"
)

// Explainer makes explanations. It is safe for concurrent use.
type Explainer struct {
	// Embedder compares clauses.
	Embedder embed.Embedder

	once   sync.Once
	judged *verdict.Judge
	failed error
	sides  sides
}

func (e *Explainer) judge() (*verdict.Judge, error) {
	e.once.Do(func() { e.judged, e.failed = verdict.New(e.Embedder) })
	return e.judged, e.failed
}

// Limits of one explanation.
const maxTerms = 8

// Explain says what the query and the hit have in common and what not.
func (e *Explainer) Explain(ctx context.Context, query, hit *Side, score match.Score) (*match.Explanation, error) {
	demand, patent := query, hit
	if query.record.Kind == match.PatentKind {
		demand, patent = hit, query
	}
	demand, patent, err := e.narrow(ctx, demand, patent)
	if err != nil {
		return nil, err
	}
	j, err := e.judge()
	if err != nil {
		return nil, err
	}
	verdicts := j.Judge(demand.wants, patent.reading)
	x := &match.Explanation{
		Evidence: evidence(demand, patent, verdicts.Bearings),
		Terms:    shared(demand, patent),
		Elements: elements(demand, patent, verdicts.Findings),
	}
	if !demand.partial {
		x.Offers = offers(patent, verdicts.Beyond)
	}
	x.Summary = summary(score, x)
	x.Why = why(score)
	x.Holder = holder(demand.record.Demand, patent.record.Patent, x.Elements)
	return x, nil
}

// elements gives findings as they are shown.
func elements(demand, patent *Side, found []verdict.Finding) []match.ElementMatch {
	out := make([]match.ElementMatch, len(found))
	for i, f := range found {
		out[i] = match.ElementMatch{Kind: f.Kind, Demand: demand.spanIn(f.Field, f.Range), Score: f.Score, Verdict: f.Verdict, Note: f.Note}
		if f.In != "" {
			out[i].Patent = patent.spanIn(f.In, f.At)
		}
	}
	return out
}

func offers(patent *Side, beyond []verdict.Beyond) []match.Offer {
	out := make([]match.Offer, len(beyond))
	for i, b := range beyond {
		out[i] = match.Offer{Kind: b.Kind, Patent: patent.spanIn(b.In, b.At), Note: b.Note}
	}
	return out
}
