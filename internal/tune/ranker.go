package tune

import (
	"math"
	"sync"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
)

var _ rank.Ranker = (*Model)(nil)

// preparedDemand lends its Query, which one pair at a time may use, to several.
type preparedDemand struct {
	first *Query
	free  sync.Pool
}

// Prepare is Demand or Patent. A demand costs milliseconds and, with many labels near
// it, a megabyte.
func (m *Model) Prepare(r *match.Record, v rank.Vectors) rank.Prepared {
	t := r.Texts()
	own := Record{ID: r.ID, Title: t.Title, Text: t.Body}
	if r.Kind == match.PatentKind {
		return m.Patent(own, v.Title, v.Text)
	}
	d := &preparedDemand{first: m.Demand(own, v.Title, v.Text)}
	d.free.New = func() any {
		q := *d.first
		q.scratch = scratch{}
		return &q
	}
	return d
}

// Logit is that of Query.Score.
func (m *Model) Logit(demand, patent rank.Prepared) float64 {
	d := demand.(*preparedDemand)
	q := d.free.Get().(*Query)
	defer d.free.Put(q)
	return q.Score(patent.(*Patent)).Logit
}

// Score is Query.Explain: a leg for each feature that contributes. Legs have no weight: what
// they contribute is told from the average pair.
func (m *Model) Score(demand, patent rank.Prepared) match.Score {
	d := demand.(*preparedDemand)
	q := d.free.Get().(*Query)
	defer d.free.Put(q)
	p, bias, contributions := q.Explain(patent.(*Patent))
	s := match.Score{
		Value: 1 / (1 + math.Exp(-p.Logit)), Logit: p.Logit, Bias: bias,
		Levels: p.P[:], Level: match.Level(p.Level),
	}
	for _, c := range contributions {
		leg := match.Leg{Name: match.LegName(c.Feature), Score: c.Value, Contribution: c.Amount}
		if math.IsNaN(leg.Score) {
			leg.Score, leg.Unknown = 0, true
		}
		s.Legs = append(s.Legs, leg)
	}
	return s
}

// Bytes is about what the demand takes in memory.
func (d *preparedDemand) Bytes() int {
	b := d.first.belief
	own := 0
	if len(b.l.pairs) > len(b.at) || b.own < len(b.at) { // a factor beside that of the local process
		own = 8 * len(b.factor)
	}
	return d.first.demand.Bytes() + 8*(len(b.l.matrix)+len(b.l.factor)) + own + 32*len(b.at) + 1000
}

// Bytes is about what the patent takes in memory.
func (p *Patent) Bytes() int {
	return p.side.Bytes() + len(p.offer.codes) + 8*len(p.offer.terms) + 100
}
