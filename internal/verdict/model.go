package verdict

import (
	_ "embed" // the weights
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/duijie/duijie/internal/match"
)

// The weights were learned from one half of the annotated pairs and from those of
// testdata/taught by TestTheWeightsAreWhatIsTaught, which rewrites the file with -update.
//
//go:embed weights.json
var weightsFile []byte

// models turn features into chances.
type models struct {
	// Levels tell how likely a pair is of level 2, 3 or 4, or better.
	Levels [3]binary `json:"levels"`
	// Figure tells how likely a figure is about the property required.
	Figure binary `json:"figure"`
	// Words gives verdicts on elements without a required figure, Figures on those with one.
	Words   verdicts `json:"words"`
	Figures verdicts `json:"figures"`
}

// binary is a logistic regression.
type binary struct {
	Bias    float64   `json:"bias"`
	Weights []float64 `json:"weights"`
}

func (b *binary) logit(x []float64) float64 {
	sum := b.Bias
	for i, w := range b.Weights {
		sum += w * x[i]
	}
	return sum
}

func (b *binary) chance(x []float64) float64 { return 1 / (1 + math.Exp(-b.logit(x))) }

// verdicts is a multinomial regression over match.Verdicts, in their order.
type verdicts struct {
	Biases  [4]float64   `json:"biases"`
	Weights [4][]float64 `json:"weights"`
}

func (m *verdicts) chances(x []float64) [4]float64 {
	var out [4]float64
	top := math.Inf(-1)
	for k := range out {
		out[k] = m.Biases[k]
		for i, w := range m.Weights[k] {
			out[k] += w * x[i]
		}
		top = max(top, out[k])
	}
	sum := 0.0
	for k := range out {
		out[k] = math.Exp(out[k] - top)
		sum += out[k]
	}
	for k := range out {
		out[k] /= sum
	}
	return out
}

// Places of verdicts in chances, as in match.Verdicts.
const (
	covered = iota
	partly
	contradicted
	missing
)

// likeliest is the verdict with the greatest chance, the first of equal ones.
func likeliest(chances [4]float64) match.Verdict {
	best := 0
	for k, c := range chances {
		if c > chances[best] {
			best = k
		}
	}
	return match.Verdicts[best]
}

// The inputs of the models of verdicts.
const (
	wordInputs   = elementFeatures + pairInputs
	figureInputs = wordInputs + answerFeatures + fitFeatures
)

// What the figures of a patent say to a required one.
const (
	answerWeigh    = iota                   // by outcome, how likely it is
	answerChance   = answerWeigh + outcomes // of the figure that is most likely meant, by outcome
	answerNext     = answerChance + outcomes
	answerOthers   = answerNext + 1
	answerNone     = answerNext + 2 // 1 where the demand has no figure that could be read
	answerZero     = answerNext + 3 // nearness of a part that says there is none of what is limited
	answerFeatures = answerNext + 4
)

// withAnswer gives the inputs of the model of figures.
func (c *trial) withAnswer(m *meeting) []float64 {
	x, a, w := make([]float64, answerFeatures), &c.answer, c.wanted
	x[answerNone] = is(w.figure == nil)
	fit := make([]float64, fitFeatures)
	if w.figure != nil {
		copy(x[answerWeigh:], a.weigh[:])
		x[answerChance+int(a.outcome)], x[answerNext] = a.chance, a.next
		x[answerOthers] = float64(min(max(a.others, 0), 10)) / 10
		if at := c.zero(m.p); at >= 0 {
			x[answerZero] = c.view.near[at]
		}
	}
	if a.figure != nil {
		fit = a.fits()
	}
	return slices.Concat(c.inputs, x, fit)
}

// load reads the weights and checks that they are as many as features.
var load = sync.OnceValues(func() (*models, error) {
	var m models
	if err := json.Unmarshal(weightsFile, &m); err != nil {
		return nil, fmt.Errorf("reading the weights of verdicts: %w", err)
	}
	ok := len(m.Figure.Weights) == figureFeatures
	for k := range m.Levels {
		ok = ok && len(m.Levels[k].Weights) == pairFeatures
	}
	for k := range match.Verdicts {
		ok = ok && len(m.Words.Weights[k]) == wordInputs && len(m.Figures.Weights[k]) == figureInputs
	}
	if !ok {
		return nil, fmt.Errorf("the weights of verdicts are not as many as the features")
	}
	return &m, nil
})
