package contender

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/evaluation/format"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/embed/static"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/tune"
)

// isTuned tells whether a reference is the file of a tuned model.
func isTuned(ref string) bool {
	f, err := os.Open(ref)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, len(tune.Magic))
	_, err = io.ReadFull(f, head)
	return err == nil && bytes.Equal(head, []byte(tune.Magic))
}

// tuned scores with a tuned model, and predicts levels. A label that the model was
// trained with is masked where that very pair is scored.
func tuned(ctx context.Context, d *evaluation.Dataset, ref string, o Options) (*tunedScorer, error) {
	m, err := tune.Load(ref)
	if err != nil {
		return nil, err
	}
	e, err := embedderOf(ctx, m, o)
	if err != nil {
		return nil, err
	}
	v, err := embedAll(ctx, d, e, o)
	if err != nil {
		return nil, err
	}
	return scorerOf(v, m), nil
}

// embedderOf is the embedder that the model was trained with: the built-in one, or
// the endpoint of openai.
func embedderOf(ctx context.Context, m *tune.Model, o Options) (embed.Embedder, error) {
	builtin, err := static.Builtin()
	if err != nil {
		return nil, err
	}
	if m.CheckEmbedder(builtin) == nil || o.Remote == nil {
		return builtin, m.CheckEmbedder(builtin)
	}
	e, err := o.Remote(ctx)
	if err != nil {
		return nil, err
	}
	if e == nil {
		e = builtin
	}
	return e, m.CheckEmbedder(e)
}

// tunedScorer keeps what it says of the pairs that it was asked for.
type tunedScorer struct {
	vectors *vectors
	model   *tune.Model
	patents []*tune.Patent

	mu     sync.Mutex
	rows   []map[int32]tune.Prediction
	open   map[int32]*tunedQuery
	masked int
}

// tunedQuery is a query that is being ranked.
type tunedQuery struct {
	mu sync.Mutex
	q  *tune.Query
}

func (t *tunedScorer) query(q int32) *tunedQuery {
	t.mu.Lock()
	defer t.mu.Unlock()
	if open, ok := t.open[q]; ok {
		return open
	}
	if t.open == nil || len(t.open) >= maxRows {
		t.open = map[int32]*tunedQuery{}
	}
	open := &tunedQuery{}
	t.open[q] = open
	return open
}

func (t *tunedScorer) score(q, doc int32) (float64, error) {
	open := t.query(q)
	open.mu.Lock()
	defer open.mu.Unlock()
	if open.q == nil {
		query, v := t.vectors.dataset.Query(q), t.vectors.queries[q]
		open.q = t.model.Demand(tune.Record{ID: query.ID, Title: query.Title, Text: query.Text}, v[0], v[1])
	}
	p, masked := open.q.ScoreUnlabelled(t.patents[doc])
	t.mu.Lock()
	defer t.mu.Unlock()
	if masked {
		t.masked++
	}
	if t.rows[q] == nil {
		t.rows[q] = map[int32]tune.Prediction{}
	}
	t.rows[q][doc] = p
	return p.Logit, nil
}

// levels are the predicted levels of the hits of a run.
func (t *tunedScorer) levels(d *evaluation.Dataset, run *evaluation.Run) *evaluation.Levels {
	if !fourLevels(d) {
		return nil
	}
	l := &evaluation.Levels{Predictions: make([][]evaluation.Prediction, d.Queries())}
	for q, hits := range run.Hits {
		for _, h := range hits {
			p := t.rows[q][h.Document]
			l.Predictions[q] = append(l.Predictions[q], evaluation.Prediction{Document: h.Document, Level: p.Level, P: p.P[:]})
		}
	}
	return l
}

// openTuned makes the run and the levels of a tuned model, and warns of pairs that it
// was trained with.
func openTuned(ctx context.Context, d *evaluation.Dataset, name, ref string, depth int, o Options) (evaluation.Model, format.Warnings, error) {
	t, err := tuned(ctx, d, ref, o)
	if err != nil {
		return evaluation.Model{}, nil, match.About("model "+name, err)
	}
	run, latencies, err := ranked(ctx, d, depth, o, t.score)
	if err != nil {
		return evaluation.Model{}, nil, match.About("model "+name, err)
	}
	out := evaluation.Model{Name: name, Run: run, Latencies: latencies, Levels: t.levels(d, run)}
	if t.masked == 0 {
		return out, nil, nil
	}
	out.Warnings = []string{fmt.Sprintf("%d %s", t.masked, format.TrainedOn)}
	return out, format.Warnings{{Kind: format.TrainedOn, File: ref, Count: t.masked, Model: name}}, nil
}
