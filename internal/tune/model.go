package tune

import (
	"time"

	"github.com/duijie/duijie/internal/embed"
	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/rank"
	"github.com/duijie/duijie/internal/tune/boost"
)

// Schema is the version of the model file. A file of another one is refused.
const Schema = 3

// Model is a tuned ranker: what was learned from labels, and the labels that it
// remembers. It is safe for concurrent use.
type Model struct {
	Card Card

	base     *base
	forests  [2]forests // by regime
	stacks   [2]stack   // by regime
	identity string
	byID     map[string]int32 // demands of base
}

// Card tells what a model is, and what may be expected of it.
type Card struct {
	Schema   int    `json:"schema"`
	Name     string `json:"name"`
	Embedder string `json:"embedder"`  // identity of the embedder that it must be used with
	DataHash string `json:"data_hash"` // SHA-256 of the training data
	Seed     uint64 `json:"seed"`
	Trained  string `json:"trained,omitempty"` // date, where the caller gave one

	Demands int         `json:"demands"` // that are labelled
	Patents int         `json:"patents"`
	Labels  int         `json:"labels"`
	Levels  [levels]int `json:"labels_per_level"`
	Raters  int         `json:"raters,omitempty"`

	Method   string   `json:"method"`
	Features []string `json:"features"`
	Report   *Report  `json:"report"`
	Use      []string `json:"use"`
	Limits   []string `json:"limits"`
}

// SetTrained notes the day of the training in the card.
func (m *Model) SetTrained(t time.Time) { m.Card.Trained = t.Format(time.DateOnly) }

// Identity is "tuned/", the name, and the first 12 hexadecimal digits of the
// file's SHA-256.
func (m *Model) Identity() string { return m.identity }

// CheckEmbedder refuses another embedder than the one that the model was trained
// with: its vectors would mean something else.
func (m *Model) CheckEmbedder(e embed.Embedder) error {
	if got := e.Identity(); got != m.Card.Embedder {
		return (&match.Error{Kind: match.Conflict, Record: m.identity, Field: "embedder"}).Because("was trained with %s, not with %s", m.Card.Embedder, got)
	}
	return nil
}

// Query is a demand, prepared to be compared with patents. It is not safe for
// concurrent use.
type Query struct {
	m       *Model
	demand  rank.Prepared
	need    need
	belief  *belief
	kind    regime
	scratch scratch
	row     [columns]float32
}

// Patent is a patent, prepared to be compared with demands. It is safe for
// concurrent use.
type Patent struct {
	side  rank.Prepared
	offer *offer
	id    uint64
}

// Demand prepares a demand with the vectors of EmbeddedTexts. A demand with labels
// is recognised by its id and its texts; another text under the same id is a demand
// that the model does not know.
func (m *Model) Demand(r Record, titleVector, textVector []float32) *Query {
	q := &Query{m: m, demand: r.prepare(m.base.fusion, match.DemandKind, titleVector, textVector), kind: unseen}
	side := rank.SideOf(q.demand)
	side.Weigh(m.base.weights)
	q.need = needOf(side, m.base.demandMean)
	self := int32(-1)
	if at, ok := m.byID[r.ID]; ok && m.base.demands[at].key == keyOf(r.Title, r.Text) {
		self, q.kind = at, seen
	}
	q.belief = m.base.newLocal(&q.need, self, nil).with(nil)
	return q
}

// Known tells whether the model has labels of the demand.
func (q *Query) Known() bool { return q.kind == seen }

// Patent prepares a patent with the vectors of EmbeddedTexts.
func (m *Model) Patent(r Record, titleVector, textVector []float32) *Patent {
	p := &Patent{side: r.prepare(m.base.fusion, match.PatentKind, titleVector, textVector), id: hashOf(r.ID)}
	side := rank.SideOf(p.side)
	side.Weigh(m.base.weights)
	p.offer = offerOf(side, m.base.patentMean)
	return p
}

