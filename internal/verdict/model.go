package verdict

import (
	_ "embed" // the weights
	"encoding/json"
	"fmt"
	"math"
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

// The features that each of the two models of verdicts sees.
var (
	wordFeatures = []int{
		ofCosine, ofWords, ofTerms, ofSecond, ofSentence, ofAround, ofAllWords, ofAllTerms, ofTitleCosine, ofTitleWords,
		ofLimited, ofLimit, ofLimitGap, ofNegation, ofNegated, ofNegations, ofGain, ofFigured,
		ofExcluded, ofExcludedNear, ofExcludedNegation, ofMaterial, ofMethod, ofEfficacy, ofProduct, ofApplication,
		ofLevels, ofLevels + 1, ofLevels + 2, ofMet, ofUnmet, ofRequired,
		ofRefusing, ofPlain, ofRefused, ofRefusingPlain, ofRefusingRefused, ofRun, ofLongRun, ofTitleRun, ofTail, ofCore,
		ofMeanWords, ofMeanTerms, ofMeanAllTerms, ofMeanTail, ofMoreWords, ofMoreTerms, ofMeanNear, ofMaxNear, ofMoreNear, ofNearer,
	}
	figureInputs = []int{
		ofCosine, ofWords, ofTerms, ofAllTerms, ofNegation,
		ofLevels, ofLevels + 1, ofLevels + 2, ofMet, ofUnmet,
	}
)

// The further features of elements with a required figure.
const (
	byChance = iota
	byMet    // the chance where the outcome is so
	byOverlap
	byUnmet
	bySureMet // 1 where the chance is above sure
	bySureOverlap
	bySureUnmet
	byNone // 1 where the demand has no figure that could be read
	byZero // nearness of a part that says there is none of what is limited
	answerFeatures
)

// sure is the chance above which a figure is taken for the one required.
const sure = 0.3

func picked(x []float64, which []int) []float64 {
	out := make([]float64, len(which), len(which)+answerFeatures)
	for i, at := range which {
		out[i] = x[at]
	}
	return out
}

// withAnswer gives the inputs of the model of figures.
func withAnswer(x []float64, a answer, w *wanted, v *view, p *Record) []float64 {
	out := picked(x, figureInputs)
	var by [answerFeatures]float64
	by[byChance] = a.chance
	if a.outcome != silent {
		by[byMet+int(a.outcome-met)] = a.chance
		by[bySureMet+int(a.outcome-met)] = is(a.chance > sure)
	}
	by[byNone] = is(w.figure == nil)
	if w.figure != nil && limiting(w.figure) {
		if at := v.zero(w.figure, p); at >= 0 {
			by[byZero] = v.near[at]
		}
	}
	return append(out, by[:]...)
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
		ok = ok && len(m.Words.Weights[k]) == len(wordFeatures) && len(m.Figures.Weights[k]) == len(figureInputs)+answerFeatures
	}
	if !ok {
		return nil, fmt.Errorf("the weights of verdicts are not as many as the features")
	}
	return &m, nil
})
