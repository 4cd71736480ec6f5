package contender

import (
	"context"
	"strings"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/retrieve"
)

// hybridOver takes the embedder from hybrid and hybrid+EMBEDDER.
func hybridOver(ref string) (embedder string, ok bool) {
	if ref == strings.TrimSuffix(hybridPrefix, "+") {
		return "static", true
	}
	return strings.CutPrefix(ref, hybridPrefix)
}

// openHybrid makes the run and the levels of the zero-shot fusion over an embedder.
func openHybrid(ctx context.Context, d *evaluation.Dataset, name, embedder string, depth int, o Options) (evaluation.Model, error) {
	about := func(err error) (evaluation.Model, error) {
		return evaluation.Model{}, match.About("model "+name, err)
	}
	e, err := embedderNamed(ctx, embedder, o)
	if err != nil {
		return about(err)
	}
	defer closeEmbedder(e)
	lexicon, err := static.Builtin()
	if err != nil {
		return about(err)
	}
	ranker, err := retrieve.ZeroShot(ctx, e, lexicon)
	if err != nil {
		return about(err)
	}
	v, err := embedAll(ctx, d, e, o)
	if err != nil {
		return about(err)
	}
	run, latencies, err := ranked(ctx, d, depth, o, fused(v, ranker))
	if err != nil {
		return about(err)
	}
	return evaluation.Model{Name: name, Run: run, Latencies: latencies, Levels: graded(d, run, ranker)}, nil
}

// graded are the levels that a fusion predicts for the hits of its run, from their
// logits; nil for datasets of other levels.
func graded(d *evaluation.Dataset, run *evaluation.Run, ranker *rank.Fusion) *evaluation.Levels {
	if !fourLevels(d) {
		return nil
	}
	l := &evaluation.Levels{Predictions: make([][]evaluation.Prediction, d.Queries())}
	for q, hits := range run.Hits {
		for _, h := range hits {
			s := match.Score{Logit: h.Score}
			ranker.Grade(&s)
			l.Predictions[q] = append(l.Predictions[q], evaluation.Prediction{Document: h.Document, Level: int8(s.Level), P: s.Levels})
		}
	}
	return l
}

// fourLevels tells whether the judgements are of levels 1 to 4.
func fourLevels(d *evaluation.Dataset) bool {
	scale := d.Scale()
	return scale.Min == 1 && scale.Levels() == 4
}