// Prediction is what a model says of a pair.
type Prediction struct {
	// Logit orders pairs: P(level >= 3) = 1/(1 + exp(−Logit)).
	Logit float64
	// P are the probabilities of the levels 1 to 4; each P(level >= l) grows with
	// Logit among demands that are known, and among those that are not.
	P [levels]float64
	// Level is the median of P: the level with the least expected distance.
	Level int8
}

// Score scores a patent for the demand.
func (q *Query) Score(p *Patent) Prediction {
	s := &q.m.stacks[q.kind]
	score := s.score(q.m.inputs(q.features(p), q.kind))
	out := Prediction{Logit: score - s.Cuts[1], P: s.probabilities(score)}
	out.Level = median(out.P)
	return out
}

// ScoreUnlabelled is Score without the label of this very pair, where the model
// has one: for measuring a model on labels that it was trained with. masked tells
// whether there was one.
func (q *Query) ScoreUnlabelled(p *Patent) (out Prediction, masked bool) {
	l := q.belief.l
	isPair := func(own int) bool { return l.b.pairs[l.pairs[l.others+own]].patent64 == p.id }
	for i := range len(l.pairs) - l.others {
		masked = masked || isPair(i)
	}
	if !masked {
		return q.Score(p), false
	}
	whole := q.belief
	defer func() { q.belief = whole }()
	q.belief = l.with(func(own int) bool { return !isPair(own) })
	return q.Score(p), true
}

func (q *Query) features(p *Patent) []float32 {
	row := q.row[:]
	q.m.base.fusion.Measure(q.demand, p.side, row)
	point := q.m.base.kernelPoint(p.offer, row[:rank.PairFeatures])
	q.belief.historyRow(row, &point, &q.scratch)
	return row
}

func (m *Model) inputs(row []float32, kind regime) [inputs]float64 {
	f := fitted{base: m.base, forests: m.forests}
	return f.inputs(row, kind)
}

// Contribution is what a feature adds to a logit.
type Contribution struct {
	Feature string
	Value   float64 // of the feature; NaN where there is none
	Amount  float64
}

// Explain is Score with the exact contributions of the features: bias and all
// amounts, added up in this order, are the logit. The trees' are Shapley values;
// the linear model's and the zero-shot fusion's are weight times distance from the
// mean, and what labels carry over through the kernel is the contribution of kernel-shift.
func (q *Query) Explain(p *Patent) (out Prediction, bias float64, contributions []Contribution) {
	s := &q.m.stacks[q.kind]
	row := q.features(p)
	amounts := make([]float64, columns)
	bias = -s.Cuts[1]
	trees := q.m.forests[q.kind]
	for i, f := range []*boost.Forest{trees.ordinal, trees.squared} {
		if f == nil {
			continue
		}
		own := make([]float64, columns)
		bias += s.Weights[i] * f.Explain(row, own)
		for k, v := range own {
			amounts[k] += s.Weights[i] * v
		}
	}
	b, w := q.m.base, s.Weights[2]
	var standard [rank.PairFeatures]float64
	b.standardised(row[:rank.PairFeatures], standard[:])
	for k, v := range standard {
		amounts[k] += w * b.linear[0][k] * v
	}
	bias += w * b.linear[0][rank.PairFeatures]
	amounts[kernelShift] += w * float64(row[kernelShift])
	mean := float64(b.center[rank.ZeroShotLogit])
	bias += s.Weights[3] * mean
	amounts[rank.ZeroShotLogit] += s.Weights[3] * (float64(row[rank.ZeroShotLogit]) - mean)
	out.Logit = bias
	for k, a := range amounts {
		if a != 0 {
			contributions = append(contributions, Contribution{FeatureNames[k], float64(row[k]), a})
			out.Logit += a
		}
	}
	out.P = s.probabilities(out.Logit + s.Cuts[1])
	out.Level = median(out.P)
	return out, bias, contributions
}
