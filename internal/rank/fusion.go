package rank

import (
	"fmt"
	"hash/fnv"
	"math"

	"github.com/duijie/duijie/internal/match"
)

// The legs of the fusion, in the order in which they are added.
const (
	titleLeg = iota
	textLeg
	coverageLeg
	titleWordsLeg
	askedWordsLeg
	passagesLeg

	fusionLegs
)

var legNames = [fusionLegs]match.LegName{
	match.TitleLeg, match.TextLeg, match.CoverageLeg, match.TitleWordsLeg, match.AskedWordsLeg, match.PassagesLeg,
}

// fusionWeights give the four ways of comparing titles and texts the same weight,
// coverage four times and passages half of it; fusionBias makes the logit's value the
// chance of level 3 or 4 among judged candidates. How they were chosen is told in
// evaluation/decisions/0015-zero-shot-3.md.
var fusionWeights = [fusionLegs]float64{1.75, 1.75, 7, 1.75, 1.75, 0.875}

const fusionBias = -4.156

// Scale is how an embedder's cosines are spread over the pairs of the reference
// sample: mean and standard deviation of the titles' and of the texts'.
type Scale struct{ TitleMean, TitleSpread, TextMean, TextSpread float64 }

// ownScale is that of the built-in model, for which the weights were chosen.
var ownScale = Scale{TitleMean: 0.0188, TitleSpread: 0.0863, TextMean: 0.0517, TextSpread: 0.1260}

// Fusion is the zero-shot ranker: a weighted sum of ways in which a demand and a
// patent can be compared, without any label of theirs.
//
//	logit = bias + Σ weight·leg,  value = 1 / (1 + exp(−logit))
//
// Cosines of another embedder than the built-in one are weighted so that over the
// reference sample they have the mean and the spread of the built-in one's: weight =
// w·s₀/s, and what the means differ by goes into the bias.
type Fusion struct {
	identity  string
	lexicon   Lexicon
	bias      float64
	weights   [fusionLegs]float64
	reference *Reference
}

var _ Ranker = (*Fusion)(nil)

// FusionName is the name of the fusion's version, with which its identity begins.
const FusionName = "zero-shot/3"

// NewFusion makes the fusion for the embedder that the lexicon is part of.
func NewFusion(lexicon Lexicon) *Fusion {
	return &Fusion{identity: FusionName, lexicon: lexicon, bias: fusionBias, weights: fusionWeights}
}

// Scaled is the fusion for another embedder. A spread of 0 is an error of kind
// match.Invalid.
func (f *Fusion) Scaled(s Scale) (*Fusion, error) {
	if !(s.TitleSpread > 0 && s.TextSpread > 0) {
		return nil, match.Invalidf("scale", "the embedder gives all texts the same vector")
	}
	out := NewFusion(f.lexicon)
	out.rescale(titleLeg, ownScale.TitleMean, ownScale.TitleSpread, s.TitleMean, s.TitleSpread)
	out.rescale(textLeg, ownScale.TextMean, ownScale.TextSpread, s.TextMean, s.TextSpread)
	h := fnv.New32a()
	fmt.Fprintf(h, "%x %x %x", out.bias, out.weights[titleLeg], out.weights[textLeg])
	out.identity = fmt.Sprintf("%s/%08x", FusionName, h.Sum32())
	return out, nil
}

func (f *Fusion) rescale(leg int, mean, spread, ofMean, ofSpread float64) {
	own := f.weights[leg]
	f.weights[leg] = own * spread / ofSpread
	f.bias += float64(own*mean) - float64(f.weights[leg]*ofMean)
}

// Unscaled is the fusion for another embedder whose scale is not known.
func (f *Fusion) Unscaled() *Fusion {
	out := NewFusion(f.lexicon)
	out.identity = FusionName + "/unscaled"
	return out
}

// Identity names the fusion and what it was scaled with.
func (f *Fusion) Identity() string { return f.identity }

// Lexicon is where the fusion has its words from.
func (f *Fusion) Lexicon() Lexicon { return f.lexicon }

// Parameters are the bias and the weights of the legs, in the order of the legs.
func (f *Fusion) Parameters() (bias float64, weights []float64) {
	return f.bias, append([]float64(nil), f.weights[:]...)
}

// LoadFusion makes the fusion that has these parameters. Another number of weights than
// there are legs is an error of kind match.Invalid.
func LoadFusion(lexicon Lexicon, bias float64, weights []float64) (*Fusion, error) {
	if len(weights) != fusionLegs {
		return nil, match.Invalidf("weights", "are %d where the fusion has %d legs", len(weights), fusionLegs)
	}
	f := NewFusion(lexicon)
	f.bias = bias
	copy(f.weights[:], weights)
	return f, nil
}

// Prepare takes a record apart.
func (f *Fusion) Prepare(r *match.Record, v Vectors) Prepared { return takeApart(f.lexicon, r, v) }

// measure gives the legs' scores.
func measure(demand, patent *pieces) [fusionLegs]float64 {
	title, text := Cosines(demand.Title, patent.Title, demand.Text, patent.Text)
	return [fusionLegs]float64{
		titleLeg:      title,
		textLeg:       text,
		coverageLeg:   share(demand.Terms, patent.Terms).ofNeed,
		titleWordsLeg: titleWordsMet(demand, patent),
		askedWordsLeg: askedWordsMet(demand, patent),
		passagesLeg:   passagesMet(demand, patent),
	}
}

// logit adds the contributions up in order; each product is rounded by itself.
func (f *Fusion) logit(x *[fusionLegs]float64) float64 {
	sum := f.bias
	for i, v := range x {
		sum += float64(f.weights[i] * v)
	}
	return sum
}

// Logit is that of Score.
func (f *Fusion) Logit(demand, patent Prepared) float64 {
	x := measure(demand.(*pieces), patent.(*pieces))
	return f.logit(&x)
}

// Score tells what the logit is made of, where each leg stands in the reference
// sample, and how likely each level is.
func (f *Fusion) Score(demand, patent Prepared) match.Score {
	d, p := demand.(*pieces), patent.(*pieces)
	x := measure(d, p)
	s := match.Score{Bias: f.bias, Logit: f.logit(&x), Legs: make([]match.Leg, fusionLegs)}
	for i, v := range x {
		s.Legs[i] = match.Leg{Name: legNames[i], Score: v, Weight: f.weights[i], Contribution: float64(f.weights[i] * v)}
	}
	s.Value = chance(s.Logit)
	if f.reference != nil {
		f.reference.place(s.Legs, &x, d, p)
	}
	f.Grade(&s)
	return s
}

// chance is 1 / (1 + exp(−logit)).
func chance(logit float64) float64 { return 1 / (1 + math.Exp(-logit)) }
