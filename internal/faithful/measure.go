package faithful

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"github.com/duijie/duijie/internal/explain"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/retrieve"
	"github.com/duijie/duijie/internal/text"
)

// Options says what is measured.
type Options struct {
	// Hits is how many of the first hits of each demand are measured; 0 is 10.
	Hits int
	// Draws is how often as much other text is deleted; 0 is 20.
	Draws int
}

// Steps are the shares of a text at which the deletion curve is measured.
var Steps = []float64{0.1, 0.2, 0.3, 0.4, 0.5}

// Report is how true explanations are to scores.
type Report struct {
	Demands int `json:"demands"`
	Hits    int `json:"hits"`
	// Cited counts the hits with evidence. What follows is over those.
	Cited int `json:"cited"`
	// Share is the mean share of the patent's text that is cited, MostShare the largest.
	Share     float64 `json:"share"`
	MostShare float64 `json:"most_share"`
	// Lower is the share of hits that score lower without their evidence, LowerThanOthers
	// of those that fall by more than the mean of as long random deletions.
	Lower           float64 `json:"lower"`
	LowerThanOthers float64 `json:"lower_than_others"`
	// Fall is the mean fall of the logit without the evidence, OtherFall that without as
	// much other text.
	Fall      float64 `json:"fall"`
	OtherFall float64 `json:"other_fall"`
	// Curve has the mean fall of the logit for each of Steps where what carries most is
	// deleted first, OtherCurve where it is random; Area and OtherArea are their means.
	Curve      []float64 `json:"curve"`
	OtherCurve []float64 `json:"other_curve"`
	Area       float64   `json:"area"`
	OtherArea  float64   `json:"other_area"`
	// Reordered and Paraphrased are the mean share of the evidence that is cited again
	// when the sentences stand in another order, and when the words are others.
	Reordered   float64 `json:"reordered"`
	Paraphrased float64 `json:"paraphrased"`
}

// Measure measures the first hits of each of the demands, which are in the engine's store.
func Measure(ctx context.Context, e *retrieve.Engine, demands []match.Ref, o Options) (*Report, error) {
	if o.Hits == 0 {
		o.Hits = 10
	}
	if o.Draws == 0 {
		o.Draws = 20
	}
	r := &Report{Curve: make([]float64, len(Steps)), OtherCurve: make([]float64, len(Steps))}
	for _, d := range demands {
		answer, err := e.Match(ctx, match.Request{ID: "faithful", Tenant: d.Tenant, From: d, Limit: o.Hits, Explain: true})
		if err != nil {
			return nil, fmt.Errorf("measuring %v: %w", d, err)
		}
		m, err := newPairs(ctx, e.Live(), &answer.Query)
		if err != nil {
			return nil, err
		}
		r.Demands++
		for i := range answer.Hits {
			r.Hits++
			if err := m.add(ctx, r, &answer.Hits[i], o); err != nil {
				return nil, fmt.Errorf("measuring %v with %v: %w", d, answer.Hits[i].Record.Ref, err)
			}
		}
	}
	r.average()
	return r, nil
}

// pairs scores and explains changed patents against one demand.
type pairs struct {
	explainer *explain.Explainer
	demand    *match.Record
	side      *explain.Side
	scorer    *retrieve.Scorer
}

func newPairs(ctx context.Context, e *retrieve.Engine, demand *match.Record) (*pairs, error) {
	m := &pairs{explainer: e.Explainer, demand: demand}
	var err error
	if m.side, err = e.Explainer.Side(ctx, demand); err != nil {
		return nil, err
	}
	m.scorer, err = e.Scorer(ctx, demand)
	return m, err
}

