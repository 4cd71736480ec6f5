package contender

import (
	"context"

	"github.com/duijie/duijie/evaluation"
	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/quant"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/retrieve"
)

// vectors are the two vectors of every query and document, by index.
type vectors struct {
	dataset            *evaluation.Dataset
	queries, documents [][2][]float32
}

const embedBatch = 256

// embedAll embeds the dataset as the service embeds records: queries are demands,
// documents are patents.
func embedAll(ctx context.Context, d *evaluation.Dataset, e embed.Embedder, o Options) (*vectors, error) {
	v := &vectors{dataset: d}
	total, done := d.Queries()+d.Documents(), 0
	tell := func(n int) {
		done += n
		if o.Progress != nil {
			o.Progress(done, total)
		}
	}
	var err error
	v.queries, err = embedTexts(ctx, e, match.DemandKind, d.Queries(), func(i int32) match.Texts { return queryTexts(d, i) }, tell)
	if err != nil {
		return nil, err
	}
	v.documents, err = embedTexts(ctx, e, match.PatentKind, d.Documents(), func(i int32) match.Texts { return documentTexts(d, i) }, tell)
	return v, err
}

func embedTexts(ctx context.Context, e embed.Embedder, kind match.Kind, n int, texts func(int32) match.Texts, tell func(int)) ([][2][]float32, error) {
	out := make([][2][]float32, 0, n)
	for from := 0; from < n; from += embedBatch {
		if err := ctx.Err(); err != nil { // not every embedder looks
			return nil, err
		}
		var batch []string
		for i := from; i < min(n, from+embedBatch); i++ {
			batch = append(batch, retrieve.EmbeddedTexts(texts(int32(i)))...)
		}
		got, err := e.Embed(ctx, retrieve.Role(kind), batch)
		if err != nil {
			return nil, err
		}
		for i := 0; i < len(got); i += 2 {
			out = append(out, [2][]float32{quant.Round(got[i]), quant.Round(got[i+1])})
		}
		tell(len(got) / 2)
	}
	return out, nil
}

func queryTexts(d *evaluation.Dataset, i int32) match.Texts {
	q := d.Query(i)
	return match.Texts{Title: q.Title, Body: q.Text}
}

func documentTexts(d *evaluation.Dataset, i int32) match.Texts {
	doc := d.Document(i)
	return match.Texts{Title: doc.Title, Body: doc.Text}
}

func (v *vectors) title(q, doc int32) float64 {
	return rank.Cosine(v.queries[q][0], v.documents[doc][0])
}

func (v *vectors) text(q, doc int32) float64 {
	return rank.Cosine(v.queries[q][1], v.documents[doc][1])
}

// cosines scores by the embedder alone.
func cosines(v *vectors) evaluation.Scorer {
	return func(q, doc int32) (float64, error) { return v.title(q, doc) + v.text(q, doc), nil }
}

// fused scores by a ranker, as the service does. Every record is prepared once. With
// another embedder than the built-in one it is scaled as the service scales it.
func fused(v *vectors, r rank.Ranker) evaluation.Scorer {
	queries, documents := make([]rank.Prepared, len(v.queries)), make([]rank.Prepared, len(v.documents))
	for i, own := range v.queries {
		q := v.dataset.Query(int32(i))
		record := match.NewDemand(match.DefaultTenant, match.Demand{ID: q.ID, Title: q.Title, Text: q.Text})
		queries[i] = r.Prepare(&record, rank.Vectors{Title: own[0], Text: own[1]})
	}
	for i, own := range v.documents {
		d := v.dataset.Document(int32(i))
		record := match.NewPatent(match.DefaultTenant, match.Patent{Number: d.ID, Title: d.Title, Abstract: d.Text})
		documents[i] = r.Prepare(&record, rank.Vectors{Title: own[0], Text: own[1]})
	}
	return func(q, doc int32) (float64, error) { return r.Logit(queries[q], documents[doc]), nil }
}
