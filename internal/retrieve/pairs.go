package retrieve

import (
	"context"
	"fmt"

	"github.com/duijie/duijie/internal/explain"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

// PairScore is the score of a named pair, or why there is none.
type PairScore struct {
	Pair           match.Pair
	Demand, Patent *match.Record
	Score          match.Score
	Explanation    *match.Explanation
	Route          match.Route
	// Err is of kind NotFound or Invalid where this pair has no score.
	Err error
}

// PairAnswer is the result of ScorePairs.
type PairAnswer struct {
	Results  []PairScore // one for each pair, in the same order
	Degraded []string
	Versions match.Versions
	// Calibration says what the probabilities of levels mean; nil where there are none, or
	// where several rankers scored.
	Calibration *match.Calibration
}

// PairOptions says what is wanted besides scores.
type PairOptions struct {
	// Explain adds an explanation to each pair, and Review has a chat model review those of
	// the first pairs, which takes Explain.
	Explain, Review bool
}

// ScorePairs scores named pairs without a search, with the score that each pair
// has as a hit. Pairs need not be searchable: their stored texts are what counts.
func (e *Engine) ScorePairs(ctx context.Context, pairs []match.Pair, o PairOptions) (*PairAnswer, error) {
	e = e.Live()
	if err := e.checkReview(o.Review, o.Explain); err != nil {
		return nil, err
	}
	b := &pairBatch{engine: e, explained: o.Explain, answer: &PairAnswer{}, calibrations: map[string]*match.Calibration{}}
	for _, p := range pairs {
		result := PairScore{Pair: p}
		if err := b.score(ctx, &result); err != nil {
			if k := match.KindOf(err); k != match.NotFound && k != match.Invalid {
				return nil, fmt.Errorf("scoring %v with %v: %w", p.Demand, p.Patent, err)
			}
			result.Err = err
		}
		b.answer.Results = append(b.answer.Results, result)
	}
	if b.lined == nil {
		b.line(ctx)
	}
	b.answer.Versions = b.engine.versions(match.PatentKind, b.lined.ranker)
	if len(b.calibrations) == 1 {
		for model, c := range b.calibrations {
			b.answer.Versions.Ranker, b.answer.Calibration = model, c
		}
	}
	if o.Review {
		e.reviewPairs(ctx, b.answer)
	}
	return b.answer, nil
}

// pairBatch is the work on one call.
type pairBatch struct {
	engine    *Engine
	explained bool
	answer    *PairAnswer
	lined     *lineup // before any router has its say
	patents   int     // of the catalog; 0 before it is needed
	// calibrations are those of the rankers that have scored, by identity
	calibrations map[string]*match.Calibration
	// down is set when the embedder does not answer, and it is not asked again then: no
	// pair need wait for it once more.
	down, answered bool
}

func (b *pairBatch) score(ctx context.Context, r *PairScore) (err error) {
	if r.Demand, err = b.engine.live(ctx, r.Pair.Demand); err != nil {
		return err
	}
	if r.Patent, err = b.engine.live(ctx, r.Pair.Patent); err != nil {
		return err
	}
	demand, err := b.vectors(ctx, r.Demand)
	if err != nil {
		return err
	}
	patent, err := b.vectors(ctx, r.Patent)
	if err != nil {
		return err
	}
	if b.lined == nil {
		b.line(ctx)
	}
	s := &search{engine: b.engine, query: r.Demand, named: true, lineup: *b.lined, vectors: demand, asked: match.Request{Tenant: r.Demand.Tenant}}
	if err := b.route(ctx, s, r); err != nil {
		return err
	}
	demandText := r.Demand.Texts().Full()
	words := b.engine.Sides[match.PatentKind].Words
	scored, err := words.Score(ctx, demandText, []string{r.Patent.Key()})
	if err != nil {
		return err
	}
	c := &candidate{record: r.Patent, vectors: patent, kept: patent.Text != nil, words: scored[0].Score}
	c.prepared = b.engine.prepare(s.ranker, r.Patent, patent, c.kept)
	r.Score = s.score(c)
	if !b.explained {
		return nil
	}
	query, err := b.engine.Explainer.Side(ctx, r.Demand)
	if err != nil {
		return err
	}
	r.Explanation, err = b.engine.explainHit(ctx, query, r.Patent, r.Score)
	return err
}

// route chooses the ranker of a pair by its demand, as an answer to the demand would.
func (b *pairBatch) route(ctx context.Context, s *search, r *PairScore) (err error) {
	if err := s.route(ctx); err != nil {
		return err
	}
	s.prepareQuery(s.vectors.Text != nil)
	r.Route = s.chosen.Route
	if len(b.answer.Degraded) == 0 {
		b.answer.Degraded = s.degraded
	}
	model := s.ranker.Identity()
	if b.patents == 0 {
		if b.patents, err = b.engine.countPatents(ctx); err != nil {
			return err
		}
	}
	s.catalog = calibrationOf(s.ranker, s.prepared, b.patents)
	first, known := b.calibrations[model]
	switch {
	case !known:
		b.calibrations[model] = s.catalog
	case first == nil || s.catalog == nil:
		b.calibrations[model] = nil
	case first.Population != s.catalog.Population: // each demand is of one
		b.calibrations[model] = calibrationOf(s.ranker, nil, b.patents)
	}
	return nil
}

// line chooses the rankers that score unless a router has others.
func (b *pairBatch) line(ctx context.Context) {
	l, missing := b.engine.lineup(ctx, b.answered)
	b.lined = &l
	b.answer.Degraded = append(b.answer.Degraded, missing...)
}

// vectors embeds a record that no search has found; none where the embedder is down.
func (b *pairBatch) vectors(ctx context.Context, r *match.Record) (rank.Vectors, error) {
	if b.down {
		return rank.Vectors{}, nil
	}
	v, err := b.engine.embedRecord(ctx, r)
	b.down = match.KindOf(err) == match.Unavailable
	b.answered = b.answered || err == nil
	if err != nil && !b.down && !isPartial(err) {
		return rank.Vectors{}, err
	}
	if err != nil && len(b.answer.Degraded) == 0 {
		b.answer.Degraded = []string{"embedder: " + err.Error()}
	}
	return v, nil
}

// explainHit explains a record against a side that was taken apart before.
func (e *Engine) explainHit(ctx context.Context, query *explain.Side, hit *match.Record, score match.Score) (*match.Explanation, error) {
	h, err := e.Explainer.Side(ctx, hit)
	if err != nil {
		return nil, err
	}
	return e.Explainer.Explain(ctx, query, h, score)
}