// add measures one hit.
func (m *pairs) add(ctx context.Context, r *Report, h *match.Hit, o Options) error {
	var spans []match.Span
	for _, e := range h.Explanation.Evidence {
		spans = append(spans, e.Patent)
	}
	cuts := merged(cutsOf(spans))
	if len(cuts) == 0 {
		return nil
	}
	p, l := h.Record.Patent, layoutOf(h.Record.Patent)
	draws := rand.New(rand.NewPCG(seed(m.demand.ID, h.Record.ID), 1))
	whole, err := m.scorer.Logit(ctx, p)
	if err != nil {
		return err
	}
	left, err := m.scorer.Logit(ctx, without(p, cuts))
	if err != nil {
		return err
	}
	others := 0.0
	for range o.Draws {
		other, err := m.scorer.Logit(ctx, without(p, l.random(cuts, draws)))
		if err != nil {
			return err
		}
		others += (whole - other) / float64(o.Draws)
	}
	r.Cited++
	share := float64(size(cuts)) / float64(l.total())
	r.Share += share
	r.MostShare = max(r.MostShare, share)
	r.Fall += whole - left
	r.OtherFall += others
	if left < whole {
		r.Lower++
	}
	if whole-left > others {
		r.LowerThanOthers++
	}
	if err := m.curve(ctx, r, p, l, whole, draws); err != nil {
		return err
	}
	return m.stability(ctx, r, p, spans, draws)
}

func seed(demand, patent string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(demand + "|" + patent))
	return h.Sum64()
}

// curve deletes more and more of the text.
func (m *pairs) curve(ctx context.Context, r *Report, p *match.Patent, l layout, whole float64, draws *rand.Rand) error {
	own := match.NewPatent(match.DefaultTenant, *p)
	own.ID = ""
	side, err := m.explainer.Side(ctx, &own)
	if err != nil {
		return err
	}
	for i, step := range Steps {
		cuts := merged(cutsOf(m.explainer.Carriers(m.side, side, step)))
		left, err := m.scorer.Logit(ctx, without(p, cuts))
		if err != nil {
			return err
		}
		other, err := m.scorer.Logit(ctx, without(p, l.random(cuts, draws)))
		if err != nil {
			return err
		}
		r.Curve[i] += whole - left
		r.OtherCurve[i] += whole - other
	}
	return nil
}

// stability cites the patent anew, reordered and in other words.
func (m *pairs) stability(ctx context.Context, r *Report, p *match.Patent, cited []match.Span, draws *rand.Rand) error {
	again, err := m.cite(ctx, reordered(p, draws))
	if err != nil {
		return err
	}
	r.Reordered += again.holds(cited, func(s string) string { return s })
	again, err = m.cite(ctx, paraphrased(p))
	if err != nil {
		return err
	}
	r.Paraphrased += again.holds(cited, synonyms.Replace)
	return nil
}

// citations are the texts of evidence.
type citations []string

func (m *pairs) cite(ctx context.Context, p *match.Patent) (citations, error) {
	r := match.Record{Ref: match.Ref{Kind: match.PatentKind}, Patent: p}
	side, err := m.explainer.Side(ctx, &r)
	if err != nil {
		return nil, err
	}
	x, err := m.explainer.Explain(ctx, m.side, side, match.Score{})
	if err != nil {
		return nil, err
	}
	var out citations
	for _, e := range x.Evidence {
		out = append(out, e.Patent.Text)
	}
	return out, nil
}

// holds is the share of evidence, changed as its patent was, that is cited again: of its
// terms at least half are in one citation.
func (c citations) holds(cited []match.Span, change func(string) string) float64 {
	n := 0
	for _, s := range cited {
		for _, again := range c {
			if text.Coverage(change(s.Text), again) >= 0.5 {
				n++
				break
			}
		}
	}
	return float64(n) / float64(len(cited))
}

// average turns sums into means.
func (r *Report) average() {
	n := float64(max(1, r.Cited))
	for _, x := range []*float64{&r.Share, &r.Lower, &r.LowerThanOthers, &r.Fall, &r.OtherFall, &r.Reordered, &r.Paraphrased} {
		*x /= n
	}
	for i := range Steps {
		r.Curve[i] /= n
		r.OtherCurve[i] /= n
		r.Area += r.Curve[i] / float64(len(Steps))
		r.OtherArea += r.OtherCurve[i] / float64(len(Steps))
	}
}
