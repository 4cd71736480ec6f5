package contender

import (
	"context"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/tune"
)

// Embedded is a dataset with the vectors of its records, on which several rankers are
// run.
type Embedded struct{ vectors *vectors }

// Embed makes the vectors of a dataset as the service makes those of records.
func Embed(ctx context.Context, d *evaluation.Dataset, e embed.Embedder, o Options) (*Embedded, error) {
	v, err := embedAll(ctx, d, e, o)
	return &Embedded{v}, err
}

// Run makes the run of a ranker over the judged candidates. Of a tuned model, a label
// that it was trained with is masked where that very pair is scored; masked counts them.
func (e *Embedded) Run(name string, r rank.Ranker, o Options) (out evaluation.Model, masked int, err error) {
	d := e.vectors.dataset
	var score evaluation.Scorer
	var tuned *tunedScorer
	if m, ok := r.(*tune.Model); ok {
		tuned = scorerOf(e.vectors, m)
		score = tuned.score
	} else {
		score = fused(e.vectors, r)
	}
	run, latencies, err := evaluation.Rank(d, evaluation.CandidatesJudged, 0, max(1, o.Workers), score)
	if err != nil {
		return evaluation.Model{}, 0, err
	}
	out = evaluation.Model{Name: name, Run: run, Latencies: latencies}
	if tuned != nil {
		out.Levels, masked = tuned.levels(d, run), tuned.masked
	}
	return out, masked, nil
}

// scorerOf prepares the documents of a dataset for a tuned model.
func scorerOf(v *vectors, m *tune.Model) *tunedScorer {
	d := v.dataset
	t := &tunedScorer{vectors: v, model: m, patents: make([]*tune.Patent, d.Documents())}
	for i := range t.patents {
		doc := d.Document(int32(i))
		t.patents[i] = m.Patent(tune.Record{ID: doc.ID, Title: doc.Title, Text: doc.Text}, v.documents[i][0], v.documents[i][1])
	}
	t.rows = make([]map[int32]tune.Prediction, d.Queries())
	return t
}
