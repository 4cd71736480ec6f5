package retrieve

import (
	"context"
	"fmt"

	"github.com/duijie/duijie/internal/explain"
	"github.com/duijie/duijie/internal/lexical"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/text"
)

// PairScore is the score of a named pair, or why there is none.
type PairScore struct {
	Pair           match.Pair
	Demand, Patent *match.Record
	Score          match.Score
	Explanation    *match.Explanation
	// Err is of kind NotFound or Invalid where this pair has no score.
	Err error
}

// PairAnswer is the result of ScorePairs.
type PairAnswer struct {
	Results  []PairScore // one for each pair, in the same order
	Degraded []string
	Versions match.Versions
}

// ScorePairs scores named pairs without a search, with the score that each pair
// has as a hit. Pairs need not be searchable: their stored texts are what counts.
func (e *Engine) ScorePairs(ctx context.Context, pairs []match.Pair, explained bool) (*PairAnswer, error) {
	answer := &PairAnswer{Versions: e.versions(match.PatentKind)}
	for _, p := range pairs {
		result := PairScore{Pair: p}
		if err := e.scorePair(ctx, &result, answer, explained); err != nil {
			if k := match.KindOf(err); k != match.NotFound && k != match.Invalid {
				return nil, fmt.Errorf("scoring %v with %v: %w", p.Demand, p.Patent, err)
			}
			result.Err = err
		}
		answer.Results = append(answer.Results, result)
	}
	return answer, nil
}

func (e *Engine) scorePair(ctx context.Context, r *PairScore, answer *PairAnswer, explained bool) (err error) {
	if r.Demand, err = e.live(ctx, r.Pair.Demand); err != nil {
		return err
	}
	if r.Patent, err = e.live(ctx, r.Pair.Patent); err != nil {
		return err
	}
	demandText, patentText := r.Demand.Texts().Full(), r.Patent.Texts().Full()
	features := rank.Features{Coverage: text.Coverage(demandText, patentText)}
	words := e.Sides[match.PatentKind].Words
	scored, err := words.Score(ctx, demandText, []string{r.Patent.Key()})
	if err != nil {
		return err
	}
	features.Lexical = scored[0].Score
	if err := e.compareVectors(ctx, r, &features); err != nil {
		if match.KindOf(err) != match.Unavailable && !isPartial(err) {
			return err
		}
		if len(answer.Degraded) == 0 {
			answer.Degraded = []string{"embedder: " + err.Error()}
		}
	}
	r.Score = e.Ranker.Score(features)
	if !explained {
		return nil
	}
	terms, err := words.Terms(ctx, demandText, r.Patent.Key())
	if err != nil {
		return err
	}
	r.Explanation, err = e.explainPair(ctx, r, terms)
	return err
}

func (e *Engine) compareVectors(ctx context.Context, r *PairScore, f *rank.Features) error {
	demand, err := embedPair(ctx, e.Embedder, r.Demand)
	if err != nil {
		return err
	}
	patent, err := embedPair(ctx, e.Embedder, r.Patent)
	if err != nil {
		return err
	}
	f.Title, f.Text = rank.Cosine(demand.title, patent.title), rank.Cosine(demand.text, patent.text)
	return nil
}

func (e *Engine) explainPair(ctx context.Context, r *PairScore, terms []lexical.Term) (*match.Explanation, error) {
	var sides [2]*explain.Side
	for i, record := range []*match.Record{r.Demand, r.Patent} {
		side, err := e.Explainer.Side(ctx, record)
		if err != nil {
			return nil, err
		}
		sides[i] = side
	}
	return e.Explainer.Explain(sides[0], sides[1], r.Score, terms), nil
}
