package server

import (
	"context"
	"math"
	"unicode/utf8"

	"github.com/duijie/duijie/internal/drift"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/tune"
)

// stages tells the progress of a training as parts of a thousand: embedding is about a
// tenth of the time, cross-validation most of it.
func stages(progress func(done, total int64)) func(tune.Stage) {
	begins := map[tune.StageName][2]int64{tune.Embedding: {0, 100}, tune.Validating: {100, 850}, tune.Fitting: {850, 1000}}
	return func(s tune.Stage) {
		part, known := begins[s.Name]
		if !known || s.Total == 0 {
			return
		}
		progress(part[0]+(part[1]-part[0])*int64(s.Done)/int64(s.Total), 1000)
	}
}

// Answers that a reference is made of, and hits of each that are looked at.
const (
	referenceAnswers = 150
	driftHits        = 10
)

// referenceBy has a new model answer the demands that it was trained with, on the catalog
// as it is: what its scores look like, and the demands, is what drift is told against.
func referenceBy(e *retrieve.Engine) func(context.Context, *tune.Model, []match.Ref) (*drift.Reference, error) {
	return func(ctx context.Context, m *tune.Model, demands []match.Ref) (*drift.Reference, error) {
		by := e.By(m)
		samples := map[string][]float64{}
		step := max(1, len(demands)/referenceAnswers)
		for i := 0; i < len(demands); i += step {
			answer, err := by.Match(ctx, match.Request{Tenant: demands[i].Tenant, From: demands[i], Limit: driftHits})
			if match.KindOf(err) == match.NotFound { // it was withdrawn since
				continue
			}
			if err != nil {
				return nil, err
			}
			eachQuantity(answer, func(name string, v float64) { samples[name] = append(samples[name], v) })
		}
		return drift.NewReference(samples), nil
	}
}

// eachQuantity tells what drift is measured by: the length of the query in doublings of
// its characters, and of the first hits the logit and each leg's score.
func eachQuantity(a *match.Answer, tell func(name string, v float64)) {
	tell("query_length", math.Log2(1+float64(utf8.RuneCountInString(a.Query.Texts().Full()))))
	for i := range a.Hits {
		h := &a.Hits[i]
		if h.Rank > driftHits {
			return
		}
		tell("logit", h.Score.Logit)
		for _, leg := range h.Score.Legs {
			tell("leg_"+string(leg.Name), leg.Score)
		}
	}
}
